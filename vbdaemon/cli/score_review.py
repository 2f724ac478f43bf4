"""`vbdaemon report findings|confirm|appeal`: what people say about the documents that were drawn."""

import json
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from vbdaemon.cli.score_scene import By, Quarterly, Reason, UnitCode, scene_of
from vbdaemon.cli.site import quiet_pipe
from vbdaemon.cli.typed import why
from vbdaemon.errors import ActRefused, ConfigurationError
from vbdaemon.report.drawing import stored_sample
from vbdaemon.report.fault import Mark
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal as decide_appeal
from vbdaemon.report.review import appeal_occurrence
from vbdaemon.report.review import confirm as decide
from vbdaemon.report.sample import Part
from vbdaemon.report.scene import Scene, check_scored
from vbdaemon.report.seed import ScoringError
from vbdaemon.state import scoring_findings
from vbdaemon.state.scoring_findings import FindingRow, Ruling

Verdict = Annotated[Mark, typer.Option("--verdict", help="ok: as required; deduct: points are deducted.")]


class Decision(StrEnum):
    """What a person says about documents."""

    OK = "ok"
    """As required."""
    DEDUCT = "deduct"
    """Points are deducted."""
    PROPOSED = "as-proposed"
    """What the system proposes for each is right: the person has looked at them."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(findings)
    app.command()(confirm)
    app.command()(appeal)


def findings(
    context: typer.Context,
    period: Quarterly,
    unit: UnitCode = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Those alone that nobody has looked at.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The documents that were drawn, what the system proposes, and what people found."""
    quarter = Quarter.parse(period)
    scene = scene_of(context)
    check_scored(quarter, scene.rule)
    sample = stored_sample(scene.state, quarter)
    if unit is not None and unit not in {each.code for each in sample.population.units}:
        raise ScoringError(f"{unit!r} is no unit that was scored in {quarter}")
    rows = [
        row
        for row in scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
        if unit in (None, row.unit) and not (waiting and row.verdict is not None)
    ]
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
            return
        for row in rows:
            typer.echo(_line(row))
        left = sum(row.verdict is None for row in rows)
        typer.echo(f"{len(rows)} documents, {left} to confirm")


def confirm(
    context: typer.Context,
    numbers: Annotated[list[int], typer.Argument(metavar="ID…", help='As "vbdaemon report findings" shows them.')],
    verdict: Annotated[Decision, typer.Option("--verdict", help="ok, deduct, or as-proposed by the system.")],
    reason: Reason,
    period: Annotated[str | None, typer.Option("--period", help="Refuse those of another quarter.")] = None,
    by: By = None,
) -> None:
    """A person's finding about drawn documents; once. After that only an appeal changes it."""
    scene, because = scene_of(context, by, acts=True), why(reason)
    quarter = Quarter.parse(period) if period is not None else None
    refused = 0
    for number in dict.fromkeys(numbers):
        try:
            _tell(decide(scene, number, _mark(scene, number, verdict, quarter), because))
        except (ScoringError, ActRefused) as refusal:
            if len(numbers) == 1:
                raise
            typer.echo(f"vbdaemon: {refusal}", err=True)
            refused += 1
    if refused:
        raise typer.Exit(1)


def appeal(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ID", help="Number of a finding, or the entry of a staff occurrence.")],
    reason: Reason,
    verdict: Verdict = Mark.OK,
    period: Annotated[str | None, typer.Option("--period", help="For a staff occurrence: its quarter.")] = None,
    unit: UnitCode = None,
    by: By = None,
) -> None:
    """The decision on an appeal; before and after stay on record, and the score is computed anew."""
    scene = scene_of(context, by, acts=True)
    if what.isascii() and what.isdigit():
        _tell(decide_appeal(scene, int(what), verdict, why(reason)))
        return
    if period is None:
        raise ConfigurationError(f"{what}: not the number of a finding; for a staff occurrence say its --period too")
    _tell(appeal_occurrence(scene, Quarter.parse(period), what, verdict, why(reason), unit))


def _mark(scene: Scene, number: int, decision: Decision, quarter: Quarter | None) -> Mark:
    """What is decided about this one; ScoringError when it is of another quarter, or nothing is proposed."""
    row = scene.state.read(partial(scoring_findings.get, number=number))
    if quarter is not None and row.period != str(quarter):
        raise ScoringError(f"finding {number} is of {row.period}")
    if decision is not Decision.PROPOSED:
        return Mark(decision)
    if row.proposal is None:
        raise ScoringError(f"finding {number}: the system proposes nothing; say --verdict ok or deduct")
    return Mark(row.proposal)


def _line(row: FindingRow) -> str:
    part = "staff" if row.part == Part.STAFF else row.part
    return (
        f"{row.id:>5}  {row.unit:<16} {part:<8} {row.entry:<24} {row.kind:<10} "
        f"proposed {row.proposal or '-':<7} {row.verdict or 'to confirm':<10}  {row.grounds}"
    )


def _tell(ruling: Ruling) -> None:
    typer.echo(f"finding {ruling.finding}: {ruling.before or 'open'} -> {ruling.after}, by {ruling.who}")
    typer.echo(f"points deducted: {ruling.points_before:g} -> {ruling.points_after:g}")
