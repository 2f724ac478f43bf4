"""What one document's sender is told, as frozen values in ready words."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from vbdaemon.model import (
    Directory,
    DocumentVerdict,
    Evidence,
    Finding,
    Reason,
    Severity,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Submission,
    VerdictKind,
)
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.phrases import arrival_words, described, files_words
from vbdaemon.rendering.words import sentence

Pictures: TypeAlias = Mapping[tuple[str, Reason], bytes]
"""PNGs of the places that reasons speak of, by the document's main file (SHA-256) and the reason."""

PAPER_ONLY = "paper-only-form"
PAPER_DUE = "paper-also-due"
NO_ACCOUNT = "signature-account-missing"
SIGNATURE_REMARKS = {"weak-digest", "changed-between-signatures", "signature-position", "annex-unsigned"}
UNSIGNED = {"organisation-signature-missing", "person-signature-or-scan-missing"}


class AnswerKind(StrEnum):
    """What the sender is told of one document."""

    RECEIVED = "received"
    """Accepted, with its arrival number (03)."""
    REFUSED = "refused"
    """Not accepted, with reasons (02)."""
    RETURNED = "returned"
    """A draft that goes back, with reasons (02)."""
    WAITING = "waiting"
    """Arrived; waits for a person or for evidence, no reasons are told (01)."""


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """One thing that is wrong, where, by which clause, and how it is mended."""

    code: str
    message: str
    """With the page on which it was seen."""
    english: str
    clause: str
    remedy: str
    remedy_english: str
    picture: str = ""
    """Of the place, as data URI; empty without one."""
    picture_words: str = ""
    """What the picture shows, for those who do not see it too."""


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """The answer on one document."""

    kind: AnswerKind
    described: str
    """ "văn bản số 299/UBND-TTHC ngày 15/01/2025 của …, trích yếu: “…”"; without subject where restricted."""
    designation: str
    files: str
    """ "gồm 2 tệp: 299.pdf; 299.docx"; without names where restricted."""
    sha256: str
    reasons: tuple[ReasonWords, ...]
    remarks: tuple[ReasonWords, ...]
    """Warnings: told, without consequence."""
    arrival: str
    """ "123/2025; ngày đến: 15/01/2025"; empty without a register number."""
    duplicate: str
    """The earlier arrival number of the same bytes, or empty."""
    signatures: str
    paper_clause: str
    """The clause by which a paper copy is due, or empty."""
    resend: bool
    """Mended, it can be sent again the same way (not so where only paper is allowed)."""
    guidance: bool
    """The sender is told how to get a signature account."""
    confirmed: str = ""
    """Who confirmed the refusal, "Lê Văn Mẫu, Phó Chánh Văn phòng"; empty when no person did."""
    corrected: bool = False
    """People typed in what was read wrongly: this notice stands in for an earlier one."""


def answer_for(
    verdict: DocumentVerdict, submission: Submission, pictures: Pictures, directory: Directory | None = None
) -> DocumentAnswer:
    """The answer on one document; what may not be told is not in it."""
    kind, found = answer_kind(verdict), verdict.classification
    codes = {reason.code for reason in verdict.verdict.reasons}
    told = kind in (AnswerKind.REFUSED, AnswerKind.RETURNED)
    return DocumentAnswer(
        kind=kind,
        described=described(verdict, directory),
        designation=(found.designation or "") if found else "",
        files=files_words(verdict, submission),
        sha256=verdict.main_sha256,
        reasons=reasons_in_words(verdict, submission, pictures) if told else (),
        remarks=_remarks(verdict) if kind is not AnswerKind.WAITING else (),
        arrival=arrival_words(verdict.register),
        duplicate=arrival_words(verdict.duplicate_of),
        signatures=_signature_words(verdict),
        paper_clause=_paper_clause(verdict) if kind is AnswerKind.RECEIVED else "",
        resend=PAPER_ONLY not in codes,
        guidance=NO_ACCOUNT in codes or (told and bool(codes & UNSIGNED)),
        confirmed=_confirmed(verdict) if told else "",
        corrected=bool(verdict.corrections) and kind is not AnswerKind.WAITING,
    )


def answer_kind(verdict: DocumentVerdict) -> AnswerKind:
    """What the sender is told; a quarantined document is not told of at all and counts as waiting."""
    match verdict.verdict.kind:
        case VerdictKind.ACCEPT:
            return AnswerKind.RECEIVED
        case VerdictKind.REJECT:
            return AnswerKind.RETURNED if verdict.returned else AnswerKind.REFUSED
        case _:
            return AnswerKind.WAITING


