"""Events: what happened, once, forever."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from vbdaemon.model import Event
from vbdaemon.state import statements
from vbdaemon.state.locked import is_locked
from vbdaemon.state.tables import cursors, events


def record(connection: Connection, at: datetime, kind: str, submission_id: str | None, words: str) -> None:
    """One more event. `words` never carry document text, names of files or subjects."""
    connection.execute(statements.ADD_EVENT, {"at": at, "kind": kind, "submission_id": submission_id, "words": words})


def record_said(
    connection: Connection, at: datetime, kind: str, submission_id: str | None, who: str, words: str
) -> None:
    """What a person or a receiver said, after `who`, "delivery 1" or the like; of what is locked away not a word."""
    said = "" if is_locked(connection, submission_id) else words
    record(connection, at, kind, submission_id, f"{who}: {said}" if who and said else who or said)


def of_submission(connection: Connection, submission_id: str) -> tuple[Event, ...]:
    """The whole story of a submission, oldest first."""
    rows = connection.execute(select(events).where(events.c.submission_id == submission_id).order_by(events.c.id))
    return tuple(Event(row.id, row.at, row.kind, row.submission_id, row.words) for row in rows)


def after(connection: Connection, event_id: int, limit: int) -> tuple[Event, ...]:
    """The next events after a cursor."""
    rows = connection.execute(select(events).where(events.c.id > event_id).order_by(events.c.id).limit(limit))
    return tuple(Event(row.id, row.at, row.kind, row.submission_id, row.words) for row in rows)


def cursor(connection: Connection, name: str) -> int:
    """The last event that this reader has seen."""
    return connection.scalar(select(cursors.c.event_id).where(cursors.c.name == name)) or 0


def move_cursor(connection: Connection, name: str, event_id: int) -> None:
    """The reader has seen everything up to `event_id`."""
    if connection.execute(update(cursors).where(cursors.c.name == name).values(event_id=event_id)).rowcount == 0:
        connection.execute(insert(cursors).values(name=name, event_id=event_id))
