"""Mails that are pieces of one whole meet here: the last one to come is decided with all of them."""

from datetime import datetime, timedelta

from vbdaemon.model import Piece, VerdictKind, Waiver
from vbdaemon.pipeline.stages.piece import AWAITED
from vbdaemon.state import decisions, deliveries, pieces, secrecy, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.pieces import Waiting
from vbdaemon.state.records import Decision, HoldKind, SubmissionRow, SubmissionState

LONGEST_WAIT = timedelta(days=3)
"""After it a piece is judged for what it is: "(phần 1/2)" in a subject can be a false alarm."""


def beside(connection: Connection, submission_id: str) -> tuple[str, ...]:
    """The submissions that make a whole together with this one, as far as their numbers tell; else none.

    A whole that is judged again is judged with the same pieces, unless somebody took one of them out.
    """
    piece = pieces.of(connection, submission_id)
    if piece is None:
        return ()
    before = _joined_before(connection, submission_id)
    if before and still_wait(connection, submission_id, before):
        return before
    others = pieces.waiting(connection, piece.key, submission_id)
    return tuple(other.submission for other in others) if _all_there(piece, others) else ()


def gather(connection: Connection, submission_id: str, piece: Piece, at: datetime) -> SubmissionState:
    """A piece waits; when the others are there and were not tried yet, it is decided again, with them."""
    pieces.write(connection, submission_id, piece, at)
    others = beside(connection, submission_id)
    if not others or set(others) == set(piece.beside):
        return SubmissionState.HELD
    deliveries.cancel(connection, submission_id)  # it need not be told to wait
    submissions.move(connection, submission_id, SubmissionState.WAITING, failures=0)
    record(connection, at, "reopened", submission_id, f"all {len(others) + 1} pieces are there")
    return SubmissionState.WAITING


def still_wait(connection: Connection, submission_id: str, joined: tuple[str, ...]) -> bool:
    """True while nobody decided otherwise about the pieces that are joined with this submission."""
    before = _joined_before(connection, submission_id) if joined else ()
    return all(_is_ours(submissions.get(connection, each), before) for each in joined)


def close(connection: Connection, submission_id: str, decision: Decision, state: SubmissionState, at: datetime) -> None:
    """The pieces that were joined are done with: what became of the whole stands with the last one.

    What is secret in the whole is secret in its pieces.
    """
    for each in decision.joined:
        if state is SubmissionState.QUARANTINED:
            secrecy.lock_away(connection, each, at)
            submissions.move(connection, each, state, verdict=VerdictKind.QUARANTINE, decided_at=at)
            record(connection, at, "decided", each, f"{VerdictKind.QUARANTINE} joined with {submission_id}")
        elif submissions.get(connection, each).state is SubmissionState.HELD:
            submissions.move(connection, each, SubmissionState.FILED, decided_at=at)
            record(connection, at, "filed", each, f"joined with {submission_id}")


def give_up(connection: Connection, at: datetime) -> tuple[str, ...]:
    """Pieces that waited too long are judged alone; answers their ids."""
    late = pieces.overdue(connection, at - LONGEST_WAIT)
    for each in late:
        decision = decisions.latest(connection, each)
        for document in decision.documents if decision else ():
            waiver = Waiver(AWAITED, document.main_sha256, "vbdaemon", "the other pieces did not come")
            submissions.waive(connection, each, waiver)
        submissions.move(connection, each, SubmissionState.WAITING, failures=0)
        record(connection, at, "reopened", each, "the other pieces did not come; it is judged alone")
    return late


def _joined_before(connection: Connection, submission_id: str) -> tuple[str, ...]:
    decision = decisions.latest(connection, submission_id)
    return decision.joined if decision else ()


def _is_ours(row: SubmissionRow, before: tuple[str, ...]) -> bool:
    """A piece that waits, or one that was joined with the same submission already."""
    filed = row.state is SubmissionState.FILED and row.id in before
    return filed or (row.state, row.hold_kind) == (SubmissionState.HELD, HoldKind.PIECES)


def _all_there(piece: Piece, others: tuple[Waiting, ...]) -> bool:
    numbers = {piece.number, *(other.number for other in others)}
    totals = [total for total in (piece.total, *(other.total for other in others)) if total]
    if totals:
        return numbers >= set(range(1, totals[0] + 1))
    return len(numbers) > 1 and numbers == set(range(1, len(numbers) + 1))
