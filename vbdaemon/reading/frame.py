"""Framed marks in black: stamps on grey and black-and-white scans, level or slanted."""

from collections.abc import Iterator

from vbdaemon.model import Box
from vbdaemon.reading.blob import Cells, blobs
from vbdaemon.reading.sheet import Sheet

_REDUCE = 4
_DARK = (95, 60)
"""Ink (255 less the mean brightness) of a cell that a line passes through: of a thick line, then of a thin one."""
_WIDE = (26.0, 220.0)
_HIGH = (16.0, 130.0)
"""Points. The decree's frame for a mark is 8 mm high; words of the body stay below."""
_NEAR = 4.0
_HOLLOW = 0.42
"""A frame covers less than this part of its box."""


def frames(sheet: Sheet, bottom: float) -> Iterator[Box]:
    """Boxes of dark frames around something, above `bottom` (points), each once, from the top."""
    grey = sheet.band(0, bottom)
    if min(grey.size) < _REDUCE:
        return
    ink = grey.reduce(_REDUCE).point([255 - v for v in range(256)])
    scale = 72 / sheet.dpi * _REDUCE
    given: list[Box] = []
    for least in _DARK:
        for box in _framed(blobs(ink, least), scale):
            if not any(_same(box, other) for other in given):
                given.append(box)
                yield box


def _framed(found: list[Cells], scale: float) -> Iterator[Box]:
    """Blobs of the size of a mark that are hollow, closed and not empty."""
    inside = [cells[0] for cells in found]
    long = sorted((_bounds(cells), cells) for cells in found if len(cells) >= _WIDE[0] / scale)
    for (y0, x0, y1, x1), cells in long:
        sized = _WIDE[0] <= (x1 - x0) * scale <= _WIDE[1] and _HIGH[0] <= (y1 - y0) * scale <= _HIGH[1]
        if not sized or len(cells) > _HOLLOW * (x1 - x0) * (y1 - y0):
            continue
        closed = _closed(cells, (x0 + x1) // 2, (y0 + y1) // 2)
        if closed and any(x0 < x < x1 and y0 < y < y1 for x, y in inside):
            yield Box(round(x0 * scale, 1), round(y0 * scale, 1), round(x1 * scale, 1), round(y1 * scale, 1))


def _same(one: Box, other: Box) -> bool:
    return all(abs(a - b) < _NEAR for a, b in zip(_sides(one), _sides(other), strict=True))


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _bounds(cells: Cells) -> tuple[int, int, int, int]:
    """Top, left, bottom, right."""
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    return min(ys), min(xs), max(ys) + 1, max(xs) + 1


def _closed(cells: Cells, x: int, y: int) -> bool:
    """True when the line is met in all four directions from the middle."""
    level, plumb = [a for a, b in cells if b == y], [b for a, b in cells if a == x]
    return bool(level and plumb) and min(level) < x < max(level) and min(plumb) < y < max(plumb)
