"""What to read of picture pages, and in which order: the heading, the signature block, the rest of page 1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vbdaemon.model import Box, Problem, ProblemKind, TextSource
from vbdaemon.reading.line import Row
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Recogniser, Word
from vbdaemon.reading.piece import Piece, Style, spread
from vbdaemon.reading.sheet import Sheet, block_top, cut_near, is_blank, seals

HEADING_SHARE = 0.45
"""Part of page 1 in which form, issuer, number and subject stand."""
_SURE = 0.6
_FEW_WORDS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on one picture page."""

    sheet: Sheet
    blank: bool
    seals: tuple[Box, ...] = ()
    rows: tuple[Row, ...] = ()
    problem: Problem | None = None


def look(number: int, sheet: Sheet, ocr: Recogniser | None, parts: Sequence[str]) -> Seen:
    """Read parts ("heading", "rest", "block") of a page; its seals are seen in any case."""
    if is_blank(sheet):
        return Seen(sheet, blank=True)
    found = seals(sheet)
    if not parts:
        return Seen(sheet, blank=False, seals=found)
    if ocr is None:
        return Seen(sheet, False, found, problem=Problem(ProblemKind.OCR_UNAVAILABLE, OcrUnavailable.__doc__ or "", number))
    try:
        upright, rows = _read(sheet, ocr, parts)
    except OcrUnavailable as error:
        return Seen(sheet, False, found, problem=Problem(ProblemKind.OCR_UNAVAILABLE, str(error), number))
    except OcrTimeout as error:
        return Seen(sheet, False, found, problem=Problem(ProblemKind.OVER_LIMIT, str(error), number))
    return Seen(upright, False, found if upright is sheet else seals(upright), tuple(rows))


def _read(sheet: Sheet, ocr: Recogniser, parts: Sequence[str]) -> tuple[Sheet, list[Row]]:
    """Rows of the wanted parts, on the sheet set upright."""
    rows = _bands(sheet, ocr, parts)
    if sum(1 for row in rows for piece in row if piece.confidence >= _SURE) >= _FEW_WORDS:
        return sheet, rows
    degrees = ocr.rotation(sheet.band(0, sheet.height), sheet.dpi)
    if not degrees:
        return sheet, rows
    upright = sheet.turned(degrees)
    return upright, _bands(upright, ocr, parts)


def _bands(sheet: Sheet, ocr: Recogniser, parts: Sequence[str]) -> list[Row]:
    heading_end = cut_near(sheet, HEADING_SHARE * sheet.height)
    bands: dict[str, Callable[[], tuple[float, float]]] = {
        "heading": lambda: (0.0, heading_end),
        "rest": lambda: (heading_end, sheet.height),
        "block": lambda: (block_top(sheet), sheet.height),
    }
    rows: list[Row] = []
    for part in parts:
        top, bottom = bands[part]()
        rows.extend(ocr_rows(ocr.words(sheet.band(top, bottom), sheet.dpi), top, sheet.dpi))
    return rows


def ocr_rows(words: Sequence[Word], top: float, dpi: float) -> list[Row]:
    """Words as rows of pieces in points; what the engine saw as one line stays one row.

    Lines of different blocks on one height are one row too: a blank that handwriting fills parts
    "Số:" from the symbol. Wide gaps break rows again later.
    """
    scale = 72 / dpi
    by_line: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        by_line.setdefault(word.line, []).append(word)
    merged: list[Row] = []
    for row in sorted((_pieces(line, top, scale) for line in by_line.values()), key=lambda r: min(p.y0 for p in r)):
        mate = next((other for other in merged[-3:] if _side_by_side(other, row)), None)
        if mate is None:
            merged.append(row)
        else:
            mate.extend(row)
    return [sorted(row, key=lambda p: p.x0) for row in merged]


def _pieces(words: Sequence[Word], top: float, scale: float) -> Row:
    """Words of one line; their common height stands for the font size, since "ra" is lower than "Lưu"."""
    heights = sorted(word.height for word in words)
    style = Style(size=round(heights[len(heights) * 3 // 4] * scale, 1))
    return [_piece(word, top, scale, style) for word in words]


def _piece(word: Word, top: float, scale: float, style: Style) -> Piece:
    x0, x1 = word.left * scale, (word.left + word.width) * scale
    y0, y1 = top + word.top * scale, top + (word.top + word.height) * scale
    return Piece(word.text, spread(word.text, x0, x1), x0, y0, x1, y1, style, TextSource.OCR, word.confidence)


def _side_by_side(one: Row, other: Row) -> bool:
    top, bottom = max(min(p.y0 for p in r) for r in (one, other)), min(max(p.y1 for p in r) for r in (one, other))
    lowest = min(max(p.y1 for p in r) - min(p.y0 for p in r) for r in (one, other))
    apart = min(p.x0 for p in one) > max(p.x1 for p in other) or min(p.x0 for p in other) > max(p.x1 for p in one)
    return apart and bottom - top > 0.6 * lowest
