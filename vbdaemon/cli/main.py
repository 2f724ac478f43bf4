"""The command line: gathers the commands, and turns expected mistakes into one line and an exit code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon import __version__
from vbdaemon.cli import (
    accuracy,
    act,
    alarms,
    assign,
    backup,
    check,
    correct,
    demo,
    fsck,
    init,
    inspect,
    listing,
    migrate,
    notice,
    paper,
    plugin,
    print_copy,
    recall,
    register,
    reload,
    replay,
    report,
    resend,
    retention,
    run,
    show,
    status,
    trust,
    units,
)
from vbdaemon.cli import (
    format as format_file,
)
from vbdaemon.cli.site import Site
from vbdaemon.errors import ConfigurationError, PluginError, StateError, VbdaemonError

DONE, FAILED, USAGE = 0, 1, 2

app = typer.Typer(
    name="vbdaemon",
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


for commands in (
    init,
    demo,
    run,
    reload,
    check,
    inspect,
    listing,
    show,
    act,
    correct,
    assign,
    recall,
    resend,
    print_copy,
    format_file,
    status,
    backup,
    migrate,
    fsck,
    accuracy,
    replay,
):
    commands.register(app)
app.add_typer(alarms.app, name="alarms")
app.add_typer(notice.app, name="notice")
app.add_typer(paper.app, name="paper")
app.add_typer(plugin.app, name="plugin")
app.add_typer(register.app, name="register")
app.add_typer(report.app, name="report")
app.add_typer(retention.app, name="retention")
app.add_typer(trust.app, name="trust")
app.add_typer(units.app, name="units")


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
