"""What a backup says of itself: facts as JSON, and a hash of every file in the words of sha256sum(1)."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from vbdaemon.errors import SpoolDamaged, VbdaemonError
from vbdaemon.spool.durable import write_file
from vbdaemon.spool.store import sha256_of

SUMS = "SHA256SUMS"
FACTS = "backup.json"
INCOMPLETE = ".incomplete"
NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
SCHEMA = 1


class BackupError(VbdaemonError):
    """The backup cannot be made or used; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup."""

    path: str
    """Relative to the backup, with slashes."""
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What a backup holds."""

    schema: int
    made_at: datetime
    program: str
    """Version of vbdaemon that made it."""
    revision: str
    """Migration of the database."""
    state: str
    """Path of the database's copy."""
    submissions: int
    quarantine: bool
    """True when quarantined bytes are in it."""
    last_numbers: tuple[str, ...]
    """The last number of each register: "den/2026: 15"."""
    sums: str
    """SHA-256 of SHA256SUMS."""


_codec: TypeAdapter[BackupFacts] = TypeAdapter(BackupFacts)


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete backup on disk."""

    folder: Path
    facts: BackupFacts
    entries: dict[str, Entry]
    """By path. Sizes are those of the files as they lie there."""

    @property
    def database(self) -> Path:
        """The copy of the database."""
        return self.folder / self.facts.state


def backups_in(folder: Path) -> list[Path]:
    """Complete backups, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and (path / FACTS).is_file())


def leftovers_in(folder: Path) -> list[Path]:
    """Backups that were interrupted."""
    ends = len(INCOMPLETE)
    return sorted(p for p in folder.glob(f"*{INCOMPLETE}") if NAME.fullmatch(p.name[:-ends]) and p.is_dir())


def open_backup(path: Path) -> Backup:
    """The backup at `path`, or the newest of those in it; BackupError when there is none, or it is incomplete."""
    if path.name.endswith(INCOMPLETE):
        raise BackupError(f"{path}: this backup was interrupted and is incomplete; take another")
    folder = path
    if not (path / FACTS).is_file():
        complete = backups_in(path)
        if not complete:
            raise BackupError(f'{path}: no backup here; "vbdaemon backup DIR" makes one')
        folder = complete[-1]
    return _read(folder)


def write_manifest(folder: Path, entries: Iterable[Entry], facts: dict[str, object]) -> BackupFacts:
    """Sums first, then the facts that vouch for them; both on disk when this returns."""
    body = "".join(_line(entry) for entry in sorted(entries, key=lambda entry: entry.path)).encode()
    write_file(folder / SUMS, body)
    written = BackupFacts(**facts, schema=SCHEMA, sums=hashlib.sha256(body).hexdigest())  # type: ignore[arg-type]  # checked when read
    write_file(folder / FACTS, _codec.dump_json(written, indent=1))
    return written


def wrong_files(backup: Backup) -> Iterator[str]:
    """Every file that is not what the manifest says, in words; all bytes are read."""
    for entry in backup.entries.values():
        try:
            if sha256_of(backup.folder / entry.path) != entry.sha256:
                yield f"{entry.path}: its bytes have changed"
        except SpoolDamaged:
            yield f"{entry.path}: cannot be read"


def _read(folder: Path) -> Backup:
    try:
        facts = _codec.validate_json((folder / FACTS).read_bytes())
        body = (folder / SUMS).read_bytes()
    except OSError as error:
        raise BackupError(f"{folder}: {error.strerror}; take another backup") from error
    except ValidationError as error:
        raise BackupError(f"{folder / FACTS}: not a backup of this program: {error.error_count()} mistakes") from error
    if facts.schema != SCHEMA:
        raise BackupError(f"{folder}: made by a newer vbdaemon ({facts.program}); install that version")
    if hashlib.sha256(body).hexdigest() != facts.sums:
        raise BackupError(f"{folder / SUMS}: its bytes have changed; take another backup")
    return Backup(folder, facts, {entry.path: entry for entry in _entries(folder, body.decode())})


def _entries(folder: Path, text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        escaped = line.startswith("\\")
        sha256, _, path = line.removeprefix("\\").partition("  ")
        path = path.replace("\\n", "\n").replace("\\\\", "\\") if escaped else path
        try:
            size = (folder / path).stat().st_size
        except OSError:
            size = -1
        yield Entry(path, sha256, size)


def _line(entry: Entry) -> str:
    """As sha256sum writes it: a backslash in front when the name has to be escaped."""
    if "\n" in entry.path or "\\" in entry.path:
        return "\\{}  {}\n".format(entry.sha256, entry.path.replace("\\", "\\\\").replace("\n", "\\n"))
    return f"{entry.sha256}  {entry.path}\n"
