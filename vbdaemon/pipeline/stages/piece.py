"""A mail that is a piece of a whole: told, and joined with the others when they are there."""

import hashlib
from dataclasses import replace
from pathlib import Path

from vbdaemon.model import DocumentVerdict, File, Part, Piece, Problem, Reason, Snapshot, Submission, Verdict
from vbdaemon.pipeline.stages.message import Message
from vbdaemon.pipeline.stages.unpacking import write_part
from vbdaemon.reading.split import completed, slice_of_mail

AWAITED = "piece-awaited"


def piece_of(submission: Submission, message: Message, snapshot: Snapshot) -> Piece | None:
    """Which piece the mail is; None for a whole one, and where a person, or time, let it go alone."""
    if any(waiver.code == AWAITED for waiver in submission.waivers):
        return None
    place = slice_of_mail(message.raw, snapshot.limits)
    if place is None:
        return None
    envelope = submission.envelope
    # pieces of two units never meet, whatever their From says; nor do a leader's and those of others
    whose = f"{envelope.unit or ''}|{envelope.account or ''}|{envelope.purpose}"
    key = hashlib.sha256(f"{whose}|{place.key}".encode()).hexdigest()
    return Piece(key, place.number, place.total)


def joined(
    submission: Submission, message: Message, others: tuple[Submission, ...], snapshot: Snapshot, scratch: Path
) -> Submission | None:
    """The submission with the files of the whole; as it is when they cannot be joined; None while one is missing."""
    raws = [message.raw, *(other.files[0].path.read_bytes() for other in others)]
    found: tuple[Part, ...] | Problem | None = completed(raws, snapshot.limits)
    if found is None:
        return None
    if isinstance(found, Problem):
        return submission
    return replace(submission, files=tuple(write_part(part, submission.files[0], scratch) for part in found))


def awaiting(file: File, piece: Piece, snapshot: Snapshot) -> DocumentVerdict:
    """The verdict on a piece whose others are not there yet."""
    detail = f"{piece.number}/{piece.total}" if piece.total else f"{piece.number}"
    finding = snapshot.policy.finding(AWAITED, detail=detail)
    return DocumentVerdict(
        main=file.name,
        main_sha256=file.sha256,
        files=(file.sha256,),
        classification=None,
        signatures=(),
        findings=(finding,),
        verdict=Verdict.hold(Reason.of(finding)),
    )
