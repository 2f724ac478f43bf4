"""Putting a backup back: every hash is verified first, nothing that lies there is deleted, quarantine stays closed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vbdaemon.claim import Ownership
from vbdaemon.config import SQLITE, Settings, load_settings
from vbdaemon.errors import StateLocked, StateNewer
from vbdaemon.operation.backup import KEPT
from vbdaemon.operation.backup_copy import make_private, sync_below
from vbdaemon.operation.backup_manifest import Backup, BackupError, wrong_files
from vbdaemon.spool.durable import FILE_MODE, FOLDER_MODE, make_folder, sync_folder
from vbdaemon.spool.store import Spool
from vbdaemon.state.copying import SQLITE_COPY, is_empty, put_back, revision_of
from vbdaemon.state.revisions import known_revisions

SETTINGS = Path("config/vbdaemon.toml")
PARTS = ("submissions", "outgoing", *KEPT)
"""Folders of the spool that a backup holds; quarantine is added to what lies there."""
DRAFT = Path("tmp/restoring")
"""Emptied at the daemon's next start, should we be interrupted."""
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    spool: Path
    files: int
    submissions: int
    last_numbers: tuple[str, ...]
    kept_config: bool
    """True when settings stood there already: they were not touched."""
    set_aside: Path | None
    """Where what lay in the spool before is now."""
    left: tuple[str, ...]
    """Settings and plugins that we may not write: a person copies them."""
    locked: tuple[str, ...]
    """Submissions that were quarantined since the backup: their bytes stay in quarantine."""


def restore(
    backup: Backup,
    site: Path,
    at: datetime,
    *,
    force: bool = False,
    progress: Progress = lambda what, done: None,  # noqa: ARG005 - nobody looks
) -> Restored:
    """Put the backup into a site; its own settings say where spool and state are, if it has any.

    BackupError, StateLocked or StateError before anything was changed. What lies there is set aside with `force`.
    """
    _verify(backup, progress)
    kept = (site / SETTINGS).is_file()
    try:
        left = () if kept else _copy_site(backup, site)
        settings = load_settings(site / SETTINGS)
        spool = Spool(settings.path(settings.spool.path))
        with _stopped(spool.root):
            aside = _make_room(spool.root, settings, at, force=force)
            locked = _fill(backup, spool, progress)
            _sync_all(spool.root / DRAFT)
            put_back(backup.database, settings.state_url)
            _move_in(spool.root)
    except OSError as error:
        raise BackupError(f"{error.filename or site}: {error.strerror}; nothing was lost, start again") from error
    return Restored(
        spool.root,
        len(backup.entries),
        backup.facts.submissions,
        backup.facts.last_numbers,
        kept,
        aside,
        left,
        locked,
    )


def _verify(backup: Backup, progress: Progress) -> None:
    wrong = [f"{path}: no path of a backup" for path in backup.entries if ".." in Path(path).parts or path[:1] == "/"]
    for words in wrong_files(backup):
        wrong.append(words)
        progress("wrong files", len(wrong))
    if wrong:
        raise BackupError("\n".join(f"{backup.folder}/{words}; take another backup" for words in wrong[:20]))
    if backup.facts.revision not in known_revisions():
        raise StateNewer(f"the backup was made by vbdaemon {backup.facts.program}, a newer one; install that version")
    if backup.database.name == SQLITE_COPY and revision_of(backup.database) != backup.facts.revision:
        raise BackupError(f"{backup.database}: not the database that the manifest names; take another backup")


def _copy_site(backup: Backup, site: Path) -> tuple[str, ...]:
    """Settings and plugins, where there are none; an existing file is left alone. Answers what we may not write."""
    left = []
    for path in backup.entries:
        if path.split("/")[0] in ("config", "plugins") and not (site / path).exists():
            try:
                _copy(backup.folder / path, site / path)
            except PermissionError:
                left.append(path)
    for name in ("config", "plugins"):
        _sync_all(site / name)
    return tuple(left)


@contextmanager
def _stopped(spool: Path) -> Iterator[None]:
    """No daemon runs on this spool, and none starts meanwhile."""
    owner = Ownership(spool)
    try:
        owner.take()
    except StateLocked as error:
        raise StateLocked(f"a daemon runs on {spool}; stop it first: systemctl stop vbdaemon") from error
    try:
        yield
    finally:
        owner.release()


def _make_room(spool: Path, settings: Settings, at: datetime, *, force: bool) -> Path | None:
    """Nothing of what is restored lies there any more; with `force` it is set aside, never deleted."""
    lying = [spool / name for name in PARTS if (spool / name).is_dir() and any((spool / name).iterdir())]
    files = _state_files(settings)
    if not lying and not files and is_empty(settings.state_url):
        return None
    if not force:
        raise BackupError(f"{spool} is not empty; restore into another site, or set aside what lies there with --force")
    if not settings.state_url.startswith(SQLITE) and not is_empty(settings.state_url):
        raise BackupError("the PostgreSQL database is not empty; rename it, make an empty one, and start again")
    aside = spool / f"before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=FOLDER_MODE)
    for path in (*lying, *files):
        path.rename(aside / path.name)
    sync_folder(spool)
    return aside


def _state_files(settings: Settings) -> list[Path]:
    if not settings.state_url.startswith(SQLITE):
        return []
    path = Path(settings.state_url.removeprefix(SQLITE))
    return [each for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))) if each.exists()]


def _fill(backup: Backup, spool: Spool, progress: Progress) -> tuple[str, ...]:
    """Copy into a draft; answers what stays in quarantine although the backup has it outside."""
    draft = spool.root / DRAFT
    make_folder(draft.parent)
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=FOLDER_MODE)
    locked: set[str] = set()
    for number, path in enumerate(sorted(backup.entries)):
        parts = path.split("/")
        if parts[0] != "spool" or path == backup.facts.state:
            continue
        progress("files", number)
        owner = parts[3] if parts[1] == "submissions" else parts[2].rpartition("-")[0]
        if parts[1] in ("submissions", "outgoing") and spool.is_quarantined(owner):
            locked.add(owner)
        elif parts[1] == "quarantine" and (spool.root / "quarantine" / parts[2]).is_dir():
            continue
        else:
            _copy(backup.folder / path, draft / Path(*parts[1:]))
    return tuple(sorted(locked))


def _move_in(spool: Path) -> None:
    """Renames: the daemon sees all of it or, for a moment, a state whose bytes it misses and says so."""
    draft = spool / DRAFT
    for name in PARTS:
        if (draft / name).is_dir():
            if (spool / name).is_dir():
                (spool / name).rmdir()
            (draft / name).rename(spool / name)
    make_folder(spool / "quarantine")
    for folder in (draft / "quarantine").iterdir() if (draft / "quarantine").is_dir() else ():
        folder.rename(spool / "quarantine" / folder.name)
    sync_folder(spool / "quarantine")
    sync_folder(spool)
    shutil.rmtree(draft)


def _sync_all(root: Path) -> None:
    sync_below(root, (path for path in root.rglob("*") if path.is_file()))


def _copy(source: Path, target: Path) -> None:
    """Never a link: what is restored shares nothing with the backup."""
    make_private(target.parent)
    shutil.copyfile(source, target)
    target.chmod(FILE_MODE)
