"""A page with boxes and their names drawn on it: what `vbdaemon inspect --show` hands to an admin."""

import io
from collections.abc import Iterable, Sequence
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
_LETTERS = 14.0
_FLAG = 20.0
"""Pixels from one name to the next."""
_ROOM = 18
"""Pixels beside a name."""
_MARGIN = "#f2f2ef"
_COLOURS = ("#b3261e", "#1b5e9e", "#1f7a3f", "#8a4f00", "#6a2c91", "#00727a")


class PageNotDrawable(VbdaemonError):
    """The page cannot be drawn: only pages of PDFs, and picture files, can be shown."""


def draw(path: Path, page: int, boxes: Iterable[tuple[Box, str]]) -> bytes:
    """PNG of page `page` (from 1) with its widgets, each box (points, origin top left) framed and named.

    The names stand in a margin right of the page, so that they cover neither each other nor the print.
    PageNotDrawable when the file has no such page, is no PDF or picture, or the page is beyond all sizes.
    """
    picture, scale = _page(path, page)
    named = sorted(boxes, key=lambda each: (each[0].y0 + each[0].y1, each[0].x0))
    font = ImageFont.load_default(_LETTERS)
    width = max((round(font.getlength(name)) for _, name in named), default=-_ROOM) + _ROOM
    whole = Image.new("RGB", (picture.width + width, picture.height), _MARGIN)
    whole.paste(picture, (0, 0))
    brush = ImageDraw.Draw(whole)
    heights = _spread([(box.y0 + box.y1) / 2 * scale for box, _ in named], picture.height)
    for index, ((box, name), y) in enumerate(zip(named, heights, strict=True)):
        colour = _COLOURS[index % len(_COLOURS)]
        frame = (box.x0 * scale - 2, box.y0 * scale - 2, box.x1 * scale + 2, box.y1 * scale + 2)
        brush.rectangle(frame, outline=colour, width=2)
        # along the foot of the box: through its middle it would cross out print further right
        brush.line((frame[2], frame[3] - 1, picture.width - 8, frame[3] - 1, picture.width + 6, y), fill=colour)
        flag = (picture.width + 6, y - _FLAG / 2 + 1, picture.width + width - 4, y + _FLAG / 2 - 1)
        brush.rectangle(flag, fill=colour)
        brush.text((flag[0] + 5, y), name, fill="white", font=font, anchor="lm")
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def _spread(wanted: Sequence[float], bottom: float) -> list[float]:
    """Heights as near to the wanted ones (rising) as flags below one another allow, all above `bottom`."""
    placed: list[float] = []
    for height in wanted:
        placed.append(max(height, placed[-1] + _FLAG if placed else _FLAG / 2))
    lowest = bottom - _FLAG / 2
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], lowest)
        lowest = placed[index] - _FLAG
    return placed


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
