"""Days, months, quarters and years that a report is about; days are those of Vietnam."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vbdaemon.errors import ConfigurationError
from vbdaemon.report.words import day_words

EXAMPLES = "2026-11-22 (a day), 2026-11 (a month), 2026-q4 (a quarter), 2026 (a year) or 2026-11-01..2026-11-15"
QUARTER = re.compile(r"(\d{4})-?[qQ]([1-4])")
MONTH = re.compile(r"(\d{4})-(\d{2})")
YEAR = re.compile(r"\d{4}")
ROMAN = ("I", "II", "III", "IV")
MONTHS_IN_QUARTER = 3


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    """One day."""
    MONTH = "month"
    """A calendar month."""
    QUARTER = "quarter"
    """Three months, from January, April, July or October."""
    YEAR = "year"
    """A calendar year."""
    RANGE = "range"
    """From one day to another."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included."""

    kind: PeriodKind
    since: date
    until: date

    @property
    def words(self) -> str:
        """As Vietnamese reports name it: "Quý IV năm 2026 (từ 01/10/2026 đến 31/12/2026)"."""
        span = f"từ {day_words(self.since)} đến {day_words(self.until)}"
        match self.kind:
            case PeriodKind.DAY:
                return f"Ngày {day_words(self.since)}"
            case PeriodKind.MONTH:
                return f"Tháng {_month(self.since.month)} năm {self.since.year} ({span})"
            case PeriodKind.QUARTER:
                return f"Quý {ROMAN[_quarter(self.since) - 1]} năm {self.since.year} ({span})"
            case PeriodKind.YEAR:
                return f"Năm {self.since.year} ({span})"
            case PeriodKind.RANGE:
                return f"T{span[1:]}"

    @property
    def slug(self) -> str:
        """As it stands in names of files, and as `period_of` reads it: "2026-q4"."""
        match self.kind:
            case PeriodKind.DAY:
                return self.since.isoformat()
            case PeriodKind.MONTH:
                return f"{self.since:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.since.year}-q{_quarter(self.since)}"
            case PeriodKind.YEAR:
                return str(self.since.year)
            case PeriodKind.RANGE:
                return f"{self.since.isoformat()}..{self.until.isoformat()}"


def period_of(words: str, today: date) -> Period:
    """The period that a person means; ConfigurationError with examples for another one, or one that lies ahead."""
    period = _parsed(words.strip(), today)
    if period is None:
        raise ConfigurationError(f"{words!r} is no period; write {EXAMPLES}")
    if period.since > today:
        raise ConfigurationError(f"the period {words} has not begun yet; today is {today.isoformat()}")
    return period


def period_with(kind: PeriodKind, day: date) -> Period:
    """The day, month, quarter or year in which a day lies."""
    match kind:
        case PeriodKind.MONTH:
            return _months(kind, day.year, day.month, 1)
        case PeriodKind.QUARTER:
            return _months(kind, day.year, MONTHS_IN_QUARTER * _quarter(day) - 2, MONTHS_IN_QUARTER)
        case PeriodKind.YEAR:
            return _months(kind, day.year, 1, 12)
        case PeriodKind.DAY | PeriodKind.RANGE:
            return Period(PeriodKind.DAY, day, day)


def period_before(period: Period) -> Period:
    """The one of the same kind that ended the day before."""
    return period_with(period.kind, period.since - timedelta(days=1))


def period_after(period: Period) -> Period:
    """The one of the same kind that begins the day after."""
    return period_with(period.kind, period.until + timedelta(days=1))


def _parsed(words: str, today: date) -> Period | None:
    if words in ("today", "yesterday"):
        return period_with(PeriodKind.DAY, today - timedelta(days=words == "yesterday"))
    try:
        if found := QUARTER.fullmatch(words):
            return _months(PeriodKind.QUARTER, int(found[1]), MONTHS_IN_QUARTER * int(found[2]) - 2, MONTHS_IN_QUARTER)
        if found := MONTH.fullmatch(words):
            return period_with(PeriodKind.MONTH, date(int(found[1]), int(found[2]), 1))
        if YEAR.fullmatch(words):
            return period_with(PeriodKind.YEAR, date(int(words), 1, 1))
        since, dots, until = words.partition("..")
        first, last = date.fromisoformat(since), date.fromisoformat(until if dots else since)
    except ValueError:
        return None
    if not dots:
        return Period(PeriodKind.DAY, first, first)
    return Period(PeriodKind.RANGE, first, last) if first <= last else None


def _months(kind: PeriodKind, year: int, month: int, many: int) -> Period:
    last = month + many - 1
    return Period(kind, date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _quarter(day: date) -> int:
    return (day.month - 1) // MONTHS_IN_QUARTER + 1


def _month(month: int) -> str:
    """As Vietnamese papers write it: "01", "02", "3" …, so that nobody makes 1 into 11."""
    return f"{month:02}" if month <= 2 else str(month)  # noqa: PLR2004 - January and February
