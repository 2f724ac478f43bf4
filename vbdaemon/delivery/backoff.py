"""When a deferred delivery is tried again, and when no longer: pure functions."""

from datetime import datetime, timedelta

from vbdaemon.state.records import DeliveryRow

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)


def retry_at(attempts: int, now: datetime) -> datetime:
    """5 s after the first attempt, twice as long after each further one, an hour at most."""
    return now + min(FIRST * float(2 ** min(max(attempts - 1, 0), 20)), LONGEST)


def is_too_old(row: DeliveryRow, now: datetime, days: float) -> bool:
    """A mail that never got through is given up at this age; a folder waits for its disk as long as it takes."""
    return row.scheme == "smtp" and now - row.created_at >= timedelta(days=days)
