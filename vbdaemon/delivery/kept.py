"""What a delivery rendered, kept in the spool: a repeat carries the same bytes."""

import hashlib
import os
from pathlib import Path

from vbdaemon.model import OutgoingFile
from vbdaemon.spool.durable import FILE_MODE, FOLDER_MODE, sync_folder


def kept(folder: Path) -> tuple[OutgoingFile, ...]:
    """What an earlier attempt rendered; it is not rendered again."""
    if not folder.is_dir():
        return ()
    return tuple(outgoing(path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


def keep(folder: Path, bodies: dict[str, bytes]) -> tuple[OutgoingFile, ...]:
    """The folder appears at once and whole, on disk when this returns.

    All files are written before the first is synced: the file system then writes most of them in one go.
    """
    draft = folder.with_name(f".{folder.name}")
    draft.mkdir(mode=FOLDER_MODE, exist_ok=True)
    for left in draft.iterdir():
        left.unlink()
    written = [_written(draft / name, body) for name, body in bodies.items()]
    try:
        for fd in written:
            os.fsync(fd)
    finally:
        for fd in written:
            os.close(fd)
    sync_folder(draft)
    draft.rename(folder)
    sync_folder(folder.parent)
    return tuple(outgoing(name, body) for name, body in sorted(bodies.items()))


def outgoing(name: str, body: bytes) -> OutgoingFile:
    """A file of our own making."""
    return OutgoingFile(name, hashlib.sha256(body).hexdigest(), body=body)


def _written(path: Path, body: bytes) -> int:
    """A descriptor of a new file with these bytes, not yet synced."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(os.dup(fd), "wb") as file:
        file.write(body)
    return fd
