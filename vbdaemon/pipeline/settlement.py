"""One transaction commits a decision: duplicates, register numbers, verdicts, the outbox, events."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import VbdaemonError
from vbdaemon.model import (
    Classification,
    DeliveryKind,
    DocumentVerdict,
    Finding,
    Reason,
    RegisterNumber,
    Snapshot,
    Urgency,
    Verdict,
    VerdictKind,
    Waiver,
    strictest,
)
from vbdaemon.pipeline.companion import ALONE, COMPANIONS, file_with
from vbdaemon.rendering.names import delivery_name
from vbdaemon.state import decisions, deliveries, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision, HoldKind, NewDelivery, SubmissionState

LABELS = {
    VerdictKind.ACCEPT: "tiep-nhan",
    VerdictKind.HOLD: "da-den",
    VerdictKind.REJECT: "tu-choi",
    VerdictKind.QUARANTINE: "cach-ly",
}


class StaleDecision(VbdaemonError):
    """The submission changed while it was being decided; the decision is dropped and made again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a settlement needs besides the decision."""

    snapshot: Snapshot
    book: str
    numbering: bool


def settle(
    connection: Connection, submission_id: str, version: int, decision: Decision, desk: Desk, at: datetime
) -> SubmissionState:
    """Commit a worker's decision; StaleDecision when the row is not as the attempt found it.

    What was judged before rules, units or trust changed waits to be judged again: nobody would re-open it.
    """
    row = submissions.get(connection, submission_id)
    if row.version != version or row.state is not SubmissionState.DECIDING:
        raise StaleDecision
    if decision.snapshot not in (None, desk.snapshot.version):
        submissions.end_attempt(connection, submission_id, at, f"judged under snapshot {decision.snapshot}")
        submissions.move(connection, submission_id, SubmissionState.WAITING)
        return SubmissionState.WAITING
    submissions.end_attempt(connection, submission_id, at, "")
    return conclude(connection, submission_id, decision, desk, at)


def conclude(
    connection: Connection, submission_id: str, decision: Decision, desk: Desk, at: datetime
) -> SubmissionState:
    """Write a decision, whoever made it: a worker, or a person's act."""
    row = submissions.get(connection, submission_id)
    version = row.version + 1
    waivers = submissions.waivers_of(connection, submission_id)
    numbers = decisions.numbered(connection, submission_id)
    joined = (file_with(connection, row.source, verdict, desk.snapshot) for verdict in decision.documents)
    compared = tuple(_compare(connection, submission_id, verdict, desk.snapshot, waivers) for verdict in joined)
    decided: tuple[DocumentVerdict, ...] = ()
    for each in compared:
        decided += (_register(connection, _once(each, decided, desk.snapshot), numbers, desk, at),)
    decision = replace(decision, documents=decided)
    verdict = strictest(tuple(document.verdict for document in decided))
    state = _state(decided)
    if state is SubmissionState.QUARANTINED:  # an earlier decision may have kept names and subjects
        decisions.forget(connection, submission_id)
        deliveries.hide(connection, submission_id)
    decisions.write(connection, submission_id, version, at, desk.snapshot.version, decision)
    decisions.write_documents(connection, submission_id, decided)
    wanted = tuple(_outbox(submission_id, version, decision, verdict))
    deliveries.cancel(connection, submission_id, wanted)
    deliveries.write(connection, submission_id, version, at, wanted)
    submissions.move(
        connection,
        submission_id,
        state,
        _hold_kind(decided, desk.snapshot) if state is SubmissionState.HELD else None,
        verdict=verdict.kind,
        snapshot=desk.snapshot.version,
        decided_at=at,
        failures=0,
    )
    if any(document.register is not None for document in decided):
        submissions.reopen_companions(connection, row.source, at)
    codes = sorted({reason.code for document in decided for reason in document.verdict.reasons})
    record(connection, at, "decided", submission_id, f"{verdict.kind} {' '.join(codes)}".strip())
    return state


def _compare(
    connection: Connection,
    submission_id: str,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    waivers: tuple[Waiver, ...],
) -> DocumentVerdict:
    """The duplicate rules of NĐ 30/2020 App. VI, on what was accepted before."""
    if verdict.verdict.kind is not VerdictKind.ACCEPT or verdict.filed_with is not None:
        return verdict
    earlier = decisions.accepted_with(connection, verdict.main_sha256, verdict.first_page, submission_id)
    if earlier is not None:
        return _repeated(verdict, earlier, snapshot)
    alike = decisions.accepted_like(connection, verdict.classification or Classification(), submission_id)
    waived = any(w.code == "duplicate-differs" and w.file == verdict.main_sha256 for w in waivers)
    if alike is None or waived:
        return verdict
    differs: Finding = snapshot.policy.finding("duplicate-differs", detail=alike)
    return replace(
        verdict, verdict=Verdict.hold(Reason.of(differs)), destinations=(), findings=(*verdict.findings, differs)
    )


