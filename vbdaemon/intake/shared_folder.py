"""Access under an untrusted shared folder: by folder descriptors and single names, never through a link."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Self

Parts = tuple[str, ...]
"""A path below a shared folder, name by name, as the operating system gave them (surrogateescape)."""

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
LINK_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
NAME_BYTES = 255
LONGEST_SUFFIX = 16


class Kind(StrEnum):
    """What stands behind a name."""

    FILE = "file"
    """A regular file."""
    FOLDER = "folder"
    """A folder."""
    OTHER = "other"
    """A link, pipe, socket or device: never opened."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """One state of a file: equal stamps mean that nothing was observed to change."""

    kind: Kind
    inode: int
    size: int
    mtime_ns: int
    links: int = field(default=1, compare=False)
    """More than 1: the same bytes have another name somewhere on this file system."""

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """The stamp in a stat result."""
        return cls(_kind_of(status.st_mode), status.st_ino, status.st_size, status.st_mtime_ns, status.st_nlink)


class SharedFolder:
    """An open folder. Names are single names in it; no method follows a symbolic link."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @classmethod
    @contextmanager
    def at(cls, path: Path) -> "Iterator[SharedFolder]":
        """The folder at a configured path; its last name must not be a link. OSError when it is not there."""
        with cls._opened(os.open(path, FOLDER_FLAGS)) as folder:
            yield folder

    @contextmanager
    def folder(self, name: str) -> "Iterator[SharedFolder]":
        """A folder in this one; NotADirectoryError when it is none, or a link."""
        try:
            fd = os.open(name, FOLDER_FLAGS, dir_fd=self.fd)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise NotADirectoryError(errno.ENOTDIR, "a link") from error
            raise
        with self._opened(fd) as folder:
            yield folder

    @contextmanager
    def reach(self, parts: Parts, *, make: bool = False) -> "Iterator[SharedFolder]":
        """The folder some names below this one; with `make`, missing ones are made."""
        if not parts:
            yield self
            return
        if make:
            self.make_folder(parts[0])
        with self.folder(parts[0]) as below, below.reach(parts[1:], make=make) as last:
            yield last

    def entries(self) -> dict[str, Kind]:
        """All names and their kinds, without a stat call where the file system tells the kind."""
        with os.scandir(self.fd) as listing:
            return {entry.name: _kind_of_entry(entry) for entry in listing}

    def stamp(self, name: str) -> Stamp | None:
        """The present state of a name; None when it is not there."""
        try:
            return Stamp.of(os.stat(name, dir_fd=self.fd, follow_symlinks=False))
        except FileNotFoundError:
            return None

    @contextmanager
    def file(self, name: str) -> Iterator[int]:
        """A regular file, open for reading; OSError when it is not one. A pipe never blocks, a device is not opened."""
        found = self.stamp(name)
        if found is not None and found.kind is not Kind.FILE:
            raise OSError(errno.EINVAL, "not a regular file")
        fd = os.open(name, FILE_FLAGS, dir_fd=self.fd)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            yield fd
        finally:
            os.close(fd)

    def make_folder(self, name: str, mode: int = 0o777) -> None:
        """Something of this name exists: what was there before, or a new folder."""
        try:
            os.mkdir(name, mode, dir_fd=self.fd)
        except FileExistsError:
            return

    def move(self, name: str, target: "SharedFolder") -> None:
        """Rename into a folder of ours on the same file system."""
        before = self.stamp(name)
        try:
            os.rename(name, name, src_dir_fd=self.fd, dst_dir_fd=target.fd)
        except OSError:
            # On NFS and SMB a rename can succeed and still report an error: look at both names.
            if before is None or self.stamp(name) is not None or target.stamp(name) != before:
                raise

    def restore(self, name: str, target: "SharedFolder") -> str:
        """Move a file without overwriting; where its name is taken it gets a free one. Answers the name it has."""
        return next(free for free in _free_names(name) if self._hand_over(name, target, free))

    def remove(self, name: str) -> None:
        """The file is gone."""
        try:
            os.unlink(name, dir_fd=self.fd)
        except FileNotFoundError:
            return

    def remove_folder(self, name: str) -> bool:
        """True when the folder is gone; False when something is in it."""
        try:
            os.rmdir(name, dir_fd=self.fd)
        except FileNotFoundError:
            return True
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                return False
            raise
        return True

    def _hand_over(self, name: str, target: "SharedFolder", new: str) -> bool:
        # link + unlink is the one way to move without overwriting that NFS knows too.
        try:
            os.link(name, new, src_dir_fd=self.fd, dst_dir_fd=target.fd, follow_symlinks=False)
        except FileExistsError:
            if target.stamp(new) != self.stamp(name):
                return False
            # An earlier restore was interrupted between its two steps: this is the same file.
        except OSError as error:
            if error.errno not in LINK_REFUSED:
                raise
            return self._move_onto_placeholder(name, target, new)
        self.remove(name)
        return True

    def _move_onto_placeholder(self, name: str, target: "SharedFolder", new: str) -> bool:
        """Where links do not exist, an empty file of ours reserves the name before the rename replaces it."""
        try:
            os.close(os.open(new, NEW_FILE_FLAGS, 0o600, dir_fd=target.fd))
        except FileExistsError:
            return False
        before = self.stamp(name)
        try:
            os.rename(name, new, src_dir_fd=self.fd, dst_dir_fd=target.fd)
        except OSError:
            if before is not None and self.stamp(name) is None and target.stamp(new) == before:
                return True
            target.remove(new)
            raise
        return True

    @classmethod
    @contextmanager
    def _opened(cls, fd: int) -> "Iterator[SharedFolder]":
        try:
            yield cls(fd)
        finally:
            os.close(fd)


def _kind_of(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.OTHER


def _kind_of_entry(entry: "os.DirEntry[str]") -> Kind:
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    return Kind.FOLDER if entry.is_dir(follow_symlinks=False) else Kind.OTHER


def _free_names(name: str) -> Iterator[str]:
    """The name itself, then "name (2).pdf", "name (3).pdf", … cut to what file systems bear."""
    yield name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix) <= LONGEST_SUFFIX else ""
    stem = os.fsencode(name.removesuffix(suffix))
    for number in count(2):
        tail = os.fsencode(f" ({number}){suffix}")
        cut = stem[: NAME_BYTES - len(tail)]
        # Half a letter is worse than none: the share may refuse names that are not UTF-8.
        head = os.fsdecode(stem) if cut == stem else cut.decode("utf-8", "ignore")
        yield head + os.fsdecode(tail)
