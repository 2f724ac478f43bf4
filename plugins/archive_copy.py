"""Copies the files of every accepted document into a second folder. Off by default.

    [plugins]
    enabled = ["archive_copy"]

    [plugins.archive_copy]
    folder = "/srv/luu-tru"     # must be there; the unit file of systemd/ must name it in ReadWritePaths

Each document gets a folder of its own, `2026/<name>_<delivery>`, with its files under their own names, numbered. It
is a delivery like any other: shown by `vbdaemon show`, and tried again while the folder cannot be written. What lies
there is never changed or removed. A document that goes to no unit is still held, as without this plugin.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict

from vbdaemon.builtin import route as built_in  # the module: a hook imported by name would run as ours
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    Delivery,
    Destination,
    Document,
    Outcome,
    OutgoingFile,
    Snapshot,
    Submission,
)
from vbdaemon.rendering.names import safe_name

__version__ = "1"
SCHEME = "archive"
CHUNK = 1 << 20


class Settings(BaseModel):
    """`[plugins.archive_copy]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    """Absolute; made by a person, so that an archive that is not mounted is noticed."""


class NotAsStoredError(OSError):
    """The bytes are not those of the decision."""


class ArchiveCopy:
    """The plugin with its settings."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.folder

    @hookimpl
    def route(
        self, submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
    ) -> tuple[Destination, ...]:
        """To the archive as well, when it goes to somebody: otherwise a person must still look for a recipient."""
        others = built_in.route(
            submission=submission, document=document, classification=classification, snapshot=snapshot
        )
        return (Destination(SCHEME, "luu-tru"),) if others else ()

    @hookimpl
    def deliver(self, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> Outcome | None:
        """DELIVERED once every file and name is on disk; the second time nothing is written."""
        if delivery.destination.scheme != SCHEME:
            return None
        if not self._folder.is_dir():
            return Outcome.deferred(f"{self._folder} is not there; mount or make it")
        try:
            return Outcome.delivered(self._place(delivery, files))
        except OSError as error:
            return Outcome.deferred(f"{self._folder}: {error.strerror or error}")

    def _place(self, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> str:
        year = self._folder / f"{delivery.created_at:%Y}"
        target = year / safe_name(f"{delivery.name}_{delivery.id}")
        shown = f"{year.name}/{target.name}"
        if target.is_dir():  # it got its name when it was whole
            _sync(year)
            return shown
        if not year.is_dir():
            year.mkdir(exist_ok=True)
            _sync(self._folder)
        draft = year / f".{safe_name(delivery.id)}"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir()
            for number, file in enumerate(files, 1):
                _copy(file, draft / safe_name(f"{number:02d}_{file.name}"))
            _sync(draft)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _sync(year)
        return shown


def _copy(file: OutgoingFile, target: Path) -> None:
    digest = hashlib.sha256()
    with _opened(file) as source, target.open("xb") as copy:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != file.sha256:
        raise NotAsStoredError(f"file {file.sha256[:12]} in the spool is not what was stored")


@contextmanager
def _opened(file: OutgoingFile) -> Iterator[BinaryIO]:
    if file.path is None:
        yield BytesIO(file.body or b"")
        return
    with Path(file.path).open("rb") as source:
        yield source


def _sync(folder: Path) -> None:
    """The names in the folder are on disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def plugin(settings: Settings) -> ArchiveCopy:
    """What vbdaemon calls with the settings from `[plugins.archive_copy]`."""
    return ArchiveCopy(settings)
