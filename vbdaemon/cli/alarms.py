"""`vbdaemon alarms list|clear`: what needs a person now."""

import json
from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.typed import who, why
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import ActRefused
from vbdaemon.state import alarms, submissions

app = typer.Typer(help="What broke its promise, is held too long, or was given up.", no_args_is_help=True)


@app.command("list")
def list_alarms(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False
) -> None:
    """Open alarms, the oldest first; each goes away when its cause does."""
    site: Site = context.obj
    rows = open_reader(site.settings()).read(alarms.opened)
    with quiet_pipe():
        if as_json:
            table = [asdict(row) | {"at": row.at.isoformat()} for row in rows]
            typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
            return
        for row in rows:
            typer.echo(f"{row.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}  {row.kind:<12} {row.submission:<18} {row.words}")
        typer.echo(f"{len(rows)} alarms" if rows else "no alarm")


@app.command()
def clear(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help='As "vbdaemon alarms list" shows them.')],
    reason: Annotated[str, typer.Option("--reason", help="What was done, e.g. brought by hand; it is recorded.")],
    by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
) -> None:
    """A person saw to it: the alarms of these submissions are cleared and not raised again."""
    site: Site = context.obj
    state = open_reader(site.settings())
    by_whom, done, at = who(by), why(reason), system_clock()
    for each in ids:
        row = state.read(partial(submissions.get, submission_id=each))
        change = partial(alarms.clear_by_person, submission_id=row.id, who=by_whom, why=done, at=at)
        count = state.write(change)
        if not count:
            raise ActRefused(f'{row.id} has no open alarm; see "vbdaemon alarms list"')
        typer.echo(f"{row.id}: {count} alarms cleared")
