"""`vbdaemon assign [ID --lead UNIT …]`: who deals with an accepted document; without ID, what waits for it."""

import json
from typing import Annotated

import typer
from rich.table import Table

from vbdaemon.cli.act_apply import apply_all, tell
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import day, who
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Act, ActKind, Assignment
from vbdaemon.state import follow, submissions
from vbdaemon.state.follow import Presented

WHO = "Code of a unit, or unit/account for a person of it"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(assign)


def assign(
    context: typer.Context,
    submission: Annotated[str | None, typer.Argument(metavar="[ID]", help="Without it: what waits.")] = None,
    lead: Annotated[str, typer.Option("--lead", metavar="WHO", help=f"{WHO}: leads (chủ trì).")] = "",
    support: Annotated[
        list[str] | None, typer.Option("--support", metavar="WHO", help="Supports (phối hợp); several times.")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="As 2026-01-31 or 31/01/2026.")] = None,
    note: Annotated[
        str, typer.Option("--note", help="The leader's note (ý kiến chỉ đạo); goes with the document.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, where it is not plain; it is recorded.")] = "",
    document: Annotated[int, typer.Option("--document", min=1, help="Which of several documents.")] = 1,
    by: Annotated[str | None, typer.Option("--by", help="Who assigns, as it stands on the slip.")] = None,
    title: Annotated[str, typer.Option("--title", help="Their title, as it stands on the slip.")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say who deals with an accepted document: it is forwarded with a slip, and the sender is told."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    if submission is None:
        _print_waiting(state.read(follow.waiting), as_json=as_json)
        return
    if not lead:
        raise ConfigurationError("nobody is named to lead; say --lead UNIT")
    row = state.read(lambda c: submissions.get(c, submission))
    act = Act(
        ActKind.ASSIGN,
        row.id,
        who(by),
        reason.strip() or "assigned",
        system_clock(),
        row.version,
        document=document - 1,
        title=title.strip(),
        assignment=Assignment(lead, tuple(support or ()), None if due is None else day(due), note.strip()),
    )
    tell(apply_all(settings, state, [act]), as_json=as_json)


def _print_waiting(waiting: tuple[Presented, ...], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "id": each.submission,
                "document": each.ordinal + 1,
                "since": each.since.isoformat(),
                "designation": each.designation,
                "form": each.form,
                "book": each.book,
                "year": each.year,
                "number": each.number,
            }
            for each in waiting
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not waiting:
        typer.echo("nothing waits to be assigned", err=True)
        return
    from rich.console import Console  # noqa: PLC0415 - only when a table is shown

    table = Table("ID", "document", "since", "number", "form", "arrival number", box=None)
    for each in waiting:
        since = f"{each.since.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
        number = f"{each.number}/{each.year} ({each.book})" if each.number else ""
        table.add_row(each.submission, str(each.ordinal + 1), since, each.designation, each.form, number)
    Console().print(table)
