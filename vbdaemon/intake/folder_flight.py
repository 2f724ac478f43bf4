"""Drops between their copy and their removal: admitted, and waiting for the commit."""

from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.folder_claim import Claims
from vbdaemon.intake.folder_door import Door, Log, words_of
from vbdaemon.intake.folder_group import Group, Waiting
from vbdaemon.intake.folder_index import FolderIndex
from vbdaemon.intake.folder_leftover import Leftovers
from vbdaemon.intake.folder_look import SEEN_AGAIN
from vbdaemon.intake.folder_pause import Pause, concerns_all
from vbdaemon.intake.folder_settings import FolderSettings
from vbdaemon.intake.folder_take import Taken
from vbdaemon.model import Channel, Envelope
from vbdaemon.state.store import Admitted


@dataclass(frozen=True, slots=True)
class _Flight:
    taken: Taken
    future: "Future[Admitted]"


class Flights:
    """Admits what was copied, and removes it from the share once its row is committed."""

    def __init__(
        self,
        settings: FolderSettings,
        door: Door,
        failpoint: Failpoint,
        log: Log,
        leftovers: Leftovers,
        pause: Pause,
    ) -> None:
        self._settings = settings
        self._door = door
        self._failpoint = failpoint
        self._log = log
        self._leftovers = leftovers
        self._pause = pause
        self._flights: dict[str, _Flight] = {}

    @property
    def ids(self) -> frozenset[str]:
        """Claims that are under way."""
        return frozenset(self._flights)

    def groups(self) -> Iterator[Group]:
        """Groups that are under way."""
        yield from [flight.taken.group for flight in list(self._flights.values())]

    def admit(self, taken: Taken, now: float) -> None:
        """Hand the copy to admission; the answer is read by `land`."""
        settings = self._settings
        envelope = Envelope(
            settings.name,
            Channel.FOLDER,
            self._door.now(),
            settings.unit,
            settings.account,
            purpose=settings.purpose,
        )
        try:
            future = self._door.admit(taken.draft, envelope, taken.key)
        except (OSError, VbdaemonError) as error:
            taken.draft.abandon()
            self._fail(taken, error, now)
            return
        self._flights[taken.id] = _Flight(taken, future)

    def wait(self, seconds: float) -> None:
        """Until all are answered, or so many seconds have passed."""
        wait([flight.future for flight in self._flights.values()], timeout=seconds)

    def land(self, claims: Claims, index: FolderIndex, now: float, wall: datetime) -> None:
        """Finish those that are answered: a committed row allows the removal, a failure puts back."""
        for flight in [flight for flight in self._flights.values() if flight.future.done()]:
            error = flight.future.exception()
            if error is not None:
                # The commit may have happened all the same: the leftovers ask for the row before they put back.
                self._fail(flight.taken, error, now)
            else:
                self._finish(flight.taken, flight.future.result(), claims, index, now)
            del self._flights[flight.taken.id]
        self._leftovers.finish(claims, self.ids, now, wall)

    def _finish(self, taken: Taken, admitted: Admitted, claims: Claims, index: FolderIndex, now: float) -> None:
        self._failpoint("intake.admitted")
        self._pause.end()
        group = taken.group
        self._log.info(
            "drop admitted",
            source=self._settings.name,
            submission=admitted.id,
            files=len(taken.copied),
            new=admitted.new,
        )
        if not taken.claimed:
            group.settle_in_place(now, now + SEEN_AGAIN)
            self._door.acknowledge(admitted.id)
            return
        index.forget(group)
        try:
            claims.remove(taken.id, taken.copied, taken.marks)
            self._failpoint("intake.removed")
            self._door.acknowledge(admitted.id)
            claims.drop(taken.id)
        except (OSError, VbdaemonError) as error:
            self._log.warning("claim left", source=self._settings.name, submission=taken.id, error=words_of(error))
            self._leftovers.add(taken.id, Waiting.NOT_REMOVED, group.since, taken.copied, taken.marks)

    def _fail(self, taken: Taken, error: BaseException, now: float) -> None:
        self._log.warning("drop not admitted", source=self._settings.name, submission=taken.id, error=words_of(error))
        taken.group.fail(Waiting.NOT_ADMITTED, now)
        if concerns_all(error):
            self._pause.lengthen(now)
        if taken.claimed:
            self._leftovers.add(taken.id, Waiting.NOT_ADMITTED, taken.group.since, taken.copied, taken.marks)
