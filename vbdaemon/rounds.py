"""What the daemon does again and again beside deciding and delivering: acts, trackers of events, what is overdue."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.delivery.tracking import TrackTask
from vbdaemon.operation import acts as operation_acts
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.pool import Pool
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, events, gathering
from vbdaemon.state.records import ActState
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
TRACKERS = "plugins"
"""Name of the cursor behind which plugins have seen every event."""
EVENTS_AT_ONCE = 100
OVERDUE_EVERY = timedelta(minutes=1)


class Acts:
    """Applies what people typed, in the order in which they typed it."""

    def __init__(
        self,
        state: State,
        spool: Spool,
        desk: Callable[[], Desk],
        clock: Clock,
        applied: tuple[Callable[[], None], ...],
    ) -> None:
        """Each of `applied` is called after each act: something may wait or be due now."""
        self._state = state
        self._spool = spool
        self._desk = desk
        self._clock = clock
        self._applied = applied

    def tick(self) -> None:
        """Apply what is queued."""
        for act in self._state.read(acts.queued):
            bench = operation_acts.Bench(self._spool, self._desk())
            outcome = self._state.write(partial(operation_acts.apply, act=act, bench=bench, at=self._clock()))
            log.info("act", act=act.kind.value, submission=act.submission, outcome=outcome.value)
            if outcome is ActState.APPLIED:
                operation_acts.finish(act, self._spool, self._state)
            for each in self._applied:
                each()


class Trackers:
    """Shows committed events to the plugins that track them, a batch after the other."""

    def __init__(self, state: State, pool: Pool) -> None:
        self._state = state
        self._pool = pool
        self._shown: Future[tuple[str, ...]] = Future()
        self._shown.set_result(())

    def tick(self) -> None:
        """The next batch, once the former one was shown."""
        if "track_event" not in self._pool.ready.order or not self._shown.done():
            return
        seen = self._state.read(lambda c: events.cursor(c, TRACKERS))
        batch = self._state.read(lambda c: events.after(c, seen, EVENTS_AT_ONCE))
        if batch:
            self._shown = self._pool.submit(TrackTask(batch))
            self._shown.add_done_callback(partial(self._told, last=batch[-1].id))

    def _told(self, done: "Future[tuple[str, ...]]", *, last: int) -> None:
        """A plugin that fails, hangs or crashes here is logged; it is not shown the same events for ever."""
        error = done.exception()
        for words in (str(error),) if error else done.result():
            log.warning("event tracker failed", error=words)
        self._state.write_later(lambda c: events.move_cursor(c, TRACKERS, last))


class Overdue:
    """Lets go what waited long enough: pieces whose others never came, notices gathered for a digest."""

    def __init__(self, state: State, clock: Clock, waits: Callable[[], None], due: Callable[[], None]) -> None:
        self._state = state
        self._clock = clock
        self._waits = waits
        self._due = due
        self._next = clock()

    def tick(self) -> None:
        """Look once a minute."""
        at = self._clock()
        if at < self._next:
            return
        self._next = at + OVERDUE_EVERY
        if self._state.write(lambda c: pieces.give_up(c, at)):
            self._waits()
        if self._state.write(lambda c: gathering.close(c, at)):
            self._due()
