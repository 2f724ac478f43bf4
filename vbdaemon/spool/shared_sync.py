"""One fsync of a folder for all who wait for it at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from vbdaemon.spool.durable import sync_folder


class SharedSync:
    """Called by many threads; each returns after a sync that began after its call. OSError reaches all who shared it.

    A sync that is under way may have missed a caller's rename: who comes meanwhile waits for the next one, together.
    """

    def __init__(self, sync: Callable[[Path], None] = sync_folder) -> None:
        self._sync = sync
        self._one_at_a_time = threading.Lock()
        self._door = threading.Lock()
        self._next: dict[Path, Future[None]] = {}

    def __call__(self, folder: Path) -> None:
        """The names in `folder` are on disk when this returns."""
        with self._door:
            shared = self._next.get(folder)
            leads = shared is None
            if shared is None:
                shared = self._next[folder] = Future()
        if leads:
            self._lead(folder, shared)
        shared.result()

    def _lead(self, folder: Path, shared: "Future[None]") -> None:
        with self._one_at_a_time:
            with self._door:
                del self._next[folder]
            try:
                self._sync(folder)
            except OSError as error:
                shared.set_exception(error)
                return
        shared.set_result(None)
