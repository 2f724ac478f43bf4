"""What may be disposed of: settled long ago, nothing under way; and that it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from vbdaemon.errors import ActRefused
from vbdaemon.model import VerdictKind
from vbdaemon.state import decisions, pieces
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.state.soundness import DISPOSED, is_disposed
from vbdaemon.state.submissions import get
from vbdaemon.state.tables import deliveries, documents, events, submissions

SETTLED = (
    SubmissionState.ACCEPTED,
    SubmissionState.REJECTED,
    SubmissionState.FILED,
    SubmissionState.CHECKED,
    SubmissionState.QUARANTINED,
)


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
    pieces: tuple["Candidate", ...] = ()
    """Filed submissions whose pieces were joined with this one: their bytes are part of it, and go with it alone."""


def candidates(connection: Connection, state: SubmissionState, before: datetime) -> Iterator[Candidate]:
    """Submissions of this settled state, decided before a moment, oldest first; never a piece of a whole that stays."""
    columns = submissions.c
    under_way = exists().where(deliveries.c.submission_id == columns.id, deliveries.c.state == DeliveryState.DUE)
    gone = exists().where(events.c.submission_id == columns.id, events.c.kind == DISPOSED)
    query = (
        select(submissions)
        .where(columns.state == state, columns.received_at < before, ~under_way, ~gone)
        .order_by(columns.received_at, columns.id)
    )
    for row in connection.execute(query).all():
        if (row.decided_at or row.received_at) < before and not _belongs_to_a_whole(connection, row.id):
            yield _candidate(connection, row, _pieces(connection, row.id))


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


def _candidate(connection: Connection, row: Any, with_it: tuple[Candidate, ...] = ()) -> Candidate:
    return Candidate(
        row.id,
        SubmissionState(row.state),
        VerdictKind(row.verdict) if row.verdict else None,
        row.version,
        row.received_at,
        row.decided_at or row.received_at,
        _numbers(connection, row.id),
        with_it,
    )


def _pieces(connection: Connection, submission_id: str) -> tuple[Candidate, ...]:
    """What was joined with it and is still kept."""
    if pieces.of(connection, submission_id) is None:
        return ()
    decision = decisions.latest(connection, submission_id)
    joined = [each for each in (decision.joined if decision else ()) if not is_disposed(connection, each)]
    query = select(submissions).where(submissions.c.id.in_(joined), submissions.c.state == SubmissionState.FILED)
    return tuple(_candidate(connection, row) for row in connection.execute(query.order_by(submissions.c.id)).all())


def _belongs_to_a_whole(connection: Connection, submission_id: str) -> bool:
    """True when it was joined with another submission that is not disposed of."""
    others = pieces.alike(connection, submission_id)
    latest = ((other, decisions.latest(connection, other)) for other in others)
    wholes = [other for other, decision in latest if decision is not None and submission_id in decision.joined]
    return any(not is_disposed(connection, whole) for whole in wholes)


def _numbers(connection: Connection, submission_id: str) -> tuple[str, ...]:
    columns = documents.c
    query = (
        select(columns.book, columns.year, columns.register_number)
        .where(columns.submission_id == submission_id, columns.register_number.is_not(None))
        .order_by(columns.ordinal)
    )
    return tuple(f"{row.book}/{row.year}/{row.register_number}" for row in connection.execute(query))
