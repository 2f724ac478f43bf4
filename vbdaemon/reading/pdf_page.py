"""One PDF page by pdfium: its size, its objects, its widgets drawn into it, its picture."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Box
from vbdaemon.reading.pdf_text import PageText, page_text
from vbdaemon.reading.sheet import Sheet
from vbdaemon.reading.space import Space

PICTURE_DPI = 200
"""Resolution for OCR; measured good on printed text."""
MAX_PIXELS = 12_000_000
"""Larger pages are drawn at a lower resolution (an A3 sheet at 200 dpi has 7.7 million)."""

MAX_PICTURE_PIXELS = 150_000_000
"""Of one embedded picture, which is unpacked whole before it is drawn: A4 at 1,200 dpi has 139 million."""

_DRAWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_INK})
_NESTING = 6
_MOST_OBJECTS = 20_000
_SCRIBBLE = 20
"""A path of more segments than this inside a widget is handwriting, not a frame."""


@dataclass(frozen=True, slots=True)
class Objects:
    """What lies on a page besides text."""

    count: int
    """Of any kind, on the top level."""
    pictures: tuple[Box, ...]
    last_picture: int
    """Place of the last page-filling picture in drawing order; -1 = none."""
    last_text: int
    """Place of the last text in drawing order; -1 = none."""
    widget_text: frozenset[int]
    """Addresses of the text objects that flattening brought in."""
    widget_ink: tuple[Box, ...]
    """Widgets that show a picture or handwriting."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """All that one pass over a page found."""

    space: Space
    text: PageText
    objects: Objects


class PictureTooLarge(VbdaemonError):
    """A picture on this page has more pixels than our limits allow."""


@contextmanager
def opened(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    """A page that is closed afterwards."""
    page = document[index]
    try:
        yield page
    finally:
        page.close()


def page_size(document: pypdfium2.PdfDocument, index: int) -> tuple[float, float]:
    """Width and height in points without parsing the page's content."""
    size = raw.FS_SIZEF()
    raw.FPDF_GetPageSizeByIndexF(document.raw, index, size)
    return size.width, size.height


def read_page(document: pypdfium2.PdfDocument, index: int) -> ReadPage:
    """Text and objects of a page with its widgets drawn into it.

    Flattening changes the parsed document in memory only; the stored bytes stay.
    """
    with opened(document, index) as page:
        own = raw.FPDFPage_CountObjects(page.raw)
        if not _has_widgets(page):
            return _read(page, own)
        flattened = raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
        if not flattened:
            return _read(page, own)
    with opened(document, index) as page:
        return _read(page, own)


def draw(document: pypdfium2.PdfDocument, number: int) -> Sheet:
    """Page `number` (from 1) as a picture without its widgets, so that no stamp covers print.

    PictureTooLarge before anything is unpacked.
    """
    width, height = page_size(document, number - 1)
    area = max(width * height, 1.0) / 72**2
    dpi = min(float(PICTURE_DPI), (MAX_PIXELS / area) ** 0.5)
    with opened(document, number - 1) as page:
        if largest_picture(page) > MAX_PICTURE_PIXELS:
            raise PictureTooLarge
        bitmap = page.render(scale=dpi / 72, may_draw_forms=False, draw_annots=False, rev_byteorder=True)
        try:
            picture = bitmap.to_pil().convert("RGB")  # a copy of its own
        finally:
            bitmap.close()
    return Sheet(picture, width, height)


def largest_picture(page: pypdfium2.PdfPage) -> int:
    """Pixels of the largest embedded picture."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    most = 0
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        for thing in _descendants(raw.FPDFPage_GetObject(page.raw, index)):
            if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE:
                raw.FPDFImageObj_GetImagePixelSize(thing, width, height)
                most = max(most, width.value * height.value)
    return most


def _read(page: pypdfium2.PdfPage, own: int) -> ReadPage:
    space = _space(page)
    objects = _objects(page, space, own)
    textpage = page.get_textpage()
    try:
        text = page_text(textpage, space, objects.widget_text)
    finally:
        textpage.close()
    return ReadPage(space, text, objects)


def _space(page: pypdfium2.PdfPage) -> Space:
    rect = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, rect)
    return Space(rect.left, rect.bottom, rect.right, rect.top, page.get_rotation())


def _has_widgets(page: pypdfium2.PdfPage) -> bool:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_OBJECTS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _DRAWN:
            return True
    return False


def _objects(page: pypdfium2.PdfPage, space: Space, own: int) -> Objects:
    """One walk over the top-level objects; those from `own` on came from flattened widgets."""
    count = raw.FPDFPage_CountObjects(page.raw)
    pictures: list[Box] = []
    last_picture = last_text = -1
    for index in range(min(count, own, _MOST_OBJECTS)):
        thing = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            last_text = index
        elif kind == raw.FPDF_PAGEOBJ_IMAGE or (kind == raw.FPDF_PAGEOBJ_FORM and _shows_picture(thing)):
            pictures.append(_box(thing, space))
            last_picture = index
    words: set[int] = set()
    ink: list[Box] = []
    for index in range(own, min(count, own + _MOST_OBJECTS)):
        for widget in _children(raw.FPDFPage_GetObject(page.raw, index)):
            words.update(_addresses(widget))
            if _shows_picture(widget, scribbles=True):
                ink.append(_box(widget, space))
    return Objects(min(count, own), tuple(pictures), last_picture, last_text, frozenset(words), tuple(ink))


def _box(thing: object, space: Space) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return space.box(left.value, bottom.value, right.value, top.value)


def _children(thing: object) -> Iterator[object]:
    if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_FORM:
        return
    for index in range(min(raw.FPDFFormObj_CountObjects(thing), _MOST_OBJECTS)):
        yield raw.FPDFFormObj_GetObject(thing, index)


def _descendants(thing: object, depth: int = _NESTING) -> Iterator[object]:
    yield thing
    if depth:
        for child in _children(thing):
            yield from _descendants(child, depth - 1)


def _addresses(widget: object) -> Iterator[int]:
    for thing in _descendants(widget):
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
            address = ctypes.cast(thing, ctypes.c_void_p).value  # type: ignore[arg-type]  # pdfium's handles are untyped
            if address is not None:
                yield address


def _shows_picture(thing: object, *, scribbles: bool = False) -> bool:
    for part in _descendants(thing):
        kind = raw.FPDFPageObj_GetType(part)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            return True
        if scribbles and kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_CountSegments(part) > _SCRIBBLE:
            return True
    return False
