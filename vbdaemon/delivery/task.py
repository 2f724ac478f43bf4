"""One attempt at a delivery, in a delivery worker: render once, keep the bytes, send."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from vbdaemon.errors import PluginFailed, SpoolDamaged
from vbdaemon.model import (
    Channel,
    Delivery,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    Envelope,
    File,
    Notice,
    Outcome,
    OutgoingFile,
    Submission,
    VerdictKind,
)
from vbdaemon.pipeline.decide import load
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import unpack
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.registry import Answer
from vbdaemon.rendering.notice import render_notice
from vbdaemon.rendering.sheet import render_sheet
from vbdaemon.rendering.signature_sheet import render_signature_sheet
from vbdaemon.spool.durable import make_folder, sync_folder, write_file
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions
from vbdaemon.state.records import Decision, DeliveryRow


@dataclass(frozen=True, slots=True)
class Sent:
    """How an attempt ended; `trouble` is for the operator, when something else went wrong on the way."""

    outcome: Outcome
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class DeliverTask:
    """Send one delivery of a decided submission."""

    row: DeliveryRow
    decision_json: str
    """Parsed here: the parent has better things to do."""
    plain: bool = False
    """A notice goes out in the built-in words: the plugin that writes it broke a worker."""

    @property
    def decision(self) -> Decision:
        """What was decided."""
        return decisions.parse(self.decision_json)

    def run(self, place: Workplace) -> Sent:
        """The outcome; a plugin that breaks defers."""
        spool = Spool(place.spool)
        delivery = _delivery(self.row)
        trouble = ""
        try:
            if self.row.kind is DeliveryKind.NOTICE:
                files, trouble = _notice_files(self, delivery, spool, place)
            else:
                files = _document_files(self.row, self.decision, delivery, spool, place)
            answer = place.registry.first("deliver", delivery=delivery, files=files, snapshot=place.snapshot)
        except (PluginFailed, SpoolDamaged) as error:
            return Sent(Outcome.deferred(str(error)), trouble)
        if answer is None:
            return Sent(Outcome.failed(f"no plugin delivers to {delivery.destination.scheme!r}"), trouble)
        return Sent(answer.value, trouble)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        submission=row.submission,
        kind=row.kind,
        destination=Destination(row.scheme, row.address, row.unit),
        name=row.name,
        created_at=row.created_at,
        document=row.document,
    )


def _notice_files(
    task: DeliverTask, delivery: Delivery, spool: Spool, place: Workplace
) -> tuple[tuple[OutgoingFile, ...], str]:
    kept = _kept(spool.outgoing(delivery.id))
    if kept:
        return kept, ""
    documents = task.decision.documents
    submission = _quarantined(task.row) if _is_secret(documents) else load(spool, task.row.submission, ())
    trouble = ""
    answer: Answer | None = None
    try:
        if not task.plain:
            answer = place.registry.first(
                "compose_notice", submission=submission, verdicts=documents, snapshot=place.snapshot
            )
    except PluginFailed as failure:  # a broken template never delays a document: the built-in words go out
        trouble = str(failure)
    # without the site's templates: one of them may be what broke
    plain = replace(place.snapshot, templates=None)
    notice: Notice = answer.value if answer else render_notice(submission, documents, plain)
    bodies = {"html": notice.html, "txt": notice.text, "json": notice.machine}
    return _keep(spool.outgoing(delivery.id), {f"{delivery.name}.{k}": v.encode() for k, v in bodies.items()}), trouble


def _is_secret(documents: tuple[DocumentVerdict, ...]) -> bool:
    return any(document.verdict.kind is VerdictKind.QUARANTINE for document in documents)


def _quarantined(row: DeliveryRow) -> Submission:
    """A submission that a notice may know: its envelope's moment and unit, no file."""
    envelope = Envelope("", Channel.FOLDER, row.created_at, unit=row.unit)
    return Submission(row.submission, envelope, ())


def _document_files(
    row: DeliveryRow, decision: Decision, delivery: Delivery, spool: Spool, place: Workplace
) -> tuple[OutgoingFile, ...]:
    """The original bytes of every file of the document, the check sheet, and its machine part."""
    assert row.document is not None
    document = decision.documents[row.document]
    submission = load(spool, row.submission, ())
    wanted = dict.fromkeys(document.files)
    files = {file.sha256: file for file in _files(submission, wanted, place)}
    outgoing = [OutgoingFile(files[s].name, s, path=str(files[s].path)) for s in wanted]
    kept = _kept(spool.outgoing(delivery.id))
    if not kept:
        signatures = {}
        if document.signatures:
            signatures = render_signature_sheet(
                submission.id,
                document,
                decision.files,
                place.snapshot.policy,
                place.snapshot.office,
                row.created_at,
                pdf=place.snapshot.signature_sheet_pdf,
            )
        sheet = render_sheet(delivery, submission, document, decision.files, place.snapshot, signatures)
        kept = _keep(spool.outgoing(delivery.id), sheet)
    return (*outgoing, *kept)


def _files(submission: Submission, wanted: dict[str, None], place: Workplace) -> tuple[File, ...]:
    """Files handed in; what came out of a mail or archive is taken out again."""
    if all(any(file.sha256 == sha256 for file in submission.files) for sha256 in wanted):
        return submission.files
    unpacked = unpack(submission, Tally(place.registry), place.snapshot, place.scratch)
    return (*submission.files, *unpacked.files)


def _kept(folder: Path) -> tuple[OutgoingFile, ...]:
    """What an earlier attempt rendered; it is not rendered again."""
    if not folder.is_dir():
        return ()
    return tuple(_outgoing(path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


def _keep(folder: Path, bodies: dict[str, bytes]) -> tuple[OutgoingFile, ...]:
    draft = folder.with_name(f".{folder.name}")
    make_folder(draft)
    for left in draft.iterdir():
        left.unlink()
    for name, body in bodies.items():
        write_file(draft / name, body)
    sync_folder(draft)
    draft.rename(folder)
    sync_folder(folder.parent)
    return tuple(_outgoing(name, body) for name, body in sorted(bodies.items()))


def _outgoing(name: str, body: bytes) -> OutgoingFile:
    return OutgoingFile(name, hashlib.sha256(body).hexdigest(), body=body)
