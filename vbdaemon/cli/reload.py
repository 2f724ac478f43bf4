"""`vbdaemon reload`: the running daemon reads its settings again, and says what came of it."""

import os
import signal
import time
from pathlib import Path

import typer

from vbdaemon.claim import is_running
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.model import Event
from vbdaemon.reload import REFUSED, TAKEN
from vbdaemon.state import events, markers
from vbdaemon.state.store import State

PATIENCE_SECONDS = 120.0
"""Plugins may take a minute to load, mail under way half a minute to end."""
LOOK_SECONDS = 0.1


class NotReloaded(VbdaemonError):
    """The daemon did not answer; its log says how it is doing: journalctl -u vbdaemon."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(reload)


def reload(context: typer.Context) -> None:
    """Settings, units, rules, trust and plugins are read again by the running daemon: all of it, or nothing."""
    site: Site = context.obj
    settings = site.settings()
    spool = settings.path(settings.spool.path)
    if not is_running(spool):
        raise ConfigurationError(
            f"no daemon runs on {spool}; settings are read when it starts: systemctl start vbdaemon"
        )
    state = open_reader(settings)
    since = state.read(markers.last_event_id)
    _ask(spool)
    answer = _await(state, since)
    if answer.kind == REFUSED:
        raise ConfigurationError(f"{answer.words}; the former settings stay in force")
    typer.echo(f"taken up: {answer.words}; units, rules, trust and plugins were read again")


def _ask(spool: Path) -> None:
    try:
        os.kill(int((spool / "daemon.lock").read_text("ascii")), signal.SIGHUP)
    except (OSError, ValueError) as error:
        raise NotReloaded(f"the daemon could not be asked: {error}; type it as root or as the daemon's user") from error


def _await(state: State, since: int) -> Event:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        for event in state.read(lambda c: events.after(c, since, 1000)):
            if event.kind in (TAKEN, REFUSED):
                return event
        time.sleep(LOOK_SECONDS)
    raise NotReloaded
