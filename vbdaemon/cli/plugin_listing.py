"""`vbdaemon plugin list`: every plugin with its version, hooks, state, time and failures, and the order per hook."""

import json
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.plugin_past import past
from vbdaemon.cli.plugin_rows import BROKEN, BUILTIN, IDLE, OFF, SHADOW, Listing, Row, listing
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM

MILLISECONDS = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("list")(list_plugins)


def list_plugins(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Name, version, hooks, state, time spent and failures, and the exact order per hook; exit 1 when one is broken."""
    site: Site = context.obj
    settings = site.settings()
    seen = listing(settings, past(settings))
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps(_table(seen), ensure_ascii=False, indent=1))
        else:
            _print(seen, settings.path(settings.plugins.folder))
    if any(row.state == BROKEN for row in seen.rows):
        raise typer.Exit(1)


def _print(seen: Listing, folder: Path) -> None:
    for row in seen.rows:
        typer.echo(_first_line(row, folder))
        if row.called and row.called.calls:
            each = MILLISECONDS * row.called.seconds / row.called.calls
            typer.echo(f"{'':<20} {row.called.calls} calls, {row.called.seconds:.1f} s, {each:.2f} ms each")
        if row.failed:
            at = row.failed.last_at.astimezone(VIETNAM)
            typer.echo(f"{'':<20} failed {row.failed.count}x, last {at:%d/%m/%Y %H:%M}: {row.failed.last_words}")
        elif row.called and row.called.failures:
            typer.echo(f"{'':<20} failed {row.called.failures}x")
    typer.echo("\norder per hook, first called first:")
    for hook in sorted(seen.order):
        typer.echo(f"  {hook:<16} {' > '.join(seen.order[hook])}")


def _first_line(row: Row, folder: Path) -> str:
    hooks = ", ".join(row.hooks)
    if row.state == IDLE:
        told = row.why or f"lies in {folder}; vbdaemon plugin enable {row.name}"
        return f"{row.name:<20} {'not run':<10} {hooks or '?'}: {told}"
    if row.state == BROKEN:
        return f"{row.name:<20} {'BROKEN':<10} {row.why}"
    if row.state == OFF:
        return f"{row.name:<20} {'OFF':<10} {hooks}: {row.why}; mend it, then: vbdaemon plugin enable {row.name}"
    told = f": watches only; vbdaemon plugin diff {row.name}" if row.state == SHADOW else ""
    optional = " (optional)" if row.optional else ""
    return f"{row.name:<20} {row.version:<10} {hooks}{optional}{told}"


def _table(seen: Listing) -> dict[str, object]:
    return {
        "plugins": [_entry(row) for row in seen.rows],
        "not_enabled": [row.name for row in seen.rows if row.state == IDLE],
        "order": {hook: list(seen.order[hook]) for hook in sorted(seen.order)},
    }


def _entry(row: Row) -> dict[str, object]:
    called = row.called
    return {
        "name": row.name,
        "version": row.version,
        "builtin": row.state == BUILTIN,
        "hooks": list(row.hooks),
        "state": row.state,
        "why": row.why,
        "optional": row.optional,
        "failures": row.failed.count if row.failed else 0,
        "last_failure": row.failed.last_at.isoformat() if row.failed else None,
        "calls": called.calls if called else 0,
        "seconds": round(called.seconds, 3) if called else 0.0,
        "failed_calls": called.failures if called else 0,
        "since": called.since.isoformat() if called else None,
    }
