"""A second look at the head of a scanned document: its two columns, each as a picture of its own.

Page recognition loses short lines beside wide gaps: a number line whose figures are by hand, the last line of an
issuer's name, whatever a red stamp touches. What two readings agree on is surer than either; what they differ on
never looks sure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from vbdaemon.model import Box
from vbdaemon.reading.agreement import is_date, merged, sides, whole
from vbdaemon.reading.blob import unaccented
from vbdaemon.reading.cleaning import print_alone
from vbdaemon.reading.line import Row, lines
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Recogniser, Word
from vbdaemon.reading.opening import is_emblem
from vbdaemon.reading.scan_row import ocr_rows
from vbdaemon.reading.sheet import Sheet, seals

_ABOVE, _BELOW, _BESIDE = 22.0, 100.0, 4.0
"""Points around the Quốc hiệu: long names begin above it; number, date and V/v stand below."""
_DATE_BELOW = 52.0
_MARGIN = 20.0
_ACROSS = 20.0
"""Points by which a line reaches into both columns: the head has ended."""
_NARROWEST = 60.0
_GAP = 30
"""Pixels of paper between the two columns in the picture that is read."""
_RECIPIENTS = re.compile(r"^\W*N[ơoởờ][iìíl]\s+nh[ậaâạ][nm]\b", re.IGNORECASE)
_NAME = re.compile(r"^\W*(?:[A-Z]\S{0,4}\. ?)*(?:[^\W\d_a-zà-ỹđ][^\W\d_A-Z]{0,6}\b\s*){2,6}\W*$")
_MIDDLE = 0.46
_TITLES = 55.0
_SIGNING = 215.0
"""Points from the titles to the name."""
_LOOSE = 4.0
_LARGER = 1.5


@dataclass(frozen=True, slots=True)
class Columns:
    """The two parts of a head, in points."""

    left: Box
    right: Box

    def picture(self, sheet: Sheet) -> Image.Image:
        """Both one above the other: one call of the engine reads them."""
        parts = [print_alone(sheet.crop(box)) for box in (self.left, self.right)]
        size = max(part.width for part in parts) + 2 * _GAP, sum(part.height for part in parts) + _GAP
        both = Image.new("L", size, 255)
        both.paste(parts[0], (_GAP, 0))
        both.paste(parts[1], (_GAP, parts[0].height + _GAP))
        return both

    def rows(self, words: Sequence[Word], dpi: float) -> Iterator[Row]:
        """The words of the picture as rows at their places on the page."""
        scale = 72 / dpi
        edge = round((self.left.y1 - self.left.y0) / scale) + _GAP // 2
        upper = [word for word in words if word.top + word.height / 2 < edge]
        lower = [word for word in words if word.top + word.height / 2 >= edge]
        start = round((self.left.y1 - self.left.y0) / scale) + _GAP
        for box, part, top in ((self.left, upper, 0), (self.right, lower, start)):
            for row in ocr_rows(part, box.y0 - top * scale, dpi):
                yield [piece.moved(box.x0 - _GAP * scale) for piece in row]


def second_look(sheet: Sheet, first: list[Row], ocr: Recogniser) -> list[Row]:
    """The rows of a heading, mended by what the columns say when read alone; the same rows where no head stands."""
    columns = _columns(sheet, first)
    if columns is None:
        return first
    try:
        rows = columns.rows(ocr.block(columns.picture(sheet), sheet.dpi), sheet.dpi)
        return merged(_parted(first, columns), rows, lambda row: _third(sheet, row, ocr))
    except (OcrTimeout, OcrUnavailable):
        return first  # what was read once is better than nothing


def second_look_below(sheet: Sheet, rows: list[Row], ocr: Recogniser) -> list[Row]:
    """The rows of a page's lower part, with the signer's name where page recognition lost it.

    A name stands alone under a signature: nothing tells the engine that there is a line of text.
    """
    box = _signing(sheet, rows)
    if box is None:
        return rows
    try:
        found = ocr_rows(ocr.block(print_alone(sheet.crop(box)), sheet.dpi), box.y0, sheet.dpi)
    except (OcrTimeout, OcrUnavailable):
        return rows
    placed = [[piece.moved(box.x0) for piece in row] for row in found]
    return merged(rows, placed, lambda _: "")


def _signing(sheet: Sheet, rows: Iterable[Row]) -> Box | None:
    """The place around the seal, else right of Nơi nhận; None where a name was read there, or there is neither."""
    found = [line for row in rows for line in lines([row])]
    listed = (line.box for line in found if line.box and _RECIPIENTS.match(line.text))
    top = next((box.y0 - 8 for box in listed if box.x0 < sheet.width / 2), None)
    stamped = [box for box in seals(sheet) if box.centre[0] > _MIDDLE * sheet.width]
    if stamped:
        top = stamped[-1].y0 - _TITLES
    if top is None:
        return None
    place = Box(_MIDDLE * sheet.width, max(0.0, top), sheet.width - 10, min(sheet.height - 5, top + _SIGNING))
    inside = (line.text for line in found if line.box and place.x0 < line.box.centre[0] and place.y0 < line.box.y0)
    if place.y1 - place.y0 < _ABOVE or any(_NAME.search(text) for text in inside):
        return None
    return place


def _third(sheet: Sheet, row: Row, ocr: Recogniser) -> str:
    """One line read alone and larger: it decides between two readings."""
    x0, x1, y0, y1 = sides(row)
    box = Box(x0 - _LOOSE, y0 - _LOOSE, x1 + _LOOSE, y1 + _LOOSE)
    small = print_alone(sheet.crop(box))
    large = small.resize((round(small.width * _LARGER), round(small.height * _LARGER)), Image.Resampling.BICUBIC)
    return " ".join(word.text for word in ocr.block(large, sheet.dpi * _LARGER))


def _columns(sheet: Sheet, rows: Iterable[Row]) -> Columns | None:
    """Where the columns are, by the Quốc hiệu; None without one, or where it stands in the middle."""
    found = [(line, line.box) for row in rows for line in lines([row]) if line.box]
    crest = _crest(rows)
    if crest is None or crest.x0 < _MARGIN + _NARROWEST or crest.centre[0] < sheet.width / 2 + _NARROWEST / 2:
        return None
    dates = [box for line, box in found if is_date(line.text) and _right(box, crest)]
    border = min([crest.x0, *(box.x0 for box in dates)]) - _BESIDE
    across = [
        box.y0 - 2
        for _, box in found
        if box.y0 > crest.y1 and box.x0 < border - _BESIDE and box.x1 > border + _ACROSS and box not in dates
    ]
    top = max(0.0, crest.y0 - _ABOVE)
    lowest = min([crest.y1 + _BELOW, *across])
    under = min(lowest, max((box.y1 + 6 for box in dates), default=crest.y1 + _DATE_BELOW))
    if lowest - top < _ABOVE or under <= crest.y1:
        return None
    right = Box(border - _BESIDE, crest.y1 - 1, min(sheet.width - 5, max(crest.x1 + 40, border + 80)), under)
    return Columns(Box(_MARGIN, top, border, lowest), right)


def _crest(rows: Iterable[Row]) -> Box | None:
    """Where the Quốc hiệu stands, also when a line of the issuer was run into it."""
    for row in rows:
        line = whole(row)
        if line is None or not is_emblem(line.text):
            continue
        start = next((i for i, piece in enumerate(row) if unaccented(piece.text).startswith(("cong", "dang"))), 0)
        x0, x1, y0, y1 = sides(row[start:])
        return Box(x0, y0, x1, y1)
    return None


def _right(box: Box, crest: Box) -> bool:
    return box.centre[0] > crest.x0 and -_BESIDE < box.y0 - crest.y1 < _BELOW


def _parted(rows: Iterable[Row], columns: Columns) -> list[Row]:
    """The rows, those of the head parted where the engine ran the columns together."""
    border, bottom = columns.left.x1, columns.right.y1
    result: list[Row] = []
    for row in rows:
        left = [piece for piece in row if (piece.x0 + piece.x1) / 2 < border]
        right = [piece for piece in row if (piece.x0 + piece.x1) / 2 >= border]
        if left and right and sides(row)[2] < bottom and not any(is_date(line.text) for line in lines([row])):
            result += [left, right]
        else:
            result.append(row)
    return result
