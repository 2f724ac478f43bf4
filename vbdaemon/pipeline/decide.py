"""The whole decision about one submission, in one worker: from its bytes to verdicts and routes."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from vbdaemon.model import (
    Classification,
    Correction,
    Destination,
    Document,
    DocumentVerdict,
    File,
    FileRecord,
    Manifest,
    Piece,
    Reason,
    RecallRequest,
    Snapshot,
    Submission,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.pipeline.reply import reply_to
from vbdaemon.pipeline.stages.examining import classify, examine, redacted
from vbdaemon.pipeline.stages.grouping import group
from vbdaemon.pipeline.stages.identification import answerer, identify
from vbdaemon.pipeline.stages.manifest import with_manifest
from vbdaemon.pipeline.stages.message import Message, correspondence, message_of
from vbdaemon.pipeline.stages.picturing import with_pictures
from vbdaemon.pipeline.stages.piece import awaiting, joined, piece_of
from vbdaemon.pipeline.stages.reading import read
from vbdaemon.pipeline.stages.recall import asked_back
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import HEAD, unpack
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.reading.mail_head import MailHead
from vbdaemon.reading.media import media_type
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision

NOT_ON_DISK = Path("/nonexistent")
"""Where the bytes of a file inside a container are while nobody takes it out."""


@dataclass(frozen=True, slots=True)
class DecideTask:
    """Decide about a submission that lies in the spool."""

    submission: str
    waivers: tuple[Waiver, ...] = ()
    corrections: tuple[Correction, ...] = ()
    beside: tuple[str, ...] = ()
    """Submissions whose mails are the other pieces of the same whole."""

    def run(self, place: Workplace) -> Decision:
        """The decision; SpoolDamaged when the bytes are not what was stored."""
        spool = Spool(place.spool)
        submission = load(spool, self.submission, self.waivers)
        others = tuple(load(spool, each, ()) for each in self.beside)
        decision = decide(replace(submission, corrections=self.corrections), place, others)
        return with_pictures(decision, submission, spool.folder_of(self.submission), place.scratch)


def load(spool: Spool, submission_id: str, waivers: tuple[Waiver, ...]) -> Submission:
    """A submission from the spool, its bytes checked against their hashes."""
    stored = spool.verify(submission_id)
    folder = spool.folder_of(submission_id)
    files = tuple(handed_in(folder / f.stored, f.name, f.sha256, f.size) for f in stored.files)
    return Submission(submission_id, stored.envelope, files, waivers)


def as_decided(submission: Submission, decision: Decision) -> Submission:
    """The submission as the decision knew it: its sender and purpose, the files in its containers, the manifest."""
    handed = {file.sha256 for file in submission.files}
    inside = tuple(
        File(f.name, f.sha256, f.size, f.media_type, NOT_ON_DISK, f.role, f.container)
        for f in decision.files
        if f.sha256 not in handed
    )
    return replace(
        submission,
        envelope=replace(submission.envelope, unit=submission.envelope.unit or decision.unit, purpose=decision.purpose),
        files=(*submission.files, *inside),
        manifest=Manifest(decision.in_reply_to) if decision.in_reply_to else None,
    )


def whole_of(submission: Submission, decision: Decision, place: Workplace) -> Submission:
    """The submission with the files of every mail that was joined with it; as it is when none was."""
    message = message_of(submission)
    if message is None or not decision.joined:
        return submission
    others = tuple(load(Spool(place.spool), each, ()) for each in decision.joined)
    return joined(submission, message, others, place.snapshot, place.scratch) or submission


def handed_in(path: Path, name: str, sha256: str, size: int) -> File:
    """A file as it was handed in, its media type by content."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return File(name, sha256, size, media_type(head, name, path), path)


