"""A thread that sweeps some drop folders, each at its own times."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

from vbdaemon.intake.folder import COMMIT_SECONDS, FolderSource
from vbdaemon.intake.folder_door import Log
from vbdaemon.intake.folder_mistake import place_of

LONGEST_SLEEP: Final = 1.0
"""A stop that is asked for without waking the lane is noticed within this time."""
LONGEST_REST: Final = 60.0
"""Of a source whose look ended in a mistake of ours."""
BREATH: Final = 0.002
"""Between two turns: hints that come in crowds are heeded together."""
SLOW: Final = 5.0
"""A look that takes longer keeps the lane's other sources waiting; the operator is told."""


class FolderLane:
    """Sweeps its sources in turn. A source that fails rests; the others go on."""

    def __init__(
        self,
        sources: Sequence[FolderSource],
        monotonic: Callable[[], float],
        log: Log,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._sources = tuple(sources)
        self._monotonic = monotonic
        self._log = log
        self._beat = beat
        self._due = dict.fromkeys(range(len(self._sources)), float("-inf"))
        self._failures = dict.fromkeys(range(len(self._sources)), 0)
        self._awake = threading.Event()
        self._hinted: set[int] = set()
        self._lock = threading.Lock()

    def hint(self, source: FolderSource, name: str) -> None:
        """Something happened in a source's folder; from any thread."""
        source.hint(name)
        with self._lock:
            self._hinted.add(self._sources.index(source))
        self._awake.set()

    def wake(self) -> None:
        """Look up from sleep; from any thread."""
        self._awake.set()

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        while not stop.is_set():
            self._beat()
            due = min(self._due.values(), default=float("inf"))
            self._awake.wait(min(LONGEST_SLEEP, max(0.0, due - self._monotonic())))
            self._awake.clear()
            if not stop.is_set():
                self.turn()
                stop.wait(BREATH)

    def turn(self) -> None:
        """One look at each source that is due; their commits are awaited together."""
        with self._lock:
            hinted, self._hinted = self._hinted, set()
        now = self._monotonic()
        looked = [n for n, due in self._due.items() if due <= now or (n in hinted and not self._failures[n])]
        looked = [number for number in looked if self._guarded(number, self._sources[number].look)]
        ends = self._monotonic() + COMMIT_SECONDS
        for number in looked:
            source = self._sources[number]
            source.await_commits(max(0.0, ends - self._monotonic()))
            if self._guarded(number, source.settle):
                self._failures[number] = 0
                self._due[number] = source.next_look()

    def _guarded(self, number: int, step: Callable[[], None]) -> bool:
        """The intake loop: whatever happens in one source, it is recorded and the loop lives on."""
        source = self._sources[number]
        began = self._monotonic()
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the intake
            self._failures[number] += 1
            self._due[number] = self._monotonic() + min(LONGEST_REST, 2.0 ** min(self._failures[number], 10))
            self._log.error("folder look failed", source=source.settings.name, **place_of(error))
            source.recover()
            return False
        if self._monotonic() - began > SLOW:
            self._log.warning("folder look slow", source=source.settings.name, seconds=self._monotonic() - began)
        return True
