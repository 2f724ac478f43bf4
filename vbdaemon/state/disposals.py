"""What may be disposed of: settled long ago, nothing under way; and that it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from vbdaemon.errors import ActRefused
from vbdaemon.model import VerdictKind
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.state.soundness import DISPOSED, is_disposed
from vbdaemon.state.submissions import get
from vbdaemon.state.tables import deliveries, documents, events, submissions

SETTLED = (SubmissionState.ACCEPTED, SubmissionState.REJECTED, SubmissionState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A settled submission with nothing under way, whose bytes are still kept."""

    id: str
    state: SubmissionState
    verdict: VerdictKind | None
    version: int
    received_at: datetime
    settled_at: datetime
    """When it was last decided; when it was received, if nothing tells."""
    numbers: tuple[str, ...]
    """Register numbers of its documents: "den/2026/15"."""


def candidates(connection: Connection, state: SubmissionState, before: datetime) -> Iterator[Candidate]:
    """Submissions of this settled state, decided before a moment, oldest first."""
    columns = submissions.c
    under_way = exists().where(deliveries.c.submission_id == columns.id, deliveries.c.state == DeliveryState.DUE)
    gone = exists().where(events.c.submission_id == columns.id, events.c.kind == DISPOSED)
    query = (
        select(submissions)
        .where(columns.state == state, columns.received_at < before, ~under_way, ~gone)
        .order_by(columns.received_at, columns.id)
    )
    for row in connection.execute(query).all():
        settled_at = row.decided_at or row.received_at
        if settled_at < before:
            verdict = VerdictKind(row.verdict) if row.verdict else None
            numbers = _numbers(connection, row.id)
            yield Candidate(row.id, state, verdict, row.version, row.received_at, settled_at, numbers)


def dispose(connection: Connection, submission_id: str, version: int, at: datetime, words: str) -> None:
    """Record that the bytes go; the row stays. ActRefused when it changed since it was listed, or something waits."""
    row = get(connection, submission_id)
    if row.version != version or row.state not in SETTLED:
        raise ActRefused(f"submission {submission_id} changed since it was listed; it is {row.state} now")
    if is_disposed(connection, submission_id):
        raise ActRefused(f"submission {submission_id} was disposed of already")
    waits = select(deliveries.c.id).where(
        deliveries.c.submission_id == submission_id, deliveries.c.state == DeliveryState.DUE
    )
    if connection.scalar(waits.limit(1)) is not None:
        raise ActRefused(f"submission {submission_id} still has deliveries under way")
    record(connection, at, DISPOSED, submission_id, words)


def _numbers(connection: Connection, submission_id: str) -> tuple[str, ...]:
    columns = documents.c
    query = (
        select(columns.book, columns.year, columns.register_number)
        .where(columns.submission_id == submission_id, columns.register_number.is_not(None))
        .order_by(columns.ordinal)
    )
    return tuple(f"{row.book}/{row.year}/{row.register_number}" for row in connection.execute(query))
