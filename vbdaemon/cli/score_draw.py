"""`vbdaemon report commit-secret|population|draw|verify-sample`: the random sample of a quarter, chosen by nobody."""

import hashlib
import secrets
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.score_scene import By, Quarterly, check_free, scene_of, write_new
from vbdaemon.cli.typed import day
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.ceremony import Announcement, commit_secret, make_population, present_population, unplaced
from vbdaemon.report.drawing import draw_sample
from vbdaemon.report.population import Population, population_bytes, population_hash
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample_file import SampleFile, sample_bytes
from vbdaemon.report.secret_file import secret_path
from vbdaemon.report.seed import ScoringError, ValueForm
from vbdaemon.report.verification import Published, Step, verify
from vbdaemon.report.words import day_words

MOST_BYTES = 200_000_000
SIGNS = {True: "ok", False: "FAILED", None: "compare"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(name="commit-secret")(commit)
    app.command()(population)
    app.command()(draw)
    app.command(name="verify-sample")(verify_sample)


def commit(context: typer.Context, period: Quarterly, by: By = None) -> None:
    """Before the quarter ends: make its secret, and print the hash to publish."""
    quarter = Quarter.parse(period)
    scene = scene_of(context, by, acts=True)
    commitment = commit_secret(scene, quarter, secrets.token_bytes)
    typer.echo(f"{quarter}: the secret lies in {secret_path(scene.spool, quarter)}; tell it to nobody before the draw")
    typer.echo(f"publish before {day_words(quarter.last_day)} is over, where it cannot be changed later:")
    typer.echo(f"    {quarter}  SHA-256 of the secret  {commitment}")
    typer.echo("exactly one such hash may ever be published for a quarter: whoever has several secrets can choose")


def population(
    context: typer.Context,
    period: Quarterly,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file that is published.")],
    value_from: Annotated[
        str | None, typer.Option("--value-from", help="Where the public value will come from.")
    ] = None,
    value_on: Annotated[
        str | None, typer.Option("--value-on", metavar="DAY", help="The day on which it will exist, after today.")
    ] = None,
    value_form: Annotated[
        str, typer.Option("--value-form", help='How it is written: "digits:5", "hex:64".')
    ] = "digits:5",
    replace: Annotated[
        str | None, typer.Option("--replace", metavar="WHY", help="Make another one; the former stays on record.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Write the one that was made again.")] = False,
    by: By = None,
) -> None:
    """After the quarter, before the public value exists: fix what is drawn from, and print the hash to publish."""
    quarter = Quarter.parse(period)
    check_free(out)
    scene = scene_of(context, by, acts=True)
    if again:
        made = present_population(scene.state, quarter)
    else:
        if not (value_from or "").strip() or value_on is None:
            raise ConfigurationError(
                'say where the public value will come from, and when: --value-from "special prize of the Northern '
                'lottery" --value-on 2026-04-10'
            )
        form = ValueForm.parse(value_form)
        told = Announcement((value_from or "").strip(), form, day(value_on), (replace or "").strip())
        made = make_population(scene, quarter, told)
    write_new(out, population_bytes(made))
    _tell_population(quarter, made, out)
    for code, number in unplaced(scene, quarter).items():
        words = f"{number} documents of {code}, which is no unit of units.toml; was it renamed or merged?"
        typer.echo(f"NOT in it: {words}", err=True)


def draw(
    context: typer.Context,
    period: Quarterly,
    public_value: Annotated[str, typer.Option("--public-value", help="As it was announced; typed by the witness.")],
    witness: Annotated[str, typer.Option("--witness", metavar="NAME", help="Who saw the value and types it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The sample, for everybody.")],
    correct: Annotated[
        str | None, typer.Option("--correct", metavar="WHY", help="The value was typed wrongly: draw with this one.")
    ] = None,
    by: By = None,
) -> None:
    """Draw the sample from secret, public value and population; once, and for ever."""
    quarter = Quarter.parse(period)
    check_free(out)
    if not witness.strip():
        raise ConfigurationError("say who saw the public value: --witness 'NAME'")
    scene = scene_of(context, by, acts=True)
    sample = draw_sample(scene, quarter, public_value, witness.strip(), (correct or "").strip())
    body = sample_bytes(sample)
    write_new(out, body)
    _tell_sample(quarter, sample, out, hashlib.sha256(body).hexdigest())


def verify_sample(
    file: Annotated[Path, typer.Argument(metavar="FILE", help='As "vbdaemon report draw" wrote it.')],
    commitment: Annotated[
        str | None, typer.Option("--commitment", metavar="HASH", help="As it was published before the quarter ended.")
    ] = None,
    population_hash: Annotated[
        str | None, typer.Option("--population-hash", metavar="HASH", help="As it was published before the draw.")
    ] = None,
    public_value: Annotated[
        str | None, typer.Option("--public-value", metavar="VALUE", help="As its source published it.")
    ] = None,
) -> None:
    """Draw again and compare: needs the file alone, no settings, no state, no network; exit 1 when a step fails."""
    steps = verify(_read(file), Published(commitment, population_hash, public_value))
    for step in steps:
        typer.echo(f"{SIGNS[step.holds]:<8} {step.name}: {step.words}")
    if any(step.holds is False for step in steps):
        typer.echo(f"this is not the sample that secret, public value and population give: {_failed(steps)}", err=True)
        raise typer.Exit(1)
    if any(step.holds is None for step in steps):
        typer.echo("the file agrees with itself, which a forged one can do too: it proves something only once what")
        typer.echo('stands under "compare" was found the same where it was published, and in time')
    else:
        typer.echo(
            "nobody chose this sample, if what you compared with was published in time: secret's hash before the"
        )
        typer.echo("quarter ended, population's hash before the public value existed, one of each")


def _tell_population(quarter: Quarter, made: Population, out: Path) -> None:
    for unit in made.units:
        sending = unit.sending
        parts = f"sending {len(sending.entries)}" if sending else "sending left out (no signature account)"
        typer.echo(f"{unit.code:<16} {unit.name:<44} format {len(unit.format.entries)}, {parts}")
    typer.echo(f"written to {out}; publish it, and now, before the public value exists, its hash:")
    typer.echo(f"    {quarter}  SHA-256 of the population  {population_hash(made)}")
    on = day_words(date.fromisoformat(made.public_on))
    typer.echo(f"public value: {made.public_source}, {on} ({ValueForm.parse(made.public_form).words})")
    typer.echo(f'then: vbdaemon report draw --period {quarter} --public-value "…" --witness "…" --by "…" --out FILE')


def _tell_sample(quarter: Quarter, sample: SampleFile, out: Path, sha256: str) -> None:
    for unit in sample.sample:
        format_ = " ".join(each.entry for each in unit.format) or "none"
        sending = "left out" if unit.sending is None else " ".join(each.entry for each in unit.sending) or "none"
        typer.echo(f"{unit.code:<16} format: {format_}   sending: {sending}")
    typer.echo(f"written to {out}; anyone checks it with: vbdaemon report verify-sample {out}")
    typer.echo(f"SHA-256 of this file, for the minutes that the witness signs: {sha256}")
    typer.echo(f"next: vbdaemon report findings --period {quarter}")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}; name the file that the draw wrote") from error
    if len(body) > MOST_BYTES:
        raise ScoringError(f"{file}: too large for a sample file")
    return body


def _failed(steps: tuple[Step, ...]) -> str:
    return ", ".join(step.name for step in steps if step.holds is False)
