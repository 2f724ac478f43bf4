"""A copy of a PDF with a stamp: where page 1 has an empty place for it, and laying the stamp over that place.

The original is only read. Signatures of the copy become plain pictures: a copy proves nothing, and says so.
"""

import io
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import NameObject
from pypdfium2 import raw

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Box, Problem
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.emptiness import empty_place
from vbdaemon.reading.pdf_page import MAX_PICTURE_PIXELS, largest_picture, opened

_LONGEST = 14_400.0
"""Points; a longer page is not drawn (PDF 32000-1 Annex C)."""


class NoCopy(VbdaemonError):
    """The file cannot be copied with a stamp: it is no PDF, is locked with a password, or is damaged."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is ready for its stamp."""

    pdf: bytes
    width: float
    """Of page 1 as shown, points."""
    height: float
    place: Box
    """An empty place of the size asked for."""
    shrunk: bool = False
    """Page 1 had none: its content was made smaller and moved down."""


def prepare_copy(path: Path, width: float, height: float, first: int = 1, last: int | None = None) -> Copy:
    """A copy of the PDF with an empty place of this size (points) on page 1; NoCopy when it cannot be made.

    Of a file that holds several documents the pages of one, from `first` to `last` (None: to the end), both included.
    """
    made = guarded(lambda: _prepared(path, width, height, first, last), "copying")
    if isinstance(made, Problem):
        raise NoCopy(f"the file cannot be copied: {made.words}")
    return made


def lay_over(copy: Copy, drawing: bytes, title: str) -> bytes:
    """The copy with the first page of `drawing` (a PDF of the same size) over its page 1; NoCopy when it cannot be."""
    made = guarded(lambda: _laid_over(copy.pdf, drawing, title), "stamping")
    if isinstance(made, Problem):
        raise NoCopy(f"the file cannot be stamped: {made.words}")
    return made


def _prepared(path: Path, width: float, height: float, first: int, last: int | None) -> Copy:
    flat, place = _flattened(path, width, height, first, last)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(flat)))
    for page in writer.pages:
        if page.rotation:
            page.transfer_rotation_to_content()
    writer.root_object.pop("/AcroForm", None)
    shown = writer.pages[0].cropbox
    size = float(shown.width), float(shown.height)
    shrunk = place is None
    if place is None:
        place = _make_room(writer.pages[0], width, height)
    return Copy(_bytes_of(writer), *size, place, shrunk)


def _flattened(path: Path, width: float, height: float, first: int, last: int | None) -> tuple[bytes, Box | None]:
    """The PDF with its forms and signatures drawn into its pages, and the place that page 1 has."""
    with closing(pypdfium2.PdfDocument(path)) as document:
        pages = range(1, len(document) + 1)
        kept = pages[first - 1 : last] or pages
        for number in reversed(pages):
            if number not in kept:
                document.del_page(number - 1)
        for index in range(len(document)):
            with opened(document, index) as page:
                raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
        with opened(document, 0) as page:
            place = None
            if max(page.get_size()) <= _LONGEST and largest_picture(page) <= MAX_PICTURE_PIXELS:
                bitmap = page.render(scale=1.0, grayscale=True)
                try:
                    place = empty_place(bitmap.to_pil().convert("L"), width, height)
                finally:
                    bitmap.close()
        out = io.BytesIO()
        document.save(out)
        return out.getvalue(), place


def _make_room(page: PageObject, width: float, height: float) -> Box:
    """The content smaller, at the bottom of the page: a band for the stamp becomes free above it."""
    shown = page.cropbox
    left, bottom = float(shown.left), float(shown.bottom)
    wide, high = float(shown.width), float(shown.height)
    gap = 14.0
    scale = max(0.5, (high - height - 2 * gap) / high)
    page.add_transformation(
        Transformation().translate(-left, -bottom).scale(scale).translate(left + wide * (1 - scale) / 2, bottom)
    )
    return Box(gap * 3, gap, gap * 3 + width, gap + height)


def _laid_over(pdf: bytes, drawing: bytes, title: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    page, stamp = writer.pages[0], PdfReader(io.BytesIO(drawing)).pages[0]
    shown = page.cropbox
    page.merge_transformed_page(stamp, Transformation().translate(float(shown.left), float(shown.bottom)))
    page[NameObject("/CropBox")] = shown
    writer.metadata = {"/Title": title}
    return _bytes_of(writer)


def _bytes_of(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
