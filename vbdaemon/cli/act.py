"""`vbdaemon hold|release|reject|retry|quarantine ID … --reason WHY`: what people do, as commands."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer

from vbdaemon.cli.act_apply import Answer, apply_all, would_become
from vbdaemon.cli.choice import wanted_where
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import who, why
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Act, ActKind
from vbdaemon.state import submissions
from vbdaemon.state.records import ActState, SubmissionRow
from vbdaemon.state.search import found
from vbdaemon.state.store import State

HELP = {
    ActKind.HOLD: "Stop submissions; only a person lets them go on.",
    ActKind.RELEASE: "Let held submissions go on, waiving exactly what they are held for.",
    ActKind.REJECT: "Refuse submissions; the reason goes to the sender.",
    ActKind.RETRY: "Judge submissions again from the start.",
    ActKind.QUARANTINE: "Lock submissions away and remove what was kept of their names and text.",
}
STDIN = "-"
WHERE = "Every submission that fits: state=HELD, source=…, unit=…, form=…, reason=…, since=3d; several must all hold."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed."""

    kind: ActKind
    ids: list[str]
    where: list[str]
    why: str
    who: str
    title: str = ""
    instead: bool = False

    @property
    def in_bulk(self) -> bool:
        """The submissions were not named one by one: a person confirms how many they are."""
        return bool(self.where) or STDIN in self.ids


def register(app: typer.Typer) -> None:
    """Add one command for each kind of act."""
    for kind, words in HELP.items():
        app.command(kind.value, help=words)(_reject if kind is ActKind.REJECT else _command(kind))


def _reject(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Why; told where no refusal was prepared, always recorded.")],
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help='As "vbdaemon list" shows them; - reads them.')
    ] = None,
    where: Annotated[list[str] | None, typer.Option("--where", metavar="KEY=VALUE", help=WHERE)] = None,
    by: Annotated[str | None, typer.Option("--by", help="Name that stands under the refusal.")] = None,
    title: Annotated[str, typer.Option("--title", help="Title that stands under the refusal.")] = "",
    instead: Annotated[bool, typer.Option("--instead", help="Tell this reason instead of those prepared.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a bulk act.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    asked = _Asked(ActKind.REJECT, ids or [], where or [], why(reason), who(by), title.strip(), instead)
    _do(context, asked, dry_run=dry_run, yes=yes, as_json=as_json)


def _command(kind: ActKind) -> Callable[..., None]:
    def command(
        context: typer.Context,
        reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
        ids: Annotated[
            list[str] | None, typer.Argument(metavar="ID", help='As "vbdaemon list" shows them; - reads them.')
        ] = None,
        where: Annotated[list[str] | None, typer.Option("--where", metavar="KEY=VALUE", help=WHERE)] = None,
        by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a bulk act.")] = False,
        as_json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        asked = _Asked(kind, ids or [], where or [], why(reason), who(by))
        _do(context, asked, dry_run=dry_run, yes=yes, as_json=as_json)

    return command


def _do(context: typer.Context, asked: _Asked, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    rows = _chosen(settings, state, asked)
    at = system_clock()
    todo = [
        Act(asked.kind, row.id, asked.who, asked.why, at, row.version, title=asked.title, instead=asked.instead)
        for row in rows
    ]
    if dry_run:
        answers = would_become(settings, state, todo)
    elif asked.in_bulk and not yes and not _agreed(asked.kind, rows):
        raise ConfigurationError("nothing was done; look with --dry-run, then repeat with --yes")
    else:
        answers = apply_all(settings, state, todo)
    _print(answers, dry_run=dry_run, as_json=as_json)


def _chosen(settings: Settings, state: State, asked: _Asked) -> list[SubmissionRow]:
    """The submissions, each once; UnknownSubmission before anything is done, when one of those named is unknown."""
    if not asked.ids and not asked.where:
        raise ConfigurationError("name submissions by ID, with --where KEY=VALUE, or with - to read ids from stdin")
    named = [id_ for id_ in asked.ids if id_ != STDIN]
    if STDIN in asked.ids:
        named += [line.split()[0] for line in sys.stdin.read().splitlines() if line.strip()]
    rows = [state.read(lambda c, id_=id_: submissions.get(c, id_)) for id_ in dict.fromkeys(named)]  # type: ignore[misc]  # bound now
    if asked.where:
        choice = wanted_where(settings, system_clock(), asked.where)
        fitting = state.read(lambda c: [match.row for match in found(c, choice)])
        kept = {row.id for row in fitting}
        rows = [row for row in rows if row.id in kept] if asked.ids else fitting
    return rows


def _agreed(kind: ActKind, rows: list[SubmissionRow]) -> bool:
    """A person at a terminal is asked; a script must say --yes."""
    if not rows:
        return True
    if not sys.stdin.isatty():
        return False
    for row in rows[:20]:
        typer.echo(f"{row.id}  {row.state:<11}  {row.source}", err=True)
    if len(rows) > 20:  # noqa: PLR2004 - a screen
        typer.echo(f"… and {len(rows) - 20} more", err=True)
    return typer.confirm(f"{kind} {len(rows)} submissions?", err=True)


def _print(answers: list[Answer], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        table = [{"id": a.submission, "state": a.state, "answer": a.words, "dry_run": dry_run} for a in answers]
        typer.echo(json.dumps(table, ensure_ascii=False))
    else:
        would = "would be " if dry_run else ""
        for answer in answers:
            typer.echo(f"{answer.submission}: {would}{answer.state.value.lower()}: {answer.words}")
        if not answers:
            typer.echo("no submission fits", err=True)
        elif dry_run:
            good = sum(answer.state is ActState.APPLIED for answer in answers)
            typer.echo(f"dry run: {good} of {len(answers)} would be applied; nothing was changed", err=True)
    if not answers or any(answer.state is not ActState.APPLIED for answer in answers):
        raise typer.Exit(1)
