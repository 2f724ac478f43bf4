"""Bytes in and out of an open folder that others can write to: no links, chunk by chunk, synced."""

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import OutgoingFile
from vbdaemon.rendering.names import safe_name

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NOT_OFFERED = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
"""How file systems say that they have no such operation (hard links, modes, syncing a folder)."""
FILE_MODE = 0o660
FOLDER_MODE = 0o770
CHUNK = 1 << 20
AT_ONCE = 64
"""Files that are open together while they are synced."""
MARKER_BYTES = 4 << 20


class Unplaced(VbdaemonError):
    """The files could not be placed; the words say why, and it is tried again."""


@contextmanager
def draft_folder(parent: int, delivery: str) -> Iterator[tuple[str, int]]:
    """An empty, hidden folder of our own in `parent`: name and descriptor. What is left of it goes at the end."""
    name = safe_name(f"_vbdaemon-tmp-{delivery}").replace("_", ".", 1)
    shutil.rmtree(name, ignore_errors=True, dir_fd=parent)
    try:
        os.mkdir(name, FOLDER_MODE, dir_fd=parent)
    except FileExistsError as error:
        raise Unplaced(f"{name} is in the way; remove it") from error
    try:
        folder = os.open(name, FOLDER_FLAGS, dir_fd=parent)
        try:
            _set_mode(folder, FOLDER_MODE)
            yield name, folder
        finally:
            os.close(folder)
    finally:
        shutil.rmtree(name, ignore_errors=True, dir_fd=parent)


def write_files(folder: int, files: Mapping[str, OutgoingFile]) -> None:
    """New files with these bytes, synced. Raises Unplaced when they are not those that were stored.

    They are written before the first is synced: the file system then brings most of them to disk in one go.
    """
    names = list(files)
    for start in range(0, len(names), AT_ONCE):
        with ExitStack() as open_files:
            written = [
                open_files.enter_context(_written(folder, name, files[name])) for name in names[start : start + AT_ONCE]
            ]
            for fd in written:
                os.fsync(fd)


@contextmanager
def _written(folder: int, name: str, file: OutgoingFile) -> Iterator[int]:
    fd = os.open(name, _NEW_FLAGS, FILE_MODE, dir_fd=folder)
    with os.fdopen(fd, "wb") as copy:
        with _source(file) as source:
            digest = hashlib.sha256()
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        copy.flush()
        _set_mode(fd, FILE_MODE)
        if digest.hexdigest() != file.sha256:
            raise Unplaced(f"{_unnamed(file)} in the spool is not what was stored; restore it from a backup")
        yield fd


def publish_file(draft: int, parent: int, name: str) -> None:
    """Give a finished file its name in `parent`, never over another. Raises FileExistsError when it is taken."""
    try:
        os.link(name, name, src_dir_fd=draft, dst_dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NOT_OFFERED | {errno.EMLINK, errno.EACCES}:
            raise
        # No hard links here: reserve the name with an empty file, then replace that one.
        os.close(os.open(name, _NEW_FLAGS, FILE_MODE, dir_fd=parent))
        _replace_reserved(draft, parent, name)


def sync_folder(folder: int) -> None:
    """The names in the folder are on disk, where the file system can promise it."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise


def content_is(folder: int, name: str, sha256: str) -> bool:
    """True for a regular file with exactly these bytes."""
    try:
        with _reading(folder, name) as file:
            digest = hashlib.sha256()
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (FileNotFoundError, NotRegular):
        return False
    return digest.hexdigest() == sha256


def carries_delivery(folder: int, name: str, delivery: str) -> bool:
    """True for a JSON file that says it belongs to this delivery."""
    try:
        with _reading(folder, name) as file:
            facts = json.loads(file.read(MARKER_BYTES))
    except (FileNotFoundError, NotRegular, ValueError, RecursionError):
        return False
    return bool(delivery) and isinstance(facts, dict) and facts.get("delivery") == delivery


class NotRegular(VbdaemonError):
    """A link, a pipe, a folder or a device stands where a file should."""


@contextmanager
def _reading(folder: int, name: str) -> Iterator[BinaryIO]:
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise NotRegular
    with os.fdopen(os.open(name, _READ_FLAGS, dir_fd=folder), "rb") as file:
        yield file


def _source(file: OutgoingFile) -> BinaryIO:
    if file.body is not None:
        return BytesIO(file.body)
    if file.path is None:
        raise Unplaced(f"{_unnamed(file)} has neither bytes nor a path")
    try:
        return Path(file.path).open("rb")
    except OSError as error:
        raise Unplaced(f"{_unnamed(file)} in the spool cannot be read: {error.strerror}") from error


def _unnamed(file: OutgoingFile) -> str:
    """A sender's file in the operator's words: names can be private."""
    return f"file {file.sha256[:12]}"


def _set_mode(fd: int, mode: int) -> None:
    kept = os.fstat(fd).st_mode & stat.S_ISGID
    try:
        os.fchmod(fd, mode | kept)
    except OSError as error:  # a mount with rights of its own
        if error.errno not in _NOT_OFFERED:
            raise


def _replace_reserved(draft: int, parent: int, name: str) -> None:
    try:
        os.rename(name, name, src_dir_fd=draft, dst_dir_fd=parent)
    except OSError:
        # On NFS and SMB a rename can succeed and still report an error: then the draft is gone.
        if _is_there(draft, name):
            os.unlink(name, dir_fd=parent)
            raise


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
