"""A drop folder: what is put into it is admitted, once, and then removed from it.

The directory is the truth; events are hints that it is worth a look. Names are read often, states only of names
that are new or wait. What is copied is claimed first, by renaming it inside the same share, so that nobody
changes it under us and a killed run leaves no doubt.
"""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from vbdaemon.clock import Clock
from vbdaemon.errors import SourceBusy, VbdaemonError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.folder_claim import Claims
from vbdaemon.intake.folder_door import Door, Log, words_of
from vbdaemon.intake.folder_flight import Flights
from vbdaemon.intake.folder_group import Group, Waiting
from vbdaemon.intake.folder_index import FolderIndex
from vbdaemon.intake.folder_leftover import Leftovers
from vbdaemon.intake.folder_look import SEEN_AGAIN, Look, Moment, OnUnfinished
from vbdaemon.intake.folder_names import readable
from vbdaemon.intake.folder_pause import Pause, concerns_all
from vbdaemon.intake.folder_settings import FolderSettings, name_filter
from vbdaemon.intake.folder_state import FolderState, PendingDrop, Reach, ReachRecord
from vbdaemon.intake.folder_take import Taken, Taker
from vbdaemon.intake.shared_folder import SharedFolder

LOOK_SECONDS: Final = 2.0
"""Copying goes on for so long before what was copied is admitted and other sources get their turn."""
COMMIT_SECONDS: Final = 5.0
"""`sweep` waits for so long for commits; what was not committed by then is finished at a later look."""
FLIGHT_LOOK: Final = 0.2
"""Between two looks while commits are awaited."""
SCAN_REST: Final = (0.02, 4.0)
"""Between two readings of the names: seconds at least, and times as long as the last reading took."""


