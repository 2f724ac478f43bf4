"""`vbdaemon plugin list`: every plugin with its version, hooks, state and failures, and the order per hook."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import PluginError, StateError
from vbdaemon.operation.plugin_failures import Failures, failures
from vbdaemon.operation.plugin_glance import glance_at
from vbdaemon.plugin_file import found_in
from vbdaemon.registry import BUILTINS, Registry, load_registry


@dataclass(frozen=True, slots=True)
class Row:
    """One plugin of the list."""

    name: str
    version: str
    hooks: tuple[str, ...]
    state: str
    """ "enabled", "built-in", "not enabled" or "does not load"."""
    why: str = ""
    """What keeps it from loading."""
    failed: Failures | None = None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("list")(list_plugins)


def list_plugins(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Name, version, hooks, state and failures, and the exact order per hook; exit 1 when one does not load."""
    site: Site = context.obj
    settings = site.settings()
    folder = settings.path(settings.plugins.folder)
    known = _failures(settings)
    registry, rows = _loaded(settings, folder, known)
    told = {row.name for row in rows}
    rows += [_off(folder, name) for name in found_in(folder) if name not in told]
    if as_json:
        typer.echo(json.dumps(_table(registry, rows), ensure_ascii=False, indent=1))
    else:
        _print(registry, rows, folder)
    if any(row.why for row in rows if row.state == "does not load"):
        raise typer.Exit(1)


def _loaded(settings: Settings, folder: Path, known: Mapping[str, Failures] | None) -> tuple[Registry, list[Row]]:
    """The registry of those that load, in their order, and a row for each that should run."""
    good: list[str] = []
    broken: dict[str, str] = {}
    for name in dict.fromkeys(settings.plugins.enabled):
        try:
            load_registry(folder, (name,), _tables(settings, (name,)), builtins=())
            good.append(name)
        except PluginError as error:
            broken[name] = str(error)
    for name in settings.plugins.tables:
        if name not in settings.plugins.enabled:
            broken.setdefault(name, f"[plugins.{name}] has settings, but it is not in [plugins] enabled; add it there")
    taken = {dotted.rpartition(".")[2] for dotted in BUILTINS}
    for name in [name for name in good if name in taken]:
        good.remove(name)
        broken[name] = f"plugin {name!r}: a built-in has this name; rename the file"
    registry = load_registry(folder, good, _tables(settings, good))
    rows = [_broken(folder, name, words) for name, words in broken.items()]
    rows += [
        Row(p.name, p.version, p.hooks, "built-in" if p.builtin else "enabled", failed=(known or {}).get(p.name))
        for p in registry.plugins
    ]
    return registry, rows


def _tables(settings: Settings, names: list[str] | tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {name: table for name, table in settings.plugins.tables.items() if name in names}


def _broken(folder: Path, name: str, words: str) -> Row:
    seen = glance_at(folder / f"{name}.py")
    return Row(name, seen.version, seen.hooks, "does not load", words)


def _off(folder: Path, name: str) -> Row:
    seen = glance_at(folder / f"{name}.py")
    return Row(name, seen.version, seen.hooks, "not enabled", seen.mistake)


def _failures(settings: Settings) -> Mapping[str, Failures] | None:
    """None when there is no state to be read."""
    try:
        state = open_reader(settings)
    except StateError:
        return None
    try:
        return failures(state)
    except StateError:
        return None
    finally:
        state.close()


def _print(registry: Registry, rows: list[Row], folder: Path) -> None:
    for row in rows:
        hooks = ", ".join(row.hooks)
        if row.state == "not enabled":
            told = row.why or f"lies in {folder}; vbdaemon plugin enable {row.name}"
            typer.echo(f"{row.name:<20} {'not run':<10} {hooks or '?'}: {told}")
        elif row.state == "does not load":
            typer.echo(f"{row.name:<20} {'BROKEN':<10} {row.why}")
        else:
            typer.echo(f"{row.name:<20} {row.version:<10} {hooks}")
        if row.failed:
            at = row.failed.last_at.astimezone(VIETNAM)
            typer.echo(f"{'':<20} failed {row.failed.count}x, last {at:%d/%m/%Y %H:%M}: {row.failed.last_words}")
    typer.echo("\norder per hook, first called first:")
    for hook in _hooks(registry):
        typer.echo(f"  {hook:<16} {' > '.join(registry.order(hook))}")


def _hooks(registry: Registry) -> list[str]:
    return sorted({hook for plugin in registry.plugins for hook in plugin.hooks})


def _table(registry: Registry, rows: list[Row]) -> dict[str, object]:
    return {
        "plugins": [
            {
                "name": row.name,
                "version": row.version,
                "builtin": row.state == "built-in",
                "hooks": list(row.hooks),
                "state": row.state,
                "why": row.why,
                "failures": row.failed.count if row.failed else 0,
                "last_failure": row.failed.last_at.isoformat() if row.failed else None,
            }
            for row in rows
        ],
        "not_enabled": [row.name for row in rows if row.state == "not enabled"],
        "order": {hook: list(registry.order(hook)) for hook in _hooks(registry)},
    }
