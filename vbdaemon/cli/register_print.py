"""`vbdaemon register print`: a whole book of a year, in the columns of the decree, as table, file or paper."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_choice import written
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ActRefused, ConfigurationError
from vbdaemon.model import Office
from vbdaemon.model.register import Book
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.period import Period, PeriodKind, period_with
from vbdaemon.report.register_book import BookYear, book_report, read_book, volumes_for
from vbdaemon.report.sheet import Report
from vbdaemon.rules.loader import load_forms
from vbdaemon.state import register_search
from vbdaemon.state.connection import Connection
from vbdaemon.state.store import State

BookName = Annotated[str | None, typer.Option("--book", help="Name of the book; the incoming one if not said.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("print")(print_book)


def print_book(
    context: typer.Context,
    book: BookName = None,
    year: Annotated[int | None, typer.Option("--year", min=1, max=9999, help="This year if not said.")] = None,
    form: Annotated[OutputForm, typer.Option("--format", help="csv, xlsx, html, pdf, or a table.")] = OutputForm.TABLE,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Otherwise a file in this folder.")] = None,
) -> None:
    """Print a book of a year in full, as NĐ 30/2020/NĐ-CP, Appendix IV has it; void lines stay, marked."""
    site: Site = context.obj
    settings = site.settings()
    now = system_clock()
    day = now.astimezone(VIETNAM).date() if year is None else date(year, 1, 1)
    of = chosen(open_reader(settings), settings, book, period_with(PeriodKind.YEAR, day))
    if form is OutputForm.TABLE and out is None:
        with quiet_pipe():
            typer.echo(write(of_site(of, settings, now), form).decode(), nl=False)
        return
    for volume in volumes_for(of, form):
        report = of_site(volume, settings, now)
        target = _target(out, report, volume, form)
        written(target, write(report, form))
        typer.echo(f"written to {target}: {len(volume.lines)} lines")


def of_site(of: BookYear, settings: Settings, now: datetime) -> Report:
    """The lines as this office prints them."""
    forms = load_forms(settings.path(settings.rules.forms) if settings.rules.forms else None)
    return book_report(of, Office(**settings.office.model_dump()), forms, now)


def chosen(state: State, settings: Settings, name: str | None, period: Period) -> BookYear:
    """The lines of a book in a year, or in some days of one; ActRefused when there is none."""
    books = settings.register_.value()
    book = books.named(name) if name else books.incoming
    found = state.read(lambda c: read_book(c, book or _kept(c, name or ""), period))
    if not found.lines:
        there = ", ".join(f"{kept} {y}" for kept, y in state.read(register_search.years)) or "none yet"
        raise ActRefused(f"book {found.book.name} has no line in {period.slug}; there are: {there}")
    return found


def _target(out: Path | None, report: Report, volume: BookYear, form: OutputForm) -> Path:
    """Each volume has a file of its own."""
    if out is None:
        return Path(f"{report.name}.{form.ending}")
    return out if volume.volume is None else out.with_stem(f"{out.stem}_quyen-{volume.volume}")


def _kept(connection: Connection, name: str) -> Book:
    """A book that the settings do not name any more and that has lines still."""
    for line in register_search.listed(connection, 1, book=name):
        return Book(name, line.direction)
    raise ConfigurationError(f"{name!r} is no book; [register] in the settings names them")
