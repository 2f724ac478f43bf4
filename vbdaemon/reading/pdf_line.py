"""Lines of a PDF page for its layout: runs with their type, places, and the lines drawn below them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vbdaemon.model import Box, TextSource
from vbdaemon.model.layout import Run, Side
from vbdaemon.reading.line import SPACE_EM, Row, segments
from vbdaemon.reading.piece import Piece

_BELOW = 13.0
"""Points: how far below its words a line stands at most."""
_CENTRED, _SHORT = 10.0, 150.0
"""Points: a short line on one axis with the words is theirs, even where the last of several lines is shorter."""
_OVERHANG = 1.25
"""A line longer than this many times the words belongs to the page, not to them."""
_GAP_EM = 0.6
_MIDDLE = 0.5
_SLACK = 0.04
_CENTRAL = 0.06
_ACROSS = 0.5
"""Shares of the page's width."""
_BORDERS = 3
"""Long lines on a page that make a table."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of a column."""

    page: int
    runs: tuple[Run, ...]
    box: Box
    side: Side
    strokes: tuple[Box, ...] = field(default=())
    beside: bool = False
    """Another line stands on its baseline."""
    in_table: bool = False
    """It stands between the lines of a table."""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)

    @property
    def size(self) -> float:
        """The largest type in it; the box's height where none is known."""
        return max((run.size or 0.0 for run in self.runs), default=0.0) or self.box.y1 - self.box.y0


def set_lines(page: int, width: float, found: Sequence[Row], strokes: Sequence[Box]) -> list[SetLine]:
    """The lines of a page from top to bottom, left to right; each stroke belongs to the nearest line above it."""
    rows = [_row(page, width, [part for s in segments(row) for part in _parted(s)]) for row in found]
    lines = sorted((line for row in rows for line in row), key=lambda line: (line.box.y1, line.box.x0))
    owners: dict[int, list[Box]] = {}
    for stroke in strokes:
        above = [n for n, line in enumerate(lines) if _belongs(stroke, line.box)]
        if above:
            owners.setdefault(above[-1], []).append(stroke)
    ruled = _ruled(strokes, width)
    return [
        replace(line, strokes=tuple(owners.get(n, ())), in_table=_within(line.box, ruled))
        for n, line in enumerate(lines)
    ]


def _ruled(strokes: Sequence[Box], width: float) -> tuple[float, float] | None:
    """From the first to the last of the long lines across a page that has several: a table's borders."""
    rows: dict[int, float] = {}
    for stroke in strokes:
        at = next((y for y in rows if abs(y - stroke.y0) <= 1), round(stroke.y0))
        rows[at] = rows.get(at, 0.0) + stroke.x1 - stroke.x0
    across = sorted(y for y, length in rows.items() if length > _ACROSS * width)
    return (across[0], across[-1]) if len(across) >= _BORDERS else None


def _within(box: Box, ruled: tuple[float, float] | None) -> bool:
    return ruled is not None and ruled[0] - 1 <= box.centre[1] <= ruled[1] + 1


def _belongs(stroke: Box, words: Box) -> bool:
    inside = stroke.x0 >= words.x0 - 6 and stroke.x1 <= words.x1 + 6
    length = max(words.x1 - words.x0, 1.0)
    centred = abs(stroke.centre[0] - words.centre[0]) < _CENTRED and stroke.x1 - stroke.x0 <= _SHORT
    fits = (
        inside
        or centred
        or (stroke.x1 - stroke.x0 <= _OVERHANG * length and abs(stroke.centre[0] - words.centre[0]) < length)
    )
    return fits and words.y1 - 4 <= stroke.y0 <= words.y1 + _BELOW


def _parted(segment: Row) -> list[Row]:
    """A segment broken where a wide gap and another weight meet: two columns of a head that nearly touch."""
    parts: list[Row] = []
    last: Piece | None = None
    for piece in segment:
        if not piece.text.strip():
            if parts:
                parts[-1].append(piece)
            continue
        gap = 0.0 if last is None else piece.ink[0] - last.ink[1]
        if last is None or (gap > _GAP_EM * piece.em and piece.style.bold is not last.style.bold):
            parts.append([])
        parts[-1].append(piece)
        last = piece
    return parts


def _row(page: int, width: float, parts: Sequence[Row]) -> list[SetLine]:
    """The lines of one baseline; one alone in the middle of the page takes its whole width."""
    lines = [_line(page, width, part) for part in parts if any(piece.text.strip() for piece in part)]
    if len(lines) > 1:
        return [replace(line, beside=True) for line in lines]
    if lines and abs(lines[0].box.centre[0] - width / 2) < _CENTRAL * width:
        return [replace(lines[0], side=Side.WHOLE)]
    return lines


def _line(page: int, width: float, segment: Sequence[Piece]) -> SetLine:
    inked = [piece for piece in segment if piece.text.strip()]
    box = Box(
        min(p.ink[0] for p in inked), min(p.y0 for p in inked), max(p.ink[1] for p in inked), max(p.y1 for p in inked)
    )
    return SetLine(page, tuple(_runs(segment)), box, _side(box, width))


def _runs(segment: Sequence[Piece]) -> list[Run]:
    """Pieces as runs; what a stamp field put in keeps its words and has no type of the document's."""
    runs: list[Run] = []
    right = None
    for piece in segment:
        text = piece.text
        apart = right is not None and piece.x0 - right > SPACE_EM * piece.em
        if apart and not text.startswith((" ", "/", ",")) and not runs[-1].text.endswith(" "):
            text = f" {text}"
        style = piece.style
        if piece.source is TextSource.TEXT:
            runs.append(Run(text, style.font, style.size, style.bold, style.italic))
        else:
            runs.append(Run(text))
        right = piece.x1
    return runs


def _side(box: Box, width: float) -> Side:
    middle = width * _MIDDLE
    slack = width * _SLACK
    if box.x1 <= middle + slack:
        return Side.LEFT
    return Side.RIGHT if box.x0 >= middle - 3 * slack else Side.WHOLE
