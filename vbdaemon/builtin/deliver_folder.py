"""Delivery into folders under the exchange root: a document as a sub-folder, a notice as files side by side.

Everything under the root is reached by folder descriptors and never through a link: recipients can write there.
The root itself is the operator's and may be a link. New files get mode 0660 and new folders 0770 whatever the
umask is, because recipients come through Samba as members of the folder's group; a set-group-id bit is kept.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vbdaemon.builtin.deliver_folder_bytes import FOLDER_FLAGS, Unplaced
from vbdaemon.builtin.deliver_folder_place import place_files, place_folder
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Delivery, DeliveryKind, Outcome, OutgoingFile, Snapshot

SCHEME = "folder"


@hookimpl
def deliver(delivery: Delivery, files: tuple[OutgoingFile, ...], snapshot: Snapshot) -> Outcome | None:
    """DELIVERED once every file lies there, synced and read back; the second time nothing is written.

    A missing folder, a link in the way, a full disk or missing rights defer. An address that is no relative path
    fails for good.
    """
    address = delivery.destination.address
    if delivery.destination.scheme != SCHEME:
        return None
    parts = address.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        return Outcome.failed(f"{address!r} is not a path below the exchange folder")
    if snapshot.exchange is None:
        return Outcome.deferred("no exchange folder is configured")
    place = place_folder if delivery.kind is DeliveryKind.FORWARD else place_files
    try:
        with _reached(snapshot.exchange, parts) as folder:
            return Outcome.delivered(f"{address}/{place(folder, delivery, files)}")
    except Unplaced as refused:
        return Outcome.deferred(f"{address}: {refused}")
    except OSError as error:
        return Outcome.deferred(f"{address}: {_reason(error)}")


@contextmanager
def _reached(root: Path, parts: list[str]) -> Iterator[int]:
    """A descriptor of the folder `parts` below `root`."""
    folder = _root(root)
    try:
        for depth, part in enumerate(parts):
            below = _step(folder, part, "/".join(parts[: depth + 1]))
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def _root(root: Path) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Unplaced(f"the exchange folder cannot be opened: {_reason(error)}") from error


def _step(folder: int, name: str, so_far: str) -> int:
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise Unplaced(f"{so_far} is a link; links are never followed")
        return os.open(name, FOLDER_FLAGS, dir_fd=folder)
    except FileNotFoundError as error:
        raise Unplaced(f"the folder {so_far} does not exist") from error
    except NotADirectoryError as error:
        raise Unplaced(f"{so_far} is not a folder") from error


def _reason(error: OSError) -> str:
    """The operating system's words; of a full disk they say what to do."""
    words = error.strerror or type(error).__name__
    return f"{words}; free space there" if error.errno in (errno.ENOSPC, errno.EDQUOT) else words