class FolderSource:
    """One drop folder. `look`, `settle`, `sweep` and `recover` belong to one thread, all else to any."""

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
        self._clock = clock
        self._monotonic = monotonic
        self._log = log
        ignores = name_filter(settings.ignored)
        self._index = FolderIndex(ignores, settings.reserved)
        self._judge = Look(settings, ignores, on_unfinished)
        self._taker = Taker(settings, admission, failpoint)
        self._leftovers = Leftovers(settings.name, admission, failpoint, log)
        self._pause = Pause()
        self._flights = Flights(settings, admission, failpoint, log, self._leftovers, self._pause)
        self._reach = ReachRecord(settings.name, clock())
        self._hints: deque[str] = deque()
        self._hinted = False
        self._came_now = False
        self._scanned = self._next_scan = self._scan_rest = float("-inf")
        self._swept_at: datetime | None = None

    def hint(self, name: str) -> None:
        """Something happened to this name in the folder; the next look heeds it."""
        self._hints.append(name)

    def pending(self) -> tuple[PendingDrop, ...]:
        """What waits, and why; the oldest first."""
        return tuple(sorted(self._pending(), key=lambda drop: drop.since))

    def state(self) -> FolderState:
        """How the folder is doing."""
        in_place = any(group.in_place for group in self._index.groups())
        return self._reach.state(self._swept_at, sum(1 for _ in self._pending()), in_place=in_place)

    def sweep(self) -> float:
        """Look, wait for the commits, finish. Answers the monotonic moment of the next look."""
        self.look()
        self._flights.wait(COMMIT_SECONDS)
        self.settle()
        return self.next_look()

    def look(self) -> None:
        """Read the names when it is time, look at what waits, claim, copy and hand to admission what is ready."""
        try:
            with SharedFolder.at(self.settings.path) as root:
                self._look_in(root)
        except OSError as error:
            self._went_away(error)

    def settle(self) -> None:
        """Finish what was committed, without waiting."""
        if not self._flights.ids:
            return
        try:
            with SharedFolder.at(self.settings.path) as root:
                self._land(root)
        except OSError as error:
            self._went_away(error)

    def await_commits(self, seconds: float) -> None:
        """Until all that was handed to admission is answered, or so many seconds have passed."""
        self._flights.wait(seconds)

    def next_look(self) -> float:
        """Monotonic moment of the next look; a hint asks for an earlier one."""
        if not self._reach.usable:
            return self._next_scan
        group = max(self._earliest(), self._pause.until)
        scan = self._scan_rest if self._hinted else self._next_scan
        flight = self._monotonic() + FLIGHT_LOOK if self._flights.ids else float("inf")
        # A group that became due since the names were read wants them read again, which has its own rest.
        return min(scan, self._leftovers.due, flight, group if group <= self._scanned else max(group, self._scan_rest))

    def recover(self) -> None:
        """After a mistake of ours in the middle of a look: nothing stays marked as being taken."""
        under_way = set(map(id, self._flights.groups()))
        for group in self._index.groups():
            if group.taken and id(group) not in under_way:
                group.fail(Waiting.NOT_ADMITTED, self._monotonic())
        self._leftovers.look_soon()

    def _look_in(self, root: SharedFolder) -> None:
        now = self._monotonic()
        if not self._reach.usable:
            self._came(now)
        self._heed_hints(now)
        if self._leftovers.due <= now or self._flights.ids:
            self._land(root)
        if self._must_scan(now):
            self._scan(root, now)
        if now >= self._pause.until:
            self._take_ready(root, now)

    def _came(self, now: float) -> None:
        if self._reach.set(Reach.READY, self._clock()):
            self._log.info("folder ready", source=self.settings.name)
        self._came_now = True
        self._next_scan = self._scan_rest = float("-inf")
        self._leftovers.look_soon()
        for group in self._index.groups():
            if not group.taken:
                group.failures, group.due = 0, now

    def _went_away(self, error: OSError) -> None:
        if self._reach.set(Reach.AWAY, self._clock(), words_of(error)):
            self._log.warning("folder away", source=self.settings.name, error=words_of(error))
        self._next_scan = self._monotonic() + self.settings.interval

    def _heed_hints(self, now: float) -> None:
        while self._hints:
            name = self._hints.popleft()
            group = self._index.group_of(name)
            if group is not None:
                group.hint(now)
            elif not self._index.knows(name):
                self._hinted = True

    def _must_scan(self, now: float) -> bool:
        if now >= self._next_scan:
            return True
        return now >= self._scan_rest and (self._hinted or self._scanned < self._earliest() <= now)

    def _scan(self, root: SharedFolder, now: float) -> None:
        self._index.update(root.entries(), now, self._clock(), old=self._came_now)
        self._hinted = self._came_now = False
        shortest, times = SCAN_REST
        self._scanned = now
        self._scan_rest = self._monotonic() + max(shortest, times * (self._monotonic() - now))
        # On a grid, so that one waking of the thread serves all sources of the same interval.
        interval = self.settings.interval
        self._next_scan = max((now // interval + 1) * interval, self._scan_rest)
        self._swept_at = self._clock()

    def _take_ready(self, root: SharedFolder, now: float) -> None:
        taken: list[Taken] = []
        due = [group for group in self._index.groups() if not group.taken and group.due <= now]
        # What failed before comes last: one drop that never succeeds must not keep the others waiting.
        for group in sorted(due, key=lambda group: group.failures):
            one = self._try(group, root)
            if one is not None:
                taken.append(one)
            moment = self._monotonic()
            if len(taken) >= self.settings.batch or moment >= now + LOOK_SECONDS or moment < self._pause.until:
                break
        if claimed := tuple(one.id for one in taken if one.claimed):
            Claims(root).sync(claimed)
        for one in taken:
            self._flights.admit(one, self._monotonic())

    def _try(self, group: Group, root: SharedFolder) -> Taken | None:
        moment = Moment(self._monotonic(), self._clock(), self._scanned)
        try:
            if not self._judge.at(group, root, moment):
                return None
            taken = self._taker.take(group, root, moment.monotonic)
        except (OSError, VbdaemonError) as error:
            self._put_off(group, error, moment.monotonic)
            return None
        if taken is not None:
            group.taken = True
        elif group.in_place:
            group.settle_in_place(moment.monotonic, moment.monotonic + SEEN_AGAIN)
        else:
            self._index.forget(group)
        return taken

    def _put_off(self, group: Group, error: OSError | VbdaemonError, now: float) -> None:
        why = Waiting.CHANGED if isinstance(error, SourceBusy) else Waiting.UNREADABLE
        if concerns_all(error):
            why = Waiting.NOT_ADMITTED
            self._pause.lengthen(now)
        group.fail(why, now)
        self._leftovers.look_soon()
        self._log.warning("drop not taken", source=self.settings.name, why=why, error=words_of(error))

    def _land(self, root: SharedFolder) -> None:
        self._flights.land(Claims(root), self._index, self._monotonic(), self._clock())

    def _earliest(self) -> float:
        return min((group.due for group in self._index.groups() if not group.taken), default=float("inf"))

    def _pending(self) -> Iterator[PendingDrop]:
        name = self.settings.name
        for group in self._index.groups():
            files = len(group.members)
            if files or group.failures or (group.folder is None and not group.seen):
                why = Waiting.IN_ADMISSION if group.taken else group.why
                yield PendingDrop(name, readable(group.label), group.since, why, max(1, files))
        for odd, since in self._index.odd():
            yield PendingDrop(name, readable(odd), since, Waiting.NOT_A_FILE, 1)
        for claim, since, why in self._leftovers.pending():
            yield PendingDrop(name, readable(claim), since, why, 1)