def reasons_in_words(verdict: DocumentVerdict, submission: Submission, pictures: Pictures) -> tuple[ReasonWords, ...]:
    """Why a document is not accepted, each reason with the picture of its place where there is one."""
    names = {file.sha256: file.name for file in submission.files} | {verdict.main_sha256: verdict.main}
    told = []
    for reason in verdict.verdict.reasons:
        words, place = reason_words(reason, verdict.findings), place_of(reason, verdict.findings)
        picture = pictures.get((verdict.main_sha256, reason))
        if picture and place:
            name = shown_name(names.get(place.file or verdict.main_sha256, verdict.main))
            shown = f"trang {place.page}, tệp {name}" + (": chỗ trong khung đỏ." if place.box else ".")
            uri = f"data:image/png;base64,{b64encode(picture).decode()}"
            words = replace(words, picture=uri, picture_words=shown)
        told.append(words)
    return tuple(told)


def shown_places(
    verdicts: tuple[DocumentVerdict, ...], kinds: tuple[VerdictKind, ...] = (VerdictKind.REJECT,)
) -> Iterator[tuple[DocumentVerdict, Reason, Evidence]]:
    """Every reason of a refusal that has a place on a page, and may be shown: nothing of restricted documents.

    Nothing at all where one of the documents is quarantined. `kinds`: whose reasons count.
    """
    if any(verdict.verdict.kind is VerdictKind.QUARANTINE for verdict in verdicts):
        return
    for verdict in verdicts:
        restricted = verdict.classification is not None and verdict.classification.restricted
        if verdict.verdict.kind not in kinds or restricted:
            continue
        for reason in verdict.verdict.reasons:
            place = place_of(reason, verdict.findings)
            if place is not None:
                yield verdict, reason, place


def place_of(reason: Reason, findings: tuple[Finding, ...]) -> Evidence | None:
    """Where that was seen which gave this reason; None when it was on no page."""
    places = (f.evidence for f in findings if f.code == reason.code and f.message == reason.message)
    return next((place for place in places if place and place.page), None)


def reason_words(reason: Reason, findings: tuple[Finding, ...] = ()) -> ReasonWords:
    """A reason in words without holes; the page comes from the finding that gave it."""
    place = place_of(reason, findings)
    page = place.page if place else None
    message = sentence(reason.message)
    return ReasonWords(
        code=reason.code,
        message=f"{message.removesuffix('.')} (trang {page})." if page else message,
        english=sentence(reason.english),
        clause=sentence(reason.clause),
        remedy=sentence(reason.remedy),
        remedy_english=sentence(reason.remedy_english),
    )


def _remarks(verdict: DocumentVerdict) -> tuple[ReasonWords, ...]:
    warnings = dict.fromkeys(Reason.of(f) for f in verdict.findings if f.severity is Severity.WARNING)
    given = {reason.code for reason in verdict.verdict.reasons}
    return tuple(reason_words(reason, verdict.findings) for reason in warnings if reason.code not in given)


def _confirmed(verdict: DocumentVerdict) -> str:
    person = verdict.confirmed
    return ", ".join(part for part in (sentence(person.name), sentence(person.title)) if part) if person else ""


def _paper_clause(verdict: DocumentVerdict) -> str:
    due = next((f for f in verdict.findings if f.code == PAPER_DUE), None)
    if due is None or verdict.duplicate_of:
        return ""
    return sentence(due.clause) or "quy định về gửi, nhận văn bản"


def _signature_words(verdict: DocumentVerdict) -> str:
    reports = verdict.signatures
    if not reports:
        return "văn bản không có chữ ký số"
    if not any(_is_good(report) for report in reports if report.role is SignerRole.ORGANISATION):
        return "đã được người phụ trách xem xét, chấp nhận"
    remarked = any(f.code in SIGNATURE_REMARKS and f.severity is Severity.WARNING for f in verdict.findings)
    return "hợp lệ, có lưu ý dưới đây" if remarked else "hợp lệ"


def _is_good(report: SignatureReport) -> bool:
    """A pin by a person stands in for the missing chain, never for integrity."""
    pinned = report.confirmed and report.intact is True and report.status is SignatureStatus.INDETERMINATE
    return report.status is SignatureStatus.PASSED or pinned
