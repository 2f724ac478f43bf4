"""Where a drawn page is empty: paper without ink, large enough for a stamp, where offices put it first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from vbdaemon.model import Box

CELL = 4
"""Points of a side of the cells that are looked at."""
_DARK = 150
"""Of 255; paper of a scan is lighter, print darker."""
_SPECK = 6
"""Of 255: a cell that is darker than this on average bears ink; less is dust of a scan."""
_AROUND = 5.0
"""Points that stay free around the stamp."""
_EDGE = 14.0
"""Points at the edge of the paper that printers cannot reach."""
_MARGIN = 60.0
"""Points from the left at which a stamp looks best: above the text's own edge."""
_UPPER = 0.55
"""Share of the page in which a stamp is looked for first."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Sums of inked cells, so that any rectangle is counted in four look-ups."""

    sums: Sequence[Sequence[int]]

    def inked(self, x: int, y: int, width: int, height: int) -> int:
        upper, lower = self.sums[y], self.sums[y + height]
        return lower[x + width] - lower[x] - upper[x + width] + upper[x]


def empty_place(page: Image.Image, width: float, height: float) -> Box | None:
    """An empty rectangle of this size on a page drawn in grey at one pixel to the point; None without one.

    First under number and subject on the left, then under the date on the right (NĐ 30/2020 App. IV, the stamp ĐẾN),
    then anywhere, from the top.
    """
    grid = _grid(page)
    columns, rows = page.width // CELL, page.height // CELL
    wide = -int(-(width + 2 * _AROUND) // CELL)
    high = -int(-(height + 2 * _AROUND) // CELL)
    for x, y in _places(columns, rows, wide, high):
        if not grid.inked(x, y, wide, high):
            left, top = x * CELL + _AROUND, y * CELL + _AROUND
            return Box(left, top, left + width, top + height)
    return None


def _grid(page: Image.Image) -> _Grid:
    inked = page.point([255 if level < _DARK else 0 for level in range(256)])
    small = inked.resize((max(1, page.width // CELL), max(1, page.height // CELL)), Image.Resampling.BOX)
    cells = small.tobytes()
    sums = [[0] * (small.width + 1)]
    for row in range(small.height):
        line, total = [0], 0
        for column in range(small.width):
            total += cells[row * small.width + column] > _SPECK
            line.append(total + sums[row][column + 1])
        sums.append(line)
    return _Grid(sums)


def _places(columns: int, rows: int, wide: int, high: int) -> Iterator[tuple[int, int]]:
    """Upper left corners in cells, those first that an office would take first."""
    edge = -int(-_EDGE // CELL)
    last_x, last_y = columns - wide - edge, rows - high - edge
    upper = min(int(rows * _UPPER), last_y)
    left_half = sorted(range(edge, min(columns // 2 - wide, last_x) + 1), key=lambda x: abs(x * CELL - _MARGIN))
    right_half = range(last_x, max(columns // 2, edge) - 1, -1)
    for half in (left_half, right_half):
        yield from ((x, y) for y in range(edge, upper + 1) for x in half)
    yield from ((x, y) for y in range(edge, last_y + 1) for x in range(edge, last_x + 1))
