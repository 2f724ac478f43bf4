"""`vbdaemon demo [DIR]`: a small agency, its documents, the real daemon, and a table of what became of them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.clock import system_clock


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Built anew each time.")] = Path("demo")) -> None:
    """Build a small agency and show the main job, from drop to delivery."""
    from vbdaemon.demo.runner import run_demo  # noqa: PLC0415 - typesetting is only needed here

    raise typer.Exit(run_demo(folder, sys.stdout, system_clock))
