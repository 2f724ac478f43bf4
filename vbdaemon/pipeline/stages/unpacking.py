"""Unpack: takes files out of mails and archives, to the depth that the limits allow."""

import hashlib
from dataclasses import replace
from pathlib import Path

from vbdaemon.model import File, Part, Snapshot, Submission
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.reading.media import media_type

HEAD = 4096


def unpack(submission: Submission, tally: Tally, snapshot: Snapshot, scratch: Path) -> Submission:
    """The submission with every container followed by nothing and replaced by what it held."""
    files: list[File] = []
    for file in submission.files:
        files += _leaves(file, submission, tally, snapshot, scratch, depth=0)
    return replace(submission, files=tuple(files))


def _leaves(
    file: File, submission: Submission, tally: Tally, snapshot: Snapshot, scratch: Path, depth: int
) -> list[File]:
    if depth >= snapshot.limits.archive_depth:
        return [file]
    parts: tuple[Part, ...] | None = tally.first("unpack", file=file, submission=submission, snapshot=snapshot)
    if not parts:  # nobody knows it, or nothing is in it: the file itself is judged
        return [file]
    leaves: list[File] = []
    for part in parts:
        leaf = _write(part, file, scratch)
        leaves += _leaves(leaf, submission, tally, snapshot, scratch, depth + 1)
    return leaves


def _write(part: Part, container: File, scratch: Path) -> File:
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
    )
