"""What decides and delivers: the workers, the agent, the runner, and what watches over plugins in them."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import structlog

from vbdaemon.basis import Basis
from vbdaemon.clock import Clock
from vbdaemon.delivery.agent import Agent
from vbdaemon.errors import PluginError
from vbdaemon.failpoint import Failpoint
from vbdaemon.model import Snapshot
from vbdaemon.operation.health_watch import Watch
from vbdaemon.operation.plugin_guard import Guard
from vbdaemon.pipeline.countersign import open_countersign
from vbdaemon.pipeline.pool import Pool
from vbdaemon.pipeline.runner import Runner
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.pipeline.setup import deadlines, worker_setup
from vbdaemon.pipeline.worker import Ready
from vbdaemon.rounds.shadow import Shadow
from vbdaemon.spool.store import Spool
from vbdaemon.state.events import record
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
SPARE = 1
"""Delivery workers at work only while others wait for a destination that hangs."""


class Engine:
    """Delivering starts first and ends last: what was decided before a stop goes out after the start."""

    def __init__(self, state: State, spool: Spool, basis: Basis, clock: Clock, failpoint: Failpoint) -> None:
        self._state = state
        self._spool = spool
        self._settings = basis.settings
        self._bodies = basis.bodies
        self._clock = clock
        self._failpoint = failpoint
        self._ending = ExitStack()
        self.countersign = open_countersign(spool.root, clock(), os.urandom, self._new_key)
        self.guard = Guard(state, clock, basis.settings, basis.bodies)

    def start_workers(self, snapshot: Callable[[], Snapshot], watch: Watch) -> None:
        """Workers load rules and plugins, and delivering begins; PluginError when a plugin is not as it must be."""
        workers = self._settings.workers
        self._ending.callback(self.guard.flush)
        setup = worker_setup(self._settings, snapshot(), self._bodies)
        seconds, told = deadlines(self._settings), self.guard.told
        self.deliveries = Pool("delivery", setup, workers.deliveries + SPARE, seconds, on_calls=told)
        self._ending.callback(self.deliveries.close)
        self.agent = Agent(
            self._state,
            self.deliveries,
            self._clock,
            self._failpoint,
            mail=lambda: snapshot().mail,
            notices=lambda: snapshot().notices,
            countersign=self.countersign.borne_by,
            spare=SPARE,
            beat=watch.loop("delivery"),
        )
        self.agent.start()
        self._ending.callback(self.agent.stop)
        self.decisions = Pool("decision", setup, workers.decisions or os.cpu_count() or 1, seconds, on_calls=told)
        self._ending.callback(self.decisions.close)

    def start_deciding(
        self,
        suspects: tuple[str, ...],
        desk: Callable[[], Desk],
        decided: Callable[[str], None],
        watch: Watch,
    ) -> None:
        """The runner takes what waits; plugins in shadow mode look at it after it was decided."""
        self.shadow = Shadow(self._state, self._clock, self._is_busy, self.guard.watched)
        self.shadow.replace(self._settings, desk().snapshot, self._bodies)
        self.runner = Runner(
            self._state,
            self._spool,
            self.decisions,
            desk,
            self._clock,
            self._settings.workers.attempts,
            suspects=suspects,
            on_decided=decided,
            on_judged=self.shadow.offer,
            failpoint=self._failpoint,
            beat=watch.loop("runner"),
        )
        self.runner.start()
        self._ending.callback(self.runner.stop)
        self.shadow.start()
        self._ending.callback(self.shadow.stop)

    def trial(self, basis: Basis, snapshot: Snapshot) -> Ready:
        """What workers would be ready with under these; PluginError when they would not start."""
        return self.decisions.trial(worker_setup(basis.settings, snapshot, basis.bodies))

    def renewed(self, basis: Basis, before: Snapshot) -> tuple[Basis, Ready | None]:
        """Plugins that are on again are those of their files as they are now, if they load so; else as they were."""
        fresh = replace(basis, bodies=self.guard.renewed(basis.bodies))
        snapshot = self.guard.applied(basis.snapshot)
        if {each.name for each in before.plugins_off} <= {each.name for each in snapshot.plugins_off}:
            return fresh, None
        try:
            return fresh, self.trial(fresh, snapshot)
        except PluginError as error:
            log.error("what is on again does not load as it is now, so it runs as it was", error=str(error))
            return basis, None

    def take(self, basis: Basis, snapshot: Snapshot, ready: Ready | None) -> None:
        """Workers go on under these settings and this snapshot as soon as they have finished what they do."""
        self._settings, self._bodies = basis.settings, basis.bodies
        setup = worker_setup(basis.settings, snapshot, basis.bodies)
        self.decisions.replace(setup, ready)
        self.deliveries.replace(setup, ready)
        self.shadow.replace(basis.settings, snapshot, basis.bodies)

    def wake(self) -> None:
        """Something may wait to be decided, or be due."""
        self.runner.wake()
        self.agent.wake()

    def stop(self) -> None:
        """The reverse of the order of starting: what is under way is finished."""
        self._ending.close()

    def _new_key(self, words: str) -> None:
        at = self._clock()
        self._state.write(lambda c: record(c, at, "delivery-key", None, words))

    def _is_busy(self) -> bool:
        return len(self.runner.in_flight()) >= self.decisions.size
