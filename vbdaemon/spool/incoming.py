"""A submission being written to the spool, before it is sealed."""

import hashlib
import os
import shutil
import unicodedata
from pathlib import Path

from vbdaemon.failpoint import Failpoint
from vbdaemon.model import Envelope
from vbdaemon.spool.durable import FILE_MODE, make_folder, sync_folder, write_file
from vbdaemon.spool.stored import Stored, StoredFile, to_json

CHUNK = 1 << 20
ENVELOPE = "envelope.json"


class Incoming:
    """Bytes on their way in. Nothing is promised before `seal` returned and the row was committed."""

    def __init__(self, submission_id: str, draft: Path, final: Path, failpoint: Failpoint) -> None:
        self.id = submission_id
        self._draft = draft
        self._final = final
        self._failpoint = failpoint
        self._files: list[StoredFile] = []

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """What was added so far."""
        return tuple(self._files)

    def add(self, name: str, source_fd: int) -> StoredFile:
        """Copy an open file to the spool while hashing it; the bytes are on disk when this returns.

        OSError (disk full, unreadable source) leaves the draft to `abandon`.
        """
        stored = f"{len(self._files) + 1:03d}"
        digest = hashlib.sha256()
        size = 0
        target = os.open(self._draft / stored, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            while chunk := os.read(source_fd, CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write_all(target, chunk)
            os.fsync(target)
        finally:
            os.close(target)
        self._failpoint("spool.copied")
        readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # a name can be any bytes
        clean = unicodedata.normalize("NFC", readable.rsplit("/", 1)[-1])
        file = StoredFile(clean, stored, digest.hexdigest(), size)
        self._files.append(file)
        return file

    def seal(self, envelope: Envelope) -> Path:
        """Envelope, fsync, rename to the final place, fsync: the submission survives a power cut from here."""
        write_file(self._draft / ENVELOPE, to_json(Stored(self.id, envelope, self.files)))
        sync_folder(self._draft)
        self._failpoint("spool.written")
        make_folder(self._final.parent)
        self._draft.rename(self._final)
        sync_folder(self._final.parent)
        self._failpoint("spool.renamed")
        return self._final

    def abandon(self) -> None:
        """Forget the draft; nothing was promised."""
        shutil.rmtree(self._draft, ignore_errors=True)


def _write_all(fd: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(fd, view) :]
