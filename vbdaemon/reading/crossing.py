"""Framed marks in black whose frame touches something else: a receiver's stamp over it, a line of print.

Such a frame is no closed shape of its own, but two level lines of it remain, once it is set level: what stands
between them is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from PIL import Image, ImageChops, ImageFilter

from vbdaemon.model import Box
from vbdaemon.reading.blob import Cells, blobs
from vbdaemon.reading.sheet import Sheet

MOST = 3
"""Tangles looked at on one page …"""
_MOST_BANDS = 2
"""… and pairs of lines read at each of their slants."""
_REDUCE = 4
_DARK = 60
_INK = 140
_WIDE, _HIGH = (40.0, 420.0), (26.0, 200.0)
"""Points. Words and lines of print are lower; frames of tables are larger."""
_COVERED = 0.45
_STEEPEST, _STEP = 46, 2
"""Degrees."""
_LINE = 30.0
_BETWEEN = (12.0, 46.0)
"""Points between the lines of a frame with one row of capitals; NĐ 30/2020 has 8 mm."""
_SHARED = 0.55
_APART = 7
_INSET = 2.0
_ALIGNED, _SIDE, _SOLID = 7.0, 4.0, 0.9
"""Points by which ends differ, points to each side of them where the joining line is, share of it that is there."""

Run = tuple[int, int, int, int]
"""Left, top, right, bottom of a level line in pixels."""


@dataclass(frozen=True, slots=True)
class Tangle:
    """Dark lines that hang together."""

    box: Box
    pictures: tuple[Image.Image, ...]
    """What stands between two parallel lines of it, level, black on white."""


def tangles(sheet: Sheet, bottom: float) -> Iterator[Tangle]:
    """Tangles above `bottom` (points) that may hold a mark, the first few."""
    grey = sheet.band(0, bottom)
    if min(grey.size) < _REDUCE:
        return
    ink = grey.reduce(_REDUCE).point([255 - v for v in range(256)])
    scale = 72 / sheet.dpi * _REDUCE
    found = sorted(filter(None, (_sized(cells, scale) for cells in blobs(ink, _DARK))), key=lambda box: box.y0)
    for box in found[:MOST]:
        mask = sheet.crop(box).convert("L").point([255 if v < _INK else 0 for v in range(256)])
        pictures = tuple(picture for angle in _angles(mask) for picture in _bands(mask, angle, sheet.dpi))
        if pictures:
            yield Tangle(box, pictures)


def _sized(cells: Cells, scale: float) -> Box | None:
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs) + 1, max(ys) + 1
    width, height = (x1 - x0) * scale, (y1 - y0) * scale
    fits = _WIDE[0] <= width <= _WIDE[1] and _HIGH[0] <= height <= _HIGH[1]
    if not fits or len(cells) > _COVERED * (x1 - x0) * (y1 - y0):
        return None
    return Box(x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _angles(mask: Image.Image) -> list[float]:
    """The slants at which long lines lie level, the clearest first; at most three."""
    small = mask.reduce(2) if min(mask.size) > 2 else mask  # noqa: PLR2004 - cannot be reduced
    strength: list[tuple[float, float]] = []
    for angle in range(-_STEEPEST, _STEEPEST + 1, _STEP):
        turned = small.rotate(angle, expand=True)
        rows = turned.resize((1, turned.height), Image.Resampling.BOX).tobytes()
        strength.append((max(rows) * turned.width / 255, float(angle)))
    best: list[float] = []
    for _, slant in sorted(strength, reverse=True):
        if all(abs(slant - other) >= _APART for other in best):
            best.append(slant)
        if len(best) == 3:  # noqa: PLR2004 - the mark, and what lies over it
            break
    return best


def _bands(mask: Image.Image, angle: float, dpi: float) -> Iterator[Image.Image]:
    """What stands between two level lines, once the mask is turned."""
    level = mask.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True)
    point = dpi / 72
    runs = _runs(level.filter(ImageFilter.MaxFilter(3)), round(_LINE * point))  # a worn line has holes
    if runs.getbbox() is None:
        return
    letters = ImageChops.subtract(level, runs)
    lines = sorted(_boxes(runs), key=lambda line: line[1])
    pairs = ((one, other) for index, one in enumerate(lines) for other in lines[index + 1 :])
    framing = (pair for pair in pairs if _framing(*pair, point) and _joined(level, *pair, point))
    for (x0, _, x1, y1), (u0, v0, u1, _) in islice(framing, _MOST_BANDS):
        inset = round(_INSET * point)
        inner = letters.crop((max(x0, u0) + inset, y1 + 1, min(x1, u1) - inset, v0 - 1))
        framed = Image.new("L", (inner.width + 40, inner.height + 40), 255)
        framed.paste(inner.point([255 - v for v in range(256)]), (20, 20))
        yield framed


def _framing(one: Run, other: Run, point: float) -> bool:
    """True for two lines one below the other, as far apart as the lines of a mark's frame."""
    shared = min(one[2], other[2]) - max(one[0], other[0])
    near = _BETWEEN[0] <= (other[1] - one[3]) / point <= _BETWEEN[1]
    return near and shared >= _SHARED * max(one[2] - one[0], other[2] - other[0])


def _joined(level: Image.Image, one: Run, other: Run, point: float) -> bool:
    """True when the lines end together at one side at least, and a line joins them there: a seal's do not."""
    for edge, opposite in ((one[0], other[0]), (one[2], other[2])):
        if abs(edge - opposite) > _ALIGNED * point:
            continue
        reach = round(_SIDE * point)
        middle = (edge + opposite) // 2
        strip = level.crop((middle - reach, one[3], middle + reach, other[1]))
        rows = strip.resize((1, max(1, strip.height)), Image.Resampling.BOX).tobytes()
        if sum(1 for value in rows if value) >= _SOLID * len(rows):
            return True
    return False


def _boxes(runs: Image.Image) -> Iterator[Run]:
    for cells in blobs(runs.reduce((4, 1)), 128):
        xs, ys = [x * 4 for x, _ in cells], [y for _, y in cells]
        yield min(xs), min(ys), max(xs) + 4, max(ys) + 1


def _runs(picture: Image.Image, length: int) -> Image.Image:
    """What is left of a mask when level runs of fewer than `length` pixels go: an opening by a line."""
    begins = _reached(picture, length, ImageChops.darker, -1)
    return _reached(begins, length, ImageChops.lighter, 1)


def _reached(picture: Image.Image, length: int, joined: Callable[..., Image.Image], side: int) -> Image.Image:
    """Each pixel joined with the `length` - 1 pixels to one side, in as many steps as the length has bits."""
    result, reach = picture, 1
    while reach < length:
        step = min(reach, length - reach)
        moved = Image.new("L", result.size, 0)
        moved.paste(result, (side * step, 0))
        result = joined(result, moved)
        reach += step
    return result
