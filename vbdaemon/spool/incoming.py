"""A submission being written to the spool, before it is sealed."""

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Self

from vbdaemon.failpoint import Failpoint
from vbdaemon.model import Envelope
from vbdaemon.spool.durable import FILE_MODE, make_folder, sync_folder, write_file
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
    ) -> None:
        self.id = submission_id
        self._draft = draft
        self._final = final
        self._failpoint = failpoint
        self._sync_shared = sync_shared
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
        """A file of the submission that comes piece by piece; it counts when its `finish` returned. One at a time."""
        stored = f"{len(self._files) + 1:03d}"
        return FileWriter(self._draft / stored, clean_name(name), self._take)

    def _take(self, file: StoredFile) -> None:
        self._failpoint("spool.copied")
        self._files.append(file)

    def seal(self, envelope: Envelope) -> Path:
        """Envelope, fsync, rename to the final place, fsync: the submission survives a power cut from here."""
        write_file(self._draft / ENVELOPE, to_json(Stored(self.id, envelope, self.files)))
        sync_folder(self._draft)
        self._failpoint("spool.written")
        make_folder(self._final.parent)
        self._draft.rename(self._final)
        self._sync_shared(self._final.parent)
        self._failpoint("spool.renamed")
        return self._final

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
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *mistake: object) -> None:
        self.close()

    def write(self, piece: bytes | memoryview) -> None:
        """The next bytes; OSError when there is no room."""
        self._digest.update(piece)
        view = memoryview(piece)
        self._size += len(view)
        while view:
            view = view[os.write(self._fd, view) :]

    def finish(self) -> StoredFile:
        """All bytes are on disk when this returns, and the file is one of the submission's."""
        os.fsync(self._fd)
        self.close()
        file = StoredFile(self._name, self._stored, self._digest.hexdigest(), self._size)
        self._take(file)
        return file

    def close(self) -> None:
        """Writes no more; a second time is harmless."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def clean_name(name: str) -> str:
    """A file's name as the envelope keeps it: NFC, without path parts; a name can be any bytes."""
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", readable.rsplit("/", 1)[-1])
