"""Deliveries: the outbox, its attempts and outcomes."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from vbdaemon.model import CodedStatus, DeliveryKind, Outcome, OutcomeKind
from vbdaemon.state import statements
from vbdaemon.state.events import record
from vbdaemon.state.locked import is_locked
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery
from vbdaemon.state.tables import deliveries, delivery_attempts

LOCKED = "letter:locked:"
"""What the key of a letter begins with that tells that a document was locked away, and no word of it."""


def write(
    connection: Connection, submission_id: str, version: int, at: datetime, wanted: Sequence[NewDelivery]
) -> None:
    """Outbox rows; one that was written before with the same key is not written again."""
    known = set(connection.scalars(statements.DELIVERY_KEYS, {"id_": submission_id}))
    sequence = len(known)
    rows = []
    for new in wanted:
        if new.key in known:
            continue
        known.add(new.key)
        sequence += 1
        fixed = {"id": f"{submission_id}-{sequence}", "submission_id": submission_id, "version": version}
        start = {"state": DeliveryState.DUE, "created_at": at, "due_at": at, "attempts": 0}
        rows.append({**fixed, **start, **{each.name: getattr(new, each.name) for each in fields(new)}})
    if rows:
        connection.execute(statements.ADD_DELIVERIES, rows)


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
    row = connection.execute(statements.START_DELIVERY, {"id_": delivery_id}).one_or_none()
    if row is None:
        return False
    attempt = {"delivery_id": delivery_id, "number": row.attempts, "started_at": at}
    connection.execute(statements.ADD_DELIVERY_ATTEMPT, attempt)
    return True


def take_back(connection: Connection, delivery_id: str) -> None:
    """An attempt that was begun and not made: as if it had not been begun."""
    if connection.execute(statements.DROP_DELIVERY_ATTEMPT, {"id_": delivery_id}).rowcount:
        connection.execute(statements.TAKE_BACK_DELIVERY, {"id_": delivery_id})


def end_attempt(connection: Connection, row: DeliveryRow, at: datetime, outcome: Outcome, retry_at: datetime) -> bool:
    """The outcome of an attempt; a deferred delivery becomes due again at `retry_at`.

    False when the delivery was withdrawn meanwhile: then only its arrival counts.
    """
    state = {
        OutcomeKind.DELIVERED: DeliveryState.DELIVERED,
        OutcomeKind.DEFERRED: DeliveryState.DUE,
        OutcomeKind.FAILED: DeliveryState.FAILED,
    }[outcome.kind]
    delivered = state is DeliveryState.DELIVERED
    silent = not row.key.startswith(LOCKED) and is_locked(connection, row.submission)
    told = None if silent else outcome.words  # a place has the document's name in it
    change = statements.CHANGE_DELIVERY if delivered else statements.CHANGE_DUE_DELIVERY
    changed = connection.execute(change, {"id_": row.id, "state": state, "due_at": retry_at, "words": told})
    ended = {"id_": row.id, "ended_at": at, "outcome": outcome.kind, "words": told}
    connection.execute(statements.END_DELIVERY_ATTEMPT, ended)
    if outcome.kind is not OutcomeKind.DEFERRED:
        words = f"{row.kind} to {row.scheme}:{row.unit or row.address}"
        record(connection, at, f"delivery-{outcome.kind.lower()}", row.submission, words)
    return changed.rowcount > 0


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


def cancel(
    connection: Connection,
    submission_id: str,
    wanted: Sequence[NewDelivery] = (),
    *,
    decided: bool = False,
    ordered: Sequence[str] = (),
) -> None:
    """What was not sent yet is withdrawn; with `decided` only what follows from the decision itself.

    What was attempted and is still wanted keeps its id: it may have arrived, and only so is a repeat recognised.
    What tells of something that has happened stays, and so do the keys of `ordered`.
    """
    places = {"id_": submission_id, "wanted_": [new.key for new in wanted], "ordered_": list(ordered)}
    connection.execute(statements.CANCEL_DECIDED if decided else statements.CANCEL_UNDECIDED, places)


def withdraw(connection: Connection, delivery_id: str) -> None:
    """One delivery that was not sent yet is withdrawn."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.DUE)
        .values(state=DeliveryState.CANCELLED, key=deliveries.c.key + "#" + deliveries.c.id)
    )


def is_withdrawn(row: DeliveryRow) -> bool:
    """True for what was withdrawn before its arrival was recorded, even where it arrived after all."""
    return row.key.endswith(f"#{row.id}")


def hide(connection: Connection, submission_id: str) -> None:
    """Quarantine: names that deliveries carry are removed, what was not sent is withdrawn."""
    connection.execute(statements.CANCEL_DELIVERIES, {"id_": submission_id, "wanted_": [], "ordered_": []})
    ours = (deliveries.c.submission_id == submission_id) & (deliveries.c.kind != DeliveryKind.DIGEST)
    told = ours & (deliveries.c.state == DeliveryState.DIGESTED)
    tried = delivery_attempts.c.delivery_id.in_(select(deliveries.c.id).where(ours))
    connection.execute(update(deliveries).where(ours).values(name=submission_id, answer_words=None))
    connection.execute(update(deliveries).where(ours, ~told).values(words=None))
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
        answer=CodedStatus(row.answer) if row.answer else None,
        answered_at=row.answered_at,
        answer_words=row.answer_words,
        key=row.key,
    )
