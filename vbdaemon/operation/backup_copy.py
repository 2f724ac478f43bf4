"""Copying into a backup: each file is hashed on its way; what the former backup holds is linked; then all is synced."""

import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from vbdaemon.operation.backup_manifest import Backup, Entry
from vbdaemon.spool.durable import FILE_MODE, FOLDER_MODE

CHUNK = 1 << 20
SYNCS_AT_ONCE = 16


@dataclass(slots=True)
class Copier:
    """Fills a new backup."""

    target: Path
    former: Backup | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    linked: int = 0
    copied: list[Path] = field(default_factory=list)
    copied_bytes: int = 0

    def add_unchanging(self, source: Path, path: str) -> list[Entry]:
        """A folder of the spool, whose files never change once it is there: a former copy of the same size is linked.

        OSError when it cannot be read.
        """
        return [self._add(file, f"{path}/{file.name}", link=True) for file in sorted(source.iterdir())]

    def add_file(self, source: Path, path: str) -> Entry:
        """A file that may change: read and compared with the former copy, which is linked when it is the same."""
        return self._add(source, path, link=False)

    def note(self, path: str, file: Path) -> None:
        """A file that was written into the backup by somebody else."""
        sha256, size = _hash(file)
        self.entries[path] = Entry(path, sha256, size)

    def drop(self, path: str) -> None:
        """A folder does not belong to the backup after all."""
        prefix = f"{path}/"
        for name in [name for name in self.entries if name.startswith(prefix)]:
            (self.target / name).unlink(missing_ok=True)
            del self.entries[name]
        if (self.target / path).is_dir():
            (self.target / path).rmdir()

    def _add(self, source: Path, path: str, *, link: bool) -> Entry:
        target = self.target / path
        make_private(target.parent)
        former = self.former.entries.get(path) if self.former else None
        size = source.stat(follow_symlinks=False).st_size
        same = former is not None and former.size == size and (link or _hash(source)[0] == former.sha256)
        if same and former is not None and self._link(path, target):
            entry = former
            self.linked += 1
        else:
            sha256, size = _copy(source, target)
            entry = Entry(path, sha256, size)
            self.copied.append(target)
            self.copied_bytes += size
        self.entries[path] = entry
        return entry

    def _link(self, path: str, target: Path) -> bool:
        """False where the file system has no hard links, or no more of them for this file."""
        assert self.former is not None
        try:
            os.link(self.former.folder / path, target, follow_symlinks=False)
        except OSError:
            return False
        return True


def sync_below(root: Path, files: Iterable[Path]) -> None:
    """These files, and the names in every folder from here on down, are on disk.

    Many at once, so that the file system can write them with few commits of its journal.
    """
    folders = [Path(folder) for folder, _, _ in os.walk(root)]
    with ThreadPoolExecutor(SYNCS_AT_ONCE, thread_name_prefix="sync") as pool:
        deque(pool.map(_sync, files), maxlen=0)
        deque(pool.map(_sync, folders), maxlen=0)


def make_private(folder: Path) -> None:
    """The folder and those above it that are missing, closed to others (`mkdir(parents=True)` would open them)."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def files_below(root: Path, besides: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Regular files below a folder, without hidden ones and without what lies in certain other folders."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and (here / n).resolve() not in besides)
        for name in sorted(names):
            if not name.startswith(".") and stat.S_ISREG((here / name).lstat().st_mode):
                yield here / name


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with source.open("rb") as reader, os.fdopen(fd, "wb") as writer:
        while chunk := reader.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            writer.write(chunk)
    return digest.hexdigest(), size


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _hash(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as reader:
        while chunk := reader.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
