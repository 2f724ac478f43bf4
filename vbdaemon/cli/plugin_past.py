"""What the state knows of plugins: failures, time spent, what was switched off; nothing where there is no state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vbdaemon.cli.reader import open_reader
from vbdaemon.config import Settings
from vbdaemon.errors import StateError
from vbdaemon.operation.plugin_failures import Failures, failures
from vbdaemon.state import plugin_marks
from vbdaemon.state.plugin_marks import CallTotal, SwitchedOff
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class Past:
    """By name of the plugin."""

    failures: Mapping[str, Failures] = field(default_factory=dict)
    off: Mapping[str, SwitchedOff] = field(default_factory=dict)
    calls: Mapping[tuple[str, str], CallTotal] = field(default_factory=dict)
    """By name and version."""


def past(settings: Settings) -> Past:
    """Empty when nothing was ever received, or the state cannot be read."""
    try:
        state = open_reader(settings)
    except StateError:
        return Past()
    try:
        return _read(state)
    except StateError:
        return Past()
    finally:
        state.close()


def _read(state: State) -> Past:
    return Past(
        failures(state),
        {each.name: each for each in state.read(plugin_marks.off)},
        {(each.plugin, each.version): each for each in state.read(plugin_marks.totals)},
    )
