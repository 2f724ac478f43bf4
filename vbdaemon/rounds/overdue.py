"""What waited long enough: pieces whose others never came, notices gathered for a digest."""

from collections.abc import Callable
from datetime import timedelta

from vbdaemon.clock import Clock
from vbdaemon.pipeline import pieces
from vbdaemon.state import gathering
from vbdaemon.state.store import State

OVERDUE_EVERY = timedelta(minutes=1)


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
