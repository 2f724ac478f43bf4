"""How fast one destination is served: a window that grows with success, a breaker that opens on failures in a row.

Pure values and functions; the moment comes in.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WIDEST = 8
"""Deliveries under way to one destination at most."""
MISSES = 3
"""Deferred in a row before a destination is left alone for a while."""
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
LONGEST_QUICK_PAUSE = timedelta(minutes=1)
"""Where an attempt fails at once, looking again costs nothing."""
QUICK_SECONDS = 1.0
"""An attempt that takes longer makes its destination a slow one."""
SHARE = 5
"""A destination that is not answering gets at most one part in so many of a worker's time."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What is known of one destination. A new one is served one delivery at a time, until it has proven itself."""

    window: int = 1
    misses: int = 0
    """Deferred in a row."""
    shut_until: datetime | None = None
    """Until then nothing goes there; then a single one is tried."""
    pause: timedelta = FIRST_PAUSE
    quick: bool = False
    """It answered the last attempt within `QUICK_SECONDS`: no worker is risked on it."""

    @property
    def probing(self) -> bool:
        """The breaker has opened, and no attempt has succeeded since."""
        return self.shut_until is not None

    def room(self, under_way: int, now: datetime) -> int:
        """How many more may be started now."""
        if self.shut_until is not None and now < self.shut_until:
            return 0
        return max((1 if self.probing else self.window) - under_way, 0)

    def answered(self, seconds: float) -> "Lane":
        """It took a delivery, or refused it for good: it is there. The window doubles in a round of successes."""
        return Lane(window=min(self.window + 1, WIDEST), quick=seconds <= QUICK_SECONDS)

    def missed(self, seconds: float, now: datetime) -> "Lane":
        """An attempt was deferred: back to one at a time; after `MISSES` in a row, or a failed probe, shut.

        One that took long says as much as several: each costs a worker's time.
        """
        quick = seconds <= QUICK_SECONDS
        missed = replace(self, window=1, misses=self.misses + (1 if quick else MISSES), quick=quick)
        if not self.probing and missed.misses < MISSES:
            return missed
        if self.shut_until is not None and now < self.shut_until:  # one that was under way when it shut
            return missed
        longest = LONGEST_QUICK_PAUSE if missed.quick else LONGEST_PAUSE
        pause = min(max(self.pause, timedelta(seconds=seconds * SHARE)), longest)
        return replace(missed, shut_until=now + pause, pause=min(pause * 2, longest))
