"""Pictures of places beside a submission's bytes, in its own folder: what moves or removes that takes them along."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from vbdaemon.spool.durable import sync_folder

LARGEST = 200_000
"""Bytes; what is larger was not drawn by us."""
_NAME = re.compile(r"place-[0-9a-f]{32}\.png")
_PNG = b"\x89PNG\r\n\x1a\n"


def place_name(*words: object) -> str:
    """The name of the picture of a place that these words tell: the same place always has the same."""
    return f"place-{hashlib.sha256(repr(words).encode()).hexdigest()[:32]}.png"


def is_place(name: str) -> bool:
    """True for a name that such a picture has."""
    return _NAME.fullmatch(name) is not None


def keep_places(folder: Path, drawn: Mapping[str, Path]) -> None:
    """Move drawn pictures, by name, into a submission's folder: each is there whole or not at all, on disk after this.

    OSError when there is no room, or no such folder any more: it was locked away or disposed of meanwhile. `drawn`
    lies on the spool's own file system. The second time is harmless.
    """
    for path in drawn.values():
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    for name, path in drawn.items():
        path.replace(folder / name)
    if drawn:
        sync_folder(folder)


def read_place(folder: Path, name: str) -> bytes:
    """The picture; empty when there is none, or it is none of ours."""
    try:
        with (folder / name).open("rb") as file:
            body = file.read(LARGEST + 1)
    except OSError:
        return b""
    return body if body.startswith(_PNG) and len(body) <= LARGEST else b""
