"""How a drop folder is configured, and which names in it are nobody's document."""

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.model import Purpose

CLAIMS = ".vbdaemon"
"""Folder in the same share into which a drop is renamed while it is taken."""

IGNORED = (
    ".*",
    "~$*",
    "~WRL*",
    "*.tmp",
    "*.part",
    "*.filepart",
    "*.crdownload",
    "*.lnk",
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
    "@eaDir",
    "#recycle",
)
"""Shell patterns, compared without regard to case."""

LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
"""Made by file managers, never by people: removed with an emptied sub-folder."""

DONE_MARKS = frozenset({"xong", "xong.txt"})
"""An empty file of this name says that a sub-folder is complete; Windows adds .txt unseen."""


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """One drop folder. Durations in seconds."""

    name: str
    path: Path
    """Absolute; its last name must not be a link."""
    results: Path | None = None
    """The unit's results folder; when it lies in `path` it is never read as a drop."""
    unit: str | None = None
    account: str | None = None
    purpose: Purpose = Purpose.EXCHANGE
    quiet: float = 2.0
    """A file counts as complete only after it stood still for so long."""
    settle: float = 10.0
    """A group is taken when no member was added for so long."""
    give_up_after: float = 3600.0
    """A file that stood still and is incomplete for so long is admitted as it is."""
    interval: float = 5.0
    """Between two sweeps when nothing hints at a change."""
    batch: int = 64
    """Groups taken in one look, so that they share commits and other sources get their turn."""
    ignored: tuple[str, ...] = IGNORED
    own_thread: bool = False
    """True for a mount that can hang: it is swept by a thread of its own and not watched."""

    @property
    def note_after(self) -> float:
        """When an unfinished file is told of: a tenth of `give_up_after`, at least a minute, before giving up."""
        return min(max(60.0, self.give_up_after / 10), self.give_up_after / 2)

    @property
    def reserved(self) -> frozenset[str]:
        """Names directly in the folder that are ours."""
        if self.results is not None and self.results.is_relative_to(self.path):
            return frozenset({CLAIMS, *self.results.relative_to(self.path).parts[:1]})
        return frozenset({CLAIMS})


def name_filter(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test that says whether a name is to be ignored."""
    if not patterns:
        return lambda name: False  # noqa: ARG005 - nothing is ignored
    match = re.compile("|".join(fnmatch.translate(pattern.casefold()) for pattern in patterns)).match
    return lambda name: match(name.casefold()) is not None
