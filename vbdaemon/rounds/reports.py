"""Reports that are sent when a day, month, quarter or year has turned in Vietnam."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from vbdaemon.clock import VIETNAM, Clock
from vbdaemon.config.report import ReportsSection, SendSection
from vbdaemon.delivery.report import FOLDER
from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Snapshot
from vbdaemon.report.archive import store
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.making import EmptyPeriod, ReportName, TooManyDocuments, Wish, make, require_documents
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.period import Period, PeriodKind, period_after, period_before, period_with
from vbdaemon.report.sheet import Report
from vbdaemon.report.targets import Targets
from vbdaemon.state import report_letters
from vbdaemon.state.report_letters import ReportLetter
from vbdaemon.state.statistics_open import midnight, under_way
from vbdaemon.state.store import State

log = structlog.get_logger("reports")
EVERY = timedelta(minutes=1)
PATIENCE = timedelta(hours=1)


class Reports:
    """Makes each report of a period that has ended once, and puts it into the outbox.

    A cursor in the state moves in the transaction that writes the letters: a restart repeats nothing, and periods that
    ended while the daemon was down are sent one after the other. A report that is configured anew begins with the
    period that runs. Reports are made in a thread of their own: a year of a million documents takes seconds.
    """

    def __init__(
        self,
        state: State,
        spool: Path,
        wanted: Callable[[], ReportsSection],
        snapshot: Callable[[], Snapshot],
        clock: Clock,
        due: Callable[[], None],
    ) -> None:
        """`due` is called when letters were written."""
        self._state = state
        self._root = spool / FOLDER
        self._wanted = wanted
        self._snapshot = snapshot
        self._clock = clock
        self._due = due
        self._next = clock()
        self._work: threading.Thread | None = None

    def tick(self) -> None:
        """Look once a minute, unless a report is being made."""
        at = self._clock()
        if at < self._next or not self._wanted().send or (self._work is not None and self._work.is_alive()):
            return
        self._next = at + EVERY
        self._work = threading.Thread(target=self.look, args=(at,), name="reports", daemon=True)
        self._work.start()

    def look(self, at: datetime) -> None:
        """Send what is to be sent at this moment, one period of each report; a failure is logged and tried again."""
        for wanted in self._wanted().send:
            try:
                self._send(wanted, at)
            except VbdaemonError as error:
                log.error("report not sent", report=wanted.report, every=wanted.every, error=str(error))

    def _send(self, wanted: SendSection, at: datetime) -> None:
        today = at.astimezone(VIETNAM).date()
        timer = f"{wanted.report}/{wanted.every}"
        last = self._state.read(partial(report_letters.last_sent, timer=timer))
        running = period_with(PeriodKind(wanted.every), today)
        if last is None:
            self._state.write(partial(report_letters.mark, timer=timer, since=period_before(running).since))
            return
        period = period_after(period_with(PeriodKind(wanted.every), last))
        if period.until >= today or self._is_early(period, at):
            return
        try:
            report = self._make(wanted, period, at, today)
        except EmptyPeriod as empty:
            self._state.write(partial(report_letters.skip, timer=timer, since=period.since, words=str(empty), at=at))
            return
        letter = self._stored(report, wanted)
        self._state.write(partial(report_letters.send, timer=timer, since=period.since, letter=letter, at=at))
        log.info("report sent", report=report.name, letters=len(letter.to))
        self._due()

    def _is_early(self, period: Period, at: datetime) -> bool:
        """What came in a second before midnight is decided a moment later: the report waits for it a while."""
        over = midnight(period.until + timedelta(days=1))
        return at < over + PATIENCE and self._state.read(partial(under_way, until=period.until))

    def _make(self, wanted: SendSection, period: Period, at: datetime, today: date) -> Report:
        """EmptyPeriod where there is nothing to tell."""
        section = self._wanted()
        targets = Targets(section.organisation_target, section.person_target, section.nearly)
        wish = Wish(ReportName(wanted.report), period, documents=wanted.documents)
        head = Letterhead(self._snapshot(), at)
        self._state.read(partial(require_documents, wish=wish))
        ask = partial(make, head=head, targets=targets, today=today)
        try:
            return self._state.read(partial(ask, wish=wish))
        except TooManyDocuments:  # then the numbers alone
            return self._state.read(partial(ask, wish=replace(wish, documents=False)))

    def _stored(self, report: Report, wanted: SendSection) -> ReportLetter:
        forms = [OutputForm(form) for form in wanted.formats]
        bodies = {f"{report.name}.{form.ending}": write(report, form) for form in forms}
        files = store(self._root, report.name, bodies)
        return ReportLetter(report.title, report.subtitle, report.name, files, wanted.to)
