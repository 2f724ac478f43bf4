"""What to read of picture pages, and in which order: the heading, the signature block, the rest of page 1."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Box, Problem, ProblemKind, TextSource
from vbdaemon.reading.cleaning import print_alone, without_blue, without_rules
from vbdaemon.reading.closer import second_look, second_look_below
from vbdaemon.reading.line import Row, lines
from vbdaemon.reading.mark import Mark, marks, reads_like_mark
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Reading, Recogniser, Word
from vbdaemon.reading.opening import TOP_SHARE, shows_emblem
from vbdaemon.reading.piece import Piece, Style, spread
from vbdaemon.reading.scan_row import ocr_rows
from vbdaemon.reading.sheet import Sheet, block_top, cut_near, seals

HEADING_SHARE = 0.45
"""Part of a page in which form, issuer, number and subject stand."""
_RULES_SHARE = 0.15
"""Part of a page in which issuer and Tiêu ngữ are underlined; lower lines are frames that part stamps from words."""
_SURE = 0.6
_SURE_SHARE = 0.6
_TORN = 0.3
"""Of words through which another stamp's line goes; only words of marks count there."""
_FEW_WORDS = 3
_LONG_WORD = 3
_MARK_WORDS = 5


class Part(StrEnum):
    """A band of a page that is read as one picture."""

    TOP = "top"
    """Where a Quốc hiệu would stand; where one does, the rest of the heading too."""
    HEADING = "heading"
    """The upper part, with the marks stamped there."""
    REST = "rest"
    """All below the heading."""
    BLOCK = "block"
    """The signature block: the last part of the page that has ink."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found on one picture page."""

    sheet: Sheet
    seals: tuple[Box, ...] = ()
    rows: tuple[Row, ...] = ()
    problem: Problem | None = None


Look = Callable[[], Seen]
"""Waits for what is seen on a page that is being read."""


def look(number: int, sheet: Sheet, ocr: Recogniser | None, parts: Sequence[Part]) -> Look:
    """Begin to read parts of a page; its seals are seen in any case."""
    if not parts:
        return lambda: Seen(sheet, seals(sheet))
    try:
        finish = _begun(sheet, ocr, parts)
    except (OcrUnavailable, OcrTimeout) as error:
        unread = Seen(sheet, seals(sheet), problem=_problem(error, number))
        return lambda: unread
    return lambda: _finished(number, sheet, finish)


def _finished(number: int, sheet: Sheet, finish: Callable[[], tuple[Sheet, list[Row]]]) -> Seen:
    found = seals(sheet)
    try:
        upright, rows = finish()
    except (OcrUnavailable, OcrTimeout) as error:
        return Seen(sheet, found, problem=_problem(error, number))
    return Seen(upright, found if upright is sheet else seals(upright), tuple(rows))


def _problem(error: VbdaemonError, number: int) -> Problem:
    kind = ProblemKind.OVER_LIMIT if isinstance(error, OcrTimeout) else ProblemKind.OCR_UNAVAILABLE
    return Problem(kind, str(error), number)


def _begun(sheet: Sheet, ocr: Recogniser | None, parts: Sequence[Part]) -> Callable[[], tuple[Sheet, list[Row]]]:
    """Begins with the first part at once; the answer waits for it, reads the others, and sets the page upright."""
    if ocr is None:
        raise OcrUnavailable
    first = _band(sheet, parts[0], parts)
    reading = _reading(sheet, ocr, parts[0], first)

    def finish() -> tuple[Sheet, list[Row]]:
        rows = _rows(sheet, ocr, parts, first, reading)
        if _upright(rows) or (parts[0] is Part.TOP and len(rows) < _FEW_WORDS):
            return sheet, rows
        degrees = ocr.rotation(sheet.band(0, sheet.height), sheet.dpi)
        if not degrees:
            return sheet, rows
        turned = sheet.turned(degrees)
        band = _band(turned, parts[0], parts)
        again = _rows(turned, ocr, parts, band, _reading(turned, ocr, parts[0], band))
        return (turned, again) if _upright(again) else (sheet, rows)

    return finish


