"""The composition root: builds everything from the settings, starts and stops it in order."""

import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime

import structlog

from vbdaemon.claim import Ownership
from vbdaemon.clock import Clock, system_clock
from vbdaemon.config import Settings
from vbdaemon.delivery.agent import Agent
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.folders import lay_out
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.identity import NewId, random_id
from vbdaemon.model import Snapshot
from vbdaemon.operation.health_watch import Outlook, Watch, WatchSettings
from vbdaemon.operation.refresh import Refresh, RefreshSettings
from vbdaemon.operation.status_pulse import source_of_folder, source_of_mailbox
from vbdaemon.operation.trust_use import TrustUse
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.runner import Runner
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.pipeline.setup import worker_setup
from vbdaemon.recovery import recover
from vbdaemon.rounds import Acts, Overdue, Round, Trackers
from vbdaemon.snapshot import build_snapshot, traces
from vbdaemon.sources import Sources, World
from vbdaemon.spool.store import Spool
from vbdaemon.state import submissions
from vbdaemon.state.events import record
from vbdaemon.state.records import HoldKind
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
LOOK_SECONDS = 1.0
SPARE = 1
"""Delivery workers at work only while others wait for a destination that hangs."""


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
        self._watch = Watch(watch_settings(settings), clock, self._environment)

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
        self._start_workers()
        self._start_refresh()
        self._start_runner(found.suspects)
        self._reopen()
        self._acts = Acts(self.state, self.spool, self.desk, self._clock, (self._runner.wake, self._agent.wake))
        self._rounds: tuple[Round, ...] = (
            Trackers(self.state, self._deliveries),
            Overdue(self.state, self._clock, self._runner.wake, self._agent.wake),
        )
        self._start_intake()
        self._watch.open(self.state, self._outlook)
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
        self._watch.tick()
        self._acts.tick()
        self._look_for_evidence()
        self._refresh.tick(self._clock())
        for each in self._rounds:
            each.tick()

    def stop(self) -> None:
        """Take nothing more, finish what is under way, close the books: the reverse of the order of starting."""
        self._watch.close()
        self._ending.close()

    def _start_workers(self) -> None:
        workers = self._settings.workers
        setup = worker_setup(self._settings, self.snapshot)
        deadlines = Deadlines(workers.call_seconds, {"read": workers.read_seconds, "deliver": 120.0})
        self._deliveries = Pool("delivery", setup, workers.deliveries + SPARE, deadlines)
        self._ending.callback(self._deliveries.close)
        self._agent = Agent(
            self.state,
            self._deliveries,
            self._clock,
            self._failpoint,
            mail=lambda: self.snapshot.mail,
            spare=SPARE,
            beat=self._watch.loop("delivery"),
        )
        self._agent.start()
        self._ending.callback(self._agent.stop)
        self._decisions = Pool("decision", setup, workers.decisions or os.cpu_count() or 1, deadlines)
        self._ending.callback(self._decisions.close)

    def _start_runner(self, suspects: tuple[str, ...]) -> None:
        self._runner = Runner(
            self.state,
            self.spool,
            self._decisions,
            self.desk,
            self._clock,
            self._settings.workers.attempts,
            suspects=suspects,
            on_decided=self._decided,
            failpoint=self._failpoint,
            beat=self._watch.loop("runner"),
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
            self.spool,
            self.state,
            self._clock,
            self._new_id,
            self._failpoint,
            on_admitted=self._runner.wake,
            require=self._watch.require,
        )
        world = World(
            self._clock,
            self._failpoint,
            self._environment,
            self._tell_unfinished,
            self._watch.heartbeat,
            self._watch.full,
        )
        self._sources = Sources(self._settings, self.snapshot, admission, self.state, world)
        self._sources.start()
        self._ending.callback(self._sources.stop)

    def _tell_unfinished(self, results: str, name: str, since: datetime) -> None:
        self._deliveries.submit(UnfinishedTask(results, name, since))

    def _outlook(self) -> Outlook:
        """What `vbdaemon status` is told of this daemon."""
        states, drops = self._sources.folders()
        mailboxes = (source_of_mailbox(each) for each in self._sources.mailboxes())
        return Outlook(self.snapshot.version, (*(source_of_folder(each, drops) for each in states), *mailboxes))

    def _decided(self, submission_id: str) -> None:
        self._agent.wake()
        if not self._settings.trust.fetch:
            return
        try:
            row = self.state.read(lambda c: submissions.get(c, submission_id))
        except VbdaemonError as error:  # it is fetched a little later then
            log.error("not looked at for evidence", submission=submission_id, error=str(error))
            return
        if row.hold_kind is HoldKind.EVIDENCE:
            self._refresh.nudge(self._clock())

    def desk(self) -> Desk:
        """What settlements use now."""
        register = self._settings.register_
        return Desk(self.snapshot, register.book, register.numbering == "own")

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

    def _reopen(self) -> None:
        at = self._clock()
        version = self.snapshot.version
        ids = self.state.write(lambda c: submissions.reopen_for_evidence(c, version, at))
        if ids:
            log.info("reopened for new evidence", submissions=len(ids))
            self._runner.wake()


def watch_settings(settings: Settings) -> WatchSettings:
    """What watches over the daemon, as the settings want it."""
    return WatchSettings.of(settings, settings.disk.low_water_megabytes * 1_000_000, settings.metrics.listen)
