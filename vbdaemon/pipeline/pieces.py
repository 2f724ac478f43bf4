"""Mails that are pieces of one whole meet here: the last one to come is decided with all of them."""

from datetime import datetime, timedelta

from vbdaemon.model import Piece, Waiver
from vbdaemon.state import decisions, pieces, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.pieces import Waiting
from vbdaemon.state.records import Decision, HoldKind, SubmissionState

AWAITED = "piece-awaited"
LONGEST_WAIT = timedelta(days=3)
"""After it a piece is judged for what it is: "(1/2)" in a subject can be a false alarm."""


def beside(connection: Connection, submission_id: str) -> tuple[str, ...]:
    """The submissions that make a whole together with this one, as far as their numbers tell; else none."""
    piece = pieces.of(connection, submission_id)
    if piece is None:
        return ()
    others = pieces.waiting(connection, piece.key, submission_id)
    return tuple(other.submission for other in others) if _all_there(piece, others) else ()


def gather(connection: Connection, submission_id: str, piece: Piece, at: datetime) -> SubmissionState:
    """A piece waits; when the others are there and were not tried yet, it is decided again, with them."""
    pieces.write(connection, submission_id, piece, at)
    others = beside(connection, submission_id)
    if not others or set(others) == set(piece.beside):
        return SubmissionState.HELD
    submissions.move(connection, submission_id, SubmissionState.WAITING, failures=0)
    record(connection, at, "reopened", submission_id, f"all {len(others) + 1} pieces are there")
    return SubmissionState.WAITING


def still_wait(connection: Connection, joined: tuple[str, ...]) -> bool:
    """True while nobody decided otherwise about the pieces that were joined."""
    rows = (submissions.get(connection, each) for each in joined)
    return all((row.state, row.hold_kind) == (SubmissionState.HELD, HoldKind.PIECES) for row in rows)


def close(connection: Connection, submission_id: str, decision: Decision, at: datetime) -> None:
    """The pieces that were joined are done with: what became of the whole stands with the last one."""
    for each in decision.joined:
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


def _all_there(piece: Piece, others: tuple[Waiting, ...]) -> bool:
    numbers = {piece.number, *(other.number for other in others)}
    totals = [total for total in (piece.total, *(other.total for other in others)) if total]
    if totals:
        return numbers >= set(range(1, totals[0] + 1))
    return len(numbers) > 1 and numbers == set(range(1, len(numbers) + 1))
