"""Drafts (dự thảo): the mark at the head, or number and day both left blank; 607/UBND-VP §1."""

import re

from vbdaemon.builtin.classification.dates import date_line
from vbdaemon.builtin.classification.heading import Heading
from vbdaemon.builtin.classification.number import NumberLine
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Found, TextSource

_MARK = re.compile(
    r"^\W*(?:BẢN\s+)?DỰ\s*THẢO(?:\s*(?:LẦN|\(|SỐ)?\s*[\dIVX]*\)?)?(?:[\s,]*(?:ngày|lần)\b.{0,25})?\W*$", re.IGNORECASE
)
_SHARE = 0.35
_HEAD_LINES = 20


def draft_of(sheet: Sheet, head: Heading, line: NumberLine | None) -> Found[bool] | None:
    """True with its evidence for a draft, else None.

    Never for a file with a signed signature field, nor for a scan: a number that OCR does not see is no blank.
    A draft behind its Tờ trình in one file is not signed by the Tờ trình's signatures.
    """
    signed = sheet.signature_fields and sheet.first.number == 1
    if signed or sheet.first.picture or _scanned(sheet):
        return None
    mark = next((p for i, p in enumerate(sheet.first.pieces) if _MARK.match(p.text) and _high(sheet, p, i)), None)
    if mark:
        return sheet.found(True, [mark], "draft-mark", 0.98)
    if line is None or not line.blank or head.number is None or head.date is None:
        return None
    written = date_line(head.date.text)
    if written is None or not written.day_blank:
        return None
    return sheet.found(True, [head.number, head.date], "number-and-day-blank", 0.9)


def _scanned(sheet: Sheet) -> bool:
    pieces = sheet.first.pieces
    return bool(pieces) and all(p.source is TextSource.OCR for p in pieces)


def _high(sheet: Sheet, piece: Piece, index: int) -> bool:
    if piece.box is None:
        return index < _HEAD_LINES
    return piece.box.y0 < sheet.first.height * _SHARE
