"""Reports by name, from the state: what the command prints and what is sent on a timer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from vbdaemon.errors import VbdaemonError
from vbdaemon.report import overview, paper, signing
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.listing import HEADING, TICKS, document_list
from vbdaemon.report.period import Period
from vbdaemon.report.sheet import Report
from vbdaemon.report.targets import Targets
from vbdaemon.report.words import day_words
from vbdaemon.state import statistics_list
from vbdaemon.state.connection import Connection
from vbdaemon.state.statistics import Figure, Scope
from vbdaemon.state.statistics_list import Counted

MOST_LISTED = 200_000
"""Documents; each line takes a kilobyte of memory."""


class EmptyPeriod(VbdaemonError):
    """Nothing was received in this period."""


class TooManyDocuments(VbdaemonError):
    """There are too many documents to list; choose a shorter period, a unit or a figure."""


class ReportName(StrEnum):
    """Reports of statistics."""

    DAILY = "daily"
    """What came in on a day."""
    MONTHLY = "monthly"
    """The same of a month, quarter or year."""
    SIGNING = "signing"
    """The rates of 607/UBND-VP."""
    PAPER = "paper"
    """Papers due and overdue."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report is wanted."""

    name: ReportName
    period: Period
    unit: str | None = None
    """Code; None = all units."""
    form: str | None = None
    """Slug; None = all forms."""
    documents: bool = False
    """With the list of the documents behind the numbers."""

    @property
    def scope(self) -> Scope:
        """What is counted; signing counts by who issued."""
        if self.name is ReportName.SIGNING:
            return Scope(self.period.since, self.period.until, issuer=self.unit, form=self.form)
        return Scope(self.period.since, self.period.until, self.unit, form=self.form)


def make(connection: Connection, wish: Wish, head: Letterhead, targets: Targets, today: date) -> Report:
    """The report, in words for people; TooManyDocuments where the list behind it would be endless."""
    report = _MAKERS[wish.name](connection, wish, head, targets, today)
    if not wish.documents or wish.name is ReportName.PAPER:
        return report
    listed = document_list(_countable(connection, wish), head)
    return replace(report, sections=(*report.sections, listed))


def documents_report(
    connection: Connection, wish: Wish, head: Letterhead, figure: Figure | None, reason: str | None
) -> Report:
    """The documents behind one number: those that a figure counts, or that have a reason; None = all.

    EmptyPeriod where there is none.
    """
    which = " ".join(words for words in (figure, reason) if words) or "all"
    listed = document_list(_countable(connection, wish, figure, reason), head)
    if not listed.rows:
        raise EmptyPeriod(f"no document of {wish.period.slug} is counted as: {which}")
    about = "; ".join(words for words in (_about(wish, head), *_choice(figure, reason, head)) if words)
    return head.report(
        f"van-ban_{which.replace(' ', '_')}", HEADING, wish.period, (listed,), about=about, landscape=True
    )


def _countable(
    connection: Connection, wish: Wish, figure: Figure | None = None, reason: str | None = None
) -> list[Counted]:
    found = list(statistics_list.counted(connection, wish.scope, figure, reason, limit=MOST_LISTED + 1))
    if len(found) > MOST_LISTED:
        raise TooManyDocuments
    return found


def require_documents(connection: Connection, wish: Wish) -> None:
    """EmptyPeriod, with the days between which there is something, where the report would say nothing."""
    if wish.name is ReportName.PAPER or statistics_list.any_in(connection, wish.scope):
        return
    days = statistics_list.first_and_last(connection)
    about = f" of unit {wish.unit}" if wish.unit else ""
    about += f" of form {wish.form}" if wish.form else ""
    if days is None:
        raise EmptyPeriod("no document was decided here yet; there is nothing to report")
    span = f"documents were received from {day_words(days[0])} to {day_words(days[1])}"
    raise EmptyPeriod(f"no document{about} was received in {wish.period.slug}; {span}")


def _overview(connection: Connection, wish: Wish, head: Letterhead, targets: Targets, today: date) -> Report:
    found = overview.gather(connection, wish.scope, today)
    name = "bao-cao-ngay" if wish.name is ReportName.DAILY else "bao-cao"
    return overview.overview(name, found, head, wish.period, targets, about=_about(wish, head))


def _signing(connection: Connection, wish: Wish, head: Letterhead, targets: Targets, today: date) -> Report:
    del today
    found = signing.gather(connection, wish.scope)
    return signing.signing(found, head, wish.period, targets, about=_about(wish, head))


def _paper(connection: Connection, wish: Wish, head: Letterhead, targets: Targets, today: date) -> Report:
    del targets
    found = paper.gather(connection, wish.scope, today)
    return paper.paper(found, head, wish.period, today, about=_about(wish, head))


def _choice(figure: Figure | None, reason: str | None, head: Letterhead) -> tuple[str, ...]:
    words = TICKS[figure][1] if figure in TICKS else "nhận được"
    return (f"Số liệu: {words}" if figure else "", f"Lý do: {head.reason(reason)}" if reason else "")


def _about(wish: Wish, head: Letterhead) -> str:
    unit = f"Đơn vị: {head.unit(wish.unit)}" if wish.unit else ""
    form = f"Hình thức: {head.form(wish.form)}" if wish.form else ""
    return "; ".join(words for words in (unit, form) if words)


_MAKERS: Mapping[ReportName, Callable[[Connection, Wish, Letterhead, Targets, date], Report]] = {
    ReportName.DAILY: _overview,
    ReportName.MONTHLY: _overview,
    ReportName.SIGNING: _signing,
    ReportName.PAPER: _paper,
}
