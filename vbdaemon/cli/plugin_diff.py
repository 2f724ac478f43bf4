"""`vbdaemon plugin diff NAME`: what a plugin that only watches would have changed."""

import json
from typing import Annotated

import typer

from vbdaemon.cli.choice import moment
from vbdaemon.cli.differences import by_field, line, table
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import PluginError
from vbdaemon.state import shadow
from vbdaemon.state.shadow import ShadowCounts, ShadowRun


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff)


def diff(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help='A plugin with mode = "shadow".')],
    since: Annotated[str | None, typer.Option(help="Compared since 2026-03-02, 2026-03-02T08:00, 12h or 3d.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """For which documents the verdict, the class or the route would have been another one."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    at = moment(since, system_clock()) if since else None
    counts = state.read(lambda c: shadow.counts(c, name, at))
    runs = state.read(lambda c: shadow.differing(c, name, at))
    if counts.first_at is None and state.read(lambda c: shadow.counts(c, name)).first_at is None:
        _require_known(settings, name)
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps(_as_json(name, counts, runs), ensure_ascii=False, indent=1))
        else:
            _print(name, counts, runs)


def _require_known(settings: Settings, name: str) -> None:
    """PluginError when it is not even meant to watch."""
    if name not in settings.plugins.shadow:
        raise PluginError(
            f'nothing was compared with {name!r}; to have it watch: mode = "shadow" in [plugins.{name}], its name in '
            "enabled"
        )


def _print(name: str, counts: ShadowCounts, runs: tuple[ShadowRun, ...]) -> None:
    for run in runs:
        for one in run.differences:
            typer.echo(line(run.at, run.submission, one))
    changes = [one for run in runs for one in run.differences]
    typer.echo(f"{name}: compared {counts.compared} submissions with {counts.documents} documents")
    typer.echo(f"  would have changed: {len(runs)} submissions ({by_field(changes)})")
    last = f", the last: {counts.last_failure}" if counts.last_failure else ""
    typer.echo(f"  failed: {counts.failed}{last}")


def _as_json(name: str, counts: ShadowCounts, runs: tuple[ShadowRun, ...]) -> dict[str, object]:
    return {
        "plugin": name,
        "compared": counts.compared,
        "documents": counts.documents,
        "failed": counts.failed,
        "last_failure": counts.last_failure or None,
        "first_at": counts.first_at.isoformat() if counts.first_at else None,
        "last_at": counts.last_at.isoformat() if counts.last_at else None,
        "differences": [
            {**table(run.submission, run.at, one), "version": run.version} for run in runs for one in run.differences
        ],
    }
