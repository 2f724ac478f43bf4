"""Disk space: below the low-water mark nothing more is taken in, and taking in goes on by itself above it."""

import errno
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger("disk")
LOW_WATER_BYTES = 1_000_000_000
AGAIN_AT = 1.1
"""Taking in goes on when so many times the mark is free: at the mark itself it would stop and go with every file."""
LOOK_SECONDS = 5.0
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """The space of one file system. Bytes; `free` is what a user who is not root may still write."""

    path: Path
    free: int
    total: int

    @property
    def share_free(self) -> float:
        """0.0 to 1.0."""
        return self.free / self.total if self.total else 0.0


Measure = Callable[[Path], Room]


def room_at(path: Path) -> Room:
    """The space where `path` is, or will be; OSError when the file system does not answer."""
    existing = next((each for each in (path, *path.parents) if each.exists()), Path("/"))
    usage = shutil.disk_usage(existing)
    return Room(path, usage.free, usage.total)


def is_low(room: Room, mark: int, *, paused: bool) -> bool:
    """True when nothing more may be taken in; once paused, a little more than the mark must be free to go on.

    A mark larger than half of the disk would never let anything in: half of the disk counts then.
    """
    bound = min(mark, room.total // 2)
    return room.free < (bound * AGAIN_AT if paused else bound)


def rooms(paths: Iterable[Path], measure: Measure = room_at) -> tuple[Room, ...]:
    """The space at each path that answers."""
    found = []
    for path in paths:
        try:
            found.append(measure(path))
        except OSError as error:
            log.warning("disk space cannot be told", path=str(path), error=error.strerror)
    return tuple(found)


class DiskMonitor:
    """Asked before anything is taken in; measures at most every few seconds. For any thread."""

    def __init__(
        self,
        paths: Iterable[Path],
        mark: int,
        monotonic: Callable[[], float],
        measure: Measure = room_at,
        tell: Callable[[str], None] = lambda words: None,  # noqa: ARG005 - nobody is told
    ) -> None:
        self._paths = tuple(paths)
        self._mark = mark
        self._monotonic = monotonic
        self._measure = measure
        self._tell = tell
        self._why = ""
        self._next = float("-inf")

    def paused(self) -> str:
        """Why nothing is taken in, in words; empty while there is room."""
        if self._mark > 0 and self._monotonic() >= self._next:
            self._next = self._monotonic() + LOOK_SECONDS
            self._look()
        return self._why

    def require(self) -> None:
        """OSError (ENOSPC) while paused: sources rest as they do when the disk is full, and try again by themselves."""
        if why := self.paused():
            raise OSError(errno.ENOSPC, why)

    def _look(self) -> None:
        low = [room for room in rooms(self._paths, self._measure) if is_low(room, self._mark, paused=bool(self._why))]
        before, self._why = self._why, _words(low[0], self._mark) if low else ""
        if self._why and not before:
            log.error("intake paused", why=self._why)
            self._tell(f"intake paused: {self._why}")
        elif before and not self._why:
            log.info("intake goes on")
            self._tell("intake goes on: there is disk space again")


def _words(room: Room, mark: int) -> str:
    bound = min(mark, room.total // 2)
    return (
        f"paused because only {room.free // MEGABYTE} MB are free at {room.path} (low-water mark "
        f"{bound // MEGABYTE} MB); free disk space, it goes on by itself"
    )
