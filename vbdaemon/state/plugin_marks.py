"""Plugins that were switched off, and how often and how long plugins were called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from vbdaemon.model import Event
from vbdaemon.state import submissions as submission_rows
from vbdaemon.state.events import record
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.tables import attempts, events, submissions
from vbdaemon.state.tables_shadow import plugin_calls, switched_off

LONGEST = 60
"""Characters of a plugin's version that are kept."""


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A plugin that failed too often in a row."""

    name: str
    version: str
    mark: str
    """SHA-256 of its code and settings: another one is another plugin."""
    hooks: tuple[str, ...]
    words: str
    """The last failure."""
    at: datetime


@dataclass(frozen=True, slots=True)
class CallTotal:
    """Of one plugin in one version."""

    plugin: str
    version: str
    calls: int
    seconds: float
    failures: int
    since: datetime


def off(connection: Connection) -> tuple[SwitchedOff, ...]:
    """All of them, by name."""
    rows = connection.execute(select(switched_off).order_by(switched_off.c.name))
    return tuple(SwitchedOff(r.name, r.version, r.mark, tuple(r.hooks.split()), r.words, r.at) for r in rows)


def switch_off(connection: Connection, each: SwitchedOff) -> None:
    """From now on it is off."""
    switch_on(connection, each.name)
    connection.execute(
        insert(switched_off).values(
            name=each.name,
            version=each.version[:LONGEST],
            mark=each.mark,
            hooks=" ".join(each.hooks),
            words=each.words,
            at=each.at,
        )
    )


def switch_on(connection: Connection, name: str) -> bool:
    """True when it was off."""
    return bool(connection.execute(delete(switched_off).where(switched_off.c.name == name)).rowcount)


def totals(connection: Connection) -> tuple[CallTotal, ...]:
    """Of every plugin and version that was ever called."""
    rows = connection.execute(select(plugin_calls).order_by(plugin_calls.c.plugin, plugin_calls.c.since))
    return tuple(CallTotal(r.plugin, r.version, r.calls, r.seconds, r.failures, r.since) for r in rows)


def add_totals(connection: Connection, more: Iterable[CallTotal]) -> None:
    """What was called since the last time; `since` counts where there is nothing yet."""
    table = plugin_calls
    for each in more:
        known = (table.c.plugin == each.plugin, table.c.version == each.version[:LONGEST])
        raised = update(table).where(*known)
        raised = raised.values(
            calls=table.c.calls + each.calls,
            seconds=table.c.seconds + each.seconds,
            failures=table.c.failures + each.failures,
        )
        if connection.execute(raised).rowcount == 0:
            connection.execute(
                insert(table).values(
                    plugin=each.plugin,
                    version=each.version[:LONGEST],
                    calls=each.calls,
                    seconds=each.seconds,
                    failures=each.failures,
                    since=each.since,
                )
            )


def reopen_failed(connection: Connection, name: str, at: datetime, words: str) -> list[str]:
    """What this plugin kept from being decided waits again, for `words` is so; answers the ids."""
    each = attempts.alias()
    last = select(func.max(each.c.number)).where(each.c.submission_id == submissions.c.id).scalar_subquery()
    query = (
        select(submissions.c.id)
        .join(attempts, attempts.c.submission_id == submissions.c.id)
        .where(
            submissions.c.state == SubmissionState.HELD,
            submissions.c.hold_kind == HoldKind.FAILURE,
            attempts.c.number == last,
            attempts.c.words.startswith(f"plugin {name!r}", autoescape=True),
        )
        .order_by(submissions.c.received_at)
    )
    ids = list(connection.scalars(query))
    for submission_id in ids:
        submission_rows.move(connection, submission_id, SubmissionState.WAITING, failures=0)
        record(connection, at, "reopened", submission_id, f"plugin {name!r} {words}")
    return ids


def failures(connection: Connection, kinds: Sequence[str]) -> tuple[Event, ...]:
    """Events of these kinds that name a plugin, oldest first."""
    query = select(events).where(events.c.kind.in_(kinds), events.c.words.startswith("plugin '")).order_by(events.c.id)
    return tuple(Event(r.id, r.at, r.kind, r.submission_id, r.words) for r in connection.execute(query))