def _upright(rows: Sequence[Row]) -> bool:
    """True when most words are sure, and lie: an engine reads pages that lie on their side, word by word."""
    words = [piece for row in rows for piece in row]
    sure = [word for word in words if word.confidence >= _SURE]
    long = [word for word in sure if len(word.text) >= _LONG_WORD]
    lying = sum(1 for word in long if word.x1 - word.x0 > word.height)
    return len(sure) >= max(_FEW_WORDS, _SURE_SHARE * len(words)) and 2 * lying >= len(long)


def _rows(
    sheet: Sheet, ocr: Recogniser, parts: Sequence[Part], band: tuple[float, float], reading: Reading
) -> list[Row]:
    rows: list[Row] = []
    for part in parts:
        if rows or part is not parts[0]:
            band = _band(sheet, part, parts)
            reading = _reading(sheet, ocr, part, band)
        noted = list(marks(sheet, band[1])) if part in (Part.TOP, Part.HEADING) else []
        here = ocr_rows(reading(), band[0], sheet.dpi)
        if part is Part.TOP and shows_emblem(line.text for line in lines(here)):
            lower = (band[1], cut_near(sheet, HEADING_SHARE * sheet.height))
            more = _reading(sheet, ocr, Part.HEADING, lower)
            noted = list(marks(sheet, lower[1]))
            here += ocr_rows(more(), lower[0], sheet.dpi)
        if part in (Part.TOP, Part.HEADING):
            here = second_look(sheet, here, ocr)
        rows += here
        rows.extend(mark_rows(noted, sheet.dpi, ocr))
    return second_look_below(sheet, rows, ocr) if parts[-1] in (Part.REST, Part.BLOCK) else rows


def _band(sheet: Sheet, part: Part, parts: Sequence[Part]) -> tuple[float, float]:
    """Top and bottom of a part, in points; parts of one page do not overlap."""
    if part is Part.TOP:
        return 0.0, cut_near(sheet, TOP_SHARE * sheet.height)
    heading = cut_near(sheet, HEADING_SHARE * sheet.height)
    if part is Part.HEADING:
        return 0.0, heading
    if part is Part.REST:
        return heading, sheet.height
    top = block_top(sheet)
    return max(top, heading) if Part.HEADING in parts else top, sheet.height


def _reading(sheet: Sheet, ocr: Recogniser, part: Part, band: tuple[float, float]) -> Reading:
    if part in (Part.REST, Part.BLOCK):  # a seal and a signature lie over the signer's title and name there
        return ocr.begin(print_alone(sheet.cut(*band)), sheet.dpi)
    # marks are stamped in red over the heading, so red stays
    lowest = round((_RULES_SHARE * sheet.height - band[0]) * sheet.dpi / 72)
    return ocr.begin(without_rules(without_blue(sheet.cut(*band)), lowest), sheet.dpi)


def mark_rows(found: Sequence[Mark], dpi: float, ocr: Recogniser) -> Iterator[Row]:
    """Marks as rows of their own, each standing where its mark stands."""
    for mark in found:
        for picture in mark.pictures:
            words = [w for w in ocr.block(picture, dpi) if any(c.isalnum() for c in w.text)]
            if not any(w.confidence >= (_TORN if mark.tangled else _SURE) for w in words):
                continue
            if mark.red or _is_mark(words):
                yield [_mark_piece(words, mark.box, capitals=mark.red and _mostly_capitals(words))]
                break


def _is_mark(words: Sequence[Word]) -> bool:
    """True for words of a mark in capitals: a receiver's stamp, a table and a title have frames too."""
    capitals = len(words) <= _MARK_WORDS and all(word.text.isupper() for word in words)
    return capitals and reads_like_mark(" ".join(word.text for word in words))


def _mostly_capitals(words: Sequence[Word]) -> bool:
    letters = [c for word in words for c in word.text if c.isalpha()]
    return 2 * sum(c.isupper() for c in letters) >= len(letters)


def _mark_piece(words: Sequence[Word], box: Box, *, capitals: bool) -> Piece:
    """One piece; marks are stamped in capitals (NĐ 30/2020 App. I, box 10), so small letters among them are misread."""
    text = " ".join(word.text for word in words)
    text = text.upper() if capitals else text
    sure = sum(word.confidence for word in words) / len(words)
    starts = spread(text, box.x0, box.x1)
    return Piece(text, starts, box.x0, box.y0, box.x1, box.y1, Style(), TextSource.OCR, sure)
