"""Reads holidays.toml: the days on which the office does not work, and weekend days on which it does."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vbdaemon.config import mistakes, read_toml
from vbdaemon.errors import DirectoryError
from vbdaemon.model import WorkingDays

LONGEST_DAYS = 31
"""A longer holiday is a mistyped year."""
DECEMBER = 12


class _HolidayTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    day: date | None = None
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "_HolidayTable":
        if (self.day is None) == (self.first is None) or (self.first is None) != (self.last is None):
            raise ValueError(f"{self.name}: give either day, or first and last")
        if self.first and self.last and not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise ValueError(f"{self.name}: from {self.first} to {self.last} is no holiday")
        return self

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it."""
        if self.first is None or self.last is None:
            return (self.day,) if self.day else ()
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class _WorkedTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    day: date


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    holiday: tuple[_HolidayTable, ...] = ()
    worked: tuple[_WorkedTable, ...] = ()


def load_holidays(path: Path) -> WorkingDays:
    """The working days; a missing file means Monday to Friday all year. DirectoryError lists every mistake."""
    if not path.exists():
        return WorkingDays()
    try:
        file = _File.model_validate(read_toml(path, "list of holidays"))
    except ValidationError as error:
        raise DirectoryError("\n".join(f"{path}: {line}" for line in mistakes(error))) from error
    holidays = frozenset(chain.from_iterable(each.days for each in file.holiday))
    plain = WorkingDays(holidays)
    idle = [f"{path}: worked: {each.day} ({each.name}) is worked anyway" for each in file.worked]
    wrong = [line for line, each in zip(idle, file.worked, strict=True) if plain.is_working(each.day)]
    if wrong:
        raise DirectoryError("\n".join(wrong))
    return WorkingDays(holidays, frozenset(each.day for each in file.worked))


def years_missing(working_days: WorkingDays, today: date) -> Iterator[int]:
    """Years of which no holiday is known: the present one, and from December on the next."""
    known = {day.year for day in working_days.holidays}
    wanted = (today.year, today.year + 1) if today.month == DECEMBER else (today.year,)
    return (year for year in wanted if year not in known)
