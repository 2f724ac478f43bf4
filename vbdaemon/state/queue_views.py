"""What waits, since when, and for whom: questions of the people on duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from vbdaemon.state.records import DeliveryState, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.submissions import to_row
from vbdaemon.state.tables import deliveries, submissions

UNDECIDED = (SubmissionState.WAITING, SubmissionState.DECIDING)
OPEN = (*UNDECIDED, SubmissionState.HELD)


@dataclass(frozen=True, slots=True)
class Queued:
    """A submission that is not settled yet."""

    id: str
    source: str
    state: SubmissionState
    hold_kind: HoldKind | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A delivery that has not arrived: still due, or given up."""

    id: str
    destination: str
    """Scheme, and unit or address: `folder:H40.15.01`."""
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    attempts: int
    words: str | None

    @property
    def failing(self) -> bool:
        """It was tried in vain."""
        return self.attempts > 0


def counts(connection: Connection) -> dict[SubmissionState, int]:
    """How many submissions there are in each state; states without any are left out."""
    query = select(submissions.c.state, func.count()).group_by(submissions.c.state)
    return {SubmissionState(state): count for state, count in connection.execute(query)}


def queued(connection: Connection, states: Sequence[SubmissionState] = OPEN) -> list[Queued]:
    """Submissions in these states, oldest first."""
    columns = submissions.c
    query = (
        select(columns.id, columns.source, columns.state, columns.hold_kind, columns.received_at)
        .where(columns.state.in_(states))
        .order_by(columns.received_at, columns.id)
    )
    return [
        Queued(row.id, row.source, SubmissionState(row.state), _hold(row.hold_kind), row.received_at)
        for row in connection.execute(query)
    ]


def held(connection: Connection, limit: int) -> list[SubmissionRow]:
    """Held submissions, oldest first, at most so many."""
    query = (
        select(submissions)
        .where(submissions.c.state == SubmissionState.HELD)
        .order_by(submissions.c.received_at, submissions.c.id)
        .limit(limit)
    )
    return [to_row(row) for row in connection.execute(query)]


def outstanding(connection: Connection) -> list[Outstanding]:
    """Deliveries that are due or given up, oldest first."""
    columns = deliveries.c
    query = (
        select(
            columns.id,
            columns.scheme,
            columns.address,
            columns.unit,
            columns.state,
            columns.created_at,
            columns.due_at,
            columns.attempts,
            columns.words,
        )
        .where(columns.state.in_((DeliveryState.DUE, DeliveryState.FAILED)))
        .order_by(columns.created_at, columns.id)
    )
    return [
        Outstanding(
            row.id,
            f"{row.scheme}:{row.unit or row.address}",
            DeliveryState(row.state),
            row.created_at,
            row.due_at,
            row.attempts,
            row.words,
        )
        for row in connection.execute(query)
    ]


def last_received(connection: Connection) -> dict[str, datetime]:
    """When each source brought its last submission."""
    query = select(submissions.c.source, func.max(submissions.c.received_at).label("at")).group_by(submissions.c.source)
    return {row.source: row.at for row in connection.execute(query)}


def _hold(kind: str | None) -> HoldKind | None:
    return HoldKind(kind) if kind else None
