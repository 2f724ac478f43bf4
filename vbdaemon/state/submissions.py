"""Submissions: admitted, claimed, decided, held."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from vbdaemon.errors import UnknownSubmission
from vbdaemon.model import VerdictKind, Waiver
from vbdaemon.state import statements
from vbdaemon.state.events import record
from vbdaemon.state.locked import REMOVED
from vbdaemon.state.records import Admitted, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.tables import submissions, waivers


def fingerprint(key: str) -> str:
    """What the state keeps of a source key: it can hold a file name, which the state must not know yet."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def admit(connection: Connection, submission_id: str, source: str, key: str, received_at: datetime) -> Admitted:
    """The row that makes a submission ours; an earlier one with the same key wins."""
    mark = fingerprint(key)
    earlier = connection.scalar(statements.SUBMISSION_BY_KEY, {"source_": source, "key_": mark})
    if earlier is not None:
        return Admitted(earlier, new=False)
    connection.execute(
        statements.ADD_SUBMISSION,
        {
            "id": submission_id,
            "source": source,
            "source_key": mark,
            "received_at": received_at,
            "acknowledged": False,
            "state": SubmissionState.WAITING,
            "version": 0,
            "failures": 0,
        },
    )
    record(connection, received_at, "admitted", submission_id, f"admitted from source {source}")
    return Admitted(submission_id, new=True)


def acknowledge(connection: Connection, submission_id: str) -> None:
    """The source was told."""
    connection.execute(statements.CHANGE_SUBMISSION, {"id_": submission_id, "acknowledged": True})


def find_key(connection: Connection, source: str, key: str) -> str | None:
    """Id under which this key was admitted, or None."""
    return connection.scalar(statements.SUBMISSION_BY_KEY, {"source_": source, "key_": fingerprint(key)})


def exists(connection: Connection, submission_id: str) -> bool:
    """True when there is a row with this id."""
    return connection.scalar(statements.SUBMISSION_ID, {"id_": submission_id}) is not None


def get(connection: Connection, submission_id: str) -> SubmissionRow:
    """The row; UnknownSubmission when there is none."""
    row = connection.execute(statements.SUBMISSION, {"id_": submission_id}).one_or_none()
    if row is None:
        raise UnknownSubmission(f'no submission has the id {submission_id!r}; see "vbdaemon list"')
    return to_row(row)


def listed(
    connection: Connection,
    states: Sequence[SubmissionState] = (),
    limit: int | None = None,
    *,
    oldest_first: bool = False,
) -> list[SubmissionRow]:
    """Submissions in these states (all when none are named), newest first unless said otherwise."""
    order = (submissions.c.received_at, submissions.c.id)
    query = select(submissions).order_by(*(order if oldest_first else (c.desc() for c in order)))
    if states:
        query = query.where(submissions.c.state.in_(states))
    if limit is not None:
        query = query.limit(limit)
    return [to_row(row) for row in connection.execute(query)]


def count(connection: Connection, states: Iterable[SubmissionState]) -> int:
    """How many submissions stand so."""
    query = select(func.count()).select_from(submissions).where(submissions.c.state.in_([s.value for s in states]))
    return connection.scalar(query) or 0


def start_attempt(connection: Connection, submission_id: str, at: datetime) -> int | None:
    """The start of an attempt is on disk before the worker gets the submission.

    Answers the version that the decision must find unchanged; None when the submission no longer waits.
    """
    row = connection.execute(statements.SUBMISSION_STAND, {"id_": submission_id}).one_or_none()
    if row is None or row.state != SubmissionState.WAITING:
        return None
    number = connection.scalar(statements.NEXT_ATTEMPT, {"id_": submission_id})
    connection.execute(statements.ADD_ATTEMPT, {"submission_id": submission_id, "number": number, "started_at": at})
    connection.execute(statements.CHANGE_SUBMISSION, {"id_": submission_id, "state": SubmissionState.DECIDING})
    return int(row.version)


def end_attempt(connection: Connection, submission_id: str, at: datetime, words: str) -> None:
    """The open attempt ended; `words` are empty when it succeeded."""
    connection.execute(statements.END_ATTEMPT, {"id_": submission_id, "ended_at": at, "words": words})


