"""`vbdaemon register print`: a whole book of a year, in the columns of the decree, as table, file or paper."""

from datetime import datetime
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
from vbdaemon.report.register_book import BookYear, book_report
from vbdaemon.report.sheet import Report
from vbdaemon.rules.loader import load_forms
from vbdaemon.state import register_search
from vbdaemon.state.connection import Connection
from vbdaemon.state.store import State

VOLUME = 5000
"""Lines of a PDF; a longer year is printed in several, as books on paper are."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("print")(print_book)


def print_book(
    context: typer.Context,
    book: Annotated[str | None, typer.Option("--book", help="Name of the book; the incoming one if not said.")] = None,
    year: Annotated[int | None, typer.Option("--year", min=1, max=9999, help="This year if not said.")] = None,
    form: Annotated[OutputForm, typer.Option("--format", help="csv, xlsx, html, pdf, or a table.")] = OutputForm.TABLE,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Otherwise a file in this folder.")] = None,
) -> None:
    """Print a book of a year in full, as NĐ 30/2020/NĐ-CP, Appendix IV has it; void lines stay, marked."""
    site: Site = context.obj
    settings = site.settings()
    now = system_clock()
    of = chosen(open_reader(settings), settings, book, year, now)
    forms = load_forms(settings.path(settings.rules.forms) if settings.rules.forms else None)
    office = Office(**settings.office.model_dump())
    if form is OutputForm.TABLE and out is None:
        with quiet_pipe():
            typer.echo(write(book_report(of, office, forms, now), form).decode(), nl=False)
        return
    for volume in of.volumes(VOLUME if form is OutputForm.PDF else len(of.lines)):
        report = book_report(volume, office, forms, now)
        target = _target(out, report, volume, form)
        written(target, write(report, form))
        typer.echo(f"written to {target}: {len(volume.lines)} lines")


def whole_report(state: State, settings: Settings, name: str | None, year: int | None, now: datetime) -> Report:
    """The report of a book's whole year; ActRefused when it has no line."""
    forms = load_forms(settings.path(settings.rules.forms) if settings.rules.forms else None)
    return book_report(chosen(state, settings, name, year, now), Office(**settings.office.model_dump()), forms, now)


def chosen(state: State, settings: Settings, name: str | None, year: int | None, now: datetime) -> BookYear:
    """A book's year; ActRefused when it has no line."""
    books = settings.register_.value()
    book = books.named(name) if name else books.incoming
    year = year or now.astimezone(VIETNAM).year
    found = state.read(lambda c: _book_year(c, book or _kept(c, name or ""), year))
    if not found.lines:
        there = ", ".join(f"{kept} {y}" for kept, y in state.read(register_search.years)) or "none yet"
        raise ActRefused(f"book {found.book.name} has no line in {year}; there are: {there}")
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


def _book_year(connection: Connection, book: Book, year: int) -> BookYear:
    lines = tuple(register_search.whole_book(connection, book.name, year))
    return BookYear(book, year, lines, register_search.transfers(connection, book.name, year))
