"""A submission being written to the spool, before it is sealed."""

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Self

from vbdaemon.failpoint import Failpoint
from vbdaemon.model import Envelope
from vbdaemon.spool.durable import make_folder, open_new, sync_folder, write_all, write_file
from vbdaemon.spool.early_sync import EarlySync
from vbdaemon.spool.stored import Stored, StoredFile, to_json

CHUNK = 1 << 20
ENVELOPE = "envelope.json"


class Incoming:
    """Bytes on their way in. Nothing is promised before `seal` returned and the row was committed."""

    def __init__(
        self,
        submission_id: str,
        draft: Path,
        final: Path,
        failpoint: Failpoint,
        sync_shared: Callable[[Path], None] = sync_folder,
        early: EarlySync | None = None,
    ) -> None:
        self.id = submission_id
        self._draft = draft
        self._final = final
        self._failpoint = failpoint
        self._sync_shared = sync_shared
        self._early = early
        self._under_way: list[Future[None]] = []
        self._files: list[StoredFile] = []

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """What was added so far."""
        return tuple(self._files)

    def add(self, name: str, source_fd: int) -> StoredFile:
        """Copy an open file to the spool while hashing it; the bytes are on disk when this returns.

        OSError (disk full, unreadable source) leaves the draft to `abandon`.
        """
        with self.write(name) as writer:
            while chunk := os.read(source_fd, CHUNK):
                writer.write(chunk)
            return writer.finish()

    def write(self, name: str) -> "FileWriter":
        """A file of the submission that comes piece by piece; it counts when it was finished. One at a time."""
        stored = f"{len(self._files) + 1:03d}"
        return FileWriter(self._draft / stored, clean_name(name), self._take)

    def finish(self, writer: "FileWriter") -> StoredFile:
        """That file is complete; its bytes are on disk when `seal` returns: one wait serves it and the envelope."""
        if self._early is None:
            return writer.finish()
        file = writer.stored()
        self._under_way.append(self._early.begin(writer.sync))
        self._take(file)
        return file

    def _take(self, file: StoredFile) -> None:
        self._failpoint("spool.copied")
        self._files.append(file)

    def seal(self, envelope: Envelope) -> Path:
        """Envelope, fsync, rename to the final place, fsync: the submission survives a power cut from here."""
        body = to_json(Stored(self.id, envelope, self.files))
        if self._early is not None and self._under_way:
            self._write_beside(body, self._early)
        else:
            write_file(self._draft / ENVELOPE, body)
            sync_folder(self._draft)
        self._failpoint("spool.written")
        make_folder(self._final.parent)
        self._draft.rename(self._final)
        self._sync_shared(self._final.parent)
        self._failpoint("spool.renamed")
        return self._final

    def _write_beside(self, body: bytes, early: EarlySync) -> None:
        fd = open_new(self._draft / ENVELOPE)
        try:
            write_all(fd, body)
            self._under_way.append(early.begin(lambda: sync_folder(self._draft)))
            os.fsync(fd)
        finally:
            os.close(fd)
        while self._under_way:
            self._under_way.pop().result()

    def abandon(self) -> None:
        """Forget the draft; nothing was promised."""
        shutil.rmtree(self._draft, ignore_errors=True)


class FileWriter:
    """Bytes that are hashed while they are written; a context, so that its descriptor is closed whatever happens."""

    def __init__(self, path: Path, name: str, take: Callable[[StoredFile], None]) -> None:
        self._stored = path.name
        self._name = name
        self._take = take
        self._digest = hashlib.sha256()
        self._size = 0
        self._fd = open_new(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *mistake: object) -> None:
        self.close()

    def write(self, piece: bytes) -> None:
        """The next bytes; OSError when there is no room."""
        self._digest.update(piece)
        self._size += len(piece)
        write_all(self._fd, piece)

    def finish(self) -> StoredFile:
        """All bytes are on disk when this returns, and the file is one of the submission's."""
        self.sync()
        file = self.stored()
        self._take(file)
        return file

    def stored(self) -> StoredFile:
        """The file as it was written so far."""
        return StoredFile(self._name, self._stored, self._digest.hexdigest(), self._size)

    def sync(self) -> None:
        """All bytes are on disk when this returns; nothing more is written."""
        try:
            os.fsync(self._fd)
        finally:
            self.close()

    def close(self) -> None:
        """Writes no more; a second time is harmless."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def clean_name(name: str) -> str:
    """A file's name as the envelope keeps it: NFC, without path parts; a name can be any bytes."""
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", readable.rsplit("/", 1)[-1])
