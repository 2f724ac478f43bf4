"""What to read of picture pages, and in which order: the heading, the signature block, the rest of page 1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vbdaemon.model import Box, Problem, ProblemKind, TextSource
from vbdaemon.reading.line import BLANK_EM, COLUMN_EM, Row, joins_blank, segments
from vbdaemon.reading.mark import marks
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Recogniser, Word
from vbdaemon.reading.piece import Piece, Style, spread
from vbdaemon.reading.sheet import Sheet, block_top, cut_near, seals

HEADING_SHARE = 0.45
"""Part of page 1 in which form, issuer, number and subject stand."""
_SURE = 0.6
_SURE_SHARE = 0.6
_FEW_WORDS = 3
_LONG_WORD = 3
_BARS = "|¦Ị[]"
_LEVEL = 0.6


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on one picture page."""

    sheet: Sheet
    seals: tuple[Box, ...] = ()
    rows: tuple[Row, ...] = ()
    problem: Problem | None = None


def look(number: int, sheet: Sheet, ocr: Recogniser | None, parts: Sequence[str]) -> Seen:
    """Read parts ("heading", "rest", "block") of a page; its seals are seen in any case."""
    found = seals(sheet)
    if not parts:
        return Seen(sheet, found)
    try:
        upright, rows = _read(sheet, ocr, parts)
    except OcrUnavailable as error:
        return Seen(sheet, found, problem=Problem(ProblemKind.OCR_UNAVAILABLE, str(error), number))
    except OcrTimeout as error:
        return Seen(sheet, found, problem=Problem(ProblemKind.OVER_LIMIT, str(error), number))
    return Seen(upright, found if upright is sheet else seals(upright), tuple(rows))


def _read(sheet: Sheet, ocr: Recogniser | None, parts: Sequence[str]) -> tuple[Sheet, list[Row]]:
    """Rows of the wanted parts, on the sheet set upright."""
    if ocr is None:
        raise OcrUnavailable
    rows = _bands(sheet, ocr, parts)
    if _upright(rows):
        return sheet, rows
    degrees = ocr.rotation(sheet.band(0, sheet.height), sheet.dpi)
    if not degrees:
        return sheet, rows
    turned = sheet.turned(degrees)
    again = _bands(turned, ocr, parts)
    return (turned, again) if _upright(again) else (sheet, rows)


def _upright(rows: Sequence[Row]) -> bool:
    """True when most words are sure, and lie: an engine reads pages that lie on their side, word by word."""
    words = [piece for row in rows for piece in row]
    sure = [word for word in words if word.confidence >= _SURE]
    long = [word for word in sure if len(word.text) >= _LONG_WORD]
    lying = sum(1 for word in long if word.x1 - word.x0 > word.height)
    return len(sure) >= max(_FEW_WORDS, _SURE_SHARE * len(words)) and 2 * lying >= len(long)


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
        picture = sheet.band(top, bottom, without_red=part != "heading")
        rows.extend(ocr_rows(ocr.words(picture, sheet.dpi), top, sheet.dpi))
        if part == "heading":
            rows.extend(_mark_rows(sheet, ocr, bottom))
    return rows


def _mark_rows(sheet: Sheet, ocr: Recogniser, bottom: float) -> Iterator[Row]:
    """Red marks as rows of their own, each standing where its mark stands."""
    for mark in marks(sheet, bottom):
        for picture in mark.pictures:
            words = [w for w in ocr.block(picture, sheet.dpi) if any(c.isalnum() for c in w.text)]
            if any(w.confidence >= _SURE for w in words):
                yield [_mark_piece(words, mark.box)]
                break


def _mark_piece(words: Sequence[Word], box: Box) -> Piece:
    text = " ".join(word.text for word in words)
    sure = sum(word.confidence for word in words) / len(words)
    starts = spread(text, box.x0, box.x1)
    return Piece(text, starts, box.x0, box.y0, box.x1, box.y1, Style(), TextSource.OCR, sure)


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
        else:
            found.setdefault((*word.line, bars), []).append(word)
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
