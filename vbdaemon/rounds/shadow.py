"""Plugins that only watch: what was decided is decided once more with each of them, beside everything else.

A process of its own for each, that stands back behind all others; one of them is at work at a time. Whatever such a
plugin does is its failure, recorded as one; nobody waits for it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.errors import PluginError, VbdaemonError
from vbdaemon.model import Snapshot
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.pipeline.codes import Codes, codes_of, differences
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.pool import AttemptFailed, Deadlines, Pool
from vbdaemon.pipeline.setup import comparing_setup, deadlines
from vbdaemon.pipeline.shadow import Judged, ShadowTask
from vbdaemon.pipeline.worker import WorkerSetup
from vbdaemon.state import shadow
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision
from vbdaemon.state.shadow import ShadowRun
from vbdaemon.state.store import State

log = structlog.get_logger("shadow")
MOST = 200
"""Submissions that wait to be compared; when more come, the oldest are left out."""
LOOK_SECONDS = 0.2
STOP_SECONDS = 5.0
"""That a stop waits for a worker to be gone; one that loads its plugins may take a minute."""
AGAIN_SECONDS = 60.0
"""After which a plugin that does not load is tried once more."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided, as far as it is compared."""

    task: DecideTask
    decided_version: int
    snapshot: str | None
    documents: tuple[Codes, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which plugins watch, and how their workers are started."""

    setups: Mapping[str, WorkerSetup] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)


class Shadow:
    """One thread. `offer` and `replace` may be called by any other."""

    def __init__(
        self,
        state: State,
        clock: Clock,
        busy: Callable[[], bool],
        on_calls: Callable[[tuple[CallSum, ...]], None] = lambda _: None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`busy`: decisions wait for workers. `on_calls` is told what the plugins that watch were called."""
        self._state = state
        self._clock = clock
        self._busy = busy
        self._on_calls = on_calls
        self._ticks = ticks
        self._plan = Plan()
        self._waiting: deque[Judgement] = deque(maxlen=MOST)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._pools: dict[str, tuple[WorkerSetup, Pool]] = {}
        self._not_before: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)

    def start(self) -> None:
        """Begin to compare."""
        self._thread.start()

    def stop(self) -> None:
        """What is under way is given up; a worker that still loads its plugins dies with the daemon."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(STOP_SECONDS)

    def replace(self, settings: Settings, snapshot: Snapshot, bodies: Mapping[str, bytes] | None = None) -> None:
        """From now on these plugins watch, under this snapshot; `bodies` are plugin files as they were read."""
        names = settings.plugins.shadow
        setups = {name: comparing_setup(settings, snapshot, name, bodies=bodies) for name in names}
        self._plan = Plan(setups, deadlines(settings))
        self._not_before.clear()
        self._wake.set()

    def offer(self, task: DecideTask, version: int, decision: Decision) -> None:
        """Something was decided; it is compared when there is time."""
        if self._plan.setups and decision.documents:
            judged = Judgement(task, version + 1, decision.snapshot, codes_of(decision))
            self._waiting.append(judged)
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(None if not self._waiting else LOOK_SECONDS)
            self._wake.clear()
            if not self._waiting:
                self._close(keep=self._plan.setups)
            while self._waiting and not self._stopping.is_set() and not self._busy():
                self._compare(self._waiting.popleft())
        self._close(keep={})

    def _compare(self, judged: Judgement) -> None:
        plan = self._plan
        self._close(keep=plan.setups)  # settings may have been read again since the last one
        for name, setup in plan.setups.items():
            if self._stopping.is_set() or self._not_before.get(name, 0.0) > self._ticks():
                continue
            try:
                pool = self._pool(name, setup, plan.deadlines)
                version = next(each.version for each in pool.ready.plugins if each.name == name)
                after = self._answer(pool.submit(ShadowTask(judged.task)), pool)
            except PluginError as error:
                if not self._stopping.is_set():
                    self._does_not_load(name, error)
            except AttemptFailed as error:
                if not self._stopping.is_set():
                    self._keep(ShadowRun(name, version, *self._place(judged), words=str(error)))
            else:
                if after.snapshot == judged.snapshot:  # else the rules changed meanwhile, and would differ too
                    found = differences(judged.documents, after.documents)
                    self._keep(ShadowRun(name, version, *self._place(judged), len(judged.documents), differences=found))

    def _pool(self, name: str, setup: WorkerSetup, seconds: Deadlines) -> Pool:
        if name not in self._pools:
            mine = partial(self._called, name)
            self._pools[name] = setup, Pool(f"shadow-{name}", setup, 1, seconds, on_calls=mine)
        return self._pools[name][1]

    def _called(self, name: str, calls: tuple[CallSum, ...]) -> None:
        self._on_calls(tuple(each for each in calls if each.plugin == name))

    def _answer(self, future: "Future[Judged]", pool: Pool) -> Judged:
        while not self._stopping.is_set():
            try:
                return future.result(LOOK_SECONDS)
            except TimeoutError:
                continue
        pool.abandon()
        return future.result()

    def _place(self, judged: Judgement) -> tuple[str, int, datetime]:
        return judged.task.submission, judged.decided_version, self._clock()

    def _keep(self, run: ShadowRun) -> None:
        if run.words:
            log.warning("a plugin that only watches failed", plugin=run.plugin, error=run.words)
        written = self._state.write_later(partial(shadow.keep, run=run))
        written.add_done_callback(partial(self._kept, run.plugin))

    @staticmethod
    def _kept(name: str, done: "Future[None]") -> None:
        if (error := done.exception()) is not None:
            log.error("a comparison was not written down", plugin=name, error=str(error))

    def _does_not_load(self, name: str, error: VbdaemonError) -> None:
        """Recorded once, until settings are read again; tried again after a while."""
        said = name in self._not_before
        self._not_before[name] = self._ticks() + AGAIN_SECONDS
        if said:
            return
        log.error("a plugin that only watches does not load", plugin=name, error=str(error))
        words, at = f"plugin {name!r} watches only, and does not load: {error}", self._clock()
        self._state.write_later(lambda c: record(c, at, "shadow-failed", None, words))

    def _close(self, keep: Mapping[str, WorkerSetup]) -> None:
        """End the workers of setups that are none any more."""
        for name, (setup, pool) in list(self._pools.items()):
            if keep.get(name) is not setup:
                pool.close()
                del self._pools[name]
