"""That a plugin is off: written down, told, and taken back."""

from datetime import datetime
from functools import partial

from vbdaemon.clock import VIETNAM
from vbdaemon.state import plugin_marks
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.plugin_marks import SwitchedOff
from vbdaemon.state.store import State

OFF, ON = "plugin-off", "plugin-on"
"""Kinds of events."""


def switch_on(state: State, name: str, who: str, at: datetime) -> bool:
    """A person says that it is mended; a running daemon notices within a second. False when it was not off."""
    if all(row.name != name for row in state.read(plugin_marks.off)):
        return False
    state.write(partial(clear, name=name, words=f"by {who}", at=at))
    return True


def off_words(each: SwitchedOff) -> str:
    """One line for people."""
    return (
        f"{each.name}: {each.words}, {each.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}; vbdaemon plugin enable {each.name}"
    )


def write_off(connection: Connection, *, row: SwitchedOff, optional: bool = False) -> None:
    """It is off from now on; an event calls people. What one that is `optional` held up goes on without it."""
    plugin_marks.switch_off(connection, row)
    words = f"plugin {row.name!r} was switched off: {row.words}; mend it, then: vbdaemon plugin enable {row.name}"
    record(connection, row.at, OFF, None, words)
    if optional:
        plugin_marks.reopen_failed(connection, row.name, row.at, "is switched off, and documents go on without it")


def clear(connection: Connection, *, name: str, words: str, at: datetime) -> None:
    """It is on again, if it was off; what it kept from being decided waits to be judged again."""
    if plugin_marks.switch_on(connection, name):
        record(connection, at, ON, None, f"plugin {name!r} is on again: {words}")
        plugin_marks.reopen_failed(connection, name, at, "is on again")
