"""Two readings of the same lines brought together: what they differ on never looks sure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from rapidfuzz import fuzz

from vbdaemon.model import Line
from vbdaemon.reading.blob import unaccented
from vbdaemon.reading.line import NUMBER_LINE, Row, lines

_SEEN = 0.7
"""A line that only the second reading has counts from this confidence on; a number line always does."""
_DIFFERS = 0.8
_DECIDED = 0.89
"""Two of three readings agree on the figures of a line."""
_BETTER = 0.03
_LEVEL = 0.5
_ALIKE = 60
_NEAR = 2.0
_TALL = 1.6
"""A row so much higher than a line has run several lines together."""
_DATE = re.compile(r"ng\w{1,2}\b.{0,14}th\w{1,2}ng.{0,8}n\wm\s*\d{4}\b", re.IGNORECASE)

Decide = Callable[[Row], str]
"""Reads the place of a row once more."""


def merged(first: Iterable[Row], second: Iterable[Row], decide: Decide) -> list[Row]:
    """The rows of the first reading, mended and added to by those of the second."""
    result = list(first)
    covered: list[Row] = []
    for row in second:
        line = whole(row)
        if line is None:
            continue
        old = [other for other in result if _same_place(other, row)]
        covered.append(row)
        if old:
            result = [other for other in result if not any(other is o for o in old)]
            result += _chosen(old, row, line, decide)
        elif line.confidence >= _SEEN or NUMBER_LINE.match(line.text):
            result.append(row)
    whole_rows = [row for row in result if not run_together(row, covered)]
    return [row for row in whole_rows if not any(_fragment(row, other) for other in whole_rows)]


def is_date(text: str) -> bool:
    """True for a whole date line."""
    return bool(_DATE.search(text))


def whole(row: Row) -> Line | None:
    """The row as one line; None for noise."""
    found = lines([row])
    return found[0] if len(found) == 1 else None


def sides(row: Row) -> tuple[float, float, float, float]:
    """Left, right, top, bottom."""
    return min(p.x0 for p in row), max(p.x1 for p in row), min(p.y0 for p in row), max(p.y1 for p in row)


def _chosen(old: list[Row], new: Row, line: Line, decide: Decide) -> list[Row]:
    """The better of two readings of one line; one that the other contradicts is not sure."""
    before = whole(sorted((piece for row in old for piece in row), key=lambda piece: piece.x0))
    if before is None:
        return [new]
    one, two = _told(before.text), _told(line.text)
    if one == two:
        return [new] if line.confidence > before.confidence else old
    if _figured(before.text) and _figured(line.text):
        third = _told(decide(new))
        if third == two:
            return [_capped(new, _DECIDED)]
        if third == one:
            return [_capped(row, _DECIDED) for row in old]
    gained = _figured(line.text) - _figured(before.text)
    better = gained > 0 or (gained == 0 and line.confidence > before.confidence + _BETTER)
    return [_capped(row, _DIFFERS) for row in ([new] if better else old)]


def _capped(row: Row, most: float) -> Row:
    return [replace(piece, confidence=min(piece.confidence, most)) for piece in row]


def _figured(text: str) -> bool:
    """True for a whole number line or date line: there a figure matters."""
    return bool(NUMBER_LINE.match(text) or _DATE.search(text))


def _same_place(old: Row, new: Row) -> bool:
    """True for readings of one line, or a part of it."""
    (a0, a1, b0, b1), (c0, c1, d0, d1) = sides(old), sides(new)
    shared = min(b1, d1) - max(b0, d0)
    across = min(a1, c1) - max(a0, c0)
    if shared <= _LEVEL * min(b1 - b0, d1 - d0) or across <= _LEVEL * min(a1 - a0, c1 - c0):
        return False
    # a rule under a word makes its row tall too
    return b1 - b0 < _TALL * max(d1 - d0, 1.0) or fuzz.ratio(_text(old), _text(new)) > _ALIKE


def _text(row: Row) -> str:
    return unaccented(_letters("".join(piece.text for piece in row)))


def _fragment(row: Row, other: Row) -> bool:
    """True for a part of another row that the engine saw a second time."""
    if row is other:
        return False
    (a0, a1, b0, b1), (c0, c1, d0, d1) = sides(row), sides(other)
    inside = c0 - _NEAR <= a0 and a1 <= c1 + _NEAR and d0 - _NEAR <= (b0 + b1) / 2 <= d1 + _NEAR
    part, all_of_it = _text(row), _text(other)
    return inside and len(part) < len(all_of_it) and part in all_of_it


def run_together(row: Row, second: Iterable[Row]) -> bool:
    """True for a tall row in whose place the second reading saw two lines or more."""
    x0, x1, y0, y1 = sides(row)
    inside = [
        other
        for other in second
        if other is not row
        and (place := sides(other))[3] - place[2] < (y1 - y0) / _TALL
        and y0 - 2 < (place[2] + place[3]) / 2 < y1 + 2
        and min(x1, place[1]) - max(x0, place[0]) > 0
    ]
    return len(inside) > 1


def _told(text: str) -> str:
    """What tells two readings apart: letters and figures, the figures alone of a date line."""
    return "".join(c for c in text if c.isdigit()) if is_date(text) else _letters(text)


def _letters(text: str) -> str:
    return "".join(c for c in text.replace("Ð", "Đ") if c.isalnum())
