"""The head of a document: issuer, number line, date line, V/v block, and what stands below."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vbdaemon.builtin.classification.columns import Columns, columns_of, rejoined
from vbdaemon.builtin.classification.dates import is_date_line
from vbdaemon.builtin.classification.emblem import motto, party
from vbdaemon.builtin.classification.marks import is_mark
from vbdaemon.builtin.classification.number import looks_like_number
from vbdaemon.builtin.classification.sheet import Leaf, Piece
from vbdaemon.builtin.classification.spelling import bare

LETTER_SUBJECT = re.compile(r"^\W*(?:V\s?[/\\|Il1í]\s?[vyw]|Về việc|Vê việc)\b", re.IGNORECASE)
_MISREAD_OPENING = re.compile(r"^\W*V(?:W|í|ív|i|N|/|[\s/\\|Il1íÍ]{0,2}[vywVWY])[.:]?\s")
"""What OCR makes of "V/v"."""
_ADDRESSEES = re.compile(r"^\W*K[íìi]nh\s+g[ửứưừu]i", re.IGNORECASE)
_STAMP = re.compile(r"\bĐẾN\b|(?i:^\W*Chuyển\s*:|hồ sơ số)")
_PITCH = 1.9
"""Baselines further apart than this many line heights belong to different blocks."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The parts of a document's head; `below` is the rest of the page in the order of reading."""

    emblem: Piece | None
    issuer: tuple[Piece, ...]
    number: Piece | None
    date: Piece | None
    letter_subject: tuple[Piece, ...]
    below: tuple[Piece, ...]

    @property
    def party(self) -> bool:
        """True for a Party paper."""
        return self.emblem is not None and party(self.emblem.text)


def heading(leaf: Leaf) -> Heading:
    """The head of the document that begins on this page."""
    columns = columns_of(leaf)
    number = _number(columns)
    date = _first(columns.right + columns.left, _is_date) or _first(columns.below[:14], _is_date)
    if number is None:
        number = _first(columns.below[:8], _is_number)
    letter = _letter_subject(columns, number)
    issuer = _issuer(leaf, columns, number, letter)
    used = {id(p) for p in (*issuer, *letter, number, date, columns.emblem) if p}
    below = _below(leaf, columns, used, number, date)
    return Heading(columns.emblem, issuer, number, date, letter, below)


def opening(piece: Piece) -> re.Match[str] | None:
    """The "V/v" that begins the subject of a công văn, also as OCR misreads it."""
    return LETTER_SUBJECT.match(piece.text) or (_MISREAD_OPENING.match(piece.text) if piece.ocr else None)


def is_addressees(text: str) -> bool:
    """True for the line that begins with "Kính gửi"."""
    return bool(_ADDRESSEES.match(text))


def _is_number(piece: Piece) -> bool:
    return looks_like_number(piece.text, piece.ocr)


def _is_date(piece: Piece) -> bool:
    return is_date_line(piece.text) and not _STAMP.search(piece.text)


def _first(pieces: Sequence[Piece], wanted: Callable[[Piece], bool]) -> Piece | None:
    return next((p for p in pieces if wanted(p)), None)


def _number(columns: Columns) -> Piece | None:
    """The number line; a receiver's stamp ("CV ĐẾN", its own number below) is passed over."""
    found = [p for p in columns.left if _is_number(p)] or [p for p in columns.right if _is_number(p)]
    stamps = [p for p in (*columns.left, *columns.right) if _STAMP.search(p.text)]
    plain = [p for p in found if not _STAMP.search(p.text) and not any(_near(p, s) for s in stamps)]
    plain = plain or [p for p in found if not _STAMP.search(p.text)]
    return plain[0] if plain else None


def _near(piece: Piece, stamp: Piece) -> bool:
    """True below a stamp's word ĐẾN, where the receiver's own number stands."""
    a, b = piece.box, stamp.box
    if a is None or b is None or "ĐẾN" not in stamp.text:
        return False
    return 0 <= a.y0 - b.y0 < 50 and a.x0 < b.x1 and b.x0 < a.x1  # noqa: PLR2004 - points: the stamp is 35 mm high


def _letter_subject(columns: Columns, number: Piece | None) -> tuple[Piece, ...]:
    """The V/v block under the number of a công văn."""
    start = next((i for i, p in enumerate(columns.left) if p is not number and opening(p)), None)
    if start is None or _titled(columns.left[:start], number):
        return ()
    block = [columns.left[start]]
    for piece in columns.left[start + 1 :]:
        if _ends_letter_subject(piece, block):
            break
        block.append(piece)
    return tuple(block)


def _titled(above: tuple[Piece, ...], number: Piece | None) -> bool:
    """True when a line in capitals stands between the number and "Về việc …": that is a form name's subject."""
    after = above[above.index(number) + 1 :] if number in above else ()
    return any(p.text.isupper() and not is_mark(p.text) and not motto(p.text) for p in after)


def _ends_letter_subject(piece: Piece, block: list[Piece]) -> bool:
    last, box = block[-1].box, piece.box
    if last and box:
        if box.y0 - last.y0 > _PITCH * max(10.0, last.y1 - last.y0):
            return True
    elif len(block) > 5 or block[-1].text.endswith((".", ";")):  # noqa: PLR2004 - lines
        return True
    return is_mark(piece.text) or is_addressees(piece.text) or _STAMP.search(piece.text) is not None


def _issuer(leaf: Leaf, columns: Columns, number: Piece | None, letter: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Capitals in the left column above the number; without a number and without columns, above the Quốc hiệu."""
    end = number if number in columns.left else (letter[0] if letter else None)
    above = columns.left[: columns.left.index(end)] if end else columns.left
    if end is None and not columns.placed:
        first = leaf.pieces.index(columns.emblem) if columns.emblem else 0
        above = tuple(p for p in above if p in leaf.pieces[:first])
    return tuple(p for p in above if _is_issuer(p.text))


def _is_issuer(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or is_mark(text) or _STAMP.search(text) or "@" in text or "Số" in text:  # noqa: PLR2004
        return False
    small = sum(c.islower() for c in letters)
    return small <= len(letters) * 0.25 and not bare(text).startswith(("doc lap", "phu luc", "du thao"))


def _below(leaf: Leaf, columns: Columns, used: set[int], number: Piece | None, date: Piece | None) -> tuple[Piece, ...]:
    """Pieces that are no part of the head: lower than number and date, or unused where there are no places."""
    rest = [p for p in (*columns.left, *columns.right, *columns.below) if id(p) not in used and not motto(p.text)]
    if not columns.placed:
        lines = {id(line): i for i, p in enumerate(leaf.pieces) for line in p.lines}
        return tuple(sorted(rest, key=lambda p: lines.get(id(p.lines[0]), 0)))
    ends = [p.box.y1 for p in (number, date, columns.emblem) if p and p.box]
    end = max(ends, default=0.0) - 3
    low = [p for p in rest if p.box and p.box.y0 >= end]
    return rejoined(sorted(low, key=lambda p: (p.box.y0, p.box.x0) if p.box else (0.0, 0.0)))
