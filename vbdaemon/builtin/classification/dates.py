"""Dates as documents write them: the date line of the head, and days within sentences."""

import re
from dataclasses import dataclass
from datetime import date

from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Found

DATE_LINE = re.compile(
    r"[nN][gqp][^\W\d_][yvujgqýỵ](?P<day>.{0,14}?)t[hnb][^\W\d_][nm]?g(?P<month>.{0,8}?)n[^\W\d_]m\s*(?P<year>.{0,12})",
    re.DOTALL,
)
"""Three words in this order; each may have lost its accent or one letter to OCR."""
_GROUND = re.compile(
    r"^\W*(?:Căn cứ|Theo|Xét|Thực hiện|Để|Trong|Tiếp)\b|\b(?:số|Luật|Nghị định|Quyết định)\b", re.IGNORECASE
)
_PLACE = 40
"""Letters before "ngày": a date line names the place and nothing else."""
SHORT_DATE_LINE = re.compile(r"^[^\d]{2,40},\s*ngày\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d\d)\W*$")
WRITTEN = re.compile(
    r"(?<![\d/])(?:(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})(?:\s*[/.-]\s*(?P<y>(?:19|20)\d\d))?(?![\d/])"
    r"|(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})(?:\s+năm\s+(?P<y2>(?:19|20)\d\d))?)"
)
_MISREAD = str.maketrans("OoIl", "0011")
_BLANK = re.compile(r"[\s._…-]*$")
_SURE_OCR = 0.82
"""Below this line confidence a handwritten day may have been misread: it is not reported."""
_PRINTED = 0.89
"""On a scan: nothing on it tells a figure by hand from a printed one for certain."""
_FIGURE = re.compile(r"[\s._…:,-]*(\d{1,2})[\s._…:,-]*$")
"""Other signs beside a figure are figures that OCR could not read."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """The three figures of a date line; None for what is blank or unreadable."""

    day: int | None
    month: int | None
    year: int | None
    day_blank: bool = False

    @property
    def value(self) -> date | None:
        """The date, when all of it was read and it exists."""
        return day_of(self.day, self.month, self.year)


def day_of(day: int | None, month: int | None, year: int | None) -> date | None:
    """The date, or None when a part is missing or there is no such day."""
    if day is None or month is None or year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_date_line(text: str) -> bool:
    """True for a line that is a date line and nothing else: no ground that cites a date."""
    if SHORT_DATE_LINE.match(text):
        return True
    found = DATE_LINE.search(text)
    return found is not None and found.start() <= _PLACE and not _GROUND.search(text)


def date_line(text: str) -> DateLine | None:
    """The date line in `text` ("…, ngày 05 tháng 01 năm 2025"); None when there is none."""
    short = SHORT_DATE_LINE.match(text)
    if short:
        return DateLine(int(short[1]), int(short[2]), int(short[3]))
    match = DATE_LINE.search(text)
    if not match:
        return None
    year = re.match(r"\W*((?:19|20)\d\d)(?!\w)", match["year"].translate(_MISREAD))
    return DateLine(
        day=_figure(match["day"]),
        month=_figure(match["month"].translate(_MISREAD)),
        year=int(year[1]) if year else None,
        day_blank=bool(_BLANK.match(match["day"])),
    )


def issued_on(sheet: Sheet, piece: Piece | None) -> Found[date] | None:
    """The date of a date line. On a scan only a day that was read clearly: handwriting is not guessed."""
    line = date_line(piece.text) if piece else None
    if piece is None or line is None or line.value is None:
        return None
    if piece.ocr and not _clear(piece.text, line, piece.confidence):
        return None
    return sheet.found(line.value, [piece], "date-line", _PRINTED if piece.ocr else 0.99)


def year_of(piece: Piece | None) -> int | None:
    """The printed year of a date line, also when its day could not be read."""
    line = date_line(piece.text) if piece else None
    return line.year if line else None


def days_in(text: str, year: int | None = None) -> tuple[tuple[date, int, int], ...]:
    """Every date written in `text` with its start and end; one without a year is of `year`."""
    found = []
    for match in WRITTEN.finditer(text):
        day, month = match["d"] or match["d2"], match["m"] or match["m2"]
        written = match["y"] or match["y2"]
        value = day_of(int(day), int(month), int(written) if written else year)
        if value:
            found.append((value, match.start(), match.end()))
    return tuple(found)


def _figure(text: str) -> int | None:
    match = _FIGURE.match(text)
    return int(match[1]) if match else None


def _clear(text: str, line: DateLine, confidence: float) -> bool:
    """True when OCR read the day well: below 10 it needs its leading zero, else a figure was lost."""
    if confidence < _SURE_OCR or line.day is None:
        return False
    return line.day >= 10 or bool(re.search(rf"ng.y\W*0{line.day}\b", text))  # noqa: PLR2004 - one figure
