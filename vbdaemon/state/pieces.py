"""Mails that are pieces of one whole: which wait for each other, and for how long already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from vbdaemon.model import Piece
from vbdaemon.state import statements
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.tables import pieces, submissions

_WAITS = (submissions.c.state == SubmissionState.HELD) & (submissions.c.hold_kind == HoldKind.PIECES)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece that waits."""

    submission: str
    number: int
    total: int | None


def write(connection: Connection, submission_id: str, piece: Piece, at: datetime) -> None:
    """Remember which piece a submission is; since when is not changed by telling it again."""
    values = {"key": piece.key, "number": piece.number, "total": piece.total}
    known = update(pieces).where(pieces.c.submission_id == submission_id).values(**values)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(pieces).values(submission_id=submission_id, at=at, **values))


def of(connection: Connection, submission_id: str) -> Piece | None:
    """Which piece a submission is, or None."""
    row = connection.execute(statements.PIECE, {"id_": submission_id}).one_or_none()
    return None if row is None else Piece(row.key, row.number, row.total)


def alike(connection: Connection, submission_id: str) -> tuple[str, ...]:
    """The other submissions that were pieces of a whole with the same key; none for what is no piece."""
    key = select(pieces.c.key).where(pieces.c.submission_id == submission_id).scalar_subquery()
    query = select(pieces.c.submission_id).where(pieces.c.key == key, pieces.c.submission_id != submission_id)
    return tuple(connection.scalars(query))


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: the key is made of a subject or a name."""
    connection.execute(delete(pieces).where(pieces.c.submission_id == submission_id))


def waiting(connection: Connection, key: str, besides: str) -> tuple[Waiting, ...]:
    """The other pieces of the whole that wait, in order."""
    query = (
        select(pieces)
        .join(submissions, submissions.c.id == pieces.c.submission_id)
        .where(pieces.c.key == key, pieces.c.submission_id != besides, _WAITS)
        .order_by(pieces.c.number, pieces.c.submission_id)
    )
    return tuple(Waiting(row.submission_id, row.number, row.total) for row in connection.execute(query))


def overdue(connection: Connection, since: datetime) -> tuple[str, ...]:
    """Submissions that have waited for other pieces since before `since`."""
    query = (
        select(pieces.c.submission_id)
        .join(submissions, submissions.c.id == pieces.c.submission_id)
        .where(pieces.c.at <= since, _WAITS)
    )
    return tuple(connection.scalars(query))
