"""Placing files in an open folder, durably and without overwriting; a repeat finds what it placed before."""

import os
import stat
from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePath

from vbdaemon.builtin.deliver_folder_bytes import (
    FOLDER_FLAGS,
    Unplaced,
    carries_delivery,
    content_is,
    draft_folder,
    publish_file,
    sync_folder,
    write_files,
)
from vbdaemon.model import Delivery, OutgoingFile
from vbdaemon.rendering.names import safe_name, unique_names

MARKER = "vbdaemon.json"
"""File of a forwarded document that carries the delivery's id."""
MOST_NAMES = 99
LOOK_BEYOND = 3


class _Found(StrEnum):
    """What stands behind a name that we want."""

    NOTHING = "nothing"
    """The name is free."""
    OURS = "ours"
    """What this delivery placed before."""
    OTHERS = "others"
    """Somebody else's; never touched."""


def place_folder(parent: int, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> str:
    """A new sub-folder with these files; its name, which is `delivery.name` or, where that is taken, `…_2`, `…_3`.

    It appears at once and whole. A sub-folder that carries this delivery's id was placed before, whatever the
    recipient did to it since.
    """
    wanted = _named(files)
    target, what = _chosen(delivery.name, lambda name: _folder_found(parent, name, delivery.id, wanted))
    if what is _Found.OURS:
        return target
    with draft_folder(parent, delivery.id) as (draft_name, draft):
        write_files(draft, wanted)
        sync_folder(draft)
        _rename(parent, draft_name, target, wanted)
        sync_folder(parent)
        _check_folder(parent, draft_name, target, wanted)
    return target


def place_files(parent: int, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> str:
    """The files beside each other, called `delivery.name` with their own endings; the common stem.

    Where another's file has such a name, all get `…_2`, `…_3`. What is there already is not written again.
    """
    endings = unique_names(PurePath(file.name).suffix or ".bin" for file in files)
    wanted = {f".{ending}": file for ending, file in zip(endings, files, strict=True)}
    stem = _chosen(delivery.name, lambda stem: _stem_found(parent, stem, delivery.id, wanted))[0]
    missing = {e: f for e, f in wanted.items() if _file_found(parent, stem + e, delivery.id, f) is _Found.NOTHING}
    if missing:
        with draft_folder(parent, delivery.id) as (_, draft):
            write_files(draft, {stem + ending: file for ending, file in missing.items()})
            for ending in missing:
                publish_file(draft, parent, stem + ending)
            sync_folder(parent)
    for ending, file in missing.items():
        if _file_found(parent, stem + ending, delivery.id, file) is _Found.OTHERS:
            raise Unplaced(f"{stem}{ending} is not what was written when it is read back")
    return stem


def _named(files: tuple[OutgoingFile, ...]) -> dict[str, OutgoingFile]:
    """Files under safe, different names; our own (those with a body) keep theirs, senders' files step aside."""
    ordered = sorted(files, key=lambda file: file.body is None)
    return dict(zip(unique_names(file.name for file in ordered), ordered, strict=True))


def _chosen(name: str, look: Callable[[str], _Found]) -> tuple[str, _Found]:
    """The name under which this delivery lies already, else the first free one.

    Looks a little beyond the first free name: a recipient may have cleared away what stood before ours.
    """
    free: list[str] = []
    for number in range(1, MOST_NAMES + 1):
        candidate = safe_name(name if number == 1 else f"{name}_{number}")
        what = look(candidate)
        if what is _Found.OURS:
            return candidate, what
        if what is _Found.NOTHING:
            free.append(candidate)
        if len(free) == LOOK_BEYOND:
            break
    if not free:
        raise Unplaced(f"{name} and every numbered name after it are taken")
    return free[0], _Found.NOTHING


def _kind(parent: int, name: str) -> int | None:
    try:
        return stat.S_IFMT(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return None


def _folder_found(parent: int, name: str, delivery: str, wanted: dict[str, OutgoingFile]) -> _Found:
    kind = _kind(parent, name)
    if kind is None:
        return _Found.NOTHING
    if kind != stat.S_IFDIR:
        return _Found.OTHERS
    try:
        folder = os.open(name, FOLDER_FLAGS, dir_fd=parent)
    except PermissionError:
        return _Found.OTHERS
    try:
        ours = carries_delivery(folder, MARKER, delivery) or _holds(folder, wanted)
    finally:
        os.close(folder)
    return _Found.OURS if ours else _Found.OTHERS


def _holds(folder: int, wanted: dict[str, OutgoingFile]) -> bool:
    return bool(wanted) and all(content_is(folder, name, file.sha256) for name, file in wanted.items())


def _file_found(parent: int, name: str, delivery: str, file: OutgoingFile) -> _Found:
    if _kind(parent, name) is None:
        return _Found.NOTHING
    ours = content_is(parent, name, file.sha256) or carries_delivery(parent, name, delivery)
    return _Found.OURS if ours else _Found.OTHERS


def _stem_found(parent: int, stem: str, delivery: str, wanted: dict[str, OutgoingFile]) -> _Found:
    found = {_file_found(parent, stem + ending, delivery, file) for ending, file in wanted.items()}
    if _Found.OTHERS in found:
        return _Found.OTHERS
    return _Found.OURS if _Found.OURS in found else _Found.NOTHING


def _rename(parent: int, draft: str, target: str, wanted: dict[str, OutgoingFile]) -> None:
    try:
        os.rename(draft, target, src_dir_fd=parent, dst_dir_fd=parent)
    except OSError:
        # On NFS and SMB a rename can succeed and still report an error: look at both names.
        if _kind(parent, draft) is not None or _folder_found(parent, target, "", wanted) is not _Found.OURS:
            raise


def _check_folder(parent: int, draft: str, target: str, wanted: dict[str, OutgoingFile]) -> None:
    """What was read back is what was written; a recipient who took the folder away at once has it."""
    if _folder_found(parent, target, "", wanted) is _Found.OTHERS:
        os.rename(target, draft, src_dir_fd=parent, dst_dir_fd=parent)
        raise Unplaced(f"{target} is not what was written when it is read back")
