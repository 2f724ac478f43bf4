"""All drop folders of a daemon: their threads, and one observer that hints at changes."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from vbdaemon.intake.folder import FolderSource
from vbdaemon.intake.folder_door import Log
from vbdaemon.intake.folder_lane import FolderLane
from vbdaemon.intake.folder_state import FolderState, PendingDrop
from vbdaemon.intake.folder_watch import FolderWatch

TURN_SECONDS: Final = 900.0
"""A turn of a lane may copy large files."""
RENEW_SECONDS: Final = 30.0
"""Between two tries to watch folders that vanished or could not be watched."""


class Beats(Protocol):
    """Who wants to know that the lanes turn."""

    def expect(self, loop: str, within_seconds: float, *, vital: bool) -> Callable[[], None]:
        """The lane beats from now on, by calling the answer."""

    def forget(self, loop: str) -> None:
        """It ended as it should."""


class FolderIntake:
    """One thread for all local folders, one more for each source with `own_thread`, one to keep the watches alive."""

    def __init__(
        self,
        sources: Sequence[FolderSource],
        monotonic: Callable[[], float],
        log: Log,
        *,
        watch: bool = True,
        beats: Beats | None = None,
    ) -> None:
        self._sources = tuple(sources)
        self._beats = beats
        self._loops: list[str] = []
        together = [source for source in sources if not source.settings.own_thread]
        alone = [source for source in sources if source.settings.own_thread]
        self._lanes = [
            FolderLane(some, monotonic, log, self._beat_of(some))
            for some in (together, *([source] for source in alone))
            if some
        ]
        self._lane_of = {source.settings.path: (self._lanes[0], source) for source in together}
        self._watch = FolderWatch(self._lane_of, self._hint, log) if watch else None
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """The folders are swept from now on. What an earlier run left claimed is finished first."""
        self._threads = [
            threading.Thread(target=lane.run, args=(self._stop,), name=f"folders-{number}", daemon=True)
            for number, lane in enumerate(self._lanes)
        ]
        if self._watch is not None:
            self._watch.start()
            self._threads.append(threading.Thread(target=self._keep_watching, name="folder-watch", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10.0) -> bool:
        """Take nothing new. True when all threads ended in time; one that hangs in a mount dies with the process."""
        self._stop.set()
        for lane in self._lanes:
            lane.wake()
        if self._watch is not None:
            self._watch.stop()
        for thread in self._threads:
            thread.join(seconds)
        if self._beats is not None:
            for loop in self._loops:
                self._beats.forget(loop)
        return not any(thread.is_alive() for thread in self._threads)

    def _beat_of(self, sources: Sequence[FolderSource]) -> Callable[[], None]:
        """Local folders must turn; one in a network mount may hang without our fault."""
        if self._beats is None:
            return lambda: None
        own = sources[0].settings.own_thread
        loop = f"folder {sources[0].settings.name}" if own else "folders"
        self._loops.append(loop)
        return self._beats.expect(loop, TURN_SECONDS, vital=not own)

    def pending(self) -> tuple[PendingDrop, ...]:
        """What waits in all folders."""
        return tuple(drop for source in self._sources for drop in source.pending())

    def states(self) -> tuple[FolderState, ...]:
        """How each folder is doing, in the order of the settings."""
        return tuple(source.state() for source in self._sources)

    def _hint(self, path: Path, name: str) -> None:
        lane, source = self._lane_of[path]
        lane.hint(source, name)

    def _keep_watching(self) -> None:
        assert self._watch is not None
        while not self._stop.wait(RENEW_SECONDS):
            self._watch.renew()
