"""Syncs that begin while the caller goes on writing, so that one wait of the disk serves several files."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

AT_ONCE: Final = 2
"""One mail's worth: with more on their way the disk is shared well enough, and another thread would only cost time."""


class EarlySync:
    """Runs a sync beside the caller while few are under way, else at once."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(at_once, "spool-sync")
        self._free = threading.Semaphore(at_once)

    def begin(self, sync: Callable[[], None]) -> "Future[None]":
        """The future answers when it is on disk; it fails with the OSError of the sync."""
        if not self._free.acquire(blocking=False):
            return _at_once(sync)
        future = self._threads.submit(sync)
        future.add_done_callback(lambda _: self._free.release())
        return future


def _at_once(sync: Callable[[], None]) -> "Future[None]":
    done: Future[None] = Future()
    try:
        sync()
    except OSError as error:
        done.set_exception(error)
    else:
        done.set_result(None)
    return done
