"""Classify, verify, check, judge, route: one document from its files to its verdict."""

import re
from dataclasses import replace
from typing import TypeVar

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import VbdaemonError
from vbdaemon.model import (
    Classification,
    Destination,
    Document,
    DocumentVerdict,
    Finding,
    Policy,
    Purpose,
    Reason,
    SignatureReport,
    Snapshot,
    Submission,
    Verdict,
    VerdictKind,
    strictest,
)
from vbdaemon.pipeline.correction import corrected, for_document
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.reading.extent import language_of, pages_of

T = TypeVar("T")

RETURNED = frozenset({"draft-from-non-leader", "draft-without-to-trinh"})
"""Reasons for which a draft is returned, not refused (607/UBND-VP §1)."""
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,7}")


def classify(document: Document, submission: Submission, tally: Tally, snapshot: Snapshot) -> Classification:
    """What the document says of itself."""
    answer: Classification | None = tally.first("classify", document=document, submission=submission, snapshot=snapshot)
    if answer is None:
        raise VbdaemonError("no plugin classified the document")
    typed = for_document(submission.corrections, document.main.sha256, document.first_page)
    handed_in = submission.envelope.received_at.astimezone(VIETNAM).date()
    return corrected(answer, typed, snapshot, handed_in)


def examine(
    document: Document, classification: Classification, submission: Submission, tally: Tally, snapshot: Snapshot
) -> DocumentVerdict:
    """Every check runs even when an earlier one already refuses: the sender learns everything at once."""
    signatures: tuple[SignatureReport, ...] = _joined(
        tally.all("verify", document=document, classification=classification, snapshot=snapshot)
    )
    seen = {
        "submission": submission,
        "document": document,
        "classification": classification,
        "signatures": signatures,
        "snapshot": snapshot,
    }
    findings: tuple[Finding, ...] = _joined(tally.all("check", **seen))
    answers: list[Verdict] = tally.all("judge", findings=findings, **seen)
    verdict = strictest(tuple(_waived(answer, document, submission) for answer in answers))
    destinations: tuple[Destination, ...] = ()
    exchanged = submission.envelope.recipient_checks and submission.envelope.purpose is Purpose.EXCHANGE
    if verdict.kind is VerdictKind.ACCEPT and exchanged:
        destinations, lost = _route(document, classification, verdict, submission, tally, snapshot)
        if lost is not None:
            findings, verdict = (*findings, lost), Verdict.hold(Reason.of(lost))
    return DocumentVerdict(
        main=document.main.name,
        main_sha256=document.main.sha256,
        files=tuple(dict.fromkeys(file.sha256 for file in document.files)),
        classification=classification,
        signatures=signatures,
        findings=findings,
        verdict=verdict,
        destinations=destinations,
        first_page=document.first_page,
        pages=pages_of(document),
        language=language_of(document),
        corrections=for_document(submission.corrections, document.main.sha256, document.first_page),
        returned=verdict.kind is VerdictKind.REJECT and any(reason.code in RETURNED for reason in verdict.reasons),
    )


def _waived(answer: Verdict, document: Document, submission: Submission) -> Verdict:
    """A person's release counts against whoever holds: a HOLD whose every reason was waived stands no longer."""
    if answer.kind is not VerdictKind.HOLD or not answer.reasons:
        return answer
    waived = {waiver.code for waiver in submission.waivers if waiver.file == document.main.sha256}
    left = tuple(reason for reason in answer.reasons if reason.code not in waived)
    return Verdict.hold(*left) if left else Verdict.accept()


def redacted(document: Document, classification: Classification, verdict: Verdict, policy: Policy) -> DocumentVerdict:
    """What quarantine keeps: hashes, the mark, the reason in the policy's words, not in those of a plugin."""
    bare = tuple(_bare_reason(reason.code, policy) for reason in verdict.reasons)
    return DocumentVerdict(
        main=document.main.sha256,
        main_sha256=document.main.sha256,
        files=tuple(dict.fromkeys(file.sha256 for file in document.files)),
        classification=None,
        signatures=(),
        findings=(),
        verdict=replace(verdict, reasons=bare),
        first_page=document.first_page,
        secrecy=classification.secrecy.value if classification.secrecy else None,
    )


def _bare_reason(code: str, policy: Policy) -> Reason:
    if code not in policy.by_code:
        known = code if _CODE.fullmatch(code) else "locked-by-plugin"
        return Reason(known, "Cách ly theo kết luận của một phần kiểm tra bổ sung.", "A plugin locked it away.")
    reason = Reason.of(policy.finding(code))
    return replace(
        reason,
        message=_bare(reason.message),
        english=_bare(reason.english),
        remedy=_bare(reason.remedy),
        remedy_english=_bare(reason.remedy_english),
    )


def _bare(words: str) -> str:
    """The words before any colon: after it there would be a quotation, which is left out."""
    return words.partition(":")[0].rstrip(" .") + "." if words else ""


def _route(
    document: Document,
    classification: Classification,
    verdict: Verdict,
    submission: Submission,
    tally: Tally,
    snapshot: Snapshot,
) -> tuple[tuple[Destination, ...], Finding | None]:
    answers: tuple[Destination, ...] = _joined(
        tally.all(
            "route",
            submission=submission,
            document=document,
            classification=classification,
            verdict=verdict,
            snapshot=snapshot,
        )
    )
    destinations = tuple(dict.fromkeys(answers))
    waived = any(w.code == "no-route" and w.file == document.main.sha256 for w in submission.waivers)
    if destinations or waived or snapshot.forwarding.present_first:  # then a person says who is to have it
        return destinations, None
    return (), snapshot.policy.finding("no-route")


def _joined(answers: list[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(value for answer in answers for value in answer)
