"""`vbdaemon run`: the daemon."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from vbdaemon.cli.site import Site
from vbdaemon.config import Settings
from vbdaemon.logs import set_up_logs


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    context: typer.Context,
    safe_mode: Annotated[bool, typer.Option("--safe-mode", help="Start without any site plugin.")] = False,
) -> None:
    """Take in, decide and deliver until SIGTERM or Ctrl-C."""
    from vbdaemon.daemon import Daemon  # noqa: PLC0415 - other commands need not pay for it

    site: Site = context.obj
    settings = site.settings(forever=True)
    if safe_mode:
        settings = settings.model_copy(update={"plugins": settings.plugins.model_copy(update={"enabled": ()})})
    set_up_logs(settings.log.format, settings.log.level)
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    daemon = Daemon(settings, environment=os.environ)
    try:
        daemon.start()
        for line in where(settings):
            typer.echo(line)
        daemon.run(stop)
    finally:
        daemon.stop()


def where(settings: Settings) -> tuple[str, str, str]:
    """Three lines: where to drop, where results appear, how to look."""
    root = _short(settings.path(settings.exchange.root))
    inbox, results = root / "<unit>" / settings.exchange.inbox, root / "<unit>" / settings.exchange.results
    return (
        f"Drop a document into:  {root}/<unit>/gui/   (drafts, by leaders: {root}/<unit>/gui-lanh-dao/)",
        f"Results appear in:     {results}/   (forwarded: {inbox}/)",
        "See what happened:     vbdaemon list      (stop with Ctrl-C)",
    )


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
