"""Working days: what "the next working day" is where this office stands."""

from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday but for holidays, and weekend days that are worked instead of others."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    worked: frozenset[date] = field(default_factory=frozenset)
    """Weekend days that are worked (làm bù)."""

    def is_working(self, day: date) -> bool:
        """True when the office works on that day."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, day: date, days: int = 1) -> date:
        """The working day that comes `days` (at least 1) working days after `day`."""
        found = day
        for _ in range(days):
            found += timedelta(days=1)
            while not self.is_working(found):
                found += timedelta(days=1)
        return found
