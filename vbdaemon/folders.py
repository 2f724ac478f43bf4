"""The drop folders of a site: which there are, laid out on disk, and watched."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.folder import FolderSource
from vbdaemon.intake.folder_intake import Beats, FolderIntake
from vbdaemon.intake.folder_settings import FolderSettings
from vbdaemon.intake.folder_state import FolderState, PendingDrop
from vbdaemon.model import Purpose, Snapshot

log = structlog.get_logger("intake")
DROP_MODE = 0o770
NETWORK_MOUNTS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs")

Tell = Callable[[str, str, datetime], None]
"""Called with the results folder (relative to the exchange root), the name of an unfinished file, since when."""


def drop_folders(settings: Settings, snapshot: Snapshot) -> tuple[FolderSettings, ...]:
    """Every folder that is watched: one for each account of each unit, and those of the settings."""
    return (*_of_units(settings, snapshot), *_of_settings(settings))


def lay_out(settings: Settings, snapshot: Snapshot) -> None:
    """Make the folders that are missing; what a person made, and its permissions, stay as they are."""
    root = settings.path(settings.exchange.root)
    wanted = [drop.path for drop in drop_folders(settings, snapshot)]
    for unit in snapshot.directory.units:
        if unit.folder:
            wanted += [root / unit.folder / settings.exchange.inbox, root / unit.folder / settings.exchange.results]
            wanted += [root / unit.folder / account.inbox for account in unit.accounts if account.inbox]
    try:
        for folder in wanted:
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(DROP_MODE)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename}: {error.strerror}; the daemon's user must own [exchange] root"
        ) from error


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """Tells of a file that looks half-copied, in the results folder of its source."""

    results: dict[str, str]
    tell: Tell

    def __call__(self, source: str, name: str, since: datetime) -> None:
        if source in self.results:
            self.tell(self.results[source], name, since)


class FolderSources:
    """Watches all drop folders; a changed directory of units changes what is watched."""

    def __init__(
        self,
        settings: Settings,
        snapshot: Snapshot,
        admission: Admission,
        clock: Clock,
        failpoint: Failpoint,
        tell: Tell,
        beats: Beats | None = None,
    ) -> None:
        self._settings = settings
        self._admission = admission
        self._clock = clock
        self._failpoint = failpoint
        self._tell = tell
        self._beats = beats
        self._drops = drop_folders(settings, snapshot)
        self._intake = self._build()

    def start(self) -> None:
        """Sweep from now on; what an earlier run left claimed is finished first."""
        self._intake.start()

    def stop(self) -> None:
        """Take nothing more."""
        self._intake.stop()

    def states(self) -> tuple[FolderState, ...]:
        """How each folder is doing."""
        return self._intake.states()

    def pending(self) -> tuple[PendingDrop, ...]:
        """What waits in all folders."""
        return self._intake.pending()

    def replace(self, snapshot: Snapshot, settings: Settings | None = None) -> None:
        """Watch what this snapshot's units have, as these settings want it (None = as before)."""
        self._settings = settings or self._settings
        drops = drop_folders(self._settings, snapshot)
        if drops != self._drops:
            self._intake.stop()
            self._drops = drops
            self._intake = self._build()
            self._intake.start()

    def _build(self) -> FolderIntake:
        root = self._settings.path(self._settings.exchange.root)
        results = {
            drop.name: str(drop.results.relative_to(root))
            for drop in self._drops
            if drop.results is not None and drop.results.is_relative_to(root)
        }
        unfinished = _Unfinished(results, self._tell)
        sources = [
            FolderSource(drop, self._admission, self._clock, time.monotonic, log, self._failpoint, unfinished)
            for drop in self._drops
        ]
        return FolderIntake(sources, time.monotonic, log, beats=self._beats)


def mount_table() -> str:
    """The system's own; empty when it does not tell."""
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def mount_type(folder: Path, table: str | None = None) -> str:
    """The kind of file system that holds a folder; empty when the table (None = the system's own) does not tell."""
    table = mount_table() if table is None else table
    held = [line.split()[1:3] for line in table.splitlines()]
    inside = [(point, kind) for point, kind in held if folder.is_relative_to(point.replace("\\040", " "))]
    return max(inside, key=lambda each: len(each[0]), default=("", ""))[1]


def _of_units(settings: Settings, snapshot: Snapshot) -> list[FolderSettings]:
    root = settings.path(settings.exchange.root)
    drops = []
    for unit in snapshot.directory.units:
        if unit.folder:
            drops.append(_preflight(settings, unit.folder, unit.code))
        for account in unit.accounts:
            if unit.folder and account.drop:
                here = root / unit.folder
                name = f"{unit.folder}/{account.drop}"
                results = here / settings.exchange.results
                drops.append(_settings(settings, name, here / account.drop, results, unit.code, account.name))
    return drops


def _preflight(settings: Settings, folder: str, unit: str) -> FolderSettings:
    """What is dropped there is checked and answered in the results folder; nothing is taken over."""
    here, name = settings.path(settings.exchange.root) / folder, settings.exchange.preflight
    drop = _settings(settings, f"{folder}/{name}", here / name, here / settings.exchange.results, unit, None)
    return replace(drop, purpose=Purpose.PREFLIGHT)


def _of_settings(settings: Settings) -> list[FolderSettings]:
    return [
        _settings(
            settings,
            folder.name,
            settings.path(folder.path),
            settings.path(folder.results) if folder.results else None,
            folder.unit,
            folder.account,
            folder.sweep_seconds,
        )
        for folder in settings.folder
    ]


def _settings(
    settings: Settings,
    name: str,
    path: Path,
    results: Path | None,
    unit: str | None,
    account: str | None,
    interval: float | None = None,
) -> FolderSettings:
    exchange = settings.exchange
    return FolderSettings(
        name=name,
        path=path,
        results=results,
        unit=unit,
        account=account,
        quiet=exchange.quiet_seconds,
        settle=exchange.settle_seconds,
        give_up_after=exchange.give_up_after_seconds,
        interval=interval or exchange.sweep_seconds,
        own_thread=mount_type(path) in NETWORK_MOUNTS,
    )
