"""Switches a plugin off that fails again and again, keeps that in mind, and sums up what plugins cost.

That a plugin is off is part of what decisions rest on: it is part of the snapshot and of its version. So whatever was
being decided meanwhile is decided again, and what was held for want of the plugin re-opens once it is on again.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from prometheus_client.core import Metric

from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.model import PluginOff, Snapshot
from vbdaemon.operation.metrics_family import counter, gauge
from vbdaemon.operation.plugin_off import clear, off_words, write_off
from vbdaemon.operation.plugin_tally import PluginTally
from vbdaemon.pipeline.calls import STARTUP, CallSum
from vbdaemon.plugin_file import bodies_in, mark_of
from vbdaemon.state import plugin_marks
from vbdaemon.state.plugin_marks import SwitchedOff
from vbdaemon.state.store import State

log = structlog.get_logger("plugins")
FLUSH_EVERY = timedelta(seconds=30)
HARMLESS = frozenset({"track_event"})
"""Hooks whose exceptions stop nothing: only a hang or a crash there counts against the plugin."""


class Guard:
    """One for a daemon. `told` may be called by any thread, all else by the daemon's own."""

    def __init__(self, state: State, clock: Clock, settings: Settings, bodies: Mapping[str, bytes]) -> None:
        """`bodies` are the plugin files, by name, that workers load."""
        self._state = state
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], int] = {}
        self._off: dict[str, SwitchedOff] = {}
        self._unwritten: set[str] = set()
        self._back: set[str] = set()
        self._tally = PluginTally()
        self._flush_at = clock() + FLUSH_EVERY
        self.take(settings, bodies)

    def take(self, settings: Settings, bodies: Mapping[str, bytes]) -> None:
        """What is in force from now on; a plugin of another version, or with other settings, is on again."""
        self._settings, self._bodies = settings, dict(bodies)
        rows = self._state.read(plugin_marks.off)
        changed = [row for row in rows if row.name in settings.plugins.acting and self._mark(row.name) != row.mark]
        for row in changed:
            self._state.write(partial(clear, name=row.name, words="it was changed", at=self._clock()))
        self._remember()

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

    def renewed(self, bodies: Mapping[str, bytes]) -> dict[str, bytes]:
        """The plugin files that workers are to load: of a plugin that is on again, as it lies there now."""
        with self._lock:
            names, self._back = self._back, set()
        found = bodies_in(self._settings.path(self._settings.plugins.folder), sorted(names))
        self._bodies.update(found)
        return {**bodies, **found}

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
                    if each.went_well:  # so it was loaded
                        self._runs.pop((each.plugin, STARTUP), None)
                    if run >= section.failures_in_a_row and each.plugin not in self._off:
                        over.append(self._switch_off(each, run))
        for row in over:
            log.error("plugin switched off", plugin=row.name, why=row.words)
            written = self._state.write_later(partial(write_off, row=row, optional=row.name in section.optional))
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
            more = self._tally.take(at)
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
        return mark_of(name, self._bodies.get(name), self._settings.plugins.tables.get(name, {}))

    def _switch_off(self, each: CallSum, run: int) -> SwitchedOff:
        words = f"{run} failures in a row, the last in hook {each.hook!r}"
        mark = self._mark(each.plugin)
        row = SwitchedOff(each.plugin, each.version, mark, each.hooks, words, self._clock())
        self._off[row.name] = row
        self._unwritten.add(row.name)
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
            self._back.update(back)
        for name in back:
            log.info("plugin is on again", plugin=name)
