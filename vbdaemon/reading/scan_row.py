"""Words that an engine saw, as rows of pieces in points."""

from collections.abc import Sequence

from vbdaemon.model import TextSource
from vbdaemon.reading.line import BLANK_EM, COLUMN_EM, Row, joins_blank, segments
from vbdaemon.reading.ocr import Word
from vbdaemon.reading.piece import Piece, Style, spread

_BARS = "|¦Ị[]"
_FRAMES = ("|", "¦")
_LEVEL = 0.6


def ocr_rows(words: Sequence[Word], top: float, dpi: float) -> list[Row]:
    """Words as rows of pieces in points, each one column wide.

    On a skewed page the engine takes words of two columns for one line and parts of one line for two;
    so its lines are broken at wide gaps and what stands side by side is put together again.
    """
    scale = 72 / dpi
    parts = [part for line in _lines(words) for part in segments(_pieces(line, top, scale))]
    merged: list[Row] = []
    for part in sorted(parts, key=lambda row: row[0].x0):
        mate = next((row for row in merged if _continues(row, part)), None)
        if mate is None:
            merged.append(list(part))
        else:
            mate.extend(part)
    return merged


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words by line; a bar is the frame of a stamp and ends the line there."""
    found: dict[tuple[int, int, int, int], list[Word]] = {}
    bars = 0
    for word in words:
        if not word.text.strip(_BARS):
            bars += 1
            continue
        bars += word.text.startswith(_FRAMES)
        found.setdefault((*word.line, bars), []).append(word)
        bars += word.text.endswith(_FRAMES)
    return list(found.values())


def _pieces(words: Sequence[Word], top: float, scale: float) -> Row:
    """Words of one line; their common height stands for the font size, since "ra" is lower than "Lưu"."""
    heights = sorted(word.height for word in words)
    style = Style(size=round(heights[len(heights) * 3 // 4] * scale, 1))
    return [_piece(word, top, scale, style) for word in words]


def _piece(word: Word, top: float, scale: float, style: Style) -> Piece:
    x0, x1 = word.left * scale, (word.left + word.width) * scale
    y0, y1 = top + word.top * scale, top + (word.top + word.height) * scale
    return Piece(word.text, spread(word.text, x0, x1), x0, y0, x1, y1, style, TextSource.OCR, word.confidence)


def _continues(row: Row, part: Row) -> bool:
    """True when `part` stands right of `row` on the same height, near enough to be one line."""
    last, first = row[-1], part[0]
    overlap = min(last.y1, first.y1) - max(last.y0, first.y0)
    if overlap < _LEVEL * min(last.height, first.height):
        return False
    gap, em = first.x0 - last.x1, max(last.em, first.em)
    blank = joins_blank(" ".join(p.text for p in row), " ".join(p.text for p in part))
    return 0 <= gap <= (BLANK_EM if blank else COLUMN_EM) * em
