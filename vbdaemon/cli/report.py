"""`vbdaemon report …`: statistics, rates of signing, papers, books; scores are added by their own modules."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from vbdaemon.cli import report_score
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_print import BookName, chosen, of_site
from vbdaemon.cli.report_options import (
    Documents,
    Format,
    FormWords,
    Out,
    PeriodWords,
    UnitWords,
    asked_for,
    emit,
    show,
)
from vbdaemon.cli.site import Site
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.making import ReportName, documents_report, require_documents
from vbdaemon.report.output import OutputForm
from vbdaemon.report.period import PeriodKind, period_of, period_with
from vbdaemon.state.statistics import Figure

app = typer.Typer(help="Statistics, rates of signing, papers, registers and scores.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A command that makes one report of statistics."""

    name: ReportName
    meant: PeriodKind
    """The period that is meant when none is said: the day, month … of today."""
    words: str
    """What `--help` says."""
    by_form: bool = True
    """It can be asked about one form of document, and lists the documents behind it."""

    def register(self, app: typer.Typer) -> None:
        """Add it."""
        app.command(self.name, help=self.words)(self._by_form if self.by_form else self._by_unit)

    def _by_form(
        self,
        context: typer.Context,
        period: PeriodWords = None,
        unit: UnitWords = None,
        form: FormWords = None,
        output: Format = OutputForm.TABLE,
        out: Out = None,
        documents: Documents = False,
    ) -> None:
        asked = asked_for(context.obj, period, self.meant, unit, form)
        if self.name is ReportName.DAILY and asked.period.kind is not PeriodKind.DAY:
            raise ConfigurationError(f'{period} is no day; write 2026-11-22, or ask "vbdaemon report monthly"')
        show(asked, asked.wish(self.name, documents=documents), output, out)

    def _by_unit(
        self,
        context: typer.Context,
        period: PeriodWords = None,
        unit: UnitWords = None,
        output: Format = OutputForm.TABLE,
        out: Out = None,
    ) -> None:
        self._by_form(context, period, unit, None, output, out)


STATISTICS = (
    Statistic(ReportName.DAILY, PeriodKind.DAY, "What came in on one day (today), and what became of it."),
    Statistic(ReportName.MONTHLY, PeriodKind.MONTH, "The same of a month (this one), a quarter, a year, or any days."),
    Statistic(
        ReportName.SIGNING,
        PeriodKind.MONTH,
        "How many documents were signed by their organisation, by a person, by a leader (607/UBND-VP).",
    ),
    Statistic(
        ReportName.PAPER,
        PeriodKind.MONTH,
        "Papers that must follow: those due in a month (this one) by unit, and all that are awaited now.",
        by_form=False,
    ),
)
for each in STATISTICS:
    each.register(app)


@app.command("documents")
def list_documents(
    context: typer.Context,
    figure: Annotated[Figure | None, typer.Option("--figure", help="Only what this figure counts.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only with this reason, e.g. unreadable-file.")] = None,
    period: PeriodWords = None,
    unit: UnitWords = None,
    form: FormWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
) -> None:
    """The documents behind a number of the other reports, one line each."""
    asked = asked_for(context.obj, period, PeriodKind.MONTH, unit, form)
    wish = asked.wish(ReportName.MONTHLY, documents=True)
    asked.store.read(partial(require_documents, wish=wish))
    emit(
        asked.store.read(partial(documents_report, wish=wish, head=asked.head, figure=figure, reason=reason)),
        output,
        out,
    )


@app.command("register")
def print_register(
    context: typer.Context,
    book: BookName = None,
    period: PeriodWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
) -> None:
    """A book of a year (this one), or an extract of it; a long year in volumes: "vbdaemon register print"."""
    site: Site = context.obj
    settings, at = site.settings(), system_clock()
    today = at.astimezone(VIETNAM).date()
    days = period_of(period, today) if period else period_with(PeriodKind.YEAR, today)
    emit(of_site(chosen(open_reader(settings), settings, book, days), settings, at), output, out)


report_score.register(app)
