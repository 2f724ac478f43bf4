"""What the commands of `vbdaemon report` share: their options, and where a report goes."""

import os
import sys
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Snapshot
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.making import ReportName, Wish, make, require_documents
from vbdaemon.report.output import TERMINAL_WIDTH, OutputForm, write
from vbdaemon.report.period import Period, PeriodKind, period_of, period_with
from vbdaemon.report.sheet import Report
from vbdaemon.report.targets import Targets
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state.store import State

PeriodWords = Annotated[
    str | None, typer.Option("--period", help="2026-11-22, 2026-11, 2026-q4, 2026 or 2026-11-01..2026-11-15.")
]
UnitWords = Annotated[str | None, typer.Option("--unit", help="Only this unit (code or folder).")]
FormWords = Annotated[str | None, typer.Option("--form", help="Only this form of document, e.g. cong-van.")]
Format = Annotated[OutputForm, typer.Option("--format", help="How it is written.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write it to this file, or into this folder.")]
Documents = Annotated[bool, typer.Option("--documents", help="With the list of the documents behind the numbers.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of this site, checked."""

    store: State
    head: Letterhead
    targets: Targets
    today: date
    period: Period
    unit: str | None
    form: str | None

    def wish(self, name: ReportName, *, documents: bool) -> Wish:
        """The report of that name about all this."""
        return Wish(name, self.period, self.unit, self.form, documents)


def asked_for(site: Site, words: str | None, kind: PeriodKind, unit: str | None, form: str | None) -> Asked:
    """The options; without a period the present day, month … is meant.

    ConfigurationError for a period, unit or form that there is not.
    """
    settings = site.settings()
    snapshot = build_snapshot(settings)
    at = system_clock()
    today = at.astimezone(VIETNAM).date()
    wanted = settings.reports
    return Asked(
        store=open_reader(settings),
        head=Letterhead(snapshot, at),
        targets=Targets(wanted.organisation_target, wanted.person_target, wanted.nearly),
        today=today,
        period=period_of(words, today) if words else period_with(kind, today),
        unit=_unit(snapshot, unit),
        form=_form(snapshot, form),
    )


def show(asked: Asked, wish: Wish, form: OutputForm, out: Path | None) -> None:
    """Make the report and write it; EmptyPeriod in one line where there is nothing to tell."""
    asked.store.read(partial(require_documents, wish=wish))
    report = asked.store.read(partial(make, wish=wish, head=asked.head, targets=asked.targets, today=asked.today))
    emit(report, form, out)


def emit(report: Report, form: OutputForm, out: Path | None) -> None:
    """To a file, or to the screen; ConfigurationError where bytes would end on a screen or cannot be written."""
    if out is not None:
        path = out / f"{report.name}.{form.ending}" if out.is_dir() else out
        try:
            path.write_bytes(write(report, form))
        except OSError as error:
            raise ConfigurationError(f"{path}: {error.strerror}") from error
        typer.echo(f"written: {path}", err=True)
        return
    screen = sys.stdout.isatty()
    if screen and form in (OutputForm.PDF, OutputForm.XLSX):
        raise ConfigurationError(f"a report as {form} goes to a file: --out {report.name}.{form.ending}")
    body = _on_screen(report) if screen and form is OutputForm.TABLE else write(report, form)
    with quiet_pipe():
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


def _on_screen(report: Report) -> bytes:
    from vbdaemon.report.output_table import write_table  # noqa: PLC0415 - rich is loaded when it is needed

    return write_table(report, max(TERMINAL_WIDTH, os.get_terminal_size().columns), colour=True)


def _unit(snapshot: Snapshot, named: str | None) -> str | None:
    """Code of a unit that is named by code or by folder."""
    if named is None:
        return None
    found = next((unit for unit in snapshot.directory.units if named in (unit.code, unit.folder)), None)
    if found is None:
        raise ConfigurationError(f'{named!r} is no unit of the directory; see "vbdaemon units list"')
    return found.code


def _form(snapshot: Snapshot, named: str | None) -> str | None:
    if named is None or any(form.slug == named for form in snapshot.forms):
        return named
    known = ", ".join(sorted(form.slug for form in snapshot.forms))
    raise ConfigurationError(f"{named!r} is no form of document; there are: {known}")
