"""The composition root: builds everything from the settings, starts and stops it in order."""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime

import structlog

from vbdaemon.basis import Basis, Evidence
from vbdaemon.claim import Ownership
from vbdaemon.clock import Clock, system_clock
from vbdaemon.config import Settings
from vbdaemon.delivery.agent import Agent
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.folders import lay_out
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.identity import NewId, random_id
from vbdaemon.logs import set_up_logs
from vbdaemon.operation.health_watch import Outlook, Watch, WatchSettings
from vbdaemon.operation.status_pulse import source_of_folder, source_of_mailbox
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.runner import Runner
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.pipeline.setup import worker_setup
from vbdaemon.pipeline.worker import Ready
from vbdaemon.recovery import recover
from vbdaemon.rounds import Acts, Fetching, Overdue, Receipts, Reload, Round, Trackers
from vbdaemon.sources import Sources, World
from vbdaemon.spool.store import Spool
from vbdaemon.state import submissions
from vbdaemon.state.events import record
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
LOOK_SECONDS = 1.0
MEGABYTE = 1_000_000
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
        reread: Callable[[], Settings] | None = None,
    ) -> None:
        """`reread` reads the settings again for `reload`; without it they stay as they are."""
        self._settings = settings
        self._reread = reread or (lambda: settings)
        self._environment = environment or {}
        self._clock = clock
        self._failpoint = failpoint
        self._new_id = new_id
        self._owner = Ownership(settings.path(settings.spool.path))
        self._ending = ExitStack()
        low_water = settings.disk.low_water_megabytes * MEGABYTE
        watched = WatchSettings.of(settings, low_water, settings.metrics.listen)
        self._watch = Watch(watched, clock, self._environment)

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
        basis = Basis.of(settings)
        self._evidence, self.snapshot, self._reopened = Evidence(basis), basis.snapshot, ""
        lay_out(settings, self.snapshot)
        self.state = State(settings.state_url, self._failpoint)
        self._ending.callback(self.state.close)
        found = recover(self.spool, self.state, self._clock(), settings.workers.attempts)
        self._start_workers()
        self._fetching = Fetching(settings, self.state, self.spool, self._decisions.submit, self._clock)
        self._ending.callback(self._fetching.stop)
        self._start_runner(found.suspects)
        self._reopen()
        self._acts = Acts(self.state, self.spool, self.desk, self._clock, (self._runner.wake, self._agent.wake))
        self._rounds = self._make_rounds()
        self._start_intake()
        self._start_reload()
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
        """One look: acts of people, settings to be read again, changed evidence."""
        self._watch.tick()
        self._acts.tick()
        self._reload.tick()
        self._look_for_evidence()
        self._reopen()
        self._fetching.tick()
        for each in self._rounds:
            each.tick()

    def reload(self) -> None:
        """Read settings, units, rules, trust and plugins again at the next look; a signal's handler may call it."""
        self._reload.ask()

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
            notices=lambda: self.snapshot.notices,
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

    def _start_reload(self) -> None:
        watch = self._watch
        present = lambda: self._settings  # noqa: E731 - what is in force at that moment
        self._reload = Reload(self._reread, present, self._adopt, watch.reloading, watch.reloaded, self._record)

    def _make_rounds(self) -> tuple[Round, ...]:
        """Made anew when settings were read again."""
        return (
            Trackers(self.state, self._deliveries),
            Overdue(self.state, self._clock, self._runner.wake, self._agent.wake),
            Receipts(self.state, self.spool, lambda: self.snapshot, self._clock, self._agent.wake),
        )

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
        self._fetching.decided(submission_id)

    def desk(self) -> Desk:
        """What settlements use now."""
        return Desk(self.snapshot, self._settings.register_.value())

    def _look_for_evidence(self) -> None:
        basis = self._evidence.look()
        if basis is not None:
            self._sources.replace(basis.snapshot)
            self._enforce(basis)

    def _adopt(self, basis: Basis) -> None:
        """Settings, snapshot, plugins and sources are those of the basis; a VbdaemonError: all are as before."""
        settings, snapshot = basis.settings, basis.snapshot
        ready = self._decisions.trial(worker_setup(settings, snapshot))
        lay_out(settings, snapshot)
        self._sources.change(settings, snapshot)  # the last that can be refused
        set_up_logs(settings.log.format, settings.log.level)
        self._fetching.change(settings)
        self._enforce(basis, ready)
        self._rounds = self._make_rounds()

    def _enforce(self, basis: Basis, ready: Ready | None = None) -> None:
        log.info("new snapshot", snapshot=basis.snapshot.version, before=self.snapshot.version)
        self._settings, self.snapshot, self._evidence = basis.settings, basis.snapshot, Evidence(basis)
        setup = worker_setup(basis.settings, basis.snapshot)
        self._decisions.replace(setup, ready)
        self._deliveries.replace(setup, ready)

    def _record(self, kind: str, words: str) -> None:
        at = self._clock()
        self.state.write(lambda c: record(c, at, kind, None, words))

    def _reopen(self) -> None:
        """What waits for other evidence is decided again under another snapshot; at the next look, if it failed."""
        at, version, former = self._clock(), self.snapshot.version, self._reopened
        if version == former:
            return
        if former:
            self._record("snapshot", f"rules, units or trust changed: {version}")
        ids = self.state.write(lambda c: submissions.reopen_for_evidence(c, version, at))
        self._reopened = version
        if ids:
            log.info("reopened for new evidence", submissions=len(ids))
            self._runner.wake()
