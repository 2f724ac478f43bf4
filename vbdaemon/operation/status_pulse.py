"""What only the running daemon knows, written for commands beside it: its sources, its loops, what is paused or off.

The file lies in the workers' scratch, which is emptied at every start: nobody reads what an earlier daemon said.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from vbdaemon.intake.folder_state import FolderState, PendingDrop, Reach
from vbdaemon.intake.imap.standing import MailboxStanding
from vbdaemon.operation.notify_heartbeat import Pulse

log = structlog.get_logger("status")
PLACE = Path("daemon/pulse.json")
EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source is doing."""

    name: str
    channel: str
    """folder, imap, smtp."""
    usable: bool
    last_success_at: datetime | None
    """When it was last looked at without trouble; None = never since the start."""
    waiting: int
    """What was seen in it and not taken yet."""
    oldest_since: datetime | None
    words: str = ""
    """The trouble, without file names."""


@dataclass(frozen=True, slots=True)
class DaemonPulse:
    """How the daemon is doing."""

    written_at: datetime
    started_at: datetime
    pid: int
    version: str
    snapshot: str
    sources: tuple[SourceState, ...] = ()
    loops: tuple[Pulse, ...] = ()
    plugins_off: tuple[str, ...] = ()
    """Each by name, and why."""
    paused: str = ""
    """Why nothing is taken in; empty while something is."""


_codec: TypeAdapter[DaemonPulse] = TypeAdapter(DaemonPulse)


def source_of_folder(state: FolderState, pending: tuple[PendingDrop, ...]) -> SourceState:
    """A drop folder's state; `pending` may hold other folders' drops too."""
    usable = state.reach in (Reach.READY, Reach.IN_PLACE)
    since = [drop.since for drop in pending if drop.source == state.source]
    words = state.why or ("" if state.reach is Reach.READY else state.reach.value)
    return SourceState(state.source, "folder", usable, state.swept_at, state.pending, min(since, default=None), words)


def source_of_mailbox(standing: MailboxStanding) -> SourceState:
    """A mailbox's state."""
    usable = standing.connected and not standing.trouble
    return SourceState(standing.name, "imap", usable, standing.last_success, standing.waiting, None, standing.trouble)


def read_pulse(scratch: Path) -> DaemonPulse | None:
    """What the daemon said last; None when there is nothing to be read, or an older daemon said it."""
    try:
        return _codec.validate_json((scratch / PLACE).read_bytes())
    except (OSError, ValidationError):
        return None


class PulseWriter:
    """`tick` in the daemon's main loop."""

    def __init__(self, scratch: Path, make: Callable[[datetime], DaemonPulse], monotonic: Callable[[], float]) -> None:
        self._path = scratch / PLACE
        self._make = make
        self._monotonic = monotonic
        self._due = float("-inf")
        self._failed = False

    def tick(self, now: datetime) -> None:
        """Written every few seconds; that it cannot be written is said once, and stops nothing."""
        if self._monotonic() < self._due:
            return
        self._due = self._monotonic() + EVERY_SECONDS
        try:
            self._write(_codec.dump_json(self._make(now)))
            self._failed = False
        except OSError as error:
            if not self._failed:
                log.warning("status cannot be written", error=error.strerror)
            self._failed = True

    def _write(self, body: bytes) -> None:
        """Whole or not at all; not synced, since it is worth nothing after a power cut."""
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_bytes(body)
        os.replace(draft, self._path)  # noqa: PTH105 - atomic on purpose
