"""`vbdaemon report quarter|staff`: the results, as a table here or as XLSX, PDF, HTML or CSV in a file."""

from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.score_scene import Out, Period, UnitCode, scene_of
from vbdaemon.cli.site import quiet_pipe
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.score_sheet import score_report
from vbdaemon.report.sheet import Report
from vbdaemon.report.staff_sheet import staff_report

Form = Annotated[OutputForm, typer.Option("--format", help="How it is written.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="quarter")(quarter_results)
    app.command(name="staff")(staff_results)


def quarter_results(
    context: typer.Context, period: Period, form: Form = OutputForm.TABLE, unit: UnitCode = None, out: Out = None
) -> None:
    """The scores of heads of unit: all units, then a page for each."""
    quarter = Quarter.parse(period)
    _hand_over(score_report(scene_of(context), quarter, unit), form, out)


def staff_results(
    context: typer.Context, period: Period, form: Form = OutputForm.TABLE, unit: UnitCode = None, out: Out = None
) -> None:
    """Every occurrence with its sending account, a page for each unit, on which it names the persons."""
    quarter = Quarter.parse(period)
    _hand_over(staff_report(scene_of(context), quarter, unit), form, out)


def _hand_over(report: Report, form: OutputForm, out: Path | None) -> None:
    """To the file, or here what a terminal can show."""
    if out is None and form in (OutputForm.XLSX, OutputForm.PDF):
        raise ConfigurationError(f"say where to: --out {report.name}.{form.ending}")
    body = write(report, form)
    if out is None:
        with quiet_pipe():
            typer.echo(body.decode().rstrip("\n"))
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror}; name another file") from error
    typer.echo(f"written to {out}")
