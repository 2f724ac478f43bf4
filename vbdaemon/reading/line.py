"""Joining pieces into lines: one baseline, broken at wide gaps, blanks kept together."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from vbdaemon.model import Box, Line, TextSource
from vbdaemon.reading.piece import Piece, Style

BASELINE_EM = 0.35
"""Baselines closer than this, in font sizes, are one."""
COLUMN_EM = 1.0
"""A gap without characters wider than this separates columns."""
SPACED_EM = 5.0
"""A gap filled with spaces wider than this separates columns too."""
BLANK_EM = 9.0
"""A blank to be filled in, after "Số:" or "ngày", may be this wide and is still one line."""
SPACE_EM = 0.2
"""A gap wider than this between pieces is a space."""
_DOUBLE_EM = 0.15

NOISE = 0.2
"""What OCR read with less confidence than this is a scribble or a seal, not a line."""

NUMBER_LINE = re.compile(r"^\W*S[ốôồổỗộóòỏõọởơờo]\s*[:.;,].*/\s*[A-ZĐ]", re.IGNORECASE)
"""A number line, whatever OCR made of figures by hand in it: its symbol is print."""

_SPACES = re.compile(r"\s{4,}")
_OPENS_BLANK = re.compile(r"(?<!\w)(?:số|ngày|tháng|năm)[\s:;.…_]*$", re.IGNORECASE)
_CLOSES_BLANK = re.compile(r"^[\s.…_]*(?:/|-\s?[A-ZĐ]{1,5}/|(?:tháng|năm)(?!\w))", re.IGNORECASE)

Row = list[Piece]


def rows(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces of one baseline together, top to bottom, each row from left to right."""
    found: list[Row] = []
    for piece in sorted(pieces, key=lambda p: p.y1):
        near = next((row for row in reversed(found[-3:]) if _same_baseline(_beside(row, piece), piece)), None)
        if near is None:
            found.append([piece])
        else:
            near.append(piece)
    return [_undoubled(sorted(row, key=lambda p: (p.x0, -p.x1))) for row in found]


def lines(found: Iterable[Row]) -> tuple[Line, ...]:
    """Rows as lines, split at wide gaps; NFC; pieces without visible characters give none."""
    joined = (_line(segment) for row in found for segment in segments(row))
    return tuple(line for line in joined if line is not None)


def joins_blank(before: str, after: str) -> bool:
    """True when a gap between these words is one to be filled in: a number, a day, a month."""
    return bool(_OPENS_BLANK.search(before) or _CLOSES_BLANK.match(after))


def _undoubled(row: Row) -> Row:
    """A row without what is drawn twice: letters thickened by printing them again, accents as second glyphs."""
    kept: Row = []
    for piece in row:
        over = next((k for k in kept if piece.x0 < k.x1 - _DOUBLE_EM * piece.em and _repeats(piece, k)), None)
        if over is None:
            kept.append(piece)
    return kept


def _repeats(piece: Piece, other: Piece) -> bool:
    reach = piece.x0 - COLUMN_EM * piece.em, piece.x1
    under = "".join(c for c, x in zip(other.text, other.starts, strict=True) if reach[0] <= x <= reach[1])
    return bool(piece.text.strip()) and piece.text.strip() in under and piece.x1 <= other.x1 + _DOUBLE_EM * piece.em


def _beside(row: Row, piece: Piece) -> Piece:
    """The piece of the row next to this one: two columns' baselines differ a little more than words of one line."""
    return min(row, key=lambda other: max(other.x0 - piece.x1, piece.x0 - other.x1))


def _same_baseline(one: Piece, other: Piece) -> bool:
    return abs(one.y1 - other.y1) < BASELINE_EM * min(one.em, other.em)


def segments(row: Row) -> list[Row]:
    """A row broken where columns part."""
    done: list[Row] = []
    words, right, ink_right = "", 0.0, 0.0
    for piece in (part for whole in row for part in _unspaced(whole)):
        if not piece.text.strip():
            # spaces fill a gap, they neither begin nor end a line
            if done and piece.x0 - right <= COLUMN_EM * piece.em:
                right = max(right, piece.x1)
                done[-1].append(piece)
            continue
        left = piece.ink[0]
        wide = piece.x0 - right > COLUMN_EM * piece.em or left - ink_right > SPACED_EM * piece.em
        if wide and joins_blank(words, piece.text):
            wide = left - ink_right > BLANK_EM * piece.em
        if not done or wide:
            done.append([])
            words = ""
        done[-1].append(piece)
        words += piece.text
        right, ink_right = max(right, piece.x1) if not wide else piece.x1, piece.ink[1]
    return done


def _unspaced(piece: Piece) -> list[Piece]:
    """A piece broken where someone typed spaces to part columns."""
    parts: list[Piece] = []
    rest = piece
    while (gap := _column_gap(rest)) is not None:
        first, rest = rest.split(gap)
        parts.append(first)
    return [*parts, rest]


def _column_gap(piece: Piece) -> float | None:
    for gap in _SPACES.finditer(piece.text):
        before, after = piece.text[: gap.start()], piece.text[gap.end() :]
        if not before.strip() or not after:
            continue
        start, end = piece.starts[gap.start()], piece.starts[gap.end()]
        limit = BLANK_EM if joins_blank(before, after) else SPACED_EM
        if end - start > limit * piece.em:
            return end
    return None


def _line(segment: Sequence[Piece]) -> Line | None:
    text = unicodedata.normalize("NFC", " ".join(_words(segment).split()))
    if not text:
        return None
    inked = [p for p in segment if p.text.strip()]
    weights = [len(p.text.strip()) for p in inked]
    styles = Counter[Style]()
    for piece, weight in zip(inked, weights, strict=True):
        styles[piece.style] += weight
    style = styles.most_common(1)[0][0]
    confidence = sum(p.confidence * weight for p, weight in zip(inked, weights, strict=True)) / sum(weights)
    source = _source(inked)
    if source is TextSource.OCR and not _legible(text, confidence):
        return None
    return Line(
        text=text,
        box=_box(inked),
        size=None if source is TextSource.OCR else style.size,
        font=style.font,
        bold=style.bold,
        italic=style.italic,
        source=source,
        confidence=round(confidence, 3),
    )


def _legible(text: str, confidence: float) -> bool:
    """False for noise of a picture."""
    return any(c.isalnum() for c in text) and (confidence >= NOISE or bool(NUMBER_LINE.match(text)))


def _words(segment: Sequence[Piece]) -> str:
    words = segment[0].text
    for before, piece in pairwise(segment):
        apart = (
            piece.x0 - before.x1 > SPACE_EM * piece.em
            or before.source is not piece.source
            or piece.source is TextSource.OCR
        )
        tight = piece.text.startswith(("/", ",", ";")) and piece.source is not before.source
        words += (" " if apart and not tight else "") + piece.text
    return words


def _box(pieces: Sequence[Piece]) -> Box:
    return Box(
        round(min(p.ink[0] for p in pieces), 1),
        round(min(p.y0 for p in pieces), 1),
        round(max(p.ink[1] for p in pieces), 1),
        round(max(p.y1 for p in pieces), 1),
    )


def _source(pieces: Sequence[Piece]) -> TextSource:
    """What a line rests on: the weakest source wins, and a widget is told from the text it was put into."""
    sources = {p.source for p in pieces}
    return next(s for s in (TextSource.OCR, TextSource.WIDGET, TextSource.TEXT) if s in sources)
