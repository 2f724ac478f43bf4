"""Shows the parent which plugin call a worker is in, through shared memory: no message, no lock."""

import os
import time
from collections.abc import Sequence
from ctypes import Array, c_double
from dataclasses import dataclass
from multiprocessing.context import BaseContext

from vbdaemon.pipeline.answers import unfit
from vbdaemon.pipeline.calls import CallCounter
from vbdaemon.registry import Watch

IDLE = -1.0
MOST_CALLS = 1e6
"""A number beyond it is none of ours."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is under way; `since` by the monotonic clock, which all processes of a machine share."""

    index: int
    since: float


class Beacon:
    """Two numbers in shared memory: which call, since when."""

    def __init__(self, context: BaseContext) -> None:
        self._numbers: Array[c_double] = context.RawArray("d", [IDLE, 0.0])

    def show(self, index: int) -> None:
        """A call begins (worker)."""
        self._numbers[1] = time.monotonic()
        self._numbers[0] = float(index)

    def clear(self) -> None:
        """No call is under way (worker)."""
        self._numbers[0] = IDLE

    def call(self) -> Call | None:
        """The call that is under way, or None (parent)."""
        index = self._numbers[0]
        return Call(int(index), self._numbers[1]) if 0.0 <= index < MOST_CALLS else None


def _has_child() -> bool:
    """True while a child of this process runs; one that has ended is left to whoever waits for it."""
    try:
        return os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False


class BeaconWatch(Watch):
    """The registry's watch in a worker: shows each call on the beacon, and counts it."""

    def __init__(self, beacon: Beacon) -> None:
        self._beacon = beacon
        self._known: dict[tuple[str, str], int] = {}
        self._open = (0, 0.0)
        self.calls: list[tuple[str, str]] = []
        self.counter = CallCounter()
        self._accompanied = self._left = False

    def enter(self, plugin: str, hook: str) -> None:
        """A call begins."""
        index = self.index(plugin, hook)
        self._accompanied = _has_child()
        self._beacon.show(index)
        self._open = (index, time.perf_counter())

    def leave(self, *, failed: bool = False) -> None:
        """The call ended."""
        if failed:
            self.alone()
        index, since = self._open
        self.counter.add(index, time.perf_counter() - since, failed=failed)
        self._beacon.clear()

    def alone(self) -> bool:
        """False when a process that this call started still runs; what ran before it is not looked at."""
        if self._accompanied or not _has_child():
            return True
        self._left = True
        return False

    def unfit(self, value: object) -> str:
        """What is in it that the parent does not read."""
        return unfit(value)

    def left(self) -> bool:
        """True when a call left a process running since this was asked last."""
        left, self._left = self._left, False
        return left

    def index(self, plugin: str, hook: str) -> int:
        """The number under which a call is shown."""
        key = (plugin, hook)
        if key not in self._known:
            self._known[key] = len(self.calls)
            self.calls.append(key)
        return self._known[key]

    def know(self, calls: Sequence[tuple[str, str]]) -> None:
        """Number these calls now, so that the parent can be told all of them once."""
        for plugin, hook in calls:
            self.index(plugin, hook)
