"""Takes due deliveries, has them sent, and records how each attempt ended."""

import threading
from concurrent.futures import Future
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.delivery.backoff import retry_at
from vbdaemon.delivery.task import DeliverTask, Sent
from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.model import Outcome, OutcomeKind
from vbdaemon.pipeline.pool import AttemptFailed, Pool
from vbdaemon.state import decisions, deliveries
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryRow
from vbdaemon.state.store import State

log = structlog.get_logger("delivery")
AHEAD = 16
LOOK_SECONDS = 1.0


class Agent:
    """One thread. An attempt is committed before anything is sent, its outcome after."""

    def __init__(self, state: State, pool: Pool, clock: Clock, failpoint: Failpoint = pass_by) -> None:
        self._state = state
        self._pool = pool
        self._clock = clock
        self._failpoint = failpoint
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()
        self._plain: set[str] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def wake(self, submission_id: str | None = None) -> None:
        """Something may be due: look now."""
        del submission_id
        self._wake.set()

    def stop(self) -> None:
        """Start nothing more; what is in flight is recorded when the pool closes."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                started = self._dispatch()
            except VbdaemonError as error:
                log.error("delivery dispatch failed", error=str(error))
                started = 0
            if not started:
                self._wake.wait(LOOK_SECONDS)

    def _dispatch(self) -> int:
        with self._lock:
            busy = tuple(self._in_flight)
        room = AHEAD - len(busy)
        if room <= 0:
            return 0
        now = self._clock()
        rows = self._state.read(lambda c: deliveries.due(c, now, room, busy))
        with self._lock:
            self._in_flight.update(row.id for row in rows)
        started = [(row, self._state.write_later(partial(self._claim, row=row))) for row in rows]
        return sum(self._send(row, claim) for row, claim in started)

    def _claim(self, connection: Connection, *, row: DeliveryRow) -> str | None:
        if not deliveries.start_attempt(connection, row.id, self._clock()):
            return None
        return decisions.body_at(connection, row.submission, row.version)

    def _send(self, row: DeliveryRow, claim: "Future[str | None]") -> bool:
        """False when nothing was started: then the next look waits its time."""
        try:
            decision = claim.result()
        except VbdaemonError as error:
            log.error("delivery not started", delivery=row.id, error=str(error))
            decision = None
        self._failpoint("delivery.started")
        if decision is None:
            self._leave(row)
            return False
        task = DeliverTask(row, decision, plain=row.id in self._plain)
        self._pool.submit(task).add_done_callback(lambda sent: self._sent(row, sent))
        return True

    def _sent(self, row: DeliveryRow, done: "Future[Sent]") -> None:
        self._failpoint("delivery.sent")
        error = done.exception()
        sent = done.result() if error is None else self._broken(row, error)
        level = log.info if sent.outcome.kind is OutcomeKind.DELIVERED else log.warning
        level("delivery", delivery=row.id, kind=row.kind.value, outcome=sent.outcome.kind.value)
        written = self._state.write_later(lambda c: self._record(c, row, sent))
        written.add_done_callback(lambda _: self._forget(row))

    def _broken(self, row: DeliveryRow, error: BaseException) -> Sent:
        """The worker was killed or broke; a notice plugin that did it is not asked again for this notice."""
        culprit = error.hook if isinstance(error, AttemptFailed) else None
        if culprit != "compose_notice":
            return Sent(Outcome.deferred(str(error)))
        self._plain.add(row.id)
        return Sent(Outcome.deferred(str(error)), trouble=str(error))

    def _record(self, connection: Connection, row: DeliveryRow, sent: Sent) -> None:
        at = self._clock()
        deliveries.end_attempt(connection, row, at, sent.outcome, retry_at(row.attempts + 1, at))
        if sent.trouble:
            record(connection, at, "notice-fallback", row.submission, sent.trouble)
        self._failpoint("delivery.recorded")

    def _forget(self, row: DeliveryRow) -> None:
        self._leave(row)
        self._wake.set()

    def _leave(self, row: DeliveryRow) -> None:
        with self._lock:
            self._in_flight.discard(row.id)
