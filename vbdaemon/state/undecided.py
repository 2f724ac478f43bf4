"""Submissions without a verdict whose senders were told nothing yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.tables import deliveries, submissions


@dataclass(frozen=True, slots=True)
class Undecided:
    """One submission that waits for its verdict."""

    id: str
    version: int
    received_at: datetime


def silent_since(connection: Connection, before: datetime, limit: int = 200) -> tuple[Undecided, ...]:
    """What was handed in before that moment, has no verdict, and was answered with nothing; the oldest first."""
    waits = submissions.c.state.in_((SubmissionState.WAITING, SubmissionState.DECIDING))
    failed = and_(submissions.c.state == SubmissionState.HELD, submissions.c.hold_kind == HoldKind.FAILURE)
    told = select(deliveries.c.id).where(deliveries.c.submission_id == submissions.c.id).exists()
    query = (
        select(submissions.c.id, submissions.c.version, submissions.c.received_at)
        .where(or_(waits, failed), submissions.c.received_at < before, ~told)
        .order_by(submissions.c.received_at)
        .limit(limit)
    )
    return tuple(Undecided(row.id, row.version, row.received_at) for row in connection.execute(query))
