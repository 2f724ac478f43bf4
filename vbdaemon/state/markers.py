"""Milestones of operating, such as the last backup: an event, and a cursor that finds it again at once."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from vbdaemon.model import Event
from vbdaemon.state.events import move_cursor
from vbdaemon.state.tables import cursors, events


def mark(connection: Connection, name: str, at: datetime, words: str, kind: str = "") -> int:
    """Record an event of the kind `name` (or `kind`), and remember it as the last under that name; answers its id."""
    row = {"at": at, "kind": kind or name, "submission_id": None, "words": words}
    event_id: int = connection.execute(insert(events).values(row).returning(events.c.id)).scalar_one()
    move_cursor(connection, _cursor(name), event_id)
    return event_id


def last_mark(connection: Connection, name: str) -> Event | None:
    """The last event that `mark` recorded under this name."""
    query = (
        select(events).join(cursors, cursors.c.event_id == events.c.id).where(cursors.c.name == _cursor(name)).limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Event(row.id, row.at, row.kind, row.submission_id, row.words)


def last_event_id(connection: Connection) -> int:
    """Id of the newest event; 0 without any."""
    return connection.scalar(select(func.max(events.c.id))) or 0


def _cursor(name: str) -> str:
    return f"mark:{name}"
