"""Extracts of a book that was sent while a document in it was not known to be secret."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from vbdaemon.model.register import Direction
from vbdaemon.state import deliveries as outbox
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.state.report_letters import REPORT_LETTER
from vbdaemon.state.tables import deliveries, submissions
from vbdaemon.state.tables_register import register_entries

WITHDRAWN = "report-withdrawn"
"""Kind of the event."""


@dataclass(frozen=True, slots=True)
class LockedLine:
    """A line of the register whose document is locked away."""

    book: str
    direction: Direction
    on: date
    """The day on which it was entered."""
    locked_at: datetime


def locked_lines(connection: Connection) -> list[LockedLine]:
    """All of them; few, for most that is secret is never entered."""
    lines, admitted = register_entries.c, submissions.c
    query = (
        select(lines.book, lines.direction, lines.registered_on, admitted.decided_at)
        .join(submissions, admitted.id == lines.submission_id)
        .where(admitted.state == SubmissionState.QUARANTINED, admitted.decided_at.is_not(None))
        .distinct()
    )
    return [
        LockedLine(row.book, Direction(row.direction), row.registered_on, row.decided_at)
        for row in connection.execute(query)
    ]


def withdraw(connection: Connection, folder: str, at: datetime) -> int:
    """What has not left of this report does not leave any more; answers how many letters."""
    waiting = select(deliveries.c.id).where(
        deliveries.c.state == DeliveryState.DUE,
        deliveries.c.key.startswith(f"{REPORT_LETTER}{folder}:", autoescape=True),
    )
    found = list(connection.scalars(waiting))
    for each in found:
        outbox.withdraw(connection, each)
    words = f"{folder}: a document in it was locked away; {len(found)} letters withdrawn, have those recalled that left"
    record(connection, at, WITHDRAWN, None, words)
    return len(found)
