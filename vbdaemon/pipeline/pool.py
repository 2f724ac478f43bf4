"""Killable workers: one thread of the parent minds one process, and enforces the deadline of each plugin call."""

import contextlib
import multiprocessing
import os
import queue
import shutil
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from vbdaemon.errors import PluginError, VbdaemonError
from vbdaemon.pipeline.answers import Gone, receive
from vbdaemon.pipeline.beacon import Beacon
from vbdaemon.pipeline.calls import Caller, CallSum, not_started
from vbdaemon.pipeline.soundness import is_sound, most_bytes
from vbdaemon.pipeline.worker import Broken, Done, Ready, Task, WorkerSetup, serve

T = TypeVar("T")

LOOK = 0.25
"""Seconds between looks at the beacon; an answer is noticed at once."""
START_SECONDS = 60.0
PRELOAD = ["vbdaemon.pipeline.preload"]


class AttemptFailed(VbdaemonError):
    """A worker could not finish a task; the message names the culprit where there is one."""

    def __init__(self, words: str, plugin: str | None = None, hook: str | None = None) -> None:
        super().__init__(words)
        self.plugin = plugin
        self.hook = hook


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that one plugin call may take, by hook, and a whole task."""

    call: float = 10.0
    by_hook: Mapping[str, float] = field(default_factory=lambda: {"read": 60.0, "deliver": 120.0})
    task: float = 900.0

    def of(self, hook: str) -> float:
        """Seconds for one call of this hook."""
        return self.by_hook.get(hook, self.call)


class _Worker:
    """One child process and the line to it."""

    def __init__(self, context: ForkServerContext, setup: WorkerSetup, name: str) -> None:
        self.setup = setup
        self.beacon = Beacon(context)
        self.line, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=serve, args=(theirs, self.beacon, setup), name=name, daemon=True
        )
        self.process.start()
        theirs.close()
        self.tasks = 0
        self.ready = self._await_ready()
        self.caller = Caller(self.ready.calls, self.ready.plugins)

    def _await_ready(self) -> Ready:
        answer = receive(self.line, START_SECONDS)
        if isinstance(answer, Ready):
            return answer
        self.kill()
        if isinstance(answer, Broken):
            raise PluginError(answer.words)
        if isinstance(answer, Gone) and answer.refused:
            raise PluginError(answer.refused)
        late = f"did not load the plugins within {START_SECONDS:g} s"
        ended = "ended while it loaded the plugins" if isinstance(answer, Gone) else late
        enabled = ", ".join(self.setup.enabled) or "none of the site's"
        raise PluginError(f"a worker {ended} ({enabled}); mend them or take them out of [plugins] enabled")

    def kill(self) -> None:
        """End the whole process group: whatever the worker started dies with it; its scratch is wiped."""
        self._end_group()
        if self.process.is_alive():
            self.process.kill()  # it had no time to make a group
        self.process.join()
        self.line.close()
        shutil.rmtree(self.setup.scratch_of(self.process.pid), ignore_errors=True)

    def retire(self) -> None:
        """Let an idle worker end by itself; what it left running ends too."""
        self.line.close()
        self.process.join(2.0)
        if self.process.is_alive():
            self.kill()
        else:
            self._end_group()

    def _end_group(self) -> None:
        if self.process.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Pool:
    """Runs tasks in `size` workers. A future fails with AttemptFailed; the pool goes on."""

    def __init__(
        self,
        name: str,
        setup: WorkerSetup,
        size: int,
        deadlines: Deadlines,
        most_tasks: int = 2000,
        on_calls: Callable[[tuple[CallSum, ...]], None] = lambda _: None,
    ) -> None:
        """`on_calls` is told after each task which plugins were called; in the thread that minds the worker."""
        self._name = name
        self._on_calls = on_calls
        self._abandoned = False
        self._setup = setup
        self._deadlines = deadlines
        self._most_tasks = most_tasks
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOAD)
        self._tasks: queue.SimpleQueue[tuple[Task[Any], Future[Any]] | None] = queue.SimpleQueue()
        first = _Worker(self._context, setup, f"{name}-0")  # refuses to start here, not in a thread
        self.ready = first.ready
        self.size = size
        self._threads = [
            threading.Thread(target=self._mind, args=(n, first if n == 0 else None), name=f"{name}-{n}", daemon=True)
            for n in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task[T]) -> "Future[T]":
        """Queue a task."""
        future: Future[T] = Future()
        self._tasks.put((task, future))
        return future

    def trial(self, setup: WorkerSetup) -> Ready:
        """A worker of this setup starts, and ends again; PluginError says why it does not."""
        worker = _Worker(self._context, setup, f"{self._name}-trial")
        worker.retire()
        return worker.ready

    def replace(self, setup: WorkerSetup, ready: Ready | None = None) -> None:
        """Tasks that start from now on run under another setup; `ready` is the answer of its `trial`."""
        self._setup = setup
        self.ready = ready or self.ready

    def abandon(self) -> None:
        """What is queued or under way fails soon; for work that nobody waits for."""
        self._abandoned = True

    def close(self) -> None:
        """What was queued is done; then the workers end."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _mind(self, number: int, worker: _Worker | None) -> None:
        while (queued := self._tasks.get()) is not None:
            task, future = queued
            try:
                worker = self._fit(worker, number)
                future.set_result(self._run(worker, task))
            except VbdaemonError as error:
                future.set_exception(error)
                if worker is not None and not worker.process.is_alive():
                    worker = None
            except Exception as error:  # noqa: BLE001 - the runner's edge: one attempt failed, the thread lives on
                future.set_exception(AttemptFailed(f"worker {self._name}: {type(error).__name__}: {error}"))
                worker = self._drop(worker)
        if worker is not None:
            worker.retire()

    def _fit(self, worker: _Worker | None, number: int) -> _Worker:
        """A living worker of the present setup, not too old."""
        if worker is not None:
            fits = worker.setup is self._setup and worker.tasks < self._most_tasks and worker.process.is_alive()
            if fits:
                return worker
            self._drop(worker)
        try:
            return _Worker(self._context, self._setup, f"{self._name}-{number}")
        except PluginError as error:
            self._on_calls(not_started(str(error), self.ready.plugins))
            raise

    @staticmethod
    def _drop(worker: _Worker | None) -> None:
        if worker is not None:
            worker.retire() if worker.process.is_alive() else worker.kill()

    def _run(self, worker: _Worker, task: Task[Any]) -> Any:
        worker.tasks += 1
        worker.line.send(task)
        answer = self._await(worker, most_bytes(task))
        if not is_sound(answer, task):
            worker.kill()
            raise AttemptFailed("a worker's answer is none to what it was asked")
        assert isinstance(answer, Done | Broken)
        self._on_calls(worker.caller.summed(answer.calls))
        if answer.spoiled:
            worker.kill()
        if isinstance(answer, Done):
            return answer.value
        raise AttemptFailed(answer.words, answer.plugin, answer.hook)

    def _await(self, worker: _Worker, most: int) -> object:
        started = time.monotonic()
        while True:
            answer = receive(worker.line, LOOK, most)
            if isinstance(answer, Gone) and answer.refused:
                worker.kill()
                raise AttemptFailed(answer.refused)
            if isinstance(answer, Gone):
                self._end(worker, "ended unexpectedly")
            if answer is not None:
                return answer
            if self._abandoned:
                worker.kill()
                raise AttemptFailed("it was given up: nobody waits for it any more")
            call = worker.beacon.call()
            now = time.monotonic()
            if call is not None and now - call.since > self._deadlines.of(worker.caller.hook(call.index)):
                self._end(worker, f"took longer than {self._deadlines.of(worker.caller.hook(call.index)):g} s")
            if now - started > self._deadlines.task:
                self._end(worker, f"took longer than {self._deadlines.task:g} s for one submission")

    def _end(self, worker: _Worker, words: str) -> None:
        call = worker.beacon.call()
        worker.kill()
        if call is None:
            raise AttemptFailed(f"a worker {words}, exit code {worker.process.exitcode}")
        plugin, hook = worker.ready.calls[call.index]
        self._on_calls((worker.caller.fatal(call.index, time.monotonic() - call.since),))
        raise AttemptFailed(f"plugin {plugin!r} in hook {hook!r} {words}", plugin, hook)
