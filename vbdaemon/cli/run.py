"""`vbdaemon run`: the daemon."""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from vbdaemon.cli.site import Site
from vbdaemon.config import Settings, load_settings
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
    settings = _safe(site.settings(forever=True), safe_mode=safe_mode)
    set_up_logs(settings.log.format, settings.log.level)
    stop, terminal = threading.Event(), sys.stdin.isatty()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    def ask_to_reload(number: int, frame: FrameType | None) -> None:
        """SIGHUP: read the settings again; but a terminal that was closed takes its daemon along."""
        del number, frame
        if terminal and not sys.stdin.isatty():
            stop.set()
        else:
            daemon.reload()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to read again
    path = site.path()
    daemon = Daemon(settings, environment=os.environ, reread=lambda: _safe(load_settings(path), safe_mode=safe_mode))
    try:
        daemon.start()
        signal.signal(signal.SIGHUP, ask_to_reload)
        for line in where(settings):
            typer.echo(line)
        daemon.run(stop)
    finally:
        daemon.stop()


def _safe(settings: Settings, *, safe_mode: bool) -> Settings:
    """In safe mode no plugin of the site, whatever the settings say."""
    if not safe_mode:
        return settings
    return settings.model_copy(update={"plugins": settings.plugins.none()})


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
