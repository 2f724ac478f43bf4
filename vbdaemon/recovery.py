"""At start: spool and state are made to agree; nothing is lost, nothing is taken twice."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import VerdictKind
from vbdaemon.pipeline.locked_away import put_away
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries, secrecy, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.locked import REMOVED, is_locked
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.soundness import is_disposed
from vbdaemon.state.store import State

log = structlog.get_logger("recovery")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What recovery found."""

    drafts: int
    orphans: int
    damaged: int
    suspects: tuple[str, ...]
    """Interrupted while being decided: they run one at a time, since one of them may have brought us down."""


def recover(spool: Spool, state: State, at: datetime, most_attempts: int) -> Recovered:
    """Reconcile after whatever happened. Running it twice changes nothing more."""
    drafts = list(spool.drafts())
    for draft in drafts:
        spool.discard_draft(draft)
    _lock_what_lies_locked(spool, state, at)
    found = Recovered(
        drafts=len(drafts),
        orphans=_orphans(spool, state, at),
        damaged=_damaged(spool, state, at),
        suspects=_interrupted(state, at, most_attempts),
    )
    put_away(spool, state)
    state.write(lambda c: deliveries.close_attempts(c, at))
    log.info(
        "recovered",
        drafts=found.drafts,
        orphans=found.orphans,
        damaged=found.damaged,
        suspects=len(found.suspects),
    )
    return found


def _orphans(spool: Spool, state: State, at: datetime) -> int:
    """A sealed folder without a row was never acknowledged: the source offers it again."""
    orphans = [submission_id for submission_id in spool.recently_sealed() if not state.is_known(submission_id)]
    for orphan in orphans:
        spool.orphan(orphan)
        words = "sealed in the spool but never acknowledged; moved to orphaned/, its source offers it again"
        state.write(partial(record, at=at, kind="orphaned", submission_id=orphan, words=words))
    return len(orphans)


def _damaged(spool: Spool, state: State, at: datetime) -> int:
    """A row without its folder is damage: held, with an alarm."""
    rows = state.read(lambda c: submissions.listed(c, (SubmissionState.WAITING, SubmissionState.DECIDING)))
    damaged = 0
    for row in rows:
        try:
            spool.load(row.id)
        except SpoolDamaged as damage:
            damaged += 1
            log.error("spool damaged", submission=row.id, error=str(damage))
            state.write(partial(_hold_damaged, submission_id=row.id, words=str(damage), at=at))
    return damaged


def _hold_damaged(connection: Connection, submission_id: str, words: str, at: datetime) -> None:
    submissions.end_attempt(connection, submission_id, at, words)
    submissions.move(connection, submission_id, SubmissionState.HELD, HoldKind.FAILURE, verdict=VerdictKind.HOLD)
    record(connection, at, "spool-damaged", submission_id, words)


def _lock_what_lies_locked(spool: Spool, state: State, at: datetime) -> None:
    """Bytes in quarantine that the state knows as open: a backup of before was put back, and has their words again."""
    for folder in sorted((spool.root / "quarantine").iterdir()):
        if not spool.folder_of(folder.name).is_dir() and state.read(partial(_is_open, submission_id=folder.name)):
            log.warning("locked away again: its bytes lie in quarantine", submission=folder.name)
            state.write(partial(_lock_again, submission_id=folder.name, at=at))


def _is_open(connection: Connection, submission_id: str) -> bool:
    if not submissions.exists(connection, submission_id) or is_disposed(connection, submission_id):
        return False
    return not is_locked(connection, submission_id)


def _lock_again(connection: Connection, submission_id: str, at: datetime) -> None:
    submissions.end_attempt(connection, submission_id, at, REMOVED)
    submissions.move(
        connection,
        submission_id,
        SubmissionState.QUARANTINED,
        verdict=VerdictKind.QUARANTINE,
        decided_at=at,
        failures=0,
    )
    secrecy.lock_away(connection, submission_id, at)
    record(connection, at, "decided", submission_id, f"{VerdictKind.QUARANTINE} its bytes lie in quarantine")


def _interrupted(state: State, at: datetime, most_attempts: int) -> tuple[str, ...]:
    """A start without an end counts as a failed attempt."""
    ids = state.read(submissions.interrupted)
    words = "interrupted: the daemon ended during this attempt"
    for submission_id in ids:
        state.write(
            partial(submissions.fail_attempt, submission_id=submission_id, at=at, words=words, most=most_attempts)
        )
    return tuple(ids)
