"""What receivers answered to our deliveries: coded statuses, and mails that came back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from vbdaemon.model import CodedStatus, DeliveryKind
from vbdaemon.state.events import record, record_said
from vbdaemon.state.locked import is_locked
from vbdaemon.state.records import DeliveryState
from vbdaemon.state.tables import deliveries

LATER = {
    CodedStatus.ARRIVED: 1,
    CodedStatus.REFUSED: 2,
    CodedStatus.RECEIVED: 3,
    CodedStatus.ASSIGNED: 4,
    CodedStatus.RECALL_ASKED: 5,
    CodedStatus.RECALL_DENIED: 6,
    CodedStatus.RECALL_GRANTED: 7,
}
"""A status never goes back: mails overtake each other. What was refused can be taken over when it is judged again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A delivery that an answer is about."""

    id: str
    submission: str
    kind: DeliveryKind
    state: DeliveryState
    unit: str | None
    address: str
    answer: CodedStatus | None
    created_at: datetime


def delivery_of(connection: Connection, delivery_id: str) -> Answered | None:
    """The delivery with this id, or None."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()
    if row is None:
        return None
    answer = CodedStatus(row.answer) if row.answer else None
    return Answered(
        row.id,
        row.submission_id,
        DeliveryKind(row.kind),
        DeliveryState(row.state),
        row.unit,
        row.address,
        answer,
        row.created_at,
    )


def write_status(connection: Connection, about: Answered, status: CodedStatus, words: str, at: datetime) -> bool:
    """Keep what the receiver said; False when it said as much or more before."""
    if about.answer is not None and LATER[about.answer] >= LATER[status]:
        return False
    said = None if is_locked(connection, about.submission) else words
    changed = {"answer": status.value, "answered_at": at, "answer_words": said}
    connection.execute(update(deliveries).where(deliveries.c.id == about.id).values(**changed))
    record_said(connection, at, f"answer-{status.value}", about.submission, f"delivery {about.id}", words)
    return True


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: others' words about what we forwarded are removed; that there was an answer stays."""
    connection.execute(update(deliveries).where(deliveries.c.submission_id == submission_id).values(answer_words=None))


def write_bounce(connection: Connection, about: Answered, words: str, at: datetime) -> bool:
    """A mail that the next server took came back: the delivery failed after all, and a person must act.

    False where nothing changes: it failed already, was withdrawn, or its receiver took it over.
    """
    taken = about.answer is not None and LATER[about.answer] >= LATER[CodedStatus.RECEIVED]
    if taken or about.state not in (DeliveryState.DUE, DeliveryState.DELIVERED):
        return False
    said = "came back" if is_locked(connection, about.submission) else f"came back: {words}"
    changed = {"state": DeliveryState.FAILED, "words": said}
    connection.execute(update(deliveries).where(deliveries.c.id == about.id).values(**changed))
    record(connection, at, "delivery-failed", about.submission, f"delivery {about.id} {said}")
    return True
