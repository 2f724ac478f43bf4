"""Senders who have waited long for a verdict are told that their document arrived."""

from collections.abc import Callable
from datetime import timedelta

from vbdaemon.clock import Clock
from vbdaemon.delivery.receipt import tell_arrived
from vbdaemon.model import Snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State

EVERY = timedelta(minutes=1)


class Receipts:
    """Looks once a minute; each submission is looked at once."""

    def __init__(
        self, state: State, spool: Spool, snapshot: Callable[[], Snapshot], clock: Clock, due: Callable[[], None]
    ) -> None:
        """`due` is called when something was written to be sent."""
        self._state = state
        self._spool = spool
        self._snapshot = snapshot
        self._clock = clock
        self._due = due
        self._next = clock()
        self._seen: set[str] = set()

    def tick(self) -> None:
        """Tell those who wait."""
        at = self._clock()
        if at < self._next:
            return
        self._next = at + EVERY
        found = tell_arrived(self._state, self._spool, self._snapshot(), at, self._seen)
        self._seen |= found
        if found:
            self._due()
