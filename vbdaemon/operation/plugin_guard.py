"""Switches a plugin off that fails again and again, keeps that in mind, and sums up what plugins cost.

That a plugin is off is part of what decisions rest on: it is part of the snapshot and of its version. So whatever was
being decided meanwhile is decided again, and what was held for want of the plugin re-opens once it is on again.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from prometheus_client.core import Metric

from vbdaemon.clock import VIETNAM, Clock
from vbdaemon.config import Settings
from vbdaemon.model import PluginOff, Snapshot
from vbdaemon.operation.metrics_family import counter, gauge
from vbdaemon.operation.plugin_tally import PluginTally
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.plugin_file import mark_of
from vbdaemon.registry import Plugin
from vbdaemon.state import plugin_marks
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.plugin_marks import SwitchedOff
from vbdaemon.state.store import State

log = structlog.get_logger("plugins")
FLUSH_EVERY = timedelta(seconds=30)
HARMLESS = frozenset({"track_event"})
"""Hooks whose exceptions stop nothing: only a hang or a crash there counts against the plugin."""
OFF, ON = "plugin-off", "plugin-on"
"""Kinds of events."""


class Guard:
    """One for a daemon. `told` may be called by any thread, all else by the daemon's own."""

    def __init__(self, state: State, clock: Clock, settings: Settings) -> None:
        self._state = state
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], int] = {}
        self._off: dict[str, SwitchedOff] = {}
        self._unwritten: set[str] = set()
        self._known: dict[str, Plugin] = {}
        self._tally = PluginTally()
        self._flush_at = clock() + FLUSH_EVERY
        self.take(settings)

    def take(self, settings: Settings) -> None:
        """Settings as they are from now on; a plugin of another version, or with other settings, is on again."""
        self._settings = settings
        rows = self._state.read(plugin_marks.off)
        changed = [row for row in rows if row.name in settings.plugins.acting and self._mark(row.name) != row.mark]
        for row in changed:
            self._state.write(partial(_clear, name=row.name, words="it was changed", at=self._clock()))
        self._remember()

    def know(self, plugins: Iterable[Plugin]) -> None:
        """What the workers loaded."""
        self._known.update({plugin.name: plugin for plugin in plugins})

    def applied(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the plugins that are off; the same as often as it is asked."""
        plugins, base = self._settings.plugins, snapshot.version.partition("-")[0]
        off = tuple(
            PluginOff(each.name, each.hooks, each.name in plugins.optional)
            for each in self._present()
            if each.name in plugins.acting
        )
        if not off:
            return replace(snapshot, version=base, plugins_off=())
        digest = hashlib.sha256(repr([(each.name, each.optional) for each in off]).encode()).hexdigest()[:8]
        return replace(snapshot, version=f"{base}-{digest}", plugins_off=off)

    def changed(self, snapshot: Snapshot) -> bool:
        """True when another set of plugins is off than the snapshot says."""
        return self.applied(snapshot).version != snapshot.version

    def words(self) -> tuple[str, ...]:
        """Each plugin that is off, and why."""
        acting = self._settings.plugins.acting
        return tuple(off_words(each) for each in self._present() if each.name in acting)

    def told(self, calls: tuple[CallSum, ...]) -> None:
        """Plugins were called; the one that failed too often in a row is off from now on."""
        section = self._settings.plugins
        acting, over = section.acting, []
        with self._lock:
            self._tally.add(calls)
            for each in calls:
                if each.plugin in acting and (each.fatal or each.hook not in HARMLESS):
                    run = each.run + (0 if each.went_well else self._runs.get((each.plugin, each.hook), 0))
                    self._runs[each.plugin, each.hook] = run
                    if run >= section.failures_in_a_row and each.plugin not in self._off:
                        over.append(self._switch_off(each.plugin, each.hook, run))
        for row in over:
            log.error("plugin switched off", plugin=row.name, why=row.words)
            written = self._state.write_later(partial(_write_off, row=row))
            written.add_done_callback(partial(self._written, row.name))

    def watched(self, calls: tuple[CallSum, ...]) -> None:
        """A plugin that only watches was called: it is summed up, and never switched off."""
        with self._lock:
            self._tally.add(calls)

    def tick(self) -> None:
        """Notice what a person switched on again; write sums now and then."""
        self._remember()
        if self._clock() >= self._flush_at:
            self.flush()

    def flush(self) -> None:
        """Write down what plugins were called since the last time."""
        at = self._clock()
        self._flush_at = at + FLUSH_EVERY
        with self._lock:
            more = self._tally.take(at, self._known)
        if more:
            self._state.write_later(partial(plugin_marks.add_totals, more=more))

    def metrics(self) -> Iterator[Metric]:
        """Since the daemon's start."""
        with self._lock:
            sums = self._tally.all()
        rows = [((name,), each) for name, each in sums.items()]
        yield counter("plugin_calls", "Calls of hooks.", ["plugin"], ((name, each.calls) for name, each in rows))
        words = "Seconds spent in hooks."
        yield counter("plugin_seconds", words, ["plugin"], ((name, each.seconds) for name, each in rows))
        words = "Calls that raised, crashed, took too long, or answered what the hook does not take."
        yield counter("plugin_failures", words, ["plugin"], ((name, each.failures) for name, each in rows))
        off = (((each.name,), 1) for each in self._present())
        yield gauge("plugin_off", "1 for a plugin that was switched off.", ["plugin"], off)

    def _present(self) -> list[SwitchedOff]:
        with self._lock:
            return [self._off[name] for name in sorted(self._off)]

    def _mark(self, name: str) -> str:
        plugins = self._settings.plugins
        return mark_of(self._settings.path(plugins.folder), name, plugins.tables.get(name, {}))

    def _switch_off(self, name: str, hook: str, run: int) -> SwitchedOff:
        known = self._known.get(name)
        words = f"{run} failures in a row, the last in hook {hook!r}"
        row = SwitchedOff(
            name, known.version if known else "?", self._mark(name), known.hooks if known else (hook,), words,
            self._clock(),
        )  # fmt: skip
        self._off[name] = row
        self._unwritten.add(name)
        return row

    def _written(self, name: str, done: "Future[None]") -> None:
        error = done.exception()
        if error is not None:  # it is on again at the next look, and may fail again
            log.error("that a plugin is off was not written down", plugin=name, error=str(error))
        with self._lock:
            self._unwritten.discard(name)

    def _remember(self) -> None:
        """What the state says stands, but for what was being written when it was asked."""
        with self._lock:
            unwritten = set(self._unwritten)
        rows = self._state.read(plugin_marks.off)
        with self._lock:
            kept = {name: each for name, each in self._off.items() if name in unwritten | self._unwritten}
            before, self._off = self._off, {row.name: row for row in rows} | kept
            back = [name for name in before if name not in self._off]
            self._runs = {key: run for key, run in self._runs.items() if key[0] not in back}
        for name in back:
            log.info("plugin is on again", plugin=name)
            self._state.write(partial(plugin_marks.reopen_failed, name=name, at=self._clock()))


def switch_on(state: State, name: str, who: str, at: datetime) -> bool:
    """A person says that it is mended; a running daemon notices within a second. False when it was not off."""
    if all(row.name != name for row in state.read(plugin_marks.off)):
        return False
    state.write(partial(_clear, name=name, words=f"by {who}", at=at))
    return True


def off_words(each: SwitchedOff) -> str:
    """One line for people."""
    return (
        f"{each.name}: {each.words}, {each.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}; vbdaemon plugin enable {each.name}"
    )


def _write_off(connection: Connection, *, row: SwitchedOff) -> None:
    plugin_marks.switch_off(connection, row)
    words = f"plugin {row.name!r} was switched off: {row.words}; mend it, then: vbdaemon plugin enable {row.name}"
    record(connection, row.at, OFF, None, words)


def _clear(connection: Connection, *, name: str, words: str, at: datetime) -> None:
    if plugin_marks.switch_on(connection, name):
        record(connection, at, ON, None, f"plugin {name!r} is on again: {words}")
