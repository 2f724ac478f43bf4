"""What leaves the house after a decision: one notice to the sender, one forward to each destination."""

import hashlib
from collections.abc import Iterable

from vbdaemon.model import (
    CodedStatus,
    DeliveryKind,
    DocumentVerdict,
    Purpose,
    Snapshot,
    Urgency,
    Verdict,
    VerdictKind,
)
from vbdaemon.rendering.names import delivery_name
from vbdaemon.state.records import Decision, NewDelivery

LABELS = {
    VerdictKind.ACCEPT: "tiep-nhan",
    VerdictKind.HOLD: "da-den",
    VerdictKind.REJECT: "tu-choi",
    VerdictKind.QUARANTINE: "cach-ly",
}
PREFLIGHT_LABEL = "kiem-tra"


def outbox(
    submission_id: str, version: int, decision: Decision, verdict: Verdict, snapshot: Snapshot
) -> Iterable[NewDelivery]:
    """The deliveries that follow from a decision; a pre-flight is answered, and nothing of it is forwarded.

    Where documents are presented first, only drafts go on by themselves: to the Office, which presents them.
    """
    if decision.purpose is not Purpose.PREFLIGHT:
        for index, document in enumerate(decision.documents):
            if not snapshot.forwarding.present_first or is_draft(document):
                yield from _forwards(submission_id, index, document)
    if decision.reply is not None and _is_told(decision, verdict, snapshot.notices.receipts):
        suffix = f"_{version}" if version > 1 else ""
        name = f"{submission_id}_{_label(decision, verdict)}{suffix}"
        yield NewDelivery.to(decision.reply, DeliveryKind.NOTICE, _notice_key(decision.documents), name)


def to_present(decision: Decision) -> tuple[int, ...]:
    """The documents that a person is to assign: accepted, and not drafts or copies; files of another too."""
    return tuple(
        index
        for index, document in enumerate(decision.documents)
        if document.verdict.kind is VerdictKind.ACCEPT
        and document.duplicate_of is None
        and document.withdrawn is None
        and not is_draft(document)
    )


def is_draft(document: DocumentVerdict) -> bool:
    """True for a draft with its Tờ trình."""
    found = document.classification
    return bool(found and found.draft and found.draft.value)


def _is_told(decision: Decision, verdict: Verdict, receipts: tuple[str, ...]) -> bool:
    """Receipts as the site wants them; refusals and answers to a pre-flight always, requests for a recall never."""
    if decision.recall is not None:
        return False
    if decision.purpose is Purpose.PREFLIGHT:
        return True
    status = {VerdictKind.ACCEPT: CodedStatus.RECEIVED, VerdictKind.HOLD: CodedStatus.ARRIVED}.get(verdict.kind)
    return status is None or status in receipts


def _label(decision: Decision, verdict: Verdict) -> str:
    """The notice's file name says what it is; a draft is returned, not refused."""
    if decision.purpose is Purpose.PREFLIGHT and verdict.kind is not VerdictKind.QUARANTINE:
        return PREFLIGHT_LABEL
    refused = [document for document in decision.documents if document.verdict.kind is VerdictKind.REJECT]
    if refused and all(document.returned for document in refused):
        return "tra-lai"
    return LABELS[verdict.kind]


def _forwards(submission_id: str, index: int, document: DocumentVerdict) -> Iterable[NewDelivery]:
    if document.verdict.kind is not VerdictKind.ACCEPT or document.withdrawn is not None:
        return
    for destination in document.destinations:
        target = hashlib.sha256(f"{destination.scheme}:{destination.address}".encode()).hexdigest()[:16]
        key = f"forward:{document.main_sha256}:{document.first_page}:{target}"
        name = delivery_name(document.register or document.filed_with, document.classification, submission_id)
        yield NewDelivery.to(destination, DeliveryKind.FORWARD, key, name, index, urgency_of(document))


def _notice_key(documents: tuple[DocumentVerdict, ...]) -> str:
    """The same verdicts for the same reasons are told once."""
    told = [
        (d.main_sha256, d.first_page, d.verdict.kind, *sorted(r.code for r in d.verdict.reasons), *_typed(d))
        for d in documents
    ]
    return f"notice:{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"


def _typed(document: DocumentVerdict) -> tuple[str, ...]:
    """What people typed in: a corrected notice is another notice."""
    return tuple(f"{each.field}={each.value}" for each in document.corrections)


def urgency_of(document: DocumentVerdict) -> int:
    """How urgent a document is: 0 for normal, up to 3 for HỎA TỐC."""
    urgency = document.classification.urgency if document.classification else None
    return 0 if urgency is None else list(Urgency).index(urgency.value) + 1