def _once(verdict: DocumentVerdict, before: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> DocumentVerdict:
    """The same bytes under two names in one submission are one document; the second repeats the first."""
    if verdict.verdict.kind is not VerdictKind.ACCEPT or verdict.duplicate_of or verdict.filed_with:
        return verdict
    here = (verdict.main_sha256, verdict.first_page, VerdictKind.ACCEPT)
    twin = next((d for d in before if (d.main_sha256, d.first_page, d.verdict.kind) == here), None)
    if twin is None:
        return verdict
    return _repeated(verdict, twin.register or RegisterNumber("", 0, 0, date.min), snapshot)


def _repeated(verdict: DocumentVerdict, earlier: RegisterNumber, snapshot: Snapshot) -> DocumentVerdict:
    note = snapshot.policy.finding("duplicate", detail=f"{earlier.number}/{earlier.year}")
    return replace(verdict, duplicate_of=earlier, destinations=(), findings=(*verdict.findings, note))


def _register(
    connection: Connection,
    verdict: DocumentVerdict,
    numbers: dict[tuple[str, int], RegisterNumber],
    desk: Desk,
    at: datetime,
) -> DocumentVerdict:
    """A number in the book for what is accepted; the year turns at midnight in Vietnam."""
    given = numbers.pop((verdict.main_sha256, verdict.first_page), None)
    if given is not None:
        return replace(verdict, register=given)
    if not desk.numbering or verdict.verdict.kind is not VerdictKind.ACCEPT:
        return verdict
    if verdict.duplicate_of is not None or verdict.filed_with is not None:
        return verdict
    today = at.astimezone(VIETNAM).date()
    number = decisions.next_number(connection, desk.book, today.year)
    return replace(verdict, register=RegisterNumber(desk.book, today.year, number, today))


def _state(documents: tuple[DocumentVerdict, ...]) -> SubmissionState:
    """One held document keeps the whole submission before a person's eyes."""
    kinds = {document.verdict.kind for document in documents}
    if VerdictKind.QUARANTINE in kinds:
        return SubmissionState.QUARANTINED
    if VerdictKind.HOLD in kinds:
        return SubmissionState.HELD
    return SubmissionState.REJECTED if VerdictKind.REJECT in kinds else SubmissionState.ACCEPTED


def _hold_kind(documents: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> HoldKind:
    codes = {r.code for d in documents if d.verdict.kind is VerdictKind.HOLD for r in d.verdict.reasons}
    if codes & ALONE and codes <= COMPANIONS:
        return HoldKind.COMPANION
    rules = [snapshot.policy.by_code.get(code) for code in codes]
    return HoldKind.EVIDENCE if any(rule and rule.evidence_may_come for rule in rules) else HoldKind.REVIEW


def _outbox(submission_id: str, version: int, decision: Decision, verdict: Verdict) -> Iterable[NewDelivery]:
    for index, document in enumerate(decision.documents):
        yield from _forwards(submission_id, index, document)
    if decision.reply is not None:
        suffix = f"_{version}" if version > 1 else ""
        yield NewDelivery(
            kind=DeliveryKind.NOTICE,
            key=_notice_key(decision.documents),
            scheme=decision.reply.scheme,
            address=decision.reply.address,
            unit=decision.reply.unit,
            name=f"{submission_id}_{_label(decision.documents, verdict)}{suffix}",
        )


def _label(documents: tuple[DocumentVerdict, ...], verdict: Verdict) -> str:
    """The notice's file name says what it is; a draft is returned, not refused."""
    refused = [document for document in documents if document.verdict.kind is VerdictKind.REJECT]
    if refused and all(document.returned for document in refused):
        return "tra-lai"
    return LABELS[verdict.kind]


def _forwards(submission_id: str, index: int, document: DocumentVerdict) -> Iterable[NewDelivery]:
    if document.verdict.kind is not VerdictKind.ACCEPT:
        return
    for destination in document.destinations:
        target = hashlib.sha256(f"{destination.scheme}:{destination.address}".encode()).hexdigest()[:16]
        yield NewDelivery(
            kind=DeliveryKind.FORWARD,
            key=f"forward:{document.main_sha256}:{document.first_page}:{target}",
            scheme=destination.scheme,
            address=destination.address,
            unit=destination.unit,
            name=delivery_name(document.register or document.filed_with, document.classification, submission_id),
            document=index,
            urgency=_urgency(document),
        )


def _notice_key(documents: tuple[DocumentVerdict, ...]) -> str:
    """The same verdicts for the same reasons are told once."""
    told = [
        (d.main_sha256, d.first_page, d.verdict.kind, *sorted(r.code for r in d.verdict.reasons)) for d in documents
    ]
    return f"notice:{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"


def _urgency(document: DocumentVerdict) -> int:
    """0 for normal, up to 3 for HỎA TỐC."""
    urgency = document.classification.urgency if document.classification else None
    return 0 if urgency is None else list(Urgency).index(urgency.value) + 1
