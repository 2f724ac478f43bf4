"""What an operator can see of a drop folder."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vbdaemon.intake.folder_group import Waiting


class Reach(StrEnum):
    """How the folder can be used."""

    UNKNOWN = "unknown"
    """It was not looked at yet."""
    READY = "ready"
    """Drops are renamed, copied and removed."""
    IN_PLACE = "in-place"
    """Some drops cannot be renamed: they are admitted where they lie, and stay there."""
    AWAY = "away"
    """The folder is not there, or cannot be read; it is tried again for ever."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """A drop folder at this moment."""

    source: str
    reach: Reach
    since: datetime
    """Since when `reach` is what it is; aware, UTC."""
    why: str | None
    """The error, without file names, while it is AWAY."""
    swept_at: datetime | None
    """When its names were last read; long ago = the file system hangs."""
    pending: int
    """Drops that wait."""


@dataclass(frozen=True, slots=True)
class PendingDrop:
    """A drop that was not taken yet. Its name may tell a secret: show it to operators, never log it."""

    source: str
    name: str
    """File name, or sub-folder with a slash; a claim that was left has its id. Valid Unicode, NFC."""
    since: datetime
    why: Waiting
    files: int


class ReachRecord:
    """Keeps how the folder can be used, and since when."""

    def __init__(self, source: str, now: datetime) -> None:
        self._source = source
        self._reach = Reach.UNKNOWN
        self._since = now
        self._why: str | None = None

    def set(self, reach: Reach, now: datetime, why: str | None = None) -> bool:
        """True when it was something else before."""
        changed = reach is not self._reach
        if changed:
            self._reach, self._since = reach, now
        self._why = why
        return changed

    @property
    def usable(self) -> bool:
        """The folder was there at the last look."""
        return self._reach is Reach.READY

    def state(self, swept_at: datetime | None, pending: int, *, in_place: bool) -> FolderState:
        """The value for an operator; `in_place`: something in the folder cannot be renamed."""
        reach = Reach.IN_PLACE if in_place and self.usable else self._reach
        return FolderState(self._source, reach, self._since, self._why, swept_at, pending)
