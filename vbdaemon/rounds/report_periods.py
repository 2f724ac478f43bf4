"""Reports of a period that has turned: statistics, and extracts of a book; each period once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from vbdaemon.clock import VIETNAM
from vbdaemon.config.report import SendSection
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.making import EmptyPeriod, ReportName, TooManyDocuments, Wish, make, require_documents
from vbdaemon.report.output import write
from vbdaemon.report.period import Period, PeriodKind, period_after, period_before, period_with
from vbdaemon.report.register_book import book_report, read_book, volumes_for
from vbdaemon.report.sheet import ReportTooLong
from vbdaemon.report.targets import Targets
from vbdaemon.rounds.report_terms import ReportTerms, Wrapped, forms_of, wrapped
from vbdaemon.rounds.report_withdrawal import date_back
from vbdaemon.state import report_letters
from vbdaemon.state.statistics_open import midnight, under_way
from vbdaemon.state.store import State

log = structlog.get_logger("reports")
PATIENCE = timedelta(hours=1)
REGISTER = "register"


class Periods:
    """Sends each report of a period that has ended once.

    A cursor in the state moves in the transaction that writes the letters: a restart repeats nothing, and periods that
    ended while the daemon was down are sent one after the other. A report that is configured anew begins with the
    period that runs.
    """

    def __init__(self, state: State, root: Path, due: Callable[[], None]) -> None:
        """`root`: where reports lie that are sent. `due` is called when letters were written."""
        self._state = state
        self._root = root
        self._due = due

    def look(self, wanted: SendSection, terms: ReportTerms, at: datetime) -> None:
        """Send what is to be sent at this moment, one period at most; VbdaemonError: nothing was, and none is lost."""
        today = at.astimezone(VIETNAM).date()
        timer = timer_of(wanted, terms)
        last = self._state.read(partial(report_letters.last_sent, timer=timer))
        running = period_with(PeriodKind(wanted.every), today)
        if last is None:
            self._state.write(partial(report_letters.mark, timer=timer, since=period_before(running).since))
            return
        if last > running.since:
            log.warning("the clock was ahead once; reports go on with the period that runs", timer=timer)
            self._state.write(partial(report_letters.mark, timer=timer, since=period_before(running).since))
            return
        period = period_after(period_with(PeriodKind(wanted.every), last))
        if period.until >= today or self._is_early(period, at):
            return
        try:
            made = (
                self._book(wanted, terms, period, at)
                if wanted.report == REGISTER
                else (self._statistics(wanted, terms, period, at))
            )
        except EmptyPeriod as empty:
            self._state.write(partial(report_letters.skip, timer=timer, since=period.since, words=str(empty), at=at))
            return
        letter = made.letter(self._root, wanted.to)
        date_back(self._root / letter.folder, at)
        self._state.write(partial(report_letters.send, timer=timer, since=period.since, letter=letter, at=at))
        log.info("report sent", report=letter.folder, letters=len(letter.to))
        self._due()

    def _is_early(self, period: Period, at: datetime) -> bool:
        """What came in a second before midnight is decided a moment later: the report waits for it a while."""
        over = midnight(period.until + timedelta(days=1))
        return at < over + PATIENCE and self._state.read(partial(under_way, until=period.until))

    def _statistics(self, wanted: SendSection, terms: ReportTerms, period: Period, at: datetime) -> Wrapped:
        """EmptyPeriod where there is nothing to tell; the numbers alone where the list behind them is endless."""
        section = terms.reports
        targets = Targets(section.organisation_target, section.person_target, section.nearly)
        wish = Wish(ReportName(wanted.report), period, documents=wanted.documents)
        today = at.astimezone(VIETNAM).date()
        self._state.read(partial(require_documents, wish=wish))
        ask = partial(make, head=terms.head(at), targets=targets, today=today)
        try:
            return wrapped(self._state.read(partial(ask, wish=wish)), wanted)
        except (TooManyDocuments, ReportTooLong):
            return wrapped(self._state.read(partial(ask, wish=replace(wish, documents=False))), wanted)

    def _book(self, wanted: SendSection, terms: ReportTerms, period: Period, at: datetime) -> Wrapped:
        """The lines of these days; a long year in volumes. EmptyPeriod where there is none."""
        name = book_of(wanted, terms)
        book = terms.books.named(name)
        if book is None:
            raise ConfigurationError(f"{name!r} is no book of [register] any more; name another in [[reports.send]]")
        found = self._state.read(partial(read_book, book=book, period=period))
        if not found.lines:
            raise EmptyPeriod(f"book {name} has no line of {period.slug}")
        told = partial(book_report, office=terms.snapshot.office, forms=terms.snapshot.forms, made_at=at)
        files = {}
        for form in forms_of(wanted):
            for volume in volumes_for(found, form):
                report = told(volume)
                files[f"{report.name}.{form.ending}"] = write(report, form)
        whole = told(found)
        return Wrapped(replace(whole, title=whole.title.capitalize()), whole.subtitle, files)


def book_of(wanted: SendSection, terms: ReportTerms) -> str:
    """The book that a timer sends."""
    return wanted.book or terms.books.incoming.name


def timer_of(wanted: SendSection, terms: ReportTerms) -> str:
    """What a timer is known by: two of one name would send the same."""
    timer = f"{wanted.report}/{wanted.every}"
    return f"{timer}/{book_of(wanted, terms)}" if wanted.report == REGISTER else timer
