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
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(fd, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """`folder` exists, readable by its owner only; a new name is synced in its parent."""
    if not folder.is_dir():
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        sync_folder(folder.parent)
