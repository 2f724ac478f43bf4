"""Framed marks in black: stamps on grey and black-and-white scans, level or slanted."""

from collections.abc import Iterator

from vbdaemon.model import Box
from vbdaemon.reading.blob import Cells, blobs
from vbdaemon.reading.sheet import Sheet

_REDUCE = 4
_DARK = 95
"""Ink (255 less the mean brightness) of a cell that a line passes through."""
_WIDE = (26.0, 220.0)
_HIGH = (13.0, 130.0)
_HOLLOW = 0.42
"""A frame covers less than this part of its box."""


def frames(sheet: Sheet, bottom: float) -> Iterator[Box]:
    """Boxes of dark frames around something, above `bottom` (points), from the top."""
    grey = sheet.band(0, bottom)
    if min(grey.size) < _REDUCE:
        return
    ink = grey.reduce(_REDUCE).point([255 - v for v in range(256)])
    scale = 72 / sheet.dpi * _REDUCE
    found = blobs(ink, _DARK)
    small = [cells[0] for cells in found if cells]
    boxes = sorted((_bounds(cells), cells) for cells in found if len(cells) >= _WIDE[0] / scale)
    for (y0, x0, y1, x1), cells in boxes:
        width, height = (x1 - x0) * scale, (y1 - y0) * scale
        area = (x1 - x0) * (y1 - y0)
        sized = _WIDE[0] <= width <= _WIDE[1] and _HIGH[0] <= height <= _HIGH[1]
        if not sized or len(cells) > _HOLLOW * area:
            continue
        closed = _closed(cells, (x0 + x1) // 2, (y0 + y1) // 2)
        if any(x0 < x < x1 and y0 < y < y1 for x, y in small) and closed:
            yield Box(round(x0 * scale, 1), round(y0 * scale, 1), round(x1 * scale, 1), round(y1 * scale, 1))


def _bounds(cells: Cells) -> tuple[int, int, int, int]:
    """Top, left, bottom, right."""
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    return min(ys), min(xs), max(ys) + 1, max(xs) + 1


def _closed(cells: Cells, x: int, y: int) -> bool:
    """True when the line is met in all four directions from the middle."""
    level, plumb = [a for a, b in cells if b == y], [b for a, b in cells if a == x]
    return bool(level and plumb) and min(level) < x < max(level) and min(plumb) < y < max(plumb)
