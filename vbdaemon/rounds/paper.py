"""On working days: senders are reminded of papers that must also come and have not."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.operation.paper_reminders import PaperTerms, due_today, is_open, remind
from vbdaemon.state.store import State

log = structlog.get_logger("paper")
EVERY = timedelta(minutes=1)


class PaperReminders:
    """Writes what is to be sent today, some at a time, until nothing is left."""

    def __init__(self, state: State, clock: Clock, terms: Callable[[], PaperTerms], due: Callable[[], None]) -> None:
        """`due` is called when letters were written."""
        self._state = state
        self._clock = clock
        self._terms = terms
        self._due = due
        self._next = clock()

    def tick(self) -> None:
        """Look once a minute."""
        at = self._clock()
        terms = self._terms()
        if at < self._next or not is_open(terms, at):
            return
        self._next = at + EVERY
        rows = self._state.read(partial(due_today, at=at))
        if not rows:
            return
        count = self._state.write(partial(remind, rows=rows, terms=terms, at=at))
        log.info("reminded of papers", papers=len(rows), letters=count)
        if count:
            self._due()
