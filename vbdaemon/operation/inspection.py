"""`inspect`: the whole decision on files that lie anywhere, with no side effect; the pipeline's own code."""

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Envelope, File, Submission
from vbdaemon.pipeline.decide import decide, handed_in
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.state.records import Decision

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class InspectTask:
    """Decide about the files at these paths as one submission."""

    paths: tuple[Path, ...]
    envelope: Envelope

    def run(self, place: Workplace) -> Decision:
        """The decision; VbdaemonError when a path cannot be read."""
        files = tuple(_file(path) for path in each_file(self.paths))
        if not files:
            raise VbdaemonError(f"{self.paths[0]}: no file here")
        return decide(Submission("inspect", self.envelope, files), place)


def each_file(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The regular files at these paths; a folder stands for all below it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            found.append(path)
    return tuple(found)


def _file(path: Path) -> File:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise VbdaemonError(f"{path}: {error.strerror}") from error
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return handed_in(path, unicodedata.normalize("NFC", name), digest.hexdigest(), size)
