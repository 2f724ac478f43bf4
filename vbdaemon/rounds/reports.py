"""Reports that are sent by themselves: of periods that have turned, and of quarters whose score is final."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from vbdaemon.clock import Clock
from vbdaemon.config.report import RESULTS, SendSection
from vbdaemon.delivery.report import FOLDER
from vbdaemon.errors import VbdaemonError
from vbdaemon.rounds.report_periods import Periods, timer_of
from vbdaemon.rounds.report_results import Results
from vbdaemon.rounds.report_terms import ReportTerms
from vbdaemon.rounds.report_withdrawal import take_back
from vbdaemon.state.store import State

log = structlog.get_logger("reports")
EVERY = timedelta(minutes=1)
AGAIN = timedelta(hours=1)
"""Between two lines about the same failure."""


class Reports:
    """Makes each report once it is due, and puts it into the outbox.

    Reports are made in a thread of their own: a year of a million documents takes seconds.
    """

    def __init__(
        self, state: State, spool: Path, terms: Callable[[], ReportTerms], clock: Clock, due: Callable[[], None]
    ) -> None:
        """`due` is called when letters were written."""
        self._state = state
        self._root = spool / FOLDER
        self._terms = terms
        self._clock = clock
        self._periods = Periods(state, self._root, due)
        self._results = Results(state, spool, self._root, due)
        self._failed: dict[str, tuple[str, datetime]] = {}
        self._next = clock()
        self._work: threading.Thread | None = None

    def tick(self) -> None:
        """Look once a minute, unless a report is being made."""
        at = self._clock()
        early = self._next - EVERY <= at < self._next  # a clock that was set back does not keep us waiting for it
        if early or not self._is_wanted() or (self._work is not None and self._work.is_alive()):
            return
        self._next = at + EVERY
        self._work = threading.Thread(target=self.look, args=(at,), name="reports", daemon=True)
        self._work.start()

    def _is_wanted(self) -> bool:
        """Where none is sent any more, what was made may still have to be taken back."""
        return bool(self._terms().reports.send) or self._root.is_dir()

    def look(self, at: datetime) -> None:
        """Send what is to be sent at this moment, one period of each report; a failure is logged and tried again."""
        terms = self._terms()
        try:
            take_back(self._state, self._root, at)
        except VbdaemonError as error:
            log.error("extracts not looked through", error=str(error))
        for wanted in terms.reports.send:
            timer = timer_of(wanted, terms)
            try:
                (self._results if wanted.report in RESULTS else self._periods).look(wanted, terms, at)
                self._failed.pop(timer, None)
            except VbdaemonError as error:
                self._tell(wanted, timer, str(error), at)

    def _tell(self, wanted: SendSection, timer: str, words: str, at: datetime) -> None:
        """It is tried again each minute, and said once an hour."""
        before = self._failed.get(timer)
        if before is not None and before[0] == words and at < before[1] + AGAIN:
            return
        self._failed[timer] = words, at
        log.error("report not sent", report=wanted.report, every=wanted.every, error=words)
