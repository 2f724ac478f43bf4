"""Kính gửi at the head and Nơi nhận at the end: who a document goes to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vbdaemon.builtin.classification.ending import Ending, begins_recipients
from vbdaemon.builtin.classification.heading import is_addressees
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.model import Found

_BULLET = re.compile(r"^\s*[-–—~•*+“”_]+\s*")
_OPENING = re.compile(r"^\W*K[íìi]nh\s+g[ửứưừu]i\s*[:;.]?\s*", re.IGNORECASE)
_ELECTRONIC = re.compile(r"^\W*(?:Gửi )?b[ảa]n đi[ệe]n t[ửu]\s*:?", re.IGNORECASE)
_PAPER = re.compile(r"^\W*(?:Gửi )?b[ảa]n gi[ấa]y\s*:?", re.IGNORECASE)
_FILING = re.compile(r"^L[ưu]u\s*[:.;,]?\s*(?:VT|V[ăa]n th)", re.IGNORECASE)
_SENTENCE = re.compile(
    r"^\W*(?:Căn cứ|Thực hiện|Theo|Ngày|Trong|Để|Xét|Tiếp|Qua|Hiện|Ủy ban nhân dân .* (?:nhận|đề|báo))\b"
)
_TRAIL = " ;.,"
_GAP = 1.8
_LONGEST_LIST = 60


@dataclass(frozen=True, slots=True)
class Recipients:
    """Nơi nhận: all entries, and those under "Bản điện tử:"."""

    every: tuple[Found[str], ...] = ()
    electronic: tuple[Found[str], ...] = ()


@dataclass(slots=True)
class _Entry:
    """An entry while its lines are being joined."""

    words: str
    pieces: list[Piece] = field(default_factory=list)


def addressees_of(sheet: Sheet, below: Sequence[Piece]) -> tuple[Found[str], ...]:
    """The bodies after "Kính gửi:", one each, also where several share a line."""
    start = next((i for i, p in enumerate(below) if is_addressees(p.text)), None)
    if start is None:
        return ()
    opening = _OPENING.sub("", below[start].text).strip()
    entries = [_Entry(opening, [below[start]])] if opening and any(c.isalpha() for c in opening) else []
    last = below[start]
    for piece in below[start + 1 : start + _LONGEST_LIST]:
        if not any(c.isalpha() for c in piece.text):
            continue
        if _list_ends(piece, last, entries):
            break
        _add(entries, piece)
        last = piece
    return tuple(_found(sheet, e, "addressees", words) for e in entries for words in _bodies(e.words))


def recipients_of(sheet: Sheet, ending: Ending | None) -> Recipients:
    """The entries of Nơi nhận; the one for the files ("Lưu: VT") is among them."""
    start = _start(ending)
    if ending is None or start is None:
        return Recipients()
    every: list[_Entry] = []
    electronic: list[_Entry] = []
    under = every
    for piece in ending.left[start:]:
        if _ELECTRONIC.match(piece.text):
            under = electronic
        elif _PAPER.match(piece.text):
            under = every
        elif _done(piece, under):
            break
        elif any(c.isalpha() for c in piece.text) and not begins_recipients(piece):
            _add(under, piece)
    rule = "recipients"
    found = [tuple(_found(sheet, e, rule, e.words.strip(_TRAIL)) for e in part) for part in (every, electronic)]
    return Recipients((*found[0], *found[1]), found[1])


def _start(ending: Ending | None) -> int | None:
    pieces = ending.left if ending else ()
    return next((i for i, p in enumerate(pieces) if begins_recipients(p)), None)


def _list_ends(piece: Piece, last: Piece, entries: list[_Entry]) -> bool:
    if _BULLET.match(piece.text):
        return False
    if _SENTENCE.match(piece.text) or not entries:
        return bool(entries) or bool(_SENTENCE.match(piece.text))
    if entries[-1].words.rstrip().endswith("."):
        return True
    a, b = last.box, piece.box
    if a and b:
        return b.y0 - a.y0 > _GAP * max(11.0, a.y1 - a.y0) or b.x0 < a.x0 - 60
    return not entries[-1].words.rstrip().endswith((",", "-"))


def _done(piece: Piece, entries: list[_Entry]) -> bool:
    """True after the files' entry, or one that ends the list: what follows is the signature block or the foot."""
    if not entries or _BULLET.match(piece.text):
        return False
    last = entries[-1].words.rstrip()
    return bool(_FILING.match(last)) or last.endswith(".") or (piece.box is None and piece.text.isupper())


def _add(entries: list[_Entry], piece: Piece) -> None:
    """A new entry at a bullet, else the rest of the one before."""
    words = _BULLET.sub("", piece.text)
    if entries and not _BULLET.match(piece.text) and not entries[-1].words.rstrip().endswith((";", ".")):
        entries[-1].words += f" {words}"
        entries[-1].pieces.append(piece)
    else:
        entries.append(_Entry(words, [piece]))


def _bodies(words: str) -> Iterable[str]:
    """One body each from "Công an Huyện; Ban Chỉ huy Quân sự Huyện;"; a heading that ends in ":" is none."""
    for part in words.split(";"):
        body = part.strip(_TRAIL)
        if body and not body.endswith(":") and bare(body) not in {"", "-"}:
            yield body


def _found(sheet: Sheet, entry: _Entry, rule: str, words: str) -> Found[str]:
    return sheet.found(words, entry.pieces, rule, 0.97)
