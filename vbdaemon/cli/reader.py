"""Reading the state beside a running daemon, or without one."""

from pathlib import Path

from vbdaemon.config import SQLITE, Settings
from vbdaemon.errors import StateError
from vbdaemon.state.store import State


def open_reader(settings: Settings) -> State:
    """The state for questions; StateError when no daemon ever ran here."""
    url = settings.state_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        raise StateError('nothing was ever received here; start the daemon with "vbdaemon run"')
    return State(url, beside=True)
