"""When a deferred delivery is tried again: a pure function."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)


def retry_at(attempts: int, now: datetime) -> datetime:
    """5 s after the first attempt, twice as long after each further one, an hour at most."""
    return now + min(FIRST * float(2 ** min(max(attempts - 1, 0), 20)), LONGEST)
