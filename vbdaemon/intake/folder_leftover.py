"""Claims that nobody is busy with: left by a run that was killed, or by a step that failed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.folder_claim import Claims
from vbdaemon.intake.folder_door import Door, Log, words_of
from vbdaemon.intake.folder_group import LONGEST_PAUSE, Waiting
from vbdaemon.intake.shared_folder import Parts, Stamp

ID_LENGTH = 64
LOOK_AROUND = 60.0
"""Between two looks at the claims when none is known to be left."""


@dataclass(slots=True)
class _Left:
    since: datetime
    why: Waiting
    copied: Mapping[Parts, Stamp] | None = None
    marks: tuple[Parts, ...] = ()
    failures: int = 0
    due: float = 0.0


class Leftovers:
    """Finishes each left claim by what the committed rows say: admitted = remove, not admitted = put back."""

    def __init__(self, source: str, door: Door, failpoint: Failpoint, log: Log) -> None:
        self._source = source
        self._door = door
        self._failpoint = failpoint
        self._log = log
        self._left: dict[str, _Left] = {}
        self._due = 0.0

    @property
    def due(self) -> float:
        """Monotonic moment of the next look."""
        return self._due

    def look_soon(self) -> None:
        """Something may have been left."""
        self._due = 0.0

    def add(
        self,
        claim: str,
        why: Waiting,
        since: datetime,
        copied: Mapping[Parts, Stamp],
        marks: tuple[Parts, ...],
    ) -> None:
        """A claim whose admission or removal failed."""
        self._left[claim] = _Left(since, why, copied, marks)
        self._due = 0.0

    def finish(self, claims: Claims, busy: Collection[str], now: float, wall: datetime) -> None:
        """Go through the claims that are there. OSError only when they cannot be listed."""
        self._due = now + LOOK_AROUND
        found = [claim for claim in claims.ids() if claim not in busy]
        for claim in self._left.keys() - set(found):
            del self._left[claim]
        for claim in found:
            left = self._left.setdefault(claim, _Left(wall, Waiting.NOT_REMOVED))
            if left.due <= now:
                self._finish_one(claims, claim, left, now)
            if claim in self._left:
                self._due = min(self._due, left.due)

    def pending(self) -> Iterator[tuple[str, datetime, Waiting]]:
        """Claims that could not be finished yet."""
        for claim, left in list(self._left.items()):
            yield claim, left.since, left.why

    def _finish_one(self, claims: Claims, claim: str, left: _Left, now: float) -> None:
        try:
            known = self._is_known(claim)
            moved = claims.remove(claim, left.copied, left.marks) if known else claims.put_back(claim)
            if known:
                self._failpoint("intake.removed")
                self._door.acknowledge(claim)
                claims.drop(claim)
        except (OSError, VbdaemonError) as error:
            left.failures += 1
            left.due = now + min(LONGEST_PAUSE, 2.0 ** min(left.failures, 10))
            self._log.warning("claim left", source=self._source, submission=claim, error=words_of(error))
            return
        del self._left[claim]
        self._log.info("claim finished", source=self._source, submission=claim, admitted=known, put_back=moved)

    def _is_known(self, claim: str) -> bool:
        """Anybody can make a folder among the claims: only what can be an id is asked for."""
        return claim.isascii() and len(claim) <= ID_LENGTH and self._door.known(claim)
