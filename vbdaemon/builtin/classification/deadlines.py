"""Days by which something is to be done: "trước ngày 20/01/2025", "chậm nhất ngày …"."""

import re
from collections.abc import Sequence
from datetime import date

from vbdaemon.builtin.classification.dates import days_in
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Found

_CUE = re.compile(
    r"(?:trước|chậm nhất|muộn nhất|thời hạn|hạn cuối|hạn chót|không muộn hơn|không quá|đến hết|xong trong)"
    r"(?:\s+(?:là|vào|đến|trong|hết|lúc|khi|\d{1,2}\s*(?:giờ|h|g)\s*\d{0,2}(?:\s*phút)?|,))*\s*(?:hết\s+)?ngày\s*$",
    re.IGNORECASE,
)
_REACH = 60
_MOST = 20


def deadlines_of(sheet: Sheet, body: Sequence[Piece], issued: date | None, year: int | None) -> tuple[Found[date], ...]:
    """The deadlines in the body, each day once, in their order; days before the document's own are no deadlines."""
    text, starts = _joined(body)
    found: dict[date, Found[date]] = {}
    for value, start, end in days_in(text, issued.year if issued else year):
        if value in found or (issued and value < issued):
            continue
        cue = _CUE.search(text[max(0, start - _REACH) : start])
        if cue:
            first = start - min(start, _REACH) + cue.start()
            found[value] = sheet.found(value, _pieces(body, starts, first, end), "deadline-cue", 0.95)
    return tuple(found.values())[:_MOST]


def _joined(body: Sequence[Piece]) -> tuple[str, list[int]]:
    """All pieces as one running text, and where each begins."""
    starts: list[int] = []
    size = 0
    for piece in body:
        starts.append(size)
        size += len(piece.text) + 1
    return " ".join(p.text for p in body), starts


def _pieces(body: Sequence[Piece], starts: list[int], first: int, end: int) -> list[Piece]:
    return [p for p, at in zip(body, starts, strict=True) if at < end and at + len(p.text) > first]
