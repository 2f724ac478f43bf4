"""Unpack: takes files out of mails and archives, to the depth and size that the limits allow."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from vbdaemon.model import File, Limits, Part, Snapshot, Submission
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.reading.media import media_type
from vbdaemon.reading.split import has_slices, rejoined

HEAD = 4096


@dataclass(slots=True)
class _Budget:
    """What all containers of a submission together may still give: each alone keeps the limits, many would not."""

    size: int
    files: int

    def allows(self, parts: tuple[Part, ...]) -> bool:
        """True when these fit; they are then taken off."""
        size, files = sum(len(part.body) for part in parts), len(parts)
        if size > self.size or files > self.files:
            return False
        self.size -= size
        self.files -= files
        return True


def unpack(submission: Submission, tally: Tally, snapshot: Snapshot, scratch: Path) -> Submission:
    """The submission with every container followed by nothing and replaced by what it held."""
    limits = snapshot.limits
    budget = _Budget(limits.archive_bytes * 2, limits.archive_files * 2)
    files: list[File] = []
    for file in _whole(submission.files, limits, scratch):
        files += _leaves(file, submission, tally, snapshot, scratch, budget, depth=0)
    return replace(submission, files=tuple(files))


def _whole(files: tuple[File, ...], limits: Limits, scratch: Path) -> Iterable[File]:
    """Pieces of one file that were dropped beside each other are joined."""
    if not has_slices(file.name for file in files) or sum(file.size for file in files) > limits.archive_bytes:
        return files
    parts = tuple(Part(file.name, file.path.read_bytes(), file.role) for file in files)
    known = {id(part): file for part, file in zip(parts, files, strict=True)}
    return [known.get(id(part)) or write_part(part, files[0], scratch) for part in rejoined(parts, limits)]


def _leaves(
    file: File, submission: Submission, tally: Tally, snapshot: Snapshot, scratch: Path, budget: _Budget, depth: int
) -> list[File]:
    if depth >= snapshot.limits.archive_depth:
        return [file]
    parts: tuple[Part, ...] | None = tally.first("unpack", file=file, submission=submission, snapshot=snapshot)
    if not parts or not budget.allows(parts):  # unknown, or more than is allowed: `read` says why it stayed closed
        return [file]
    leaves: list[File] = []
    for part in parts:
        leaf = write_part(part, file, scratch)
        leaves += _leaves(leaf, submission, tally, snapshot, scratch, budget, depth + 1)
    return leaves


def write_part(part: Part, container: File, scratch: Path) -> File:
    """A part as a file of the submission, its bytes in the worker's scratch."""
    sha256 = hashlib.sha256(part.body).hexdigest()
    path = scratch / sha256
    path.write_bytes(part.body)
    return File(
        name=part.name,
        sha256=sha256,
        size=len(part.body),
        media_type=media_type(part.body[:HEAD], part.name, path),
        path=path,
        role=part.role,
        container=container.name,
        inline=part.inline,
    )
