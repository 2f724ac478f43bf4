"""A drop folder: what is put into it is admitted, once, and then removed from it.

The directory is the truth; events are hints that it is worth a look. Names are read often, states only of names
that are new or wait. What was copied is claimed first, by renaming it inside the same share, so that nobody
changes it under us and a killed run leaves no doubt.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from vbdaemon.clock import Clock
from vbdaemon.errors import SourceBusy, VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.folder_claim import Claims
from vbdaemon.intake.folder_door import Door, Log, words_of
from vbdaemon.intake.folder_group import Group, Waiting
from vbdaemon.intake.folder_index import FolderIndex
from vbdaemon.intake.folder_leftover import Leftovers
from vbdaemon.intake.folder_look import Look, Moment, OnUnfinished
from vbdaemon.intake.folder_names import readable
from vbdaemon.intake.folder_pause import Pause, concerns_all
from vbdaemon.intake.folder_settings import FolderSettings, name_filter
from vbdaemon.intake.folder_state import FolderState, PendingDrop, Reach
from vbdaemon.intake.folder_take import Taken, Taker
from vbdaemon.intake.shared_folder import SharedFolder
from vbdaemon.model import Channel, Envelope
from vbdaemon.state.store import Admitted

LOOK_SECONDS = 2.0
"""Copying goes on for so long before what was copied is admitted and other sources get their turn."""
COMMIT_SECONDS = 5.0
"""`sweep` waits for so long for commits; what was not committed by then is finished at a later look."""
SCAN_REST = (0.02, 4.0)
"""Between two readings of the names: seconds at least, and times as long as the last reading took."""


@dataclass(frozen=True, slots=True)
class _Flight:
    taken: Taken
    future: "Future[Admitted]"


class FolderSource:
    """One drop folder. `look`, `settle` and `sweep` belong to one thread; the other methods to any."""

    def __init__(
        self,
        settings: FolderSettings,
        admission: Door,
        clock: Clock,
        monotonic: Callable[[], float],
        log: Log,
        failpoint: Failpoint = pass_by,
        on_unfinished: OnUnfinished = lambda source, name, since: None,  # noqa: ARG005 - nobody is told
    ) -> None:
        self.settings = settings
        self._door = admission
        self._clock = clock
        self._monotonic = monotonic
        self._log = log
        self._failpoint = failpoint
        ignores = name_filter(settings.ignored)
        self._index = FolderIndex(ignores, settings.reserved)
        self._look = Look(settings, ignores, on_unfinished)
        self._taker = Taker(settings, admission, failpoint)
        self._leftovers = Leftovers(settings.name, admission, failpoint, log)
        self._pause = Pause()
        self._flights: dict[str, _Flight] = {}
        self._hints: deque[str] = deque()
        self._scanned = self._next_scan = self._scan_rest = float("-inf")
        self._swept_at: datetime | None = None
        self._reach, self._reach_since, self._why = Reach.UNKNOWN, clock(), None

    # ------------------------------------------------------------------ from any thread

    def hint(self, name: str) -> None:
        """Something happened to this name in the folder; it is looked at soon."""
        self._hints.append(name)

    def pending(self) -> tuple[PendingDrop, ...]:
        """What waits, and why; oldest first."""
        return tuple(sorted(self._pending(), key=lambda drop: drop.since))

    def state(self) -> FolderState:
        """How the folder is doing."""
        pending = sum(1 for _ in self._pending())
        return FolderState(
            self.settings.name, self._reach, self._reach_since, self._why, self._swept_at, pending
        )
