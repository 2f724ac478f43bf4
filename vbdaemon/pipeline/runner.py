"""Dispatches submissions to workers and commits what they decide.

Claims live in memory: one daemon owns the state.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.locked_away import put_away
from vbdaemon.pipeline.pool import Pool
from vbdaemon.pipeline.settlement import Desk, StaleDecision, settle
from vbdaemon.spool.store import Spool
from vbdaemon.state import corrections, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.store import State

log = structlog.get_logger("pipeline")
AHEAD = 3
"""Submissions in flight for each worker, so that none waits for a commit."""
LOOK_SECONDS = 1.0


class Runner:
    """One thread: looks for what waits, starts attempts, and never stops for a single submission's sake."""

    def __init__(
        self,
        state: State,
        spool: Spool,
        pool: Pool,
        desk: Callable[[], Desk],
        clock: Clock,
        most_attempts: int,
        *,
        suspects: Iterable[str] = (),
        on_decided: Callable[[str], None] | None = None,
        on_judged: Callable[[DecideTask, int, Decision], None] = lambda *_: None,
        failpoint: Failpoint = pass_by,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_judged` is given the task, the row's version before it, and the worker's decision, once it is committed.

        Not what was locked away.
        """
        self._state = state
        self._spool = spool
        self._pool = pool
        self._desk = desk
        self._clock = clock
        self._most_attempts = most_attempts
        self._suspects = deque(suspects)
        self._alone = ""
        """The suspect that was started last: nothing is decided beside it."""
        self._on_decided = on_decided or (lambda _: None)
        self._on_judged = on_judged
        self._failpoint = failpoint
        self._beat = beat
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()
        self._not_before: dict[str, datetime] = {}
        self._owed: dict[str, str] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="runner", daemon=True)

    def start(self) -> None:
        """Begin to dispatch."""
        self._thread.start()

    def wake(self, submission_id: str | None = None) -> None:
        """Something waits: look now."""
        del submission_id
        self._wake.set()

    def stop(self) -> None:
        """Start nothing more; what is in flight is settled by the pool's close."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def in_flight(self) -> frozenset[str]:
        """Submissions that are being decided."""
        with self._lock:
            return frozenset(self._in_flight)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._beat()
            self._wake.clear()
            try:
                started = self._dispatch()
            except VbdaemonError as error:
                log.error("dispatch failed", error=str(error))
                started = 0
            if not started:
                self._wake.wait(LOOK_SECONDS)

    def _dispatch(self) -> int:
        """Start what may be started; answers how many."""
        self._write_what_is_owed()
        busy = self.in_flight()
        if self._alone in busy or (self._suspects and busy):
            return 0
        if self._suspects:
            self._alone = self._suspects.popleft()
            return self._start([self._alone])
        room = self._pool.size * AHEAD - len(busy)
        if room <= 0:
            return 0
        now = self._clock()
        look = room + len(busy) + len(self._not_before)
        rows = self._state.read(lambda c: submissions.listed(c, (SubmissionState.WAITING,), look, oldest_first=True))
        ready = [row.id for row in rows if row.id not in busy and self._not_before.get(row.id, now) <= now]
        return self._start(ready[:room])

    def _start(self, ids: list[str]) -> int:
        with self._lock:
            self._in_flight.update(ids)
        at = self._clock()
        claims = [(id_, self._state.write_later(partial(_claim, submission_id=id_, at=at))) for id_ in ids]
        return sum(self._send(submission_id, claim) for submission_id, claim in claims)

    def _send(self, submission_id: str, claim: "Future[tuple[int, DecideTask] | None]") -> bool:
        """False when the database refused: then the next look waits its time."""
        try:
            claimed = claim.result()
        except VbdaemonError as error:
            log.error("attempt not started", submission=submission_id, error=str(error))
            self._leave(submission_id)
            return False
        self._failpoint("pipeline.started")
        if claimed is None:
            self._forget(submission_id)
            return True
        version, task = claimed
        decided = self._pool.submit(task)
        decided.add_done_callback(lambda done: self._decided(task, version, done))
        return True

    def _decided(self, task: DecideTask, version: int, done: "Future[Decision]") -> None:
        self._failpoint("pipeline.decided")
        submission_id = task.submission
        error = done.exception()
        if error is not None:
            log.warning("attempt failed", submission=submission_id, error=str(error))
            self._count_failure(submission_id, str(error))
            return
        desk = self._desk()
        decision, at = done.result(), self._clock()
        written = self._state.write_later(lambda c: settle(c, submission_id, version, decision, desk, at))
        written.add_done_callback(lambda state: self._settled(task, version, decision, state))

    def _settled(self, task: DecideTask, version: int, decision: Decision, done: "Future[SubmissionState]") -> None:
        self._failpoint("pipeline.settled")
        submission_id = task.submission
        error = done.exception()
        if isinstance(error, StaleDecision):
            log.info("decision dropped: the submission changed meanwhile", submission=submission_id)
        elif error is not None:
            log.error("decision not committed", submission=submission_id, error=str(error))
            self._count_failure(submission_id, str(error))
            return
        else:
            state = done.result()
            log.info("decided", submission=submission_id, state=state.value)
            if state is SubmissionState.QUARANTINED:
                self._lock_away(submission_id)
            elif state is not SubmissionState.WAITING:
                self._on_judged(task, version, decision)
        self._not_before.pop(submission_id, None)
        self._forget(submission_id)
        self._on_decided(submission_id)

    def _count_failure(self, submission_id: str, words: str) -> None:
        at = self._clock()
        written = self._state.write_later(
            lambda c: submissions.fail_attempt(c, submission_id, at, words, self._most_attempts)
        )
        written.add_done_callback(lambda row: self._failed(submission_id, words, row))

    def _failed(self, submission_id: str, words: str, done: "Future[SubmissionRow]") -> None:
        if done.exception() is not None:  # it stays in flight until the database answers again
            with self._lock:
                self._owed[submission_id] = words
            return
        row = done.result()
        if row.state is SubmissionState.WAITING:
            self._not_before[submission_id] = self._clock() + timedelta(seconds=2**row.failures)
        else:
            self._not_before.pop(submission_id, None)
            if row.hold_kind is HoldKind.FAILURE:
                log.error("held: processing failed again and again", submission=submission_id)
        self._forget(submission_id)

    def _write_what_is_owed(self) -> None:
        with self._lock:
            owed, self._owed = self._owed, {}
        for submission_id, words in owed.items():
            self._count_failure(submission_id, words)

    def _lock_away(self, submission_id: str) -> None:
        try:
            put_away(self._spool, self._state)
        except (OSError, VbdaemonError) as error:  # the row is committed; recovery repeats what is left
            log.error("quarantine move failed", submission=submission_id, error=str(error))

    def _forget(self, submission_id: str) -> None:
        self._leave(submission_id)
        self._wake.set()

    def _leave(self, submission_id: str) -> None:
        with self._lock:
            self._in_flight.discard(submission_id)


def _claim(connection: Connection, *, submission_id: str, at: datetime) -> tuple[int, DecideTask] | None:
    version = submissions.start_attempt(connection, submission_id, at)
    if version is None:
        return None
    waivers = submissions.waivers_of(connection, submission_id)
    typed = corrections.of_submission(connection, submission_id)
    return version, DecideTask(submission_id, waivers, typed, pieces.beside(connection, submission_id))
