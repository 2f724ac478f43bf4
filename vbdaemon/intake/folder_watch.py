"""Events of the operating system, as hints: what they miss, the sweep finds."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyConstants, InotifyFD, Mask

from vbdaemon.intake.folder_door import Log, words_of

EVENTS: Final[list[type[FileSystemEvent]]] = [
    FileCreatedEvent,
    FileClosedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirMovedEvent,
]
"""A name came, or a writer closed it. What is read or removed is of no interest."""

OnHint = Callable[[Path, str], None]
"""Told of a folder and of a name in it to which something happened."""


class ArrivalEmitter(InotifyEmitter):
    """Tells of names that came, never of names that left.

    A name that left could be the first half of a rename: watchdog keeps all that follows back for half a second, in
    case the other half comes. Each of our own claims takes a name away; what was dropped behind it would wait.
    """

    def get_event_mask_from_filter(self) -> Mask:
        """What the system is asked to tell; a rename appears as the coming of its new name."""
        return Mask(super().get_event_mask_from_filter() & ~InotifyConstants.IN_MOVED_FROM)


class ArrivalObserver(BaseObserver):
    """watchdog's observer with `ArrivalEmitter` in it. OSError where the system gives no inotify instance."""

    def __init__(self) -> None:
        self._inotify = InotifyFD()
        self._inotify.start()
        super().__init__(ArrivalEmitter, inotify_fd=self._inotify)

    def on_thread_stop(self) -> None:
        """The descriptor goes with the last of the watches."""
        super().on_thread_stop()
        self._inotify.stop()
        self._inotify.join()


class FolderWatch(FileSystemEventHandler):
    """One observer for many folders. A folder that cannot be watched is swept only; `renew` tries it again."""

    def __init__(self, folders: Iterable[Path], on_hint: OnHint, log: Log) -> None:
        self._folders = {os.fspath(folder): folder for folder in folders}
        self._on_hint = on_hint
        self._log = log
        self._observer: BaseObserver | None = None
        self._watches: dict[str, ObservedWatch] = {}
        self._inodes: dict[str, int] = {}

    def start(self) -> None:
        """Watch what can be watched; without any watch the sweep does it all."""
        try:
            observer = ArrivalObserver()
            observer.start()
        except (OSError, RuntimeError) as error:  # no inotify instance, no thread
            self._log.warning("folders not watched", error=words_of(error))
            return
        self._observer = observer
        self.renew()

    def stop(self) -> None:
        """No more hints."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def renew(self) -> int:
        """Watch folders that came, or came back as another folder of the same name. Answers how many are watched."""
        if self._observer is None:
            return 0
        for path in self._folders:
            inode = _inode(path)
            if self._inodes.get(path) != inode:
                self._forget(path)
                if inode is not None:
                    self._watch(path, inode)
        return len(self._watches)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """An event becomes a hint; for a rename its new name counts."""
        for path in (event.dest_path, event.src_path):
            folder, name = os.path.split(os.fsdecode(path)) if path else ("", "")
            if folder in self._folders:
                self._on_hint(self._folders[folder], name)

    def _watch(self, path: str, inode: int) -> None:
        assert self._observer is not None
        try:
            self._watches[path] = self._observer.schedule(self, path, recursive=False, event_filter=EVENTS)
        except (OSError, RuntimeError) as error:  # limits of the system: swept only
            self._log.warning("folder not watched", error=words_of(error))
            return
        self._inodes[path] = inode

    def _forget(self, path: str) -> None:
        watch = self._watches.pop(path, None)
        self._inodes.pop(path, None)
        if watch is not None and self._observer is not None:
            self._observer.unschedule(watch)


def _inode(path: str) -> int | None:
    try:
        return Path(path).stat(follow_symlinks=False).st_ino
    except OSError:
        return None
