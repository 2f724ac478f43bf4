"""The composition root: builds everything from the settings, starts and stops it in order."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime

import structlog

from vbdaemon.basis import Basis, Evidence
from vbdaemon.claim import Ownership
from vbdaemon.clock import Clock, system_clock
from vbdaemon.config import Settings
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.engine import Engine
from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.folders import lay_out
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.identity import NewId, random_id
from vbdaemon.logs import set_up_logs
from vbdaemon.operation.alarms import AlarmTerms
from vbdaemon.operation.health_watch import Outlook, Watch, WatchSettings
from vbdaemon.operation.paper_reminders import PaperTerms
from vbdaemon.operation.status_pulse import source_of_folder, source_of_mailbox
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.pipeline.worker import Ready
from vbdaemon.recovery import recover
from vbdaemon.rounds import Acts, Fetching, Overdue, Receipts, Reload, Round, Trackers
from vbdaemon.rounds.alarms import Alarms
from vbdaemon.rounds.facts import FactsBackfill
from vbdaemon.rounds.paper import PaperReminders
from vbdaemon.rounds.report_terms import ReportTerms
from vbdaemon.rounds.reports import Reports
from vbdaemon.sources import Sources, World
from vbdaemon.spool.store import Spool
from vbdaemon.state import markers, submissions
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
LOOK_SECONDS = 1.0
MEGABYTE = 1_000_000


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
        self._basis, self._evidence, self._reopened = basis, Evidence(basis), ""
        lay_out(settings, basis.snapshot)
        self.state = State(settings.state_url, self._failpoint)
        self._ending.callback(self.state.close)
        found = recover(self.spool, self.state, self._clock(), settings.workers.attempts)
        self._engine = engine = Engine(self.state, self.spool, basis, self._clock, self._failpoint)
        self._ending.callback(engine.stop)
        self.snapshot = engine.guard.applied(basis.snapshot)
        engine.start_workers(lambda: self.snapshot, self._watch)
        self._fetching = Fetching(settings, self.state, self.spool, engine.decisions.submit, self._clock)
        self._ending.callback(self._fetching.stop)
        engine.start_deciding(found.suspects, self.desk, self._decided, self._watch)
        self._reopen()
        self._acts = Acts(self.state, self.spool, self.desk, self._clock, (engine.wake,))
        self._rounds = self._make_rounds()
        self._start_intake()
        self._start_reload()
        self._watch.open(self.state, self._outlook, (engine.guard.metrics,))
        log.info("started", snapshot=self.snapshot.version, plugins=[p.name for p in engine.decisions.ready.plugins])

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
        self._look_at_plugins()
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

    def _start_reload(self) -> None:
        watch = self._watch
        present = lambda: self._settings  # noqa: E731 - what is in force at that moment
        self._reload = Reload(self._reread, present, self._adopt, watch.reloading, watch.reloaded, self._record)

    def _make_rounds(self) -> tuple[Round, ...]:
        """Each asks for settings and snapshot when it looks: what is read again needs no other rounds."""
        due = self._engine.agent.wake
        return (
            Trackers(self.state, self._engine.deliveries),
            Overdue(self.state, self._clock, self._engine.runner.wake, due),
            Receipts(self.state, self.spool, lambda: self.snapshot, self._clock, due),
            PaperReminders(self.state, self._clock, lambda: PaperTerms.of(self._settings, self.snapshot), due),
            Alarms(self.state, self._clock, lambda: AlarmTerms.of(self._settings, self.snapshot), due),
            Reports(
                self.state, self.spool.root, lambda: ReportTerms.of(self._settings, self.snapshot), self._clock, due
            ),
            FactsBackfill(self.state),
        )

    def _start_intake(self) -> None:
        admission = Admission(
            self.spool,
            self.state,
            self._clock,
            self._new_id,
            self._failpoint,
            on_admitted=self._engine.runner.wake,
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
        self._engine.deliveries.submit(UnfinishedTask(results, name, since))

    def _outlook(self) -> Outlook:
        """What `vbdaemon status` is told of this daemon."""
        states, drops = self._sources.folders()
        mailboxes = (source_of_mailbox(each) for each in self._sources.mailboxes())
        sources = (*(source_of_folder(each, drops) for each in states), *mailboxes)
        return Outlook(self.snapshot.version, sources, self._engine.guard.words())

    def _decided(self, submission_id: str) -> None:
        self._engine.agent.wake()
        self._fetching.decided(submission_id)

    def desk(self) -> Desk:
        """What settlements use now."""
        return Desk(self.snapshot, self._settings.register_.value(), self._engine.countersign)

    def _look_for_evidence(self) -> None:
        basis = self._evidence.look()
        if basis is not None:
            self._sources.replace(basis.snapshot)
            self._enforce(basis)

    def _adopt(self, basis: Basis) -> None:
        """Settings, snapshot, plugins and sources are those of the basis; a VbdaemonError: all are as before."""
        settings = basis.settings
        ready = self._engine.trial(basis, basis.snapshot)
        lay_out(settings, basis.snapshot)
        self._sources.change(settings, basis.snapshot)  # the last that can be refused
        self._engine.guard.take(settings, basis.bodies)
        set_up_logs(settings.log.format, settings.log.level)
        self._fetching.change(settings)
        self._enforce(basis, ready)

    def _look_at_plugins(self) -> None:
        """One was switched off because it failed again and again, or on again by a person."""
        guard = self._engine.guard
        guard.tick()
        if guard.changed(self.snapshot):
            self._enforce(*self._engine.renewed(self._basis, self.snapshot))

    def _enforce(self, basis: Basis, ready: Ready | None = None) -> None:
        before, self.snapshot = self.snapshot, self._engine.guard.applied(basis.snapshot)
        log.info("new snapshot", snapshot=self.snapshot.version, before=before.version)
        self._settings, self._basis, self._evidence = basis.settings, basis, Evidence(basis)
        self._engine.take(basis, self.snapshot, ready)

    def _record(self, kind: str, words: str) -> None:
        at = self._clock()
        self.state.write(lambda c: markers.mark(c, kind, at, words))

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
            self._engine.runner.wake()
