"""`vbdaemon status`: one screen for the person on duty."""

import json
from dataclasses import replace
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import system_clock


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """What waits, why, since when, and what will be trouble soon; with or without a running daemon."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - only here

    from vbdaemon.cli.status_screen import print_status  # noqa: PLC0415 - rich is loaded by this command alone
    from vbdaemon.operation.status import Status, look  # noqa: PLC0415 - pyHanko takes its time to load
    from vbdaemon.report.standing import late_results  # noqa: PLC0415 - only here

    site: Site = context.obj
    settings = site.settings()
    now, state = system_clock(), open_reader(settings)
    seen = look(settings, state, now)
    late = state.read(lambda c: tuple(late_results(c, settings, now)))
    seen = replace(seen, problems=(*seen.problems, *late))
    with quiet_pipe():
        if as_json:
            table = TypeAdapter(Status).dump_python(seen, mode="json")
            typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
        else:
            print_status(seen, settings.office.name)
