"""What a delivery carries: rendered once, then kept; a digest, which names little, is rendered anew each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from vbdaemon.clock import Clock, system_clock
from vbdaemon.delivery.kept import keep, kept, outgoing
from vbdaemon.delivery.notice import Addressed, compose, is_secret
from vbdaemon.delivery.notice_seal import sealed
from vbdaemon.errors import TemplateBroken
from vbdaemon.model import (
    Delivery,
    DocumentVerdict,
    File,
    Notice,
    OutgoingFile,
    Purpose,
    Snapshot,
    Submission,
)
from vbdaemon.pipeline.decide import as_decided, load, whole_of
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import unpack
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.digest import DigestLine, render_digest
from vbdaemon.rendering.facts import naming_pdf
from vbdaemon.rendering.mail import COVER_NAME
from vbdaemon.rendering.mail_cover import render_cover
from vbdaemon.rendering.sheet import render_sheet
from vbdaemon.rendering.signature_sheet import render_signature_sheet
from vbdaemon.rendering.undelivered import render_undelivered
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions
from vbdaemon.state.gathering import Told
from vbdaemon.state.records import Decision
from vbdaemon.state.undelivered import Undelivered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery with its files; `trouble` is for the operator, when something went wrong on the way."""

    files: tuple[OutgoingFile, ...]
    trouble: str = ""


def notice_parcel(
    delivery: Delivery, decision: Decision, place: Workplace, *, plain: bool, clock: Clock = system_clock
) -> Parcel:
    """The message to the sender in its forms. `plain`: in the built-in words, no plugin is asked."""
    spool = Spool(place.spool)
    before = kept(spool.outgoing(delivery.id))
    if before:
        return Parcel(before)
    about = Addressed(delivery.submission, delivery.destination.unit, delivery.created_at)
    composed = compose(about, decision, spool, place, plain=plain)
    composed = sealed(composed, decision.documents, place.snapshot.notices, clock())
    return Parcel(keep(spool.outgoing(delivery.id), _forms(delivery, composed.notice)), composed.trouble)


def digest_parcel(delivery: Delivery, told: tuple[Told, ...], place: Workplace) -> Parcel:
    """One message instead of many: what was removed since (quarantine) is named by its id alone."""
    lines = tuple(_digest_line(each) for each in told)
    directory, office = place.snapshot.directory, place.snapshot.office.unit
    superior = directory.is_above(delivery.destination.unit or "", office)
    notice, trouble = _in_words(
        lambda snapshot: render_digest(lines, delivery.created_at, snapshot, superior=superior), place.snapshot
    )
    return Parcel(tuple(outgoing(name, body) for name, body in sorted(_forms(delivery, notice).items())), trouble)


def undelivered_parcel(delivery: Delivery, decision: Decision, missed: Undelivered, place: Workplace) -> Parcel:
    """The message to the sender that a recipient could not be reached."""
    assert delivery.document is not None
    folder = Spool(place.spool).outgoing(delivery.id)
    document = decision.documents[delivery.document]
    before = kept(folder)
    if before:
        return Parcel(before)
    notice, trouble = _in_words(
        lambda snapshot: render_undelivered(delivery, document, missed.destination, snapshot), place.snapshot
    )
    return Parcel(keep(folder, _forms(delivery, notice)), trouble)


def document_parcel(
    delivery: Delivery,
    decision: Decision,
    place: Workplace,
    slip: Mapping[str, bytes] = MappingProxyType({}),
) -> Parcel:
    """The original bytes of every file of the document, our sheets, and the slip of an assignment."""
    assert delivery.document is not None
    spool = Spool(place.spool)
    document = decision.documents[delivery.document]
    submission = whole_of(load(spool, delivery.submission, ()), decision, place)
    wanted = dict.fromkeys(document.files)
    files = {file.sha256: file for file in _files(submission, wanted, place)}
    originals = [OutgoingFile(files[s].name, s, path=str(files[s].path)) for s in wanted]
    ours, trouble = kept(spool.outgoing(delivery.id)), ""
    if not ours:
        known = as_decided(submission, decision)
        rendered, trouble = _in_words(
            lambda snapshot: _sheets(delivery, known, document, decision, snapshot, slip), place.snapshot
        )
        ours = keep(spool.outgoing(delivery.id), rendered)
    return Parcel((*originals, *ours), trouble)


def _in_words(render: Callable[[Snapshot], T], snapshot: Snapshot) -> tuple[T, str]:
    """What is rendered with the site's templates; where one broke, with ours, and what to tell the operator."""
    try:
        return render(snapshot), ""
    except TemplateBroken as broken:
        return render(replace(snapshot, templates=None)), str(broken)


def _sheets(
    delivery: Delivery,
    submission: Submission,
    document: DocumentVerdict,
    decision: Decision,
    snapshot: Snapshot,
    slip: Mapping[str, bytes],
) -> dict[str, bytes]:
    signatures: dict[str, bytes] = {}
    if document.signatures:
        signatures = render_signature_sheet(
            submission.id,
            document,
            decision.files,
            snapshot.policy,
            snapshot.office,
            delivery.created_at,
            pdf=snapshot.signature_sheet_pdf,
            site=snapshot.templates,
        )
    sheets = render_sheet(delivery, submission, document, decision.files, snapshot, {**slip, **signatures})
    if delivery.destination.scheme != "smtp":
        return sheets
    cover = render_cover(delivery, submission, document, decision.files, snapshot)
    return sheets | {COVER_NAME: cover.encode()}


def _digest_line(told: Told) -> DigestLine:
    decision = decisions.parse(told.decision) if told.decision is not None else Decision(())
    return DigestLine(
        told.submission,
        told.created_at,
        () if is_secret(decision.documents) else decision.documents,
        checked=decision.purpose is Purpose.PREFLIGHT,
        missed=told.missed.destination if told.missed else None,
    )


def _forms(delivery: Delivery, notice: Notice) -> dict[str, bytes]:
    machine = notice.machine if notice.pdf is None else naming_pdf(notice.machine, f"{delivery.name}.pdf", notice.pdf)
    bodies = {"html": notice.html, "txt": notice.text, "json": machine}
    forms = {f"{delivery.name}.{ending}": body.encode() for ending, body in bodies.items()}
    return forms if notice.pdf is None else forms | {f"{delivery.name}.pdf": notice.pdf}


def _files(submission: Submission, wanted: dict[str, None], place: Workplace) -> tuple[File, ...]:
    """Files handed in; what came out of a mail or archive is taken out again."""
    if all(any(file.sha256 == sha256 for file in submission.files) for sha256 in wanted):
        return submission.files
    unpacked = unpack(submission, Tally(place.registry), place.snapshot, place.scratch)
    return (*submission.files, *unpacked.files)
