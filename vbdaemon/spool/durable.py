"""Writing that survives a power cut: fsync of files and of the folders that name them."""

import os
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def sync_folder(folder: Path) -> None:
    """The names in `folder` are on disk when this returns."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_file(path: Path, body: bytes) -> None:
    """A new file with these bytes, on disk when this returns; its name is not, before `sync_folder`."""
    fd = open_new(path)
    try:
        write_all(fd, body)
        os.fsync(fd)
    finally:
        os.close(fd)


def open_new(path: Path) -> int:
    """Descriptor of a new file, readable by its owner only; FileExistsError when there is one."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)


def write_all(fd: int, body: bytes | memoryview) -> None:
    """Every byte is written, or OSError."""
    view = memoryview(body)
    while view:
        view = view[os.write(fd, view) :]


def make_folder(folder: Path) -> None:
    """`folder` exists, readable by its owner only; a new name is synced in its parent."""
    if not folder.is_dir():
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        sync_folder(folder.parent)
