"""Deliveries: the outbox, its attempts and outcomes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from vbdaemon.model import DeliveryKind, Outcome, OutcomeKind
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery
from vbdaemon.state.tables import deliveries, delivery_attempts


def write(
    connection: Connection, submission_id: str, version: int, at: datetime, wanted: Sequence[NewDelivery]
) -> None:
    """Outbox rows; one that was written before with the same key is not written again."""
    known = set(connection.scalars(select(deliveries.c.key).where(deliveries.c.submission_id == submission_id)))
    sequence = len(known)
    for new in wanted:
        if new.key in known:
            continue
        known.add(new.key)
        sequence += 1
        connection.execute(
            insert(deliveries).values(
                id=f"{submission_id}-{sequence}",
                submission_id=submission_id,
                kind=new.kind,
                key=new.key,
                document=new.document,
                version=version,
                scheme=new.scheme,
                address=new.address,
                unit=new.unit,
                name=new.name,
                state=DeliveryState.DUE,
                urgency=new.urgency,
                created_at=at,
                due_at=at,
                attempts=0,
            )
        )


def due(connection: Connection, at: datetime, limit: int, besides: Sequence[str] = ()) -> list[DeliveryRow]:
    """What is to be sent now: urgent ones first, then the oldest."""
    query = (
        select(deliveries)
        .where(deliveries.c.state == DeliveryState.DUE, deliveries.c.due_at <= at)
        .order_by(deliveries.c.urgency.desc(), deliveries.c.due_at, deliveries.c.id)
        .limit(limit + len(besides))
    )
    rows = [to_row(row) for row in connection.execute(query)]
    return [row for row in rows if row.id not in besides][:limit]


def next_due(connection: Connection) -> datetime | None:
    """When the next delivery becomes due, or None."""
    moment: datetime | None = connection.scalar(
        select(func.min(deliveries.c.due_at)).where(deliveries.c.state == DeliveryState.DUE)
    )
    return moment


def start_attempt(connection: Connection, delivery_id: str, at: datetime) -> bool:
    """An attempt is on disk before anything is sent; False when the delivery is no longer due."""
    row = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.DUE)
        .values(attempts=deliveries.c.attempts + 1)
        .returning(deliveries.c.attempts)
    ).one_or_none()
    if row is None:
        return False
    connection.execute(insert(delivery_attempts).values(delivery_id=delivery_id, number=row.attempts, started_at=at))
    return True


def end_attempt(connection: Connection, row: DeliveryRow, at: datetime, outcome: Outcome, retry_at: datetime) -> None:
    """The outcome of an attempt; a deferred delivery becomes due again at `retry_at`, unless it was withdrawn."""
    state = {
        OutcomeKind.DELIVERED: DeliveryState.DELIVERED,
        OutcomeKind.DEFERRED: DeliveryState.DUE,
        OutcomeKind.FAILED: DeliveryState.FAILED,
    }[outcome.kind]
    ended = update(deliveries).where(deliveries.c.id == row.id)
    if state is not DeliveryState.DELIVERED:
        ended = ended.where(deliveries.c.state == DeliveryState.DUE)
    connection.execute(ended.values(state=state, due_at=retry_at, words=outcome.words))
    connection.execute(
        update(delivery_attempts)
        .where(delivery_attempts.c.delivery_id == row.id, delivery_attempts.c.ended_at.is_(None))
        .values(ended_at=at, outcome=outcome.kind, words=outcome.words)
    )
    if outcome.kind is not OutcomeKind.DEFERRED:
        words = f"{row.kind} to {row.scheme}:{row.unit or row.address}"
        record(connection, at, f"delivery-{outcome.kind.lower()}", row.submission, words)


def close_attempts(connection: Connection, at: datetime) -> None:
    """Attempts that the daemon's end interrupted; their deliveries are still due."""
    connection.execute(
        update(delivery_attempts)
        .where(delivery_attempts.c.ended_at.is_(None))
        .values(ended_at=at, outcome=OutcomeKind.DEFERRED, words="interrupted: the daemon ended during this attempt")
    )


def of_submission(connection: Connection, submission_id: str) -> tuple[DeliveryRow, ...]:
    """All deliveries of a submission, in the order in which they were written."""
    rows = connection.execute(
        select(deliveries)
        .where(deliveries.c.submission_id == submission_id)
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    return tuple(to_row(row) for row in rows)


def forward_started(connection: Connection, submission_id: str) -> bool:
    """True when a forwarding was attempted: after that only a recall is possible."""
    return bool(
        connection.scalar(
            select(func.count())
            .select_from(deliveries)
            .where(
                deliveries.c.submission_id == submission_id,
                deliveries.c.kind == DeliveryKind.FORWARD,
                deliveries.c.attempts > 0,
            )
        )
    )


def cancel(connection: Connection, submission_id: str, wanted: Sequence[NewDelivery] = ()) -> None:
    """What was not sent yet is withdrawn.

    What was attempted and is still wanted keeps its id: it may have arrived, and only so is a repeat recognised.
    """
    attempted = deliveries.c.key.in_([new.key for new in wanted]) & (deliveries.c.attempts > 0)
    connection.execute(
        update(deliveries)
        .where(deliveries.c.submission_id == submission_id, deliveries.c.state == DeliveryState.DUE, ~attempted)
        .values(state=DeliveryState.CANCELLED, key=deliveries.c.key + "#" + deliveries.c.id)
    )


def hide(connection: Connection, submission_id: str) -> None:
    """Quarantine: names that deliveries carry are removed, what was not sent is withdrawn."""
    cancel(connection, submission_id)
    ours = deliveries.c.submission_id == submission_id
    tried = delivery_attempts.c.delivery_id.in_(select(deliveries.c.id).where(ours))
    connection.execute(update(deliveries).where(ours).values(name=submission_id, words=None))
    connection.execute(update(delivery_attempts).where(tried).values(words=None))


def to_row(row: Row[Any]) -> DeliveryRow:
    """A database row as a value."""
    return DeliveryRow(
        id=row.id,
        submission=row.submission_id,
        kind=DeliveryKind(row.kind),
        document=row.document,
        version=row.version,
        scheme=row.scheme,
        address=row.address,
        unit=row.unit,
        name=row.name,
        state=DeliveryState(row.state),
        urgency=row.urgency,
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        words=row.words,
    )
