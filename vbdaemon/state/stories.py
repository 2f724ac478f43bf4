"""Everything that happened to one submission: attempts, decisions, acts, deliveries with their attempts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vbdaemon.model import OutcomeKind
from vbdaemon.state.acts import to_row as to_act
from vbdaemon.state.records import ActRow
from vbdaemon.state.tables import acts, attempts, decisions, deliveries, delivery_attempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at the decision; without an end it is under way."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    words: str
    """Empty when it succeeded."""


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt at a delivery."""

    delivery: str
    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: OutcomeKind | None
    words: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """That something was decided, when, and under which snapshot."""

    version: int
    decided_at: datetime
    snapshot: str


def attempts_of(connection: Connection, submission_id: str) -> tuple[Attempt, ...]:
    """Attempts at the decision, in their order."""
    query = select(attempts).where(attempts.c.submission_id == submission_id).order_by(attempts.c.number)
    rows = connection.execute(query)
    return tuple(Attempt(row.number, row.started_at, row.ended_at, row.words or "") for row in rows)


def decisions_of(connection: Connection, submission_id: str) -> tuple[DecisionMade, ...]:
    """Every decision, oldest first; quarantine forgets those before it."""
    columns = decisions.c
    query = (
        select(columns.version, columns.decided_at, columns.snapshot)
        .where(columns.submission_id == submission_id)
        .order_by(columns.version)
    )
    return tuple(DecisionMade(row.version, row.decided_at, row.snapshot) for row in connection.execute(query))


def acts_of(connection: Connection, submission_id: str) -> tuple[ActRow, ...]:
    """What people did or tried, with what became of it."""
    query = select(acts).where(acts.c.submission_id == submission_id).order_by(acts.c.id)
    return tuple(to_act(row) for row in connection.execute(query))


def delivery_attempts_of(connection: Connection, submission_id: str) -> tuple[DeliveryAttempt, ...]:
    """Attempts of all deliveries of a submission, in the order in which they were started."""
    query = (
        select(delivery_attempts)
        .join(deliveries, deliveries.c.id == delivery_attempts.c.delivery_id)
        .where(deliveries.c.submission_id == submission_id)
        .order_by(delivery_attempts.c.started_at, delivery_attempts.c.delivery_id, delivery_attempts.c.number)
    )
    return tuple(
        DeliveryAttempt(
            row.delivery_id,
            row.number,
            row.started_at,
            row.ended_at,
            OutcomeKind(row.outcome) if row.outcome else None,
            row.words or "",
        )
        for row in connection.execute(query)
    )
