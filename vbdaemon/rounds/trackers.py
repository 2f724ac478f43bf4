"""Committed events, shown to the plugins that track them."""

from concurrent.futures import Future
from functools import partial

import structlog

from vbdaemon.delivery.tracking import TrackTask
from vbdaemon.pipeline.pool import Pool
from vbdaemon.state import events
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")
TRACKERS = "plugins"
"""Name of the cursor behind which plugins have seen every event."""
EVENTS_AT_ONCE = 100


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
