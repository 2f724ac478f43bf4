"""Alarms: each is raised once, told, and cleared when its cause is gone or a person says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from vbdaemon.state.events import record, record_said
from vbdaemon.state.tables_paper import alarms


class AlarmKind(StrEnum):
    """What can be so wrong that a person is called."""

    HELD = "held"
    """HELD past the end of the next working day after it was handed in."""
    PROMISE = "promise"
    """Not with every recipient in the minutes that its mark of urgency promises."""
    UNDELIVERED = "undelivered"
    """A document or notice was given up; `about` is the delivery."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm."""

    kind: AlarmKind
    submission: str
    at: datetime
    """When it was raised."""
    words: str
    """No text, name or subject of a document."""
    about: str = ""
    """Id of the delivery, where it is about one."""


def raise_alarm(connection: Connection, alarm: Alarm) -> bool:
    """Keep it and record the event; False when the same one was raised before: each is raised once."""
    key = {"kind": alarm.kind, "submission_id": alarm.submission, "about": alarm.about}
    known = select(alarms.c.kind).filter_by(**key)
    if connection.execute(known).one_or_none() is not None:
        return False
    connection.execute(insert(alarms).values(**key, at=alarm.at, words=alarm.words))
    record(connection, alarm.at, f"alarm-{alarm.kind}", alarm.submission, alarm.words)
    return True


def opened(connection: Connection, limit: int | None = None) -> tuple[Alarm, ...]:
    """Alarms that are not cleared, the oldest first."""
    query = select(alarms).where(alarms.c.cleared_at.is_(None)).order_by(alarms.c.at, alarms.c.submission_id)
    rows = connection.execute(query if limit is None else query.limit(limit))
    return tuple(Alarm(AlarmKind(row.kind), row.submission_id, row.at, row.words, row.about) for row in rows)


def counts(connection: Connection) -> dict[AlarmKind, int]:
    """How many alarms of each kind are open; every kind has its number."""
    query = select(alarms.c.kind, func.count()).where(alarms.c.cleared_at.is_(None)).group_by(alarms.c.kind)
    found = {AlarmKind(kind): count for kind, count in connection.execute(query)}
    return {kind: found.get(kind, 0) for kind in AlarmKind}


def clear(connection: Connection, which: Iterable[Alarm], at: datetime) -> None:
    """Their causes are gone."""
    for alarm in which:
        connection.execute(
            update(alarms)
            .where(
                alarms.c.kind == alarm.kind,
                alarms.c.submission_id == alarm.submission,
                alarms.c.about == alarm.about,
                alarms.c.cleared_at.is_(None),
            )
            .values(cleared_at=at)
        )


def clear_by_person(connection: Connection, submission_id: str, who: str, why: str, at: datetime) -> int:
    """A person saw to it: all open alarms of a submission are cleared, and not raised again; answers how many."""
    ours = update(alarms).where(alarms.c.submission_id == submission_id, alarms.c.cleared_at.is_(None))
    count = connection.execute(ours.values(cleared_at=at)).rowcount
    if count:
        record_said(connection, at, "alarm-cleared", submission_id, who, why)
    return count


def untold(connection: Connection) -> tuple[Alarm, ...]:
    """Open alarms that no mail told of yet, the oldest first."""
    query = (
        select(alarms)
        .where(alarms.c.cleared_at.is_(None), alarms.c.told_at.is_(None))
        .order_by(alarms.c.at, alarms.c.submission_id)
    )
    rows = connection.execute(query)
    return tuple(Alarm(AlarmKind(row.kind), row.submission_id, row.at, row.words, row.about) for row in rows)


def told(connection: Connection, which: Iterable[Alarm], at: datetime) -> None:
    """A mail tells of them."""
    for alarm in which:
        connection.execute(
            update(alarms)
            .where(
                alarms.c.kind == alarm.kind,
                alarms.c.submission_id == alarm.submission,
                alarms.c.about == alarm.about,
            )
            .values(told_at=at)
        )
