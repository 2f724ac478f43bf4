"""What `vbdaemon check` looks at of people: who on this machine can read whose folders."""

import grp
import os
import pwd
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.folders import drop_folders
from vbdaemon.model import Snapshot
from vbdaemon.operation.checkup import Problem, Weight

ACL = "system.posix_acl_access"
USER, GROUP_OWNER, GROUP, MASK = 0x02, 0x04, 0x08, 0x10
"""Tags of entries, as the kernel writes them (acl(5), posix_acl_xattr.h)."""
READ = 4


@dataclass(frozen=True, slots=True)
class Reader:
    """A user or a group that may read a folder, besides its owner."""

    kind: str
    """user, group."""
    id: int

    @property
    def name(self) -> str:
        """As people know it."""
        try:
            found = grp.getgrgid(self.id).gr_name if self.kind == "group" else pwd.getpwuid(self.id).pw_name
        except KeyError:
            found = str(self.id)
        return f"{self.kind} {found}"


def check_access(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """What a unit sends and receives can be read by that unit alone, not by everybody, and not by another unit."""
    root = settings.path(settings.exchange.root)
    shared: dict[Reader, list[str]] = {}
    drops = [drop.path for drop in drop_folders(settings, snapshot) if drop.path.is_dir()]
    yield from _open_to_all(root, drops, snapshot, settings)
    for unit in snapshot.directory.units:
        here = root / unit.folder if unit.folder else None
        if here is None or not here.is_dir():
            continue
        inside = [here / name for name in (settings.exchange.inbox, settings.exchange.results)]
        for reader in {each for path in inside if path.is_dir() for each in readers(path)}:
            shared.setdefault(reader, []).append(unit.code)
    for reader, units in shared.items():
        if len(units) > 1 and not _is_ours(reader):
            yield Problem(
                Weight.WARNING,
                f"{reader.name} can read what each of {', '.join(units)} receives",
                "give each unit a group of its own; see the sample smb.conf in config/README.md",
            )


def readers(folder: Path) -> set[Reader]:
    """Users and groups that mode and access list let read, besides the owner and everybody."""
    status = folder.stat()
    try:
        entries = _entries(os.getxattr(folder, ACL))
    except OSError:  # no access list, or none on this file system
        entries = []
    if not entries:
        return {Reader("group", status.st_gid)} if status.st_mode & stat.S_IRGRP else set()
    mask = next((rights for tag, rights, _ in entries if tag == MASK), 7)
    found = {GROUP_OWNER: ("group", status.st_gid), GROUP: ("group", None), USER: ("user", None)}
    return {
        Reader(found[tag][0], owner if (owner := found[tag][1]) is not None else who)
        for tag, rights, who in entries
        if tag in found and rights & mask & READ
    }


def _entries(raw: bytes) -> list[tuple[int, int, int]]:
    """Tag, rights, user or group; behind a version of four bytes."""
    return list(struct.iter_unpack("<HHI", raw[4:]))


def _open_to_all(root: Path, drops: list[Path], snapshot: Snapshot, settings: Settings) -> Iterator[Problem]:
    """A closed folder of a unit closes what lies in it."""
    names = (settings.exchange.inbox, settings.exchange.results)
    inside = [root / unit.folder / name for unit in snapshot.directory.units if unit.folder for name in names]
    looked = [*drops, *(path for path in inside if path.is_dir())]
    opened = [path for path in looked if path.stat().st_mode & stat.S_IROTH and _passable(path.parent)]
    if opened:
        words = f"everybody on this machine can read {len(opened)} of {len(looked)} folders, such as {opened[0]}"
        remedy = f"chmod -R o-rwx {opened[0].parent}, and so on; see the sample smb.conf in config/README.md"
        yield Problem(Weight.WARNING, words, remedy)


def _passable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _is_ours(reader: Reader) -> bool:
    """The daemon's own group or user, and root."""
    return reader.id in (0, os.getegid() if reader.kind == "group" else os.geteuid())
