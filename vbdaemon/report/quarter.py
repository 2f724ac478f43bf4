"""A quarter: what 552/UBND scores."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vbdaemon.errors import ConfigurationError

_WRITTEN = re.compile(r"(?P<year>\d{4})-?q(?P<number>[1-4])|q(?P<first>[1-4])[/-](?P<last>\d{4})", re.IGNORECASE)
_ROMAN = ("I", "II", "III", "IV")
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year; earlier ones are less."""

    year: int
    number: int
    """1 to 4."""

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Reads "2026-Q1", also "Q1/2026"; ConfigurationError otherwise."""
        found = _WRITTEN.fullmatch(text.strip())
        year = int(found["year"] or found["last"]) if found else 0
        if found is None or not date.min.year < year < date.max.year:
            raise ConfigurationError(f'{text!r} is no quarter; say it as "2026-Q1"')
        return cls(year, int(found["number"] or found["first"]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day is in."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @property
    def first_day(self) -> date:
        """The first of its days, in Vietnam."""
        return date(self.year, self.number * _MONTHS - 2, 1)

    @property
    def last_day(self) -> date:
        """The last of its days, in Vietnam."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year, self.number + 1) if self.number < len(_ROMAN) else Quarter(self.year + 1, 1)

    @property
    def vietnamese(self) -> str:
        """In words: "quý I năm 2026"."""
        return f"quý {_ROMAN[self.number - 1]} năm {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"
