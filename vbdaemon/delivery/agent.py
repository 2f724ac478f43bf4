"""Takes due deliveries, has them sent, and records how each attempt ended."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.delivery.backoff import is_too_old, retry_at
from vbdaemon.delivery.receipt import tell_forwarded
from vbdaemon.delivery.task import DeliverTask, Sent
from vbdaemon.delivery.traffic import Claimed, Traffic, Wish
from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.model import DeliveryKind, MailRules, NoticeRules, Outcome, OutcomeKind
from vbdaemon.pipeline.pool import AttemptFailed, Pool
from vbdaemon.state import decisions, deliveries, gathering, heads, letters
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record, record_said
from vbdaemon.state.records import DeliveryRow
from vbdaemon.state.store import State
from vbdaemon.state.undelivered import tell_sender, undelivered

log = structlog.get_logger("delivery")
AHEAD = 32
"""Deliveries under way at most: at the workers, ready for them, or having their outcome written."""
LOOK_SECONDS = 1.0
NOTICE_HOOKS = ("compose_notice",)
"""What a notice calls besides sending; it goes out without them when one broke a worker."""
KNOWN_FOR = timedelta(days=1)
"""A destination that took something within this time need not prove itself anew after a start."""


class Agent:
    """One thread. An attempt is committed before anything is sent, its outcome after.

    Attempts are committed a little ahead of the workers; what is sent next is chosen when a worker is free, so that
    a destination that hangs holds up nobody else. Of the pool's workers `spare` ones work only while others are stuck.
    """

    def __init__(
        self,
        state: State,
        pool: Pool,
        clock: Clock,
        failpoint: Failpoint = pass_by,
        *,
        mail: Callable[[], MailRules] = MailRules,
        notices: Callable[[], NoticeRules] = NoticeRules,
        countersign: Callable[[str, datetime], str] = lambda *_: "",
        spare: int = 0,
        ticks: Callable[[], float] = time.monotonic,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._state = state
        self._pool = pool
        self._clock = clock
        self._failpoint = failpoint
        self._mail = mail
        self._notices = notices
        self._countersign = countersign
        self._ticks = ticks
        self._beat = beat
        self._lock = threading.RLock()
        self._traffic = Traffic(pool.size - spare, AHEAD, spare)
        self._plain: set[str] = set()
        self._aside: dict[str, float] = {}
        """Deliveries that could not be started, until they are looked at again: the others do not wait for them."""
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
        """Start nothing more; what is with a worker is recorded when the pool closes."""
        with self._lock:
            self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()
        with self._lock:
            self._take_back(self._traffic.withdraw())

    def _run(self) -> None:
        self._remember()
        while not self._stopping.is_set():
            self._beat()
            self._wake.clear()
            try:
                started = self._dispatch()
            except VbdaemonError as error:
                log.error("delivery dispatch failed", error=str(error))
                started = 0
            if not started:
                self._wake.wait(LOOK_SECONDS)

    def _remember(self) -> None:
        since = self._clock() - KNOWN_FOR
        try:
            known = self._state.read(lambda c: heads.delivered_since(c, since))
        except VbdaemonError as error:  # then they prove themselves anew
            log.error("delivery history not read", error=str(error))
            return
        with self._lock:
            self._traffic.know(known)

    def _dispatch(self) -> int:
        now = self._clock()
        with self._lock:
            self._take_back(self._traffic.withdraw(now))
            for delivery in [each for each, until in self._aside.items() if until <= self._ticks()]:
                del self._aside[delivery]
                self._traffic.leave(delivery)
        waiting = self._state.read(heads.heads)
        with self._lock:
            wishes = self._traffic.wishes(waiting, now)
        rows = self._state.read(lambda c: _wished(c, wishes, now)) if wishes else []
        with self._lock:
            self._traffic.take(rows)
        for row in rows:
            claim = self._state.write_later(partial(self._claim, row=row))
            claim.add_done_callback(partial(self._claimed, row))
        self._send()
        return len(rows)

    def _claim(self, connection: Connection, *, row: DeliveryRow) -> Claimed | None:
        if not deliveries.start_attempt(connection, row.id, self._clock()):
            return None
        if row.kind is DeliveryKind.DIGEST:
            return Claimed(row, "", gathering.told_in(connection, row))
        details = letters.details_of(connection, row)
        decision = decisions.body_at(connection, row.submission, row.version)
        if decision is None and (details is None or row.document is not None):  # locked away since
            deliveries.take_back(connection, row.id)
            deliveries.withdraw(connection, row.id)
            record(connection, self._clock(), "delivery-withdrawn", row.submission, "nothing is left to send")
            return None
        missed = undelivered(connection, row) if row.kind is DeliveryKind.NOTICE else None
        return Claimed(row, decision or "", missed=missed, details=details)

    def _claimed(self, row: DeliveryRow, claim: "Future[Claimed | None]") -> None:
        """Ready for a worker; what could not be started is left alone for a moment."""
        error = claim.exception()
        if error is not None:
            log.error("delivery not started", delivery=row.id, error=str(error))
        claimed = None if error is not None else claim.result()
        self._failpoint("delivery.started")
        with self._lock:
            if claimed is None:
                self._aside[row.id] = self._ticks() + LOOK_SECONDS
                return
            self._traffic.add(claimed)
        self._send()

    def _send(self) -> None:
        """Give free workers what is ready and fit to be risked."""
        with self._lock:
            while not self._stopping.is_set() and (claimed := self._traffic.next(self._ticks())) is not None:
                row = claimed.row
                task = DeliverTask(
                    row,
                    claimed.decision,
                    claimed.told,
                    claimed.missed,
                    claimed.details,
                    plain=row.id in self._plain,
                    countersign=self._countersign(row.id, row.created_at),
                )
                self._pool.submit(task).add_done_callback(partial(self._sent, row, self._ticks()))

    def _sent(self, row: DeliveryRow, since: float, done: "Future[Sent]") -> None:
        self._failpoint("delivery.sent")
        error = done.exception()
        sent = done.result() if error is None else self._broken(row, error, self._ticks() - since)
        with self._lock:
            self._learn(row, sent)
        days = self._mail().give_up_days
        given_up = sent.outcome.kind is OutcomeKind.DEFERRED and is_too_old(row, self._clock(), days)
        if given_up:
            words = f"given up after {days:g} days: {sent.outcome.words}"
            sent = replace(sent, outcome=Outcome.failed(words))
        level = log.info if sent.outcome.kind is OutcomeKind.DELIVERED else log.error if given_up else log.warning
        level("delivery", delivery=row.id, kind=row.kind.value, outcome=sent.outcome.kind.value)
        written = self._state.write_later(lambda c: self._record(c, row, sent, given_up=given_up))
        written.add_done_callback(partial(self._forgotten, row))
        self._send()

    def _learn(self, row: DeliveryRow, sent: Sent) -> None:
        if sent.seconds is None:
            self._traffic.ended(row)
        elif sent.outcome.kind is OutcomeKind.DEFERRED:
            self._traffic.missed(row, sent.seconds, self._clock())
        else:
            self._traffic.answered(row, sent.seconds)

    def _broken(self, row: DeliveryRow, error: BaseException, seconds: float) -> Sent:
        """The worker was killed or broke; a notice plugin that did it is not asked again for this notice."""
        culprit = error.hook if isinstance(error, AttemptFailed) else None
        outcome = Outcome.deferred(str(error))
        if culprit not in NOTICE_HOOKS or row.kind is not DeliveryKind.NOTICE:
            return Sent(outcome, seconds=seconds)
        self._plain.add(row.id)
        return Sent(outcome, trouble=str(error), seconds=None)

    def _record(self, connection: Connection, row: DeliveryRow, sent: Sent, *, given_up: bool) -> None:
        at = self._clock()
        counts = deliveries.end_attempt(connection, row, at, sent.outcome, retry_at(row.attempts + 1, at))
        if sent.trouble:
            record_said(connection, at, "notice-fallback", row.submission, "", sent.trouble)
        if sent.outcome.kind is OutcomeKind.DELIVERED and tell_forwarded(connection, row, self._notices(), at):
            self._wake.set()
        if counts and sent.outcome.kind is OutcomeKind.FAILED:
            if given_up:
                record(connection, at, "delivery-given-up", row.submission, f"delivery {row.id}")
            if row.kind is DeliveryKind.FORWARD and tell_sender(connection, row.id, at):
                gathering.hold_back(connection, row.submission, self._mail().notices_per_hour, at)
        self._failpoint("delivery.recorded")

    def _take_back(self, withdrawn: list[Claimed]) -> None:
        """Attempts that were committed and not made, as if they had never been begun."""
        for claimed in withdrawn:
            written = self._state.write_later(partial(deliveries.take_back, delivery_id=claimed.row.id))
            written.add_done_callback(partial(self._forgotten, claimed.row))

    def _forgotten(self, row: DeliveryRow, done: "Future[None]") -> None:
        del done
        self._forget(row)

    def _forget(self, row: DeliveryRow) -> None:
        with self._lock:
            self._traffic.leave(row.id)
        self._wake.set()


def _wished(connection: Connection, wishes: list[Wish], now: datetime) -> list[DeliveryRow]:
    return [row for wish in wishes for row in heads.behind(connection, wish.head, now, wish.most, wish.besides)]