def decide(submission: Submission, place: Workplace, others: tuple[Submission, ...] = ()) -> Decision:
    """Pure: no outward effect, safe to run twice. `others` are further pieces, when the mail is one of several."""
    started = time.perf_counter()
    tally = Tally(place.registry)
    snapshot = place.snapshot
    handed = submission.files
    message = message_of(submission)
    head = message.head if message else None
    submission = replace(submission, envelope=identify(submission.envelope, head, snapshot))
    told = correspondence(submission, message, snapshot)
    unit = answerer(submission.envelope, head, snapshot) if told else None
    if told is not None and told.recall is not None:
        return _asked_back(submission, told.recall, unit, head, snapshot, _since(started))
    if told is not None:
        return Decision((), seconds=_since(started), snapshot=snapshot.version, unit=unit, correspondence=told)
    piece = piece_of(submission, message, snapshot) if message else None
    if message and piece:
        whole = joined(submission, message, others, snapshot, place.scratch) if others else None
        if whole is None:
            tried = replace(piece, beside=tuple(other.id for other in others))
            reply = reply_to(submission.envelope, snapshot, head)
            return _await(submission, message, tried, reply, snapshot, _since(started))
        if whole is submission:  # they cannot be joined: each is judged for what it is
            others = ()
        submission = whole
    submission = with_manifest(unpack(submission, tally, snapshot, place.scratch))
    contents = read(submission, tally, snapshot)
    documents = group(submission, contents, tally, snapshot)
    verdicts = _examine_all(documents, submission, tally, snapshot)
    secret = any(v.verdict.kind is VerdictKind.QUARANTINE for v in verdicts)
    return Decision(
        documents=verdicts,
        seconds=_since(started),
        plugins=tally.answered,
        files=_records(handed, documents, secret=secret),
        reply=reply_to(submission.envelope, snapshot, head),
        snapshot=snapshot.version,
        unit=submission.envelope.unit,
        account=submission.envelope.account,
        purpose=submission.envelope.purpose,
        message_id=_message_id(head) if not secret else "",
        in_reply_to=submission.manifest.delivery if submission.manifest and not secret else "",
        joined=tuple(other.id for other in others) if piece else (),
    )


def _asked_back(
    submission: Submission,
    asked: RecallRequest,
    unit: str | None,
    head: MailHead | None,
    snapshot: Snapshot,
    seconds: float,
) -> Decision:
    """A request for a document that we got, by the `unit` that is proven to ask; answered once a person decided."""
    return Decision(
        documents=(asked_back(submission.files, asked, snapshot),),
        seconds=seconds,
        files=_records(submission.files, (), secret=False),
        reply=reply_to(submission.envelope, snapshot, head),
        snapshot=snapshot.version,
        unit=unit,
        account=submission.envelope.account,
        purpose=submission.envelope.purpose,
        message_id=_message_id(head),
        in_reply_to=asked.delivery,
        recall=asked,
    )


def _await(
    submission: Submission,
    message: Message,
    piece: Piece,
    reply: Destination | None,
    snapshot: Snapshot,
    seconds: float,
) -> Decision:
    """A piece waits for the others; meanwhile its sender knows that it arrived."""
    (file,) = submission.files
    return Decision(
        documents=(awaiting(file, piece, snapshot),),
        seconds=seconds,
        files=(FileRecord(file.name, file.role, file.sha256, file.media_type, file.size),),
        reply=reply,
        snapshot=snapshot.version,
        unit=submission.envelope.unit,
        account=submission.envelope.account,
        purpose=submission.envelope.purpose,
        message_id=_message_id(message.head),
        piece=piece,
    )


def _message_id(head: MailHead | None) -> str:
    """As answers refer to it, in brackets; "" where there is none."""
    return f"<{head.message_id}>" if head and head.message_id else ""


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 4)


def _examine_all(
    documents: tuple[Document, ...], submission: Submission, tally: Tally, snapshot: Snapshot
) -> tuple[DocumentVerdict, ...]:
    """Secrecy first, over all documents: a mark on any of them locks everything away."""
    classified = [(document, classify(document, submission, tally, snapshot)) for document in documents]
    if any(kind.secrecy is not None for _, kind in classified):
        return _locked(classified, Verdict.quarantine(Reason.of(snapshot.policy.finding("secret-marking"))), snapshot)
    verdicts = tuple(examine(document, kind, submission, tally, snapshot) for document, kind in classified)
    strict = next((v.verdict for v in verdicts if v.verdict.kind is VerdictKind.QUARANTINE), None)
    return verdicts if strict is None else _locked(classified, strict, snapshot)


def _locked(
    classified: list[tuple[Document, Classification]], verdict: Verdict, snapshot: Snapshot
) -> tuple[DocumentVerdict, ...]:
    return tuple(redacted(document, kind, verdict, snapshot.policy) for document, kind in classified)


def _records(handed: tuple[File, ...], documents: tuple[Document, ...], *, secret: bool) -> tuple[FileRecord, ...]:
    """Every file, containers first, with the role it plays; quarantine keeps hashes, not names."""
    roles = {(file.sha256, file.name): file for document in documents for file in document.files}
    every = {(file.sha256, file.name): file for file in handed} | roles
    records = (FileRecord(f.name, f.role, f.sha256, f.media_type, f.size, f.container) for f in every.values())
    if secret:
        return tuple(replace(record, name=record.sha256, container=None) for record in records)
    return tuple(records)
