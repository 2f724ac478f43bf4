"""What the commands of scoring start from: settings, state, rules, and the person who answers for it."""

from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import who, who_answers
from vbdaemon.clock import system_clock
from vbdaemon.report.scene import Scene
from vbdaemon.report.seed import ScoringError
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.durable import write_file

Quarterly = Annotated[str, typer.Option("--period", metavar="QUARTER", help='As "2026-Q1".')]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, by name; it is recorded.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded and stands in the results.")]
UnitCode = Annotated[str | None, typer.Option("--unit", metavar="CODE", help="This unit alone.")]


def scene_of(context: typer.Context, by: str | None = None, *, acts: bool = False) -> Scene:
    """The scene as of now; ConfigurationError when somebody has to answer for it and nobody is named (`acts`)."""
    site: Site = context.obj
    settings = site.settings()
    return Scene(
        open_reader(settings),
        build_snapshot(settings),
        settings.scoring,
        settings.path(settings.spool.path),
        who_answers(by) if acts else who(by),
        system_clock(),
    )


def check_free(path: Path) -> None:
    """ScoringError when there is a file already: nothing published is written over."""
    if path.exists():
        raise ScoringError(f"{path}: is there already; name another file")


def write_new(path: Path, body: bytes) -> None:
    """A new file; ScoringError when it cannot be written."""
    try:
        write_file(path, body)
    except OSError as error:
        raise ScoringError(f"{path}: {error.strerror}; name another file") from error
    path.chmod(0o644)  # it is made to be given to everybody
