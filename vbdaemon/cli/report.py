"""`vbdaemon report …`: statistics, rates of signing, papers; registers and scores are added by their own modules."""

from functools import partial
from typing import Annotated

import typer

from vbdaemon.cli import report_score
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_print import whole_report
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


@app.command()
def daily(
    context: typer.Context,
    period: PeriodWords = None,
    unit: UnitWords = None,
    form: FormWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
    documents: Documents = False,
) -> None:
    """What came in on one day (today), and what became of it."""
    asked = asked_for(context.obj, period, PeriodKind.DAY, unit, form)
    if asked.period.kind is not PeriodKind.DAY:
        raise ConfigurationError(f'{period} is no day; write 2026-11-22, or ask "vbdaemon report monthly"')
    show(asked, asked.wish(ReportName.DAILY, documents=documents), output, out)


@app.command()
def monthly(
    context: typer.Context,
    period: PeriodWords = None,
    unit: UnitWords = None,
    form: FormWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
    documents: Documents = False,
) -> None:
    """The same of a month (this one), a quarter, a year, or any days."""
    asked = asked_for(context.obj, period, PeriodKind.MONTH, unit, form)
    show(asked, asked.wish(ReportName.MONTHLY, documents=documents), output, out)


@app.command()
def signing(
    context: typer.Context,
    period: PeriodWords = None,
    unit: UnitWords = None,
    form: FormWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
    documents: Documents = False,
) -> None:
    """How many documents were signed by their organisation, by a person, by a leader (607/UBND-VP)."""
    asked = asked_for(context.obj, period, PeriodKind.MONTH, unit, form)
    show(asked, asked.wish(ReportName.SIGNING, documents=documents), output, out)


@app.command()
def paper(
    context: typer.Context,
    period: PeriodWords = None,
    unit: UnitWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
) -> None:
    """Papers that must follow: those due in a month (this one) by unit, and all that are awaited now."""
    asked = asked_for(context.obj, period, PeriodKind.MONTH, unit, None)
    show(asked, asked.wish(ReportName.PAPER, documents=False), output, out)


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
    book: Annotated[str | None, typer.Option("--book", help="Name of the book; the incoming one if not said.")] = None,
    period: PeriodWords = None,
    output: Format = OutputForm.TABLE,
    out: Out = None,
) -> None:
    """A book of a year (this one) in full; the same as "vbdaemon register print"."""
    site: Site = context.obj
    settings, at = site.settings(), system_clock()
    today = at.astimezone(VIETNAM).date()
    year = period_of(period, today) if period else period_with(PeriodKind.YEAR, today)
    if year.kind is not PeriodKind.YEAR:
        raise ConfigurationError(f"a book is printed for a whole year; write --period {year.since.year}")
    emit(whole_report(open_reader(settings), settings, book, year.since.year, at), output, out)


report_score.register(app)
