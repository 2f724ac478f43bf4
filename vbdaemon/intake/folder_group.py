"""A group: files of one drop that are handed in together, and what was observed of each."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vbdaemon.intake.shared_folder import Parts, Stamp

LONGEST_PAUSE = 300.0
"""Between two tries of a group that failed, at most."""


class Waiting(StrEnum):
    """Why a drop was not taken yet."""

    SETTLING = "settling"
    """It has to stand still for a while, or its turn has not come."""
    UNFINISHED = "unfinished"
    """It stands still, but its content says that more is to come."""
    UNREADABLE = "unreadable"
    """It cannot be opened: another program has it, or permissions are missing."""
    NOT_A_FILE = "not-a-file"
    """A link, pipe or device: it is never taken."""
    CHANGED = "changed"
    """It changed while it was taken, and was put back."""
    NOT_ADMITTED = "not-admitted"
    """The spool or the state could not take it; it was put back."""
    IN_ADMISSION = "in-admission"
    """It is copied, and its row is being committed."""
    NOT_REMOVED = "not-removed"
    """It was admitted; its claimed copy could not be removed from the share yet."""


@dataclass(slots=True)
class Member:
    """A file of a group."""

    stamp: Stamp
    changed: float
    """Monotonic moment at which the present stamp was first observed."""
    complete: bool = False
    """Quiet, and nothing in its content is missing."""
    given_up: bool = False
    """Incomplete for so long that it is taken as it is."""
    noted: bool = False
    """Its sender was told that it looks unfinished."""
    unfinished: bool = False
    """The last look found that something is missing."""
    unreadable: bool = False
    """It could not be opened at the last look."""

    @property
    def ready(self) -> bool:
        """It may be taken."""
        return self.complete or self.given_up


@dataclass(slots=True, eq=False)
class Group:
    """Files with the same stem, or the files of a sub-folder."""

    since: datetime
    """When it was first seen; aware, UTC."""
    added: float
    """Monotonic moment at which its youngest member was first seen."""
    due: float
    """Monotonic moment of the next look."""
    folder: str | None = None
    """Name of its sub-folder; None for files that share a stem."""
    names: set[str] = field(default_factory=set)
    """Its names directly in the drop folder."""
    members: dict[Parts, Member] = field(default_factory=dict)
    """Files that wait to be taken."""
    seen: dict[Parts, Stamp] = field(default_factory=dict)
    """Files that were admitted where they lie, because they cannot be renamed."""
    done_mark: Parts | None = None
    """The empty file by which the sender says that the sub-folder is complete."""
    taken: bool = False
    """Claimed or copied; not looked at until that ended."""
    old: bool = False
    """It was there when the folder was first read: an earlier run may have admitted it where it lies."""
    in_place: bool = False
    """Its files cannot be renamed."""
    failures: int = 0
    why: Waiting = Waiting.SETTLING

    @property
    def label(self) -> str:
        """A name by which a person finds it in the folder."""
        return f"{self.folder}/" if self.folder is not None else min(tuple(self.names), default="")

    @property
    def given_up(self) -> frozenset[Parts]:
        """Members that are taken though they are incomplete."""
        return frozenset(parts for parts, member in self.members.items() if member.given_up)

    def hint(self, now: float) -> None:
        """Somebody says that it changed: look at once, except while it pauses after a failure."""
        if not self.failures:
            self.due = min(self.due, now)

    def fail(self, why: Waiting, now: float) -> None:
        """It could not be taken: try again, less and less often, for ever."""
        self.why = why
        self.failures += 1
        self.taken = False
        self.due = now + min(LONGEST_PAUSE, 2.0 ** min(self.failures, 10))

    def settle_in_place(self, now: float, next_look: float) -> None:
        """Its members were admitted where they lie."""
        self.seen |= {parts: member.stamp for parts, member in self.members.items()}
        self.members = {}
        self.taken = False
        self.failures = 0
        self.why = Waiting.SETTLING
        self.added = now
        self.due = next_look
