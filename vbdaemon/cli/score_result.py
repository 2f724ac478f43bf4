"""`vbdaemon report quarter|staff`: the results of a quarter, on the screen or as XLSX, PDF, HTML or CSV."""

import typer

from vbdaemon.cli.report_options import Format, Out, emit
from vbdaemon.cli.score_scene import Quarterly, UnitCode, scene_of
from vbdaemon.report.output import OutputForm
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.score_sheet import score_report
from vbdaemon.report.staff_sheet import staff_report


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="quarter")(quarter_results)
    app.command(name="staff")(staff_results)


def quarter_results(
    context: typer.Context, period: Quarterly, output: Format = OutputForm.TABLE, unit: UnitCode = None, out: Out = None
) -> None:
    """The scores of heads of unit: all units, then a page for each."""
    quarter = Quarter.parse(period)
    emit(score_report(scene_of(context), quarter, unit), output, out)


def staff_results(
    context: typer.Context, period: Quarterly, output: Format = OutputForm.TABLE, unit: UnitCode = None, out: Out = None
) -> None:
    """Every occurrence with its sending account, a page for each unit, on which it names the persons."""
    quarter = Quarter.parse(period)
    emit(staff_report(scene_of(context), quarter, unit), output, out)
