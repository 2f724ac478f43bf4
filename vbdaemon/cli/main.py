"""The command line: expected mistakes become one line and an exit code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon import __version__
from vbdaemon.cli.commands import Commands
from vbdaemon.cli.site import Site
from vbdaemon.errors import ConfigurationError, PluginError, StateError, VbdaemonError

DONE, FAILED, USAGE = 0, 1, 2

app = typer.Typer(
    name="vbdaemon",
    cls=Commands,
    help="Receives official documents and forwards or refuses them with a true reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"vbdaemon {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file.")] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Options that stand before any command."""
    del version
    context.obj = Site(config)


def main() -> None:
    """The installed program."""
    try:
        app()
    except (ConfigurationError, PluginError) as error:
        sys.exit(_say(error, USAGE))
    except (StateError, VbdaemonError) as error:
        sys.exit(_say(error, FAILED))
    except KeyboardInterrupt:
        sys.exit(130)


def _say(error: VbdaemonError, code: int) -> int:
    for line in str(error).splitlines():
        typer.echo(f"vbdaemon: {line}", err=True)
    return code
