"""A backup while the daemon runs: the spool first, then the database, then what is missing or too much.

So the backup is one moment: exactly the submissions that the copied database knows, each with its bytes. What lies in
quarantine is left out unless it is asked for, and so are drafts, scratch and orphans (never acknowledged).
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vbdaemon import __version__
from vbdaemon.config import Settings
from vbdaemon.errors import SpoolDamaged
from vbdaemon.operation.backup_copy import Copier, files_below, sync_below
from vbdaemon.operation.backup_manifest import (
    INCOMPLETE,
    Backup,
    BackupError,
    BackupFacts,
    backups_in,
    leftovers_in,
    open_backup,
    write_manifest,
)
from vbdaemon.spool.durable import FOLDER_MODE, sync_folder
from vbdaemon.spool.incoming import ENVELOPE
from vbdaemon.spool.store import Spool
from vbdaemon.spool.stored import from_json
from vbdaemon.state.copying import Copied, copy_database
from vbdaemon.state.records import SubmissionState

MOST_TRIES = 3
"""Somebody quarantines while we copy: then the database's copy still has the names, and is made again."""
KEPT = ("disposals", "keys", "reports", "scoring")
"""Folders of the spool beside the submissions: approved lists, our keys, reports that were sent, quarters' secrets."""
Progress = Callable[[str, int], None]
"""Called with what is being copied, and how many are done."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """How a backup ended."""

    folder: Path
    facts: BackupFacts
    linked: int
    copied: int
    copied_bytes: int
    removed: tuple[str, ...]
    """Interrupted or superseded backups that were removed."""
    trouble: tuple[str, ...]
    """What is not as it should be in the spool, or could not be read."""


def make_backup(
    settings: Settings,
    folder: Path,
    at: datetime,
    *,
    quarantine: bool = False,
    keep: int = 0,
    progress: Progress = lambda what, done: None,  # noqa: ARG005 - nobody looks
) -> BackupMade:
    """Make one more backup in `folder`, and remove the oldest beyond `keep` (0 = none).

    Until it is complete its name ends in ".incomplete". BackupError or StateError says why it cannot be made.
    """
    spool = Spool(settings.path(settings.spool.path))
    _refuse_inside(folder, spool.root)
    try:
        with _alone(folder):
            removed = _remove(leftovers_in(folder))
            trouble: list[str] = []
            copier = Copier(_begin(folder, at), _former(folder, trouble))
            facts = _fill(copier, settings, spool, at, trouble, quarantine=quarantine, progress=progress)
            done = copier.target.with_name(copier.target.name.removesuffix(INCOMPLETE))
            copier.target.rename(done)
            sync_folder(folder)
            removed += _remove(backups_in(folder)[:-keep] if keep > 0 else [])
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}; the backup is incomplete") from error
    return BackupMade(done, facts, copier.linked, len(copier.copied), copier.copied_bytes, removed, tuple(trouble))


def _former(folder: Path, trouble: list[str]) -> Backup | None:
    """The newest complete backup; one that cannot be used is no reason to make none."""
    complete = backups_in(folder)
    try:
        return open_backup(complete[-1]) if complete else None
    except BackupError as error:
        trouble.append(f"the former backup is not used: {error}")
        return None


def _fill(
    copier: Copier,
    settings: Settings,
    spool: Spool,
    at: datetime,
    trouble: list[str],
    *,
    quarantine: bool,
    progress: Progress,
) -> BackupFacts:
    for number, submission_id in enumerate(spool.sealed()):
        progress("submissions", number)
        _add_submission(copier, spool, submission_id, trouble)
    copied = _copy_state(copier, settings, spool, trouble)
    _add_outgoing(copier, spool, copied)
    if quarantine:
        _add_quarantine(copier, spool, copied)
    trouble += _add_site(copier, settings, spool)
    sync_below(copier.target, (path for path in copier.copied if path.exists()))  # some were dropped again
    facts = write_manifest(
        copier.target,
        copier.entries.values(),
        {
            "made_at": at,
            "program": __version__,
            "revision": copied.revision,
            "state": copied.file.name,
            "submissions": len(copied.standing),
            "quarantine": quarantine,
            "last_numbers": copied.last_numbers,
        },
    )
    sync_folder(copier.target)
    return facts


def _copy_state(copier: Copier, settings: Settings, spool: Spool, trouble: list[str]) -> Copied:
    """The database, and the spool made to agree with it."""
    for _ in range(MOST_TRIES):
        copied = copy_database(settings.state_url, copier.target)
        missed = _agree(copier, spool, copied, trouble)
        if not any(spool.is_quarantined(submission_id) for submission_id in missed):
            copier.note(copied.file.name, copied.file)
            return copied
        copied.file.unlink()
    raise BackupError("submissions were quarantined again and again while they were copied; start the backup again")


def _agree(copier: Copier, spool: Spool, copied: Copied, trouble: list[str]) -> list[str]:
    """Add what came meanwhile, drop what is not known or is locked away; answers what ought to be there and is not."""
    here = {path.split("/")[3] for path in copier.entries if path.startswith("spool/submissions/")}
    wanted = {id_ for id_, state in copied.standing.items() if state is not SubmissionState.QUARANTINED}
    for submission_id in here - wanted:
        copier.drop(_place(spool, submission_id))
    missed = [id_ for id_ in sorted(wanted - here) if not _add_submission(copier, spool, id_, trouble)]
    return missed + [id_ for id_ in here & wanted if spool.is_quarantined(id_)]


def _add_submission(copier: Copier, spool: Spool, submission_id: str, trouble: list[str]) -> bool:
    """False when it is not there (disposed of, locked away meanwhile, or lost: that is for fsck)."""
    path = _place(spool, submission_id)
    try:
        added = copier.add_unchanging(spool.folder_of(submission_id), path)
        stored = from_json((copier.target / path / ENVELOPE).read_bytes())
    except FileNotFoundError:
        copier.drop(path)
        return False
    except SpoolDamaged as damage:
        trouble.append(f"submission {submission_id}: {damage}")
        return True
    hashes = {Path(entry.path).name: entry.sha256 for entry in added}
    wrong = [file.stored for file in stored.files if hashes.get(file.stored) != file.sha256]
    trouble += [f"submission {submission_id}: file {name} is not what was stored" for name in wrong]
    return True


def _place(spool: Spool, submission_id: str) -> str:
    return f"spool/{spool.folder_of(submission_id).relative_to(spool.root).as_posix()}"


def _add_outgoing(copier: Copier, spool: Spool, copied: Copied) -> None:
    """What was rendered, for submissions that the copy knows."""
    outgoing = spool.root / "outgoing"
    for folder in sorted(outgoing.iterdir()) if outgoing.is_dir() else ():
        state = copied.standing.get(folder.name.rpartition("-")[0])
        if state not in (None, SubmissionState.QUARANTINED):
            try:
                copier.add_unchanging(folder, f"spool/outgoing/{folder.name}")
            except FileNotFoundError:  # quarantined at this moment: its rendered bytes are gone
                copier.drop(f"spool/outgoing/{folder.name}")


def _add_quarantine(copier: Copier, spool: Spool, copied: Copied) -> None:
    locked = spool.root / "quarantine"
    for folder in sorted(locked.iterdir()) if locked.is_dir() else ():
        if copied.standing.get(folder.name) is SubmissionState.QUARANTINED:
            copier.add_unchanging(folder, f"spool/quarantine/{folder.name}")


def _add_site(copier: Copier, settings: Settings, spool: Spool) -> list[str]:
    """Settings with everything beside them, plugins, and what people and reports left in the spool."""
    base, plugins = settings.base.resolve(), settings.path(settings.plugins.folder)
    apart = (spool.root.resolve(), settings.path(settings.exchange.root), plugins, copier.target.parent.resolve())
    roots = (("config", base), ("plugins", plugins), *((f"spool/{name}", spool.root / name) for name in KEPT))
    trouble = []
    for name, root in roots:
        for file in files_below(root, apart):
            try:
                copier.add_file(file, f"{name}/{file.relative_to(root).as_posix()}")
            except PermissionError:
                trouble.append(f"{file}: cannot be read by {os.geteuid()}, and is not in the backup")
    return trouble


def _begin(folder: Path, at: datetime) -> Path:
    """A new folder, named by the moment."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
    name = next(name for name in names if not (folder / name).exists())
    target = folder / f"{name}{INCOMPLETE}"
    target.mkdir(mode=FOLDER_MODE)
    return target


def _remove(paths: list[Path]) -> tuple[str, ...]:
    """First they are incomplete, then they go: what is half removed is never taken for a backup."""
    for path in paths:
        doomed = path if path.name.endswith(INCOMPLETE) else path.with_name(f"{path.name}{INCOMPLETE}")
        path.rename(doomed)
        shutil.rmtree(doomed)
    return tuple(path.name for path in paths)


def _refuse_inside(folder: Path, spool: Path) -> None:
    here, there = folder.resolve(), spool.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise BackupError(f"{folder}: a backup lies neither in the spool nor around it; name another folder")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    fd = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BackupError(f"{folder}: another backup is being made here; wait until it has ended") from error
    finally:
        os.close(fd)
