"""Submissions without a verdict whose senders were told nothing yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, and_, or_, select

from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.tables import deliveries, submissions

HANGING = ("letter:alarm:", "letter:report:")
"""What the keys of letters begin with that are not about the submission they hang on."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """One submission that waits for its verdict."""

    id: str
    version: int
    received_at: datetime


def silent_since(
    connection: Connection, before: datetime, besides: Collection[str] = (), limit: int = 200
) -> tuple[Undecided, ...]:
    """What was handed in before that moment, has no verdict, and was answered with nothing; the oldest first.

    Letters to others that only hang on it (alarms, reports) are no answer; ids in `besides` are left out.
    """
    waits = submissions.c.state.in_((SubmissionState.WAITING, SubmissionState.DECIDING))
    failed = and_(submissions.c.state == SubmissionState.HELD, submissions.c.hold_kind == HoldKind.FAILURE)
    hangs = or_(*(deliveries.c.key.startswith(key) for key in HANGING))
    told = select(deliveries.c.id).where(deliveries.c.submission_id == submissions.c.id, ~hangs).exists()
    query = (
        select(submissions.c.id, submissions.c.version, submissions.c.received_at)
        .where(or_(waits, failed), submissions.c.received_at < before, ~told)
        .order_by(submissions.c.received_at)
    )
    rows = (row for row in connection.execute(query) if row.id not in besides)
    return tuple(Undecided(row.id, row.version, row.received_at) for row in islice(rows, limit))
