"""What gives cause for an alarm, and what no longer does. Every question goes through an index; see the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, not_, or_, select

from vbdaemon.model import DeliveryKind
from vbdaemon.state.alarms import Alarm, AlarmKind
from vbdaemon.state.queue_views import OPEN, UNDECIDED
from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.state.tables import deliveries, submissions
from vbdaemon.state.tables_follow import presentations
from vbdaemon.state.tables_paper import alarms

ALARM_LETTER = "letter:alarm:"
"""What the key of a mail to those on duty begins with: that it fails is no alarm, or there would be no end."""
ANSWERED = (DeliveryKind.FORWARD, DeliveryKind.NOTICE, DeliveryKind.DIGEST)
OUTSTANDING = (DeliveryState.DUE, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decided submission that waits for a person; its decision tells how urgent it is."""

    submission: str
    version: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A delivery that was given up."""

    submission: str
    delivery: str
    kind: DeliveryKind
    destination: str
    """Scheme, and unit or address."""


def held_since(connection: Connection, before: datetime, limit: int) -> list[tuple[str, datetime]]:
    """Submissions that are HELD and were handed in before a moment, without an alarm; the oldest first."""
    s = submissions.c
    query = (
        select(s.id, s.received_at)
        .where(s.state == SubmissionState.HELD, s.received_at < before, _unknown(AlarmKind.HELD, s.id))
        .order_by(s.received_at)
        .limit(limit)
    )
    return [(row.id, row.received_at) for row in connection.execute(query)]


def late_forwards(connection: Connection, urgency: int, before: datetime, limit: int) -> list[str]:
    """Submissions handed in before a moment with a forward of this urgency that has not arrived, without an alarm."""
    s, d = submissions.c, deliveries.c
    query = (
        select(s.id)
        .join(deliveries, d.submission_id == s.id)
        .where(
            d.state.in_(OUTSTANDING),
            d.urgency == urgency,
            d.kind == DeliveryKind.FORWARD,
            s.received_at < before,
            _unknown(AlarmKind.PROMISE, s.id),
        )
        .distinct()
        .limit(limit)
    )
    return list(connection.scalars(query))


def late_undecided(connection: Connection, before: datetime, limit: int) -> list[str]:
    """Submissions handed in before a moment that nobody judged yet, without an alarm."""
    s = submissions.c
    query = (
        select(s.id)
        .where(s.state.in_(UNDECIDED), s.received_at < before, _unknown(AlarmKind.PROMISE, s.id))
        .limit(limit)
    )
    return list(connection.scalars(query))


def waiting(connection: Connection, since: datetime, before: datetime) -> list[Waiting]:
    """HELD, or accepted and not assigned yet, handed in between two moments, without an alarm of a broken promise."""
    s, p = submissions.c, presentations.c
    recent = and_(s.received_at >= since, s.received_at < before, _unknown(AlarmKind.PROMISE, s.id))
    held = select(s.id, s.version, s.received_at).where(s.state == SubmissionState.HELD, recent)
    presented = (
        select(s.id, s.version, s.received_at)
        .join(presentations, p.submission_id == s.id)
        .where(p.assigned_at.is_(None), recent)
        .distinct()
    )
    rows = [*connection.execute(held), *connection.execute(presented)]
    return [Waiting(row.id, row.version, row.received_at) for row in rows]


def given_up(connection: Connection, since: datetime, limit: int) -> list[GivenUp]:
    """Deliveries made since then that failed for good, without an alarm; mails about alarms are none."""
    d = deliveries.c
    query = (
        select(d.submission_id, d.id, d.kind, d.scheme, d.unit, d.address)
        .where(
            d.state == DeliveryState.FAILED,
            d.due_at >= since,
            d.kind.in_(ANSWERED),
            not_(d.key.startswith(ALARM_LETTER, autoescape=True)),
            _unknown(AlarmKind.UNDELIVERED, d.submission_id, d.id),
        )
        .limit(limit)
    )
    return [
        GivenUp(row.submission_id, row.id, DeliveryKind(row.kind), f"{row.scheme}:{row.unit or row.address}")
        for row in connection.execute(query)
    ]


def settled(connection: Connection) -> list[Alarm]:
    """Open alarms whose cause is gone."""
    return [
        Alarm(AlarmKind(row.kind), row.submission_id, row.at, row.words, row.about)
        for query in (_DECIDED, _ARRIVED, _REPLACED)
        for row in connection.execute(query)
    ]


def _unknown(
    kind: AlarmKind, submission: ColumnElement[str], about: ColumnElement[str] | str = ""
) -> ColumnElement[bool]:
    a = alarms.c
    return not_(exists().where(a.kind == kind, a.submission_id == submission, a.about == about))


def _open(kind: AlarmKind) -> Select[tuple[object, ...]]:
    return select(alarms).where(alarms.c.cleared_at.is_(None), alarms.c.kind == kind)


def _in_state(states: Sequence[SubmissionState]) -> ColumnElement[bool]:
    return exists().where(submissions.c.id == alarms.c.submission_id, submissions.c.state.in_(states))


def _outstanding() -> ColumnElement[bool]:
    """A forward of the submission has not arrived, and no person said that it need not."""
    d, about = deliveries.c, alarms.alias("about").c
    seen_to = exists().where(
        about.kind == AlarmKind.UNDELIVERED,
        about.submission_id == d.submission_id,
        about.about == d.id,
        about.cleared_at.is_not(None),
    )
    unfinished = or_(d.state == DeliveryState.DUE, and_(d.state == DeliveryState.FAILED, not_(seen_to)))
    return exists().where(d.submission_id == alarms.c.submission_id, d.kind == DeliveryKind.FORWARD, unfinished)


def _replaced() -> ColumnElement[bool]:
    """The delivery arrived after all, was withdrawn, or a later one brought the same to the same unit."""
    failed, later = deliveries.alias("failed").c, deliveries.alias("later").c
    still = exists().where(failed.id == alarms.c.about, failed.state == DeliveryState.FAILED)
    repeated = exists().where(
        failed.id == alarms.c.about,
        later.submission_id == failed.submission_id,
        later.kind == failed.kind,
        later.document.is_not_distinct_from(failed.document),
        later.unit == failed.unit,
        func.coalesce(later.state, "") == DeliveryState.DELIVERED,  # or SQLite goes through all that was delivered
        later.created_at > failed.created_at,
    )
    return or_(not_(still), repeated)


_DECIDED = _open(AlarmKind.HELD).where(not_(_in_state(OPEN)))
_ARRIVED = _open(AlarmKind.PROMISE).where(
    not_(_in_state(OPEN)),
    not_(_outstanding()),
    not_(
        exists().where(presentations.c.submission_id == alarms.c.submission_id, presentations.c.assigned_at.is_(None))
    ),
)
_REPLACED = _open(AlarmKind.UNDELIVERED).where(_replaced())
