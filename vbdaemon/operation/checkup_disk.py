"""What `vbdaemon check` looks at of disks: what file systems there are, and whether files can be moved in one step."""

from collections.abc import Iterator
from pathlib import Path

from vbdaemon.config import SQLITE, Settings
from vbdaemon.folders import NETWORK_MOUNTS, drop_folders, mount_type
from vbdaemon.intake.folder_settings import CLAIMS
from vbdaemon.model import Snapshot
from vbdaemon.operation.checkup import Problem, Weight

SILENT_MOUNTS = (
    *NETWORK_MOUNTS,
    "9p",
    "vboxsf",
    "virtiofs",
    "ceph",
    "fuse.glusterfs",
    "fuse.vmhgfs-fuse",
    "fuse.rclone",
)
"""Where others write without this machine's kernel noticing: no change is told (inotify), folders are swept."""
FORGETFUL = ("tmpfs", "ramfs")
SPOOL_PARTS = ("tmp", "submissions", "quarantine", "orphaned", "outgoing")


def check_mounts(settings: Settings, snapshot: Snapshot, table: str) -> Iterator[Problem]:
    """Spool and state lie on a local disk that keeps what it took; shares are swept. `table` is /proc/self/mounts."""
    spool = settings.path(settings.spool.path)
    yield from _must_keep("the spool", spool, mount_type(_there(spool), table), "[spool] path")
    if settings.state_url.startswith(SQLITE):
        folder = Path(settings.state_url.removeprefix(SQLITE)).parent
        if not folder.is_relative_to(spool):
            yield from _must_keep("the state", folder, mount_type(_there(folder), table), "[state] url")
    silent: dict[tuple[str, float], Path] = {}
    for drop in drop_folders(settings, snapshot):
        kind = mount_type(_there(drop.path), table)
        if kind in SILENT_MOUNTS:
            silent.setdefault((kind, drop.interval), drop.path)
    for (kind, seconds), path in silent.items():
        yield Problem(
            Weight.NOTE,
            f"{path} lies on {kind}, where inotify tells nothing of new files: it is swept every {seconds:g} s",
            "nothing; sweep_seconds under [exchange] or [[folder]] says how often",
        )


def check_moves(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """A file appears whole because it is renamed, and a rename never crosses file systems."""
    spool = settings.path(settings.spool.path)
    yield from _one_device([spool, *(spool / part for part in SPOOL_PARTS)], "mount the whole spool, not a part of it")
    for drop in drop_folders(settings, snapshot):
        yield from _one_device([drop.path, drop.path / CLAIMS], "mount the drop folder itself, nothing inside it")


def _must_keep(what: str, folder: Path, kind: str, key: str) -> Iterator[Problem]:
    if kind in SILENT_MOUNTS:
        words = f"{what} lies on {kind} ({folder}), where locks and syncs do not hold"
        yield Problem(Weight.ERROR, words, f"put {key} on a local disk")
    elif kind in FORGETFUL:
        words = f"{what} lies in memory ({kind}, {folder}): a power cut loses everything"
        yield Problem(Weight.WARNING, words, f"put {key} on a disk")


def _one_device(folders: list[Path], remedy: str) -> Iterator[Problem]:
    there = [folder for folder in folders if folder.is_dir()]
    for folder in there[1:]:
        if folder.stat().st_dev != there[0].stat().st_dev:
            words = (
                f"{folder} and {there[0]} lie on different file systems: nothing can be moved between them in one step"
            )
            yield Problem(Weight.ERROR, words, remedy)


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
