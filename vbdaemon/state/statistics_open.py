"""What came in and has no decision yet: no figure counts it, and reports say so."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from vbdaemon.clock import VIETNAM
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.tables import submissions

_C = submissions.c
_UNDER_WAY = _C.state.in_((SubmissionState.WAITING, SubmissionState.DECIDING))
_BROKEN = and_(_C.state == SubmissionState.HELD, _C.hold_kind == HoldKind.FAILURE)


def undecided(connection: Connection, since: date, until: date) -> int:
    """Submissions of these days, both included, that wait for their decision, or could not be decided at all."""
    return _count(connection, or_(_UNDER_WAY, _BROKEN), _C.received_at >= midnight(since), _before(until))


def under_way(connection: Connection, until: date) -> bool:
    """True while something that came in until the end of this day waits for its decision."""
    return _count(connection, _UNDER_WAY, _before(until)) > 0


def midnight(day: date) -> datetime:
    """When the day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def _before(until: date) -> ColumnElement[bool]:
    return _C.received_at < midnight(until + timedelta(days=1))


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(submissions).where(*conditions)) or 0
