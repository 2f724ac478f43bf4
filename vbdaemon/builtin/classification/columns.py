"""The two columns of a document's head: the issuer's on the left, the Quốc hiệu's on the right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vbdaemon.builtin.classification.emblem import cut_at, emblem, motto, split
from vbdaemon.builtin.classification.filling import filled
from vbdaemon.builtin.classification.marks import is_mark
from vbdaemon.builtin.classification.sheet import Leaf, Piece
from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.model import TextSource

_HIGH = 0.34
"""Share of the page that a head can take, from the Quốc hiệu down."""
_ABOVE = 24.0
"""Points: a long name of a body can begin so far above the Quốc hiệu."""
_DEFAULT_BORDER = 0.46
_CENTRED = 0.05
_TOUCHING = (-4.0, 9.0)
"""Points between two parts of a line."""
_LEFT = 0.42
_ENDS = re.compile(r"^\W*(?:K[íìi]nh g[ửứưu]i|Căn cứ|Điều 1\b|Thực hiện|Trong thời gian|Phần I\b)", re.IGNORECASE)
_DATE_IN_ROW = re.compile(r"\s(?:\S+\s){1,6}?ng[àa]y\b.{0,12}th[áa]ng", re.IGNORECASE)
_NUMBER_IN_ROW = re.compile(r"^\W*Số\s*:?.*?/\s*\S+")
_HEAD_LINES = 24


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of the head by column, and all that stands lower on the page."""

    emblem: Piece | None
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    below: tuple[Piece, ...]
    placed: bool
    """False where lines follow each other without columns."""


def columns_of(leaf: Leaf) -> Columns:
    """The columns of the page's head; lines one below the other at the left margin have none."""
    crest = emblem(leaf)
    at_margin = crest is not None and crest.box is not None and crest.box.centre[0] < leaf.width * _LEFT
    return _placed(leaf) if leaf.placed and not at_margin else _running(leaf)


def _placed(leaf: Leaf) -> Columns:
    found = emblem(leaf)
    issuer, crest = split(found) if found else (None, None)
    pieces = [p for p in leaf.pieces if p is not found and p.box]
    if issuer:
        pieces.append(issuer)
    box = crest.box if crest else None
    top, border = (box.y0 - _ABOVE, box.x0 - 3) if box else (0.0, leaf.width * _DEFAULT_BORDER)
    if box and abs(box.centre[0] - leaf.width / 2) < leaf.width * _CENTRED and issuer is None:
        border = 0.0  # one column: contracts, minutes, citizens' letters
    floor = _floor(pieces, top + leaf.height * _HIGH)
    head = [p for p in pieces if p.box and top <= p.box.y0 < floor]
    parts = [half for p in head for half in _halves(p, border)]
    left = _rows([p for p in parts if _middle(p) < border])
    right = _rows([p for p in parts if _middle(p) >= border])
    if border == 0.0:
        left, right = (), tuple(p for p in right if box and p.box and p.box.y0 < box.y1 + 24)
    taken = {id(p) for p in head} if border else {id(line) for p in right for line in p.lines}
    rest = [p for p in pieces if p.box and p.box.y0 >= top and not _taken(p, taken)]
    return Columns(crest, left, right, _rows(rest), placed=True)


def _taken(piece: Piece, taken: set[int]) -> bool:
    return id(piece) in taken or any(id(line) in taken for line in piece.lines)


def _floor(pieces: Iterable[Piece], lowest: float) -> float:
    """Where the head ends: at Kính gửi or the first grounds, at `lowest` otherwise."""
    ends = [p.box.y0 for p in pieces if p.box and _ENDS.match(p.text)]
    return min([lowest, *(y - 1 for y in ends)])


def _middle(piece: Piece) -> float:
    assert piece.box
    return piece.box.centre[0]


def _halves(piece: Piece, border: float) -> tuple[Piece, ...]:
    """The piece, cut where OCR ran a date line into what stands left of it."""
    box = piece.box
    assert box
    if not (box.x0 < border - 20 and box.x1 > border + 60):
        return (piece,)
    number = _NUMBER_IN_ROW.match(piece.text)
    date = _DATE_IN_ROW.search(piece.text)
    if not date:
        return (piece,)
    cut = number.end() if number and number.end() <= date.end() else _gap(piece, border)
    return cut_at(piece, cut)


def _gap(piece: Piece, border: float) -> int:
    """The space nearest to the border between the columns, in proportion to the letters."""
    box = piece.box
    assert box
    near = (border - box.x0) / (box.x1 - box.x0) * len(piece.text)
    spaces = [m.start() for m in re.finditer(" ", piece.text)]
    return min(spaces, key=lambda i: abs(i - near)) if spaces else len(piece.text)


def _rows(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces on one baseline joined, from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.box.y0, p.box.x0) if p.box else (0.0, 0.0)):
        if rows and _one_row(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return tuple(row for parts in rows for row in _joined(parts))


def rejoined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces whose lines the border between the columns has parted, as one again; others as they are."""
    result: list[Piece] = []
    for piece in pieces:
        index = next(
            (i for i, other in enumerate(result[-3:], max(0, len(result) - 3)) if _adjoins(other, piece)), None
        )
        if index is None:
            result.append(piece)
        else:
            one, two = sorted((result[index], piece), key=_middle)
            result[index] = Piece(f"{one.text} {two.text}", one.page, (*one.lines, *two.lines))
    return tuple(result)


def _adjoins(one: Piece, other: Piece) -> bool:
    """True for two parts of one line: on one height, hardly more than a space apart."""
    a, b = one.box, other.box
    if a is None or b is None or not _one_row([one], other) or is_mark(one.text) or is_mark(other.text):
        return False
    return _TOUCHING[0] < max(a.x0, b.x0) - min(a.x1, b.x1) < _TOUCHING[1]


def _one_row(row: list[Piece], piece: Piece) -> bool:
    a, b = row[0].box, piece.box
    if a is None or b is None:
        return False
    shared = min(a.y1, b.y1) - max(a.y0, b.y0)
    return shared > 0.55 * min(a.y1 - a.y0, b.y1 - b.y0)


def _joined(parts: list[Piece]) -> tuple[Piece, ...]:
    stamped = tuple(p for p in parts if is_mark(p.text))
    if len(parts) == 1 or stamped:
        rest = [p for p in parts if p not in stamped]
        return (*(_joined(rest) if len(rest) > 1 else rest), *stamped)
    ordered = sorted(parts, key=lambda p: p.box.x0 if p.box else 0.0)
    stamps = [p for p in ordered if p.source is TextSource.WIDGET]
    printed = [p for p in ordered if p.source is not TextSource.WIDGET]
    return filled(printed, stamps)


def _running(leaf: Leaf) -> Columns:
    """Lines without places (Word, plain text): the head is what comes before Kính gửi, a title or the grounds."""
    crest = emblem(leaf)
    pieces = leaf.pieces
    start = 0 if crest is None else max(0, pieces.index(crest) - _HEAD_LINES // 2)
    end = next((i for i, p in enumerate(pieces) if i >= start and _ENDS.match(p.text)), len(pieces))
    end = min(end, start + _HEAD_LINES)
    head = [p for p in pieces[start:end] if p is not crest]
    left = tuple(p for p in head if not motto(p.text) and not _only_date(p))
    right = tuple(p for p in head if motto(p.text) or _only_date(p))
    return Columns(crest, left, right, pieces[:start] + pieces[end:], placed=False)


def _only_date(piece: Piece) -> bool:
    words = bare(piece.text)
    return "ngay" in words and "thang" in words and not words.startswith(("so:", "so ", "v/v", "ve viec"))
