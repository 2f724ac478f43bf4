"""A place on a page as a small picture, for people who are to find it again; never for decisions."""

import io
import warnings
from contextlib import closing
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageOps

from vbdaemon.model import Box, Problem
from vbdaemon.reading import media
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.pdf_page import MAX_PICTURE_PIXELS, largest_picture, opened

MOST_BYTES = 60_000
_LONGEST = 14_400.0
"""Points; a longer page is not drawn (PDF 32000-1 Annex C)."""
_DPI = 130.0
_MOST_PIXELS = 4_000
"""Of the longer side of a drawn page."""
_AROUND = 20.0
"""Points of the page that are shown around the place."""
_LEAST = (600.0, 140.0)
"""Width (the whole of A4) and height in points that are shown at least: a bare field tells nobody where it is."""
_WIDEST, _PAGE_WIDEST = 720, 480
"""Pixels of a place, and of a whole page."""
_NARROWEST = 200
_FRAME = (193, 18, 31)
_GAP = 4
"""Pixels between the print and its frame."""
_COLOURS = 32


def crop_png(path: Path, page: int, box: Box | None) -> bytes | None:
    """PNG of at most 60,000 bytes: the place framed, or the whole page (counted from 1) without a box.

    None when it cannot be made: no such page, neither PDF nor picture, damaged, or beyond all sizes. Never raises.
    """
    made = guarded(lambda: _crop(path, page, box), "drawing a place")
    return None if isinstance(made, Problem) else made


def _crop(path: Path, page: int, box: Box | None) -> bytes | None:
    with path.open("rb") as stream:
        kind = media.media_type(stream.read(media.HEAD_BYTES), path.name, path)
    if kind in media.PICTURES:
        # no box: reading may have turned the picture before it measured
        photo = _photo(path) if page == 1 else None
        return _small(photo, _PAGE_WIDEST) if photo else None
    if kind != media.PDF:
        return None
    drawn = _pdf_page(path, page)
    if drawn is None:
        return None
    picture, scale = drawn
    place = _pixels(box, scale, picture.size) if box else None
    if place is None:
        return _small(picture, _PAGE_WIDEST)
    part, frame = _cut(picture, place, scale)
    return _small(part, _WIDEST, frame)


def _pdf_page(path: Path, number: int) -> tuple[Image.Image, float] | None:
    """The page with its widgets, and its pixels to the point."""
    with closing(pypdfium2.PdfDocument(path)) as document:
        if not 1 <= number <= len(document):
            return None
        document.init_forms()
        with opened(document, number - 1) as page:
            longest = max(page.get_size())
            if not 0 < longest <= _LONGEST or largest_picture(page) > MAX_PICTURE_PIXELS:
                return None
            scale = min(_DPI / 72, _MOST_PIXELS / longest)
            bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=True)
            try:
                return bitmap.to_pil().convert("RGB"), scale  # a copy of its own
            finally:
                bitmap.close()


def _photo(path: Path) -> Image.Image | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PICTURE_PIXELS:
                return None
            picture.draft("RGB", (_PAGE_WIDEST * 2, _PAGE_WIDEST * 2))
            return ImageOps.exif_transpose(picture).convert("RGB")


_Frame = tuple[float, float, float, float]


def _pixels(box: Box, scale: float, size: tuple[int, int]) -> _Frame | None:
    """The box in pixels; None when it does not lie on the page, which was then turned before it was read."""
    x0, y0, x1, y1 = (value * scale for value in (box.x0, box.y0, box.x1, box.y1))
    edge = _AROUND * scale
    lies = -edge <= x0 < x1 <= size[0] + edge and -edge <= y0 < y1 <= size[1] + edge
    return (x0, y0, x1, y1) if lies else None


def _cut(picture: Image.Image, place: _Frame, scale: float) -> tuple[Image.Image, _Frame]:
    """The place with enough around it to be recognised, and where it stands in there."""
    x0, y0, x1, y1 = place
    beside = max(_AROUND * scale, (_LEAST[0] * scale - (x1 - x0)) / 2)
    above = max(_AROUND * scale, (_LEAST[1] * scale - (y1 - y0)) / 2)
    left, right = _within(x0 - beside, x1 + beside, picture.width)
    top, bottom = _within(y0 - above, y1 + above, picture.height)
    part = picture.crop((left, top, right, bottom))
    return part, (x0 - left, y0 - top, x1 - left, y1 - top)


def _within(low: float, high: float, size: int) -> tuple[int, int]:
    """The stretch moved onto the page, and cut only where the page is shorter."""
    shift = max(0.0, -low) - max(0.0, high - size)
    return max(0, round(low + shift)), min(size, round(high + shift))


def _small(picture: Image.Image, widest: int, frame: _Frame | None = None) -> bytes | None:
    """PNG within the bound: few colours, and narrower as long as it is too large."""
    width = min(widest, picture.width)
    while width >= min(_NARROWEST, picture.width):
        scale = width / picture.width
        size = (width, max(1, round(picture.height * scale)))
        shown = picture.resize(size, Image.Resampling.LANCZOS) if width < picture.width else picture
        plain = shown.quantize(_COLOURS, dither=Image.Dither.NONE)
        if frame:
            _frame(plain, frame, scale)
        out = io.BytesIO()
        plain.save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
        width = int(width * 0.8)
    return None


def _frame(picture: Image.Image, frame: _Frame, scale: float) -> None:
    """A frame in a colour of its own: among the page's few colours it could fade to grey."""
    palette = (picture.getpalette() or [])[: 3 * _COLOURS]
    picture.putpalette([*palette, *_FRAME])
    x0, y0, x1, y1 = (value * scale for value in frame)
    upper = (max(x0 - _GAP, 1), max(y0 - _GAP, 1))
    lower = (min(x1 + _GAP, picture.width - 2), min(y1 + _GAP, picture.height - 2))
    ImageDraw.Draw(picture).rectangle((upper, lower), outline=len(palette) // 3, width=3)
