"""Messages that could not be fetched: each is tried by itself, later than the others, and ever more seldom."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

LONGEST_REST: Final = 3600.0
"""Seconds: a message that the server does not hand out is tried again at least so often."""


class Setbacks:
    """Keeps them for one folder under one numbering; nothing of it needs to survive a restart."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures: Counter[int] = Counter()
        self._due: dict[int, float] = {}

    @property
    def failures(self) -> Mapping[int, int]:
        """How often each message failed."""
        return self._failures

    def due(self, uids: Iterable[int]) -> list[int]:
        """Those that may be tried now."""
        now = self._monotonic()
        return [uid for uid in uids if self._due.get(uid, 0.0) <= now]

    def begin(self, uids: Sequence[int]) -> None:
        """Count them as failed until they are fetched: whatever breaks in between may be one's doing."""
        self._failures.update(uids)
        for uid in uids:
            if self._failures[uid] > 1:
                self.put_off(uid)

    def put_off(self, uid: int) -> None:
        """The server refused it."""
        self._due[uid] = self._monotonic() + min(LONGEST_REST, 30.0 * 2.0 ** min(10, self._failures[uid]))

    def forgive(self, uids: Iterable[int]) -> None:
        """They were fetched, or it was our own disk or database that failed."""
        for uid in uids:
            self._failures.pop(uid, None)
            self._due.pop(uid, None)

    def clear(self) -> None:
        """The UIDs mean other messages now."""
        self._failures.clear()
        self._due.clear()
