"""The spool: folders of submissions, of quarantine, of orphans, and of rendered deliveries.

spool/tmp/<id>/                     being written
spool/submissions/<yyyy-mm>/<id>/   sealed: envelope.json, 001, 002 …
spool/quarantine/<id>/              locked away
spool/orphaned/<id>/                sealed but never acknowledged
spool/outgoing/<delivery>/          rendered once, kept until the retention rule says otherwise
spool/scratch/                      workers' scratch, wiped at start
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from vbdaemon.errors import SpoolDamaged, SpoolError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.spool.durable import make_folder, sync_folder
from vbdaemon.spool.early_sync import EarlySync
from vbdaemon.spool.incoming import CHUNK, ENVELOPE, Incoming
from vbdaemon.spool.shared_sync import SharedSync
from vbdaemon.spool.stored import Stored, from_json


class Spool:
    """Bytes on disk. Every method may run twice; the second time is harmless."""

    def __init__(self, root: Path, failpoint: Failpoint = pass_by) -> None:
        self.root = root
        self._failpoint = failpoint
        self._sync_shared = SharedSync()
        self._early = EarlySync()

    @property
    def scratch(self) -> Path:
        """Workers' scratch."""
        return self.root / "scratch"

    def prepare(self) -> None:
        """The folders exist, closed to others, and scratch is empty; SpoolError when that cannot be had."""
        try:
            for name in ("tmp", "submissions", "quarantine", "orphaned", "outgoing", "scratch"):
                make_folder(self.root / name)
            self.root.chmod(0o700)
            for left in self.scratch.iterdir():
                shutil.rmtree(left, ignore_errors=True)
        except OSError as error:
            raise SpoolError(f"spool {self.root}: {error.strerror}; free disk space or mend its permissions") from error

    def begin(self, submission_id: str) -> Incoming:
        """A draft under tmp/; OSError when there is no room."""
        draft = self.root / "tmp" / submission_id
        draft.mkdir(mode=0o700)
        return Incoming(
            submission_id, draft, self.folder_of(submission_id), self._failpoint, self._sync_shared, self._early
        )

    def folder_of(self, submission_id: str) -> Path:
        """Where a sealed submission lies; the month is part of its id (yymmdd-…)."""
        return self.root / "submissions" / f"20{submission_id[:2]}-{submission_id[2:4]}" / submission_id

    def load(self, submission_id: str) -> Stored:
        """The envelope and file list; SpoolDamaged when folder or envelope are not there."""
        try:
            return from_json((self.folder_of(submission_id) / ENVELOPE).read_bytes())
        except SpoolDamaged as damage:
            raise SpoolDamaged(f"submission {submission_id}: {damage}") from damage
        except OSError as error:
            raise SpoolDamaged(f"submission {submission_id}: {error.strerror} in the spool") from error

    def verify(self, submission_id: str) -> Stored:
        """Like `load`, and every byte hashes to what was stored; SpoolDamaged otherwise."""
        stored = self.load(submission_id)
        folder = self.folder_of(submission_id)
        for file in stored.files:
            if sha256_of(folder / file.stored) != file.sha256:
                raise SpoolDamaged(f"submission {submission_id}: file {file.stored} is not what was stored")
        return stored

    def sealed(self) -> Iterator[str]:
        """Ids of all sealed submissions."""
        for month in self._months():
            yield from sorted(entry.name for entry in month.iterdir() if entry.is_dir())

    def recently_sealed(self) -> Iterator[str]:
        """Ids sealed in the two latest months: what a crash left behind cannot be older than what came last."""
        for month in self._months()[-2:]:
            yield from sorted(entry.name for entry in month.iterdir() if entry.is_dir())

    def drafts(self) -> Iterator[str]:
        """Ids of drafts that were never sealed."""
        yield from sorted(entry.name for entry in (self.root / "tmp").iterdir())

    def discard_draft(self, submission_id: str) -> None:
        """A draft that was never sealed is forgotten: its source still has it."""
        shutil.rmtree(self.root / "tmp" / submission_id, ignore_errors=True)

    def retract(self, submission_id: str) -> None:
        """A sealed submission whose row was not committed is forgotten: its source still has it."""
        shutil.rmtree(self.folder_of(submission_id), ignore_errors=True)

    def orphan(self, submission_id: str) -> None:
        """A sealed submission without a row moves to orphaned/: it was never acknowledged."""
        self._move(self.folder_of(submission_id), self.root / "orphaned" / submission_id)

    def quarantine(self, submission_id: str, elsewhere: Iterable[str] = ()) -> None:
        """The submission's bytes move to quarantine/, orphaned copies of them too; what was rendered is removed.

        `elsewhere`: deliveries that hang on other submissions, and tell of this one.
        """
        if self.folder_of(submission_id).is_dir():  # last of all this folder moves: until then recovery repeats
            for rendered in (self.root / "outgoing").glob(f"*{submission_id}-*"):
                shutil.rmtree(rendered, ignore_errors=True)
            for delivery in elsewhere:
                shutil.rmtree(self.outgoing(delivery), ignore_errors=True)
            for copy in self._orphaned_copies(submission_id):
                self._move(copy, self.root / "quarantine" / copy.name)
        self._move(self.folder_of(submission_id), self.root / "quarantine" / submission_id)
        self._failpoint("spool.quarantined")

    def is_quarantined(self, submission_id: str) -> bool:
        """True when the bytes lie in quarantine/."""
        return (self.root / "quarantine" / submission_id).is_dir()

    def outgoing(self, delivery_id: str) -> Path:
        """Folder for what a delivery rendered."""
        return self.root / "outgoing" / delivery_id

    def _months(self) -> list[Path]:
        sealed = self.root / "submissions"
        return sorted(entry for entry in sealed.iterdir() if entry.is_dir()) if sealed.is_dir() else []

    def _orphaned_copies(self, submission_id: str) -> list[Path]:
        """Orphans that hold a file of this submission: the same act of handing in, interrupted and offered again."""
        files = _hashes(self.folder_of(submission_id))
        return [orphan for orphan in (self.root / "orphaned").iterdir() if files & _hashes(orphan)]

    def _move(self, source: Path, target: Path) -> None:
        if not source.is_dir():
            return
        os.rename(source, target)  # noqa: PTH104 - the same words as the other durable steps
        sync_folder(target.parent)
        sync_folder(source.parent)


def _hashes(folder: Path) -> set[str]:
    """SHA-256 of a sealed submission's files; none where the envelope cannot be read."""
    try:
        return {file.sha256 for file in from_json((folder / ENVELOPE).read_bytes()).files}
    except (OSError, SpoolDamaged):
        return set()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; SpoolDamaged when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise SpoolDamaged(f"{path.name}: {error.strerror}") from error
    return digest.hexdigest()
