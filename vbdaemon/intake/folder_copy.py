"""Copying dropped files into the spool, with proof that they did not change meanwhile."""

import hashlib
import os
from collections.abc import Mapping

from vbdaemon.errors import SourceBusy
from vbdaemon.intake.completeness import shortfall
from vbdaemon.intake.folder_group import Member
from vbdaemon.intake.folder_names import submitted_names
from vbdaemon.intake.shared_folder import Parts, SharedFolder, Stamp
from vbdaemon.spool.incoming import CHUNK, Incoming
from vbdaemon.spool.stored import StoredFile


def copy_files(folder: SharedFolder, members: Mapping[Parts, Member], draft: Incoming) -> dict[Parts, Stamp]:
    """Copy the members, which lie under their paths in `folder`; answers the states that were copied.

    SourceBusy when one changed since it was looked at, or is incomplete after all. OSError when one cannot be read
    or the spool cannot be written.
    """
    names = submitted_names(members)
    copied: dict[Parts, Stamp] = {}
    for parts in sorted(members):
        with folder.reach(parts[:-1]) as holder, holder.file(parts[-1]) as fd:
            before = Stamp.of(os.fstat(fd))
            _must_be_the_same(members[parts].stamp, before)
            stored = draft.add(names[parts], fd)
            _must_have_stood_still(fd, before, stored, members[parts])
        copied[parts] = before
    return copied


def place_key(copied: Mapping[Parts, Stamp], digests: Mapping[Parts, str]) -> str:
    """What tells files that stay where they lie from new ones: path, inode, size, mtime and content of each.

    A digest, so that no file name leaves this room.
    """
    lines = [f"{'/'.join(p)}\0{s.inode}\0{s.size}\0{s.mtime_ns}\0{digests[p]}" for p, s in sorted(copied.items())]
    return "place:" + hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def digests_of(folder: SharedFolder, members: Mapping[Parts, Member]) -> dict[Parts, str]:
    """SHA-256 of each member, without copying it; SourceBusy when one changed since it was looked at."""
    digests: dict[Parts, str] = {}
    for parts, member in members.items():
        with folder.reach(parts[:-1]) as holder, holder.file(parts[-1]) as fd:
            _must_be_the_same(member.stamp, Stamp.of(os.fstat(fd)))
            digest = hashlib.sha256()
            while chunk := os.read(fd, CHUNK):
                digest.update(chunk)
            _must_be_the_same(member.stamp, Stamp.of(os.fstat(fd)))
            digests[parts] = digest.hexdigest()
    return digests


def _must_be_the_same(looked_at: Stamp, now: Stamp) -> None:
    # A rename may give a new inode number on file systems that make them up.
    if (looked_at.size, looked_at.mtime_ns) != (now.size, now.mtime_ns):
        raise SourceBusy


def _must_have_stood_still(fd: int, before: Stamp, stored: StoredFile, member: Member) -> None:
    if Stamp.of(os.fstat(fd)) != before or stored.size != before.size:
        raise SourceBusy
    if not member.given_up and shortfall(fd) is not None:
        raise SourceBusy
