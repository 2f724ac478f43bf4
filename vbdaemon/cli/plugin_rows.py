"""Every plugin of a site as `plugin list` shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vbdaemon.cli.plugin_past import Past
from vbdaemon.config import Settings
from vbdaemon.operation.plugin_failures import Failures
from vbdaemon.operation.plugin_glance import glance_at
from vbdaemon.operation.plugin_survey import Survey, survey
from vbdaemon.plugin_file import found_in
from vbdaemon.registry import Plugin
from vbdaemon.state.plugin_marks import LONGEST, CallTotal

BUILTIN, ENABLED, SHADOW = "built-in", "enabled", "shadow"
OFF, BROKEN, IDLE = "switched off", "does not load", "not enabled"


@dataclass(frozen=True, slots=True)
class Row:
    """One plugin of the list."""

    name: str
    version: str
    hooks: tuple[str, ...]
    state: str
    why: str = ""
    """What keeps it from running."""
    optional: bool = False
    failed: Failures | None = None
    called: CallTotal | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All of them, and who is asked first."""

    rows: tuple[Row, ...]
    order: Mapping[str, tuple[str, ...]]


def listing(settings: Settings, past: Past) -> Listing:
    """What does not load first, then in the order of asking, then what lies there and is not enabled."""
    acting = settings.plugins.acting
    off = frozenset(name for name in past.off if name in acting)
    seen = survey(settings, off)
    return Listing(tuple(_rows(settings, past, seen)), seen.order)


def _rows(settings: Settings, past: Past, seen: Survey) -> Iterator[Row]:
    folder = settings.path(settings.plugins.folder)
    for name, words in seen.broken.items():
        glance = glance_at(folder / f"{name}.py")
        yield Row(name, glance.version, glance.hooks, BROKEN, words)
    watching = settings.plugins.shadow
    for plugin in (*seen.aside, *seen.acting):
        state = BUILTIN if plugin.builtin else ENABLED
        if plugin in seen.aside:
            state = SHADOW if plugin.name in watching else OFF
        yield _row(plugin, state, settings, past)
    told = {*seen.broken, *(plugin.name for plugin in (*seen.aside, *seen.acting))}
    for name in found_in(folder):
        if name not in told:
            glance = glance_at(folder / f"{name}.py")
            yield Row(name, glance.version, glance.hooks, IDLE, glance.mistake)


def _row(plugin: Plugin, state: str, settings: Settings, past: Past) -> Row:
    off = past.off.get(plugin.name)
    return Row(
        plugin.name,
        plugin.version,
        plugin.hooks,
        state,
        off.words if off and state == OFF else "",
        plugin.name in settings.plugins.optional,
        past.failures.get(plugin.name),
        past.calls.get((plugin.name, plugin.version[:LONGEST])),
    )
