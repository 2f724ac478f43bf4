"""Numbers and days signed into their blanks: signature fields drawn over a printed row belong to it by position."""

import re
from collections.abc import Sequence

from vbdaemon.builtin.classification.sheet import Piece

_FIGURES = re.compile(r"\d{1,5}[a-zA-Z]?$")
_DOTS = r"[\s._…]*"
_BLANKS = (
    re.compile(rf"(?<=[sS]ố)\s*:?(?P<gap>{_DOTS})(?=/|-\s?[A-ZĐ])"),
    re.compile(rf"(?<=[nN]gày)(?P<gap>{_DOTS})(?=tháng)"),
    re.compile(rf"(?<=tháng)(?P<gap>{_DOTS})(?=năm)"),
    re.compile(rf"(?<=năm)(?P<gap>{_DOTS})$"),
)


def filled(printed: Sequence[Piece], stamps: Sequence[Piece]) -> tuple[Piece, ...]:
    """One piece for a row of printed pieces with the figures of `stamps` in their blanks; other stamps stay apart."""
    row = list(printed)
    apart: list[Piece] = []
    for stamp in stamps:
        if not _FIGURES.match(stamp.text):
            apart.append(stamp)
            continue
        at = next((i for i, p in enumerate(row) if _holds(p, stamp)), None)
        whole = None if at is None else _inserted(row[at], stamp)
        if at is not None and whole is not None:
            row[at] = whole
        elif at is None and row:
            row.append(stamp)
        else:
            apart.append(stamp)
    row.sort(key=lambda p: p.box.x0 if p.box else 0.0)
    if not row:
        return tuple(apart)
    lines = tuple(line for p in row for line in p.lines)
    return (Piece(" ".join(p.text for p in row), row[0].page, lines), *apart)


def _holds(piece: Piece, stamp: Piece) -> bool:
    """True when the stamp stands over the printed piece, not in a gap beside it."""
    a, b = piece.box, stamp.box
    return a is not None and b is not None and a.x0 < b.centre[0] < a.x1


def _inserted(piece: Piece, stamp: Piece) -> Piece | None:
    """The piece with the stamp's figures in the nearest of its blanks; None when it has none."""
    gaps = [m for blank in _BLANKS for m in blank.finditer(piece.text)]
    a, b = piece.box, stamp.box
    if not gaps or a is None or b is None:
        return None
    share = (b.centre[0] - a.x0) / max(1.0, a.x1 - a.x0)
    gap = min(gaps, key=lambda m: abs(m.start("gap") / len(piece.text) - share))
    text = f"{piece.text[: gap.start('gap')]} {stamp.text} {piece.text[gap.end('gap') :].lstrip()}"
    return Piece(text, piece.page, (*piece.lines, *stamp.lines))
