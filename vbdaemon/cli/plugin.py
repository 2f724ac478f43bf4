"""`vbdaemon plugin list`: which plugins run, in which order."""

import json
from typing import Annotated

import typer

from vbdaemon.cli.site import Site
from vbdaemon.plugin_file import found_in
from vbdaemon.registry import Registry, load_registry

app = typer.Typer(help="Plugins: what is loaded, in which order.", no_args_is_help=True)


@app.callback()
def plugins() -> None:
    """Plugins of this site."""


@app.command("list")
def list_plugins(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Name, version, hooks, and the exact order per hook; files that lie in the folder but are not enabled."""
    site: Site = context.obj
    settings = site.settings()
    folder = settings.path(settings.plugins.folder)
    registry = load_registry(folder, settings.plugins.enabled, settings.plugins.tables)
    off = [name for name in found_in(folder) if name not in settings.plugins.enabled]
    if as_json:
        typer.echo(json.dumps(_table(registry, off), ensure_ascii=False, indent=1))
        return
    for plugin in registry.plugins:
        typer.echo(f"{plugin.name:<20} {plugin.version:<10} {', '.join(plugin.hooks)}")
    for name in off:
        typer.echo(f"{name:<20} {'not run':<10} lies in {folder}; add it to [plugins] enabled to run it")
    typer.echo("\norder per hook, first called first:")
    for hook in sorted({hook for plugin in registry.plugins for hook in plugin.hooks}):
        typer.echo(f"  {hook:<16} {' > '.join(registry.order(hook))}")


def _table(registry: Registry, off: list[str]) -> dict[str, object]:
    hooks = sorted({hook for plugin in registry.plugins for hook in plugin.hooks})
    return {
        "plugins": [
            {"name": p.name, "version": p.version, "builtin": p.builtin, "hooks": list(p.hooks)}
            for p in registry.plugins
        ],
        "not_enabled": off,
        "order": {hook: list(registry.order(hook)) for hook in hooks},
    }
