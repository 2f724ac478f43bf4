"""A page handed in as a picture file (JPEG, PNG, TIFF): read by OCR like a scan."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from vbdaemon.model import Content, ContentKind, Limits, Page, Problem, ProblemKind
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.pdf import wanted
from vbdaemon.reading.pdf_page import MAX_PICTURE_PIXELS, MAX_PIXELS, PICTURE_DPI, PictureTooLarge
from vbdaemon.reading.pdf_picture import read_drawn
from vbdaemon.reading.pdf_verdict import Draft
from vbdaemon.reading.sheet import Sheet
from vbdaemon.reading.unread import unread

A4_WIDTH, A4_HEIGHT = 595.28, 841.89
"""Points. A picture file has no true size, so a page is taken to be A4."""
_LEAST_PIXELS = (800, 1000)
"""Shorter and longer side of a readable page: logos, icons and portraits stay below."""
_LONGEST = 2.2
"""Sides of a page at most so far apart; banners are longer."""
_SUBFILE, _REDUCED = 254, 1
"""TIFF 6.0, NewSubfileType: bit 0 marks a smaller copy of another picture."""


def read_photo(path: Path, sha256: str, limits: Limits, ocr: Recogniser | None) -> Content:
    """Content of a picture file: its pages when the first may show one, else only the problem that says why not.

    Raises what the picture library raises. The kind is OTHER: there is no page format, and nothing can be signed.
    The pages of a TIFF are read like those of a scanned PDF.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
        try:
            with Image.open(path) as picture:
                problem = _refused(picture.size)
                if problem is None:
                    return _read(picture, sha256, limits, ocr)
        except Image.DecompressionBombError:
            problem = Problem(ProblemKind.OVER_LIMIT, "a picture of far too many pixels")
        except UnidentifiedImageError:
            problem = Problem(ProblemKind.UNSUPPORTED, "a picture that cannot be opened is stored, not read")
    return Content(sha256, ContentKind.OTHER, (), 1, problems=(problem,))


def _read(picture: Image.Image, sha256: str, limits: Limits, ocr: Recogniser | None) -> Content:
    """The pages with what they say; pages beyond the limits are reported as not read."""
    # other files hold further pictures for other ends: an animation, the depth of a photograph
    paged = isinstance(picture, TiffImagePlugin.TiffImageFile)
    frames = _frames(picture, limits.pages if paged else 1)
    kept = wanted(len(frames)) if paged else (0,)
    drafts = [Draft(Page(i + 1, A4_WIDTH, A4_HEIGHT, image_only=True), picture=True) for i in kept]
    first = _drawn(picture, 0)  # what the library raises here concerns the whole file
    pages, problems = read_drawn(
        lambda number: first if number == 1 else _drawn(picture, frames[number - 1]), drafts, limits, ocr
    )
    if len(frames) > limits.pages:
        problems = (*problems, Problem(ProblemKind.OVER_LIMIT, f"more than {limits.pages} pages"))
    left_out = set(range(len(frames))) - set(kept)
    return Content(
        sha256, ContentKind.OTHER, pages, len(frames), problems=(*problems, *unread(i + 1 for i in left_out))
    )


def _frames(picture: Image.Image, most: int) -> tuple[int, ...]:
    """Indices of the pictures that are pages, one more than `most` at most.

    A TIFF may hold smaller copies of its pages for previews.
    """
    found = []
    for index in range(most + 1):
        try:
            picture.seek(index)
        except EOFError:
            break
        tags = picture.tag_v2 if isinstance(picture, TiffImagePlugin.TiffImageFile) else {}
        if index == 0 or not int(tags.get(_SUBFILE, 0)) & _REDUCED:
            found.append(index)
    return tuple(found)


def _drawn(picture: Image.Image, frame: int) -> Sheet:
    """A further page; PictureTooLarge by its head, before anything is unpacked."""
    picture.seek(frame)
    if picture.width * picture.height > MAX_PICTURE_PIXELS:
        raise PictureTooLarge
    return _sheet(picture)


def _refused(size: tuple[int, int]) -> Problem | None:
    """Why a picture of this size is not read."""
    short, long = sorted(size)
    if short * long > MAX_PICTURE_PIXELS:
        return Problem(ProblemKind.OVER_LIMIT, f"picture of {size[0]} x {size[1]} pixels")
    if short < _LEAST_PIXELS[0] or long < _LEAST_PIXELS[1] or long > _LONGEST * short:
        return Problem(ProblemKind.UNSUPPORTED, "a picture that can show no page is stored, not read")
    return None


def _sheet(picture: Image.Image) -> Sheet:
    """The picture turned as its camera says, at the resolution for OCR."""
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    width = A4_WIDTH if upright.height >= upright.width else A4_HEIGHT
    wanted = width * PICTURE_DPI / 72
    scale = min(wanted / upright.width, (MAX_PIXELS / (upright.width * upright.height)) ** 0.5)
    if scale < 0.8 or scale > 1.2:  # noqa: PLR2004 - near enough to the wanted resolution
        size = (round(upright.width * scale), round(upright.height * scale))
        upright = upright.resize(size, Image.Resampling.BICUBIC)
    return Sheet(upright, width, width * upright.height / upright.width)
