"""What was decided so far, as it can be decided again."""

from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from vbdaemon.state.records import SubmissionState
from vbdaemon.state.tables import submissions

DECIDED = (SubmissionState.HELD, SubmissionState.ACCEPTED, SubmissionState.REJECTED, SubmissionState.CHECKED)


def decided(connection: Connection, since: datetime, until: datetime | None = None) -> list[str]:
    """Ids of what was received then and decided, oldest first."""
    states = [state.value for state in DECIDED]
    query = _received(select(submissions.c.id), since, until).where(submissions.c.state.in_(states))
    return list(connection.scalars(query.order_by(submissions.c.received_at, submissions.c.id)))


def others(connection: Connection, since: datetime, until: datetime | None = None) -> dict[SubmissionState, int]:
    """What was received then and is not among those, counted by state."""
    states = [state.value for state in DECIDED]
    query = _received(select(submissions.c.state, func.count()), since, until)
    query = query.where(submissions.c.state.not_in(states)).group_by(submissions.c.state)
    return {SubmissionState(state): count for state, count in connection.execute(query)}


def _received(query: Select, since: datetime, until: datetime | None) -> Select:  # type: ignore[type-arg]  # any columns
    query = query.where(submissions.c.received_at >= since)
    return query if until is None else query.where(submissions.c.received_at < until)