def fail_attempt(connection: Connection, submission_id: str, at: datetime, words: str, most: int) -> SubmissionRow:
    """Count a failed attempt: back to WAITING, or HELD after `most` failures; what a person did meanwhile stays."""
    row = get(connection, submission_id)
    locked = row.state is SubmissionState.QUARANTINED  # meanwhile, by a person
    end_attempt(connection, submission_id, at, REMOVED if locked else words)
    if row.state is not SubmissionState.DECIDING:
        return row
    failures = row.failures + 1
    held = failures >= most
    connection.execute(
        update(submissions)
        .where(submissions.c.id == submission_id)
        .values(
            failures=failures,
            state=SubmissionState.HELD if held else SubmissionState.WAITING,
            hold_kind=HoldKind.FAILURE if held else None,
            verdict=VerdictKind.HOLD if held else None,
            version=row.version + 1 if held else row.version,
        )
    )
    record(connection, at, "processing-failed" if held else "attempt-failed", submission_id, words)
    return get(connection, submission_id)


def move(
    connection: Connection,
    submission_id: str,
    state: SubmissionState,
    hold_kind: HoldKind | None = None,
    **columns: Any,
) -> None:
    """A submission takes a new state; its version goes up, so that whoever read it before notices."""
    connection.execute(
        statements.MOVE_SUBMISSION, {"id_": submission_id, "state": state, "hold_kind": hold_kind, **columns}
    )


def reopen_for_evidence(connection: Connection, snapshot: str, at: datetime) -> list[str]:
    """What was held for want of evidence under another snapshot waits again; answers its ids."""
    ids = list(
        connection.scalars(
            select(submissions.c.id).where(
                submissions.c.state == SubmissionState.HELD,
                submissions.c.hold_kind == HoldKind.EVIDENCE,
                submissions.c.snapshot.is_distinct_from(snapshot),
            )
        )
    )
    for submission_id in ids:
        move(connection, submission_id, SubmissionState.WAITING, failures=0)
        record(connection, at, "reopened", submission_id, f"new evidence: snapshot {snapshot}")
    return ids


def reopen_companions(connection: Connection, source: str, at: datetime) -> list[str]:
    """What waits for its document waits again to be judged, now that this source brought one; answers its ids."""
    ids = list(
        connection.scalars(
            select(submissions.c.id).where(
                submissions.c.state == SubmissionState.HELD,
                submissions.c.hold_kind == HoldKind.COMPANION,
                submissions.c.source == source,
            )
        )
    )
    for submission_id in ids:
        move(connection, submission_id, SubmissionState.WAITING, failures=0)
        record(connection, at, "reopened", submission_id, "a document of the same source was accepted")
    return ids


def interrupted(connection: Connection) -> list[str]:
    """Submissions with a start but no end of an attempt."""
    return list(connection.scalars(select(submissions.c.id).where(submissions.c.state == SubmissionState.DECIDING)))


def waivers_of(connection: Connection, submission_id: str) -> tuple[Waiver, ...]:
    """What people waived."""
    rows = connection.execute(statements.WAIVERS, {"id_": submission_id})
    return tuple(Waiver(row.code, row.file, row.who, row.why) for row in rows)


def waive(connection: Connection, submission_id: str, waiver: Waiver) -> None:
    """Keep a waiver; the same one twice is harmless."""
    if any((w.code, w.file) == (waiver.code, waiver.file) for w in waivers_of(connection, submission_id)):
        return
    connection.execute(
        insert(waivers).values(
            submission_id=submission_id, code=waiver.code, file=waiver.file, who=waiver.who, why=waiver.why
        )
    )


def to_row(row: Row[Any]) -> SubmissionRow:
    """A database row as a value."""
    return SubmissionRow(
        id=row.id,
        source=row.source,
        received_at=row.received_at,
        acknowledged=row.acknowledged,
        state=SubmissionState(row.state),
        hold_kind=HoldKind(row.hold_kind) if row.hold_kind else None,
        verdict=VerdictKind(row.verdict) if row.verdict else None,
        version=row.version,
        failures=row.failures,
        snapshot=row.snapshot,
        decided_at=row.decided_at,
    )
