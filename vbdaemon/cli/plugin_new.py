"""`vbdaemon plugin new NAME --hook HOOK`: a working plugin of one file, with its test."""

import keyword
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.site import Site
from vbdaemon.config import load_settings
from vbdaemon.errors import PluginError
from vbdaemon.operation.plugin_draft import draft, known_hooks
from vbdaemon.plugin_file import ENTRY_POINTS
from vbdaemon.registry import BUILTINS

LONGEST = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(new)


def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters a-z, digits and _.")],
    hooks: Annotated[list[str], typer.Option("--hook", metavar="HOOK", help="May be given several times.")],
) -> None:
    """Write a working plugin with these hooks, and a test of it, into the site's plugin folder."""
    site: Site = context.obj
    settings = load_settings(site.path())
    folder = settings.path(settings.plugins.folder)
    require_hooks(hooks)
    require_free(name, folder)
    written = draft(name, hooks)
    plugin, test = folder / f"{name}.py", folder / "tests" / f"test_{name}.py"
    try:
        test.parent.mkdir(parents=True, exist_ok=True)
        plugin.write_text(written.plugin, encoding="utf-8")
        test.write_text(written.test, encoding="utf-8")
    except OSError as error:
        raise PluginError(f"{error.filename}: {error.strerror}; nothing can be written there") from error
    typer.echo(f"written: {plugin}")
    typer.echo(f"written: {test}")
    typer.echo("Next:")
    typer.echo(
        f"  1. change both to what you want; {', '.join(hook.hook for hook in written.hooks)}: plugins/README.md"
    )
    typer.echo(f"  2. vbdaemon plugin test {name}")
    typer.echo(f"  3. vbdaemon plugin enable {name}")


def require_hooks(hooks: list[str]) -> None:
    """PluginError in one line for hooks that there are none of."""
    unknown = [hook for hook in hooks if hook not in known_hooks()]
    if unknown:
        raise PluginError(f"there is no hook {unknown[0]!r}; the hooks are {', '.join(known_hooks())}")


def require_free(name: str, folder: Path) -> None:
    """PluginError in one line for a name that cannot be a plugin's, or that is taken."""
    plain = name.isascii() and name.isidentifier() and name == name.lower() and not keyword.iskeyword(name)
    if not plain or name.startswith(("_", "test_")) or len(name) > LONGEST:
        raise PluginError(
            f"{name!r} cannot be a plugin's name; take letters a-z, digits and _, a letter first, "
            f"{LONGEST} at most, and not test_ at the beginning"
        )
    if name in {dotted.rpartition(".")[2] for dotted in BUILTINS}:
        raise PluginError(f"a built-in is called {name!r}; choose another name")
    for path in (folder / f"{name}.py", folder / "tests" / f"test_{name}.py"):
        if path.exists():
            raise PluginError(f"{path} is there already; choose another name, nothing was written")
    if any(point.name == name for point in entry_points(group=ENTRY_POINTS)):
        raise PluginError(f"an installed package offers a plugin called {name!r}; choose another name")
