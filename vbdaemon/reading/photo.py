"""A page handed in as a picture file (JPEG, PNG, TIFF): read by OCR like a scan."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from vbdaemon.model import Content, ContentKind, Limits, Page, Problem, ProblemKind
from vbdaemon.reading.line import lines
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.pdf_page import MAX_PICTURE_PIXELS, MAX_PIXELS, PICTURE_DPI
from vbdaemon.reading.scan import Part, look
from vbdaemon.reading.sheet import Sheet, is_blank
from vbdaemon.reading.unread import unread

A4_WIDTH, A4_HEIGHT = 595.28, 841.89
"""Points. A picture file has no true size, so a page is taken to be A4."""
_LEAST_PIXELS = (800, 1000)
"""Shorter and longer side of a readable page: logos, icons and portraits stay below."""
_LONGEST = 2.2
"""Sides of a page at most so far apart; banners are longer."""


def read_photo(path: Path, sha256: str, limits: Limits, ocr: Recogniser | None) -> Content:
    """Content of a picture file: one page when it may show one, else only the problem that says why not.

    Raises what the picture library raises. The kind is OTHER: there is no page format, and nothing can be signed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
        try:
            with Image.open(path) as picture:
                problem = _refused(picture.size)
                sheet = None if problem else _sheet(picture)
                more = sheet is not None and _goes_on(picture)
        except Image.DecompressionBombError:
            sheet, problem = None, Problem(ProblemKind.OVER_LIMIT, "a picture of far too many pixels")
        except UnidentifiedImageError:
            sheet, problem = (
                None,
                Problem(ProblemKind.UNSUPPORTED, "a picture that cannot be opened is stored, not read"),
            )
    if sheet is None:
        return _content(sha256, (), problem)
    page = Page(1, sheet.width, sheet.height, image_only=True)
    if is_blank(sheet) or not limits.ocr_pages:
        return _content(sha256, (page,), *unread([] if is_blank(sheet) else [1]))
    seen = look(1, sheet, ocr, (Part.HEADING, Part.REST))()
    read = lines(seen.rows)
    shown = Page(1, seen.sheet.width, seen.sheet.height, read, image_only=True, ocr=bool(read), seals=seen.seals)
    return _content(sha256, (shown,), seen.problem, *(unread([2]) if more else ()))


def _content(sha256: str, pages: tuple[Page, ...], *problems: Problem | None) -> Content:
    return Content(sha256, ContentKind.OTHER, pages, 1, problems=tuple(filter(None, problems)))


def _goes_on(picture: Image.Image) -> bool:
    """True for a TIFF of several pages: page 1 is read, and what follows is reported."""
    try:
        picture.seek(1)
    except EOFError:
        return False
    return True


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
