"""The composition root: builds everything from the settings, starts and stops it in order."""

import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

import structlog

from vbdaemon.claim import Ownership
from vbdaemon.clock import Clock, system_clock
from vbdaemon.config import Settings
from vbdaemon.delivery.agent import Agent
from vbdaemon.delivery.tracking import TrackTask
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.folders import lay_out
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.identity import NewId, random_id
from vbdaemon.model import Snapshot
from vbdaemon.operation import acts as operation_acts
from vbdaemon.operation.refresh import Refresh, RefreshSettings
from vbdaemon.operation.trust_use import TrustUse
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.runner import Runner
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.pipeline.worker import WorkerSetup
from vbdaemon.recovery import recover
from vbdaemon.snapshot import build_snapshot, traces
from vbdaemon.sources import Sources, World
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, events, submissions
from vbdaemon.state.events import record
from vbdaemon.state.records import ActState
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
MEGABYTE = 1 << 20
LOOK_SECONDS = 1.0
TRACKERS = "plugins"
"""Name of the cursor behind which plugins have seen every event."""
EVENTS_AT_ONCE = 100
PIECES_EVERY = timedelta(minutes=10)


class Daemon:
    """Everything that runs, in one object; `start`, then `tick` until told to stop, then `stop`."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = system_clock,
        failpoint: Failpoint = pass_by,
        new_id: NewId = random_id,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._environment = environment or {}
        self._clock = clock
        self._failpoint = failpoint
        self._new_id = new_id
        self._owner = Ownership(settings.path(settings.spool.path))
        self._ending = ExitStack()
        self._pieces_at = clock()
        self._shown: Future[tuple[str, ...]] = Future()
        self._shown.set_result(())

    def start(self) -> None:
        """Own the state, recover, load rules and plugins, start delivering, deciding, taking in: in this order.

        VbdaemonError when anything is not as it must be; `stop` ends what was started by then.
        """
        settings = self._settings
        self.spool = Spool(settings.path(settings.spool.path), self._failpoint)
        self._owner.take()
        self._ending.callback(self._owner.release)
        self._ending.callback(log.info, "stopped")
        self.spool.prepare()
        self._traces = traces(settings)  # before the files are read: a change meanwhile is seen at the first look
        self.snapshot = build_snapshot(settings)
        lay_out(settings, self.snapshot)
        self.state = State(settings.state_url, self._failpoint)
        self._ending.callback(self.state.close)
        found = recover(self.spool, self.state, self._clock(), settings.workers.attempts)
        self._start_workers(found.suspects)
        self._reopen()
        self._start_refresh()
        self._start_intake()
        log.info("started", snapshot=self.snapshot.version, plugins=[p.name for p in self._decisions.ready.plugins])

    def run(self, stop: threading.Event) -> None:
        """Apply acts and watch for new evidence until told to stop."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.tick()
            except VbdaemonError as error:
                log.error("housekeeping failed", error=str(error))

    def tick(self) -> None:
        """One look: acts of people, changed evidence."""
        self._apply_acts()
        self._look_for_evidence()
        self._show_events()
        self._refresh.tick(self._clock())
        self._let_pieces_go()

    def stop(self) -> None:
        """Take nothing more, finish what is under way, close the books: the reverse of the order of starting."""
        self._ending.close()

    def _start_workers(self, suspects: tuple[str, ...]) -> None:
        workers = self._settings.workers
        setup = worker_setup(self._settings, self.snapshot)
        deadlines = Deadlines(workers.call_seconds, {"read": workers.read_seconds, "deliver": 120.0})
        self._deliveries = Pool("delivery", setup, workers.deliveries, deadlines)
        self._ending.callback(self._deliveries.close)
        self._agent = Agent(self.state, self._deliveries, self._clock, self._failpoint)
        self._agent.start()
        self._ending.callback(self._agent.stop)
        self._decisions = Pool("decision", setup, workers.decisions or os.cpu_count() or 1, deadlines)
        self._ending.callback(self._decisions.close)
        self._runner = Runner(
            self.state,
            self.spool,
            self._decisions,
            self.desk,
            self._clock,
            workers.attempts,
            suspects=suspects,
            on_decided=self._agent.wake,
            failpoint=self._failpoint,
        )
        self._runner.start()
        self._ending.callback(self._runner.stop)

    def _start_refresh(self) -> None:
        """CA certificates and revocation lists are fetched by the parent only, and only when the site says so."""
        use = TrustUse(self.state, self.spool, self._decisions.submit)
        self._refresh = Refresh(
            RefreshSettings.of(self._settings.trust.model_dump()),
            self._settings.path(self._settings.trust.folder),
            use.wanted,
            lambda at, words: self.state.write(lambda c: record(c, at, "trust", None, words)),
        )
        self._ending.callback(self._refresh.stop)

    def _start_intake(self) -> None:
        admission = Admission(
            self.spool, self.state, self._clock, self._new_id, self._failpoint, on_admitted=self._runner.wake
        )
        world = World(self._clock, self._failpoint, self._environment, self._tell_unfinished, lambda: "")
        self._sources = Sources(self._settings, self.snapshot, admission, self.state, world)
        self._sources.start()
        self._ending.callback(self._sources.stop)

    def _tell_unfinished(self, results: str, name: str, since: datetime) -> None:
        self._deliveries.submit(UnfinishedTask(results, name, since))

    def desk(self) -> Desk:
        """What settlements use now."""
        register = self._settings.register_
        return Desk(self.snapshot, register.book, register.numbering == "own")

    def _apply_acts(self) -> None:
        for act in self.state.read(acts.queued):
            bench = operation_acts.Bench(self.spool, self.desk())
            outcome = self.state.write(partial(operation_acts.apply, act=act, bench=bench, at=self._clock()))
            log.info("act", act=act.kind.value, submission=act.submission, outcome=outcome.value)
            if outcome is ActState.APPLIED:
                operation_acts.finish(act, self.spool, self.state)
            self._runner.wake()
            self._agent.wake()

    def _show_events(self) -> None:
        """Committed events go to the plugins that track them, once the former batch was shown."""
        if "track_event" not in self._deliveries.ready.order or not self._shown.done():
            return
        seen = self.state.read(lambda c: events.cursor(c, TRACKERS))
        batch = self.state.read(lambda c: events.after(c, seen, EVENTS_AT_ONCE))
        if batch:
            self._shown = self._deliveries.submit(TrackTask(batch))
            self._shown.add_done_callback(partial(self._events_shown, last=batch[-1].id))

    def _events_shown(self, done: "Future[tuple[str, ...]]", *, last: int) -> None:
        """A plugin that fails, hangs or crashes here is logged; it is not shown the same events for ever."""
        error = done.exception()
        for words in (str(error),) if error else done.result():
            log.warning("event tracker failed", error=words)
        self.state.write_later(lambda c: events.move_cursor(c, TRACKERS, last))

    def _look_for_evidence(self) -> None:
        now = traces(self._settings)
        if now == self._traces:
            return
        self._traces = now
        try:
            snapshot = build_snapshot(self._settings)
            lay_out(self._settings, snapshot)
        except ConfigurationError as error:  # the old one stays in force
            log.error("changed files are not usable, the former ones stay in force", error=str(error))
            return
        if snapshot.version == self.snapshot.version:
            return
        self._take(snapshot)

    def _take(self, snapshot: Snapshot) -> None:
        log.info("new snapshot", snapshot=snapshot.version, before=self.snapshot.version)
        self.snapshot = snapshot
        setup = worker_setup(self._settings, snapshot)
        self._decisions.replace(setup)
        self._deliveries.replace(setup)
        self._sources.replace(snapshot)
        at = self._clock()
        self.state.write(
            lambda c: record(c, at, "snapshot", None, f"rules, units or trust changed: {snapshot.version}")
        )
        self._reopen()

    def _let_pieces_go(self) -> None:
        at = self._clock()
        if at < self._pieces_at:
            return
        self._pieces_at = at + PIECES_EVERY
        if self.state.write(lambda c: pieces.give_up(c, at)):
            self._runner.wake()

    def _reopen(self) -> None:
        at = self._clock()
        version = self.snapshot.version
        ids = self.state.write(lambda c: submissions.reopen_for_evidence(c, version, at))
        if ids:
            log.info("reopened for new evidence", submissions=len(ids))
            self._runner.wake()


def worker_setup(settings: Settings, snapshot: Snapshot) -> WorkerSetup:
    """What workers are started with."""
    return WorkerSetup(
        snapshot=snapshot,
        spool=settings.path(settings.spool.path),
        plugin_folder=settings.path(settings.plugins.folder),
        enabled=settings.plugins.enabled,
        tables=settings.plugins.tables,
        memory_bytes=settings.workers.memory_megabytes * MEGABYTE,
        fast_signatures=settings.workers.fast_signatures,
    )
