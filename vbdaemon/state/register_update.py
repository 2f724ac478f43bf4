"""Changing a line: each changed field is kept with what it was, and the index follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from vbdaemon.state import register_index
from vbdaemon.state.events import record
from vbdaemon.state.register_line import Change, Line, Value, keep_change, shown
from vbdaemon.state.tables_register import register_changes, register_entries


@dataclass(frozen=True, slots=True)
class Told:
    """Who says so, and why."""

    who: str
    why: str
    at: datetime


def rewrite(
    connection: Connection, line: Line, values: Mapping[str, Value], told: Mapping[str, Told], *, restricted: bool
) -> Line:
    """The line with these values; what does not differ is not touched. `told` says who, for each field.

    A line that becomes restricted keeps no former words in its history.
    """
    differing = {name: value for name, value in values.items() if getattr(line, name) != value}
    turned = restricted != line.restricted
    if not differing and not turned:
        return line
    for name, value in differing.items():
        says = told[name]
        before, after = (None, None) if restricted else (shown(getattr(line, name)), shown(value))
        keep_change(connection, line.id, Change(name, before, after, says.who, says.why, says.at))
    change = _CHANGE.values(restricted=restricted, **differing)
    connection.execute(change, {"id_": line.id})
    changed = replace(line, restricted=restricted, **differing)  # type: ignore[arg-type]  # values fit their fields
    index_again(connection, line, changed)
    return changed


def hide(connection: Connection, line: Line) -> Line:
    """Names, subject and words leave the line, its history and the index; the number stays."""
    if not line.restricted:
        register_index.drop(connection, line.id)
    connection.execute(_BLANK, {"id_": line.id})
    connection.execute(_BLANK_CHANGES, {"id_": line.id})
    return replace(line, restricted=True, **dict.fromkeys(_SAYING))  # type: ignore[arg-type]  # all of them may be empty


def restrict(connection: Connection, line: Line, told: Told) -> Line:
    """It is found to be of a complaint or denunciation: what names a person or the matter goes."""
    line = hide(connection, line)
    keep_change(connection, line.id, Change("restricted", None, None, told.who, told.why, told.at))
    return line


def index_again(connection: Connection, before: Line, after: Line) -> None:
    """The index follows a change."""
    old, new = before.findable(), after.findable()
    if old == new:
        return
    if old is not None:
        register_index.drop(connection, after.id)
    if new is not None:
        register_index.put(connection, after.id, new.tokens())


def void(connection: Connection, line: Line, reason: str, told: Told) -> None:
    """The number stays, the line counts for nothing any more."""
    set_void(connection, line.id, reason, told.at)
    after = None if line.restricted else reason
    keep_change(connection, line.id, Change("voided", None, after, told.who, told.why, told.at))
    record(connection, told.at, "register-voided", line.submission, f"{line.name} by {told.who}")


def set_void(connection: Connection, entry: int, reason: str | None, at: datetime | None) -> None:
    """Mark a line void, or not void any more."""
    connection.execute(_CHANGE.values(void_reason=reason, voided_at=at), {"id_": entry})


_CHANGE = update(register_entries).where(register_entries.c.id == bindparam("id_"))
_KEPT = frozenset({
    "id", "direction", "book", "year", "arrival_number", "registered_on", "arrived_at", "medium", "submission_id",
    "ordinal", "main_sha256", "first_page", "restricted", "voided_at", "void_reason",
})  # fmt: skip
_SAYING = tuple(column.name for column in register_entries.c if column.name not in _KEPT)
"""Columns that tell of the document."""
_BLANK = _CHANGE.values({**dict.fromkeys(_SAYING), "restricted": True})
_BLANK_CHANGES = (
    update(register_changes)
    .where(register_changes.c.entry_id == bindparam("id_"))
    .values(before=None, after=None, why="")
)
