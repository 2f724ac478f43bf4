"""A page with boxes and their names drawn on it: what `vbdaemon inspect --show` hands to an admin."""

import io
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Box
from vbdaemon.reading import media
from vbdaemon.reading.pdf_page import MAX_PICTURE_PIXELS
from vbdaemon.reading.photo import A4_HEIGHT, A4_WIDTH

_DPI = 110.0
_LONGEST = 14_400.0
_LETTERS = 13.0
_COLOURS = ("#b3261e", "#1b5e9e", "#1f7a3f", "#8a4f00", "#6a2c91", "#00727a")


class PageNotDrawable(VbdaemonError):
    """The page cannot be drawn: only pages of PDFs, and picture files, can be shown."""


def draw(path: Path, page: int, boxes: Iterable[tuple[Box, str]]) -> bytes:
    """PNG of page `page` (from 1) with its widgets, each box (points, origin top left) framed and named.

    PageNotDrawable when the file has no such page, is no PDF or picture, or the page is beyond all sizes.
    """
    picture, scale = _page(path, page)
    brush = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_LETTERS)
    for index, (box, name) in enumerate(boxes):
        colour = _COLOURS[index % len(_COLOURS)]
        frame = (box.x0 * scale - 2, box.y0 * scale - 2, box.x1 * scale + 2, box.y1 * scale + 2)
        brush.rectangle(frame, outline=colour, width=2)
        _name(brush, font, (frame[0], frame[1]), name, colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _name(
    brush: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    corner: tuple[float, float],
    name: str,
    colour: str,
) -> None:
    """The name on a flag above the frame, or inside it at the top of the page."""
    left, top, right, bottom = brush.textbbox((0, 0), name, font=font)
    width, height = right - left + 6, bottom - top + 4
    x = max(0.0, min(corner[0], brush.im.size[0] - width))
    y = corner[1] - height if corner[1] >= height else corner[1]
    brush.rectangle((x, y, x + width, y + height), fill=colour)
    brush.text((x + 3, y + 2 - top), name, fill="white", font=font)


def _page(path: Path, page: int) -> tuple[Image.Image, float]:
    """The page as a picture, and its pixels to the point."""
    with path.open("rb") as stream:
        kind = media.media_type(stream.read(media.HEAD_BYTES), path.name, path)
    if kind in media.PICTURES and page == 1:
        return _photo(path)
    if kind != media.PDF:
        raise PageNotDrawable
    try:
        return _pdf_page(path, page)
    except pypdfium2.PdfiumError as error:
        raise PageNotDrawable from error


def _pdf_page(path: Path, page: int) -> tuple[Image.Image, float]:
    with closing(pypdfium2.PdfDocument(path)) as document:
        if not 1 <= page <= len(document):
            raise PageNotDrawable
        document.init_forms()
        sheet = document[page - 1]
        if not 0 < max(sheet.get_size()) <= _LONGEST:
            raise PageNotDrawable
        scale = min(_DPI / 72, 4_000 / max(sheet.get_size()))
        return sheet.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"), scale


def _photo(path: Path) -> tuple[Image.Image, float]:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PICTURE_PIXELS:
                raise PageNotDrawable
            width = A4_WIDTH if picture.height >= picture.width else A4_HEIGHT
            scale = _DPI / 72
            size = (round(width * scale), round(width * scale * picture.height / picture.width))
            return picture.convert("RGB").resize(size), scale
    except OSError as error:
        raise PageNotDrawable from error
