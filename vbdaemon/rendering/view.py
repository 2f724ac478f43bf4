"""One document as rows of ready words, for the check sheet and the page of a submission."""

from dataclasses import dataclass

from vbdaemon.model import Classification, DocumentVerdict, FileRecord, Finding, SignatureReport, Signer
from vbdaemon.rendering import labels
from vbdaemon.rendering.answer import ReasonWords, reason_words
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.words import day_words, local_moment, sentence

UNKNOWN = "chưa xác định"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the document."""

    name: str
    role: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One digital signature."""

    signer: str
    role: str
    status: str
    detail: str
    """Sub-indication, confirmation by a person, missing issuer; may be empty."""
    signed_at: str
    revocation: str
    where: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One check's answer."""

    code: str
    severity: str
    message: str
    english: str
    clause: str
    remedy: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document as it is shown."""

    main: str
    verdict: str
    """ACCEPT, HOLD, REJECT or QUARANTINE; also the CSS class."""
    verdict_words: str
    arrival: str
    reasons: tuple[ReasonWords, ...]
    facts: tuple[tuple[str, str], ...]
    """Label and value."""
    files: tuple[FileRow, ...]
    signatures: tuple[SignatureRow, ...]
    findings: tuple[FindingRow, ...]
    destinations: tuple[str, ...]


def document_view(document: DocumentVerdict, files: tuple[FileRecord, ...]) -> DocumentView:
    """The document in words; `files` give names, roles and sizes where they are known."""
    known = {file.sha256: file for file in files}
    number = document.register or document.duplicate_of
    told = number is not None and number.number > 0
    arrival = f"{number.number}/{number.year}, ngày {day_words(number.registered_on)}" if number and told else ""
    return DocumentView(
        main=shown_name(document.main),
        verdict=document.verdict.kind.value,
        verdict_words=document.verdict.kind.vietnamese,
        arrival=f"{arrival} (văn bản trùng)".lstrip() if document.duplicate_of and not document.register else arrival,
        reasons=tuple(reason_words(reason, document.findings) for reason in document.verdict.reasons),
        facts=_facts(document.classification) if document.classification else (),
        files=tuple(_file(sha256, known.get(sha256), document) for sha256 in document.files),
        signatures=tuple(_signature(report) for report in document.signatures),
        findings=tuple(_finding(finding) for finding in document.findings),
        destinations=tuple(f"{place.scheme}: {place.address}" for place in document.destinations),
    )


def _facts(found: Classification) -> tuple[tuple[str, str], ...]:
    rows = (
        ("Hình thức", found.form_name or UNKNOWN),
        ("Số, ký hiệu", found.designation or UNKNOWN),
        ("Ngày ban hành", day_words(found.issued_on.value) if found.issued_on else UNKNOWN),
        ("Cơ quan ban hành", found.issuer.value if found.issuer else UNKNOWN),
        ("Trích yếu", found.subject.value if found.subject else UNKNOWN),
        ("Người ký", _signer(found.signer.value) if found.signer else UNKNOWN),
        ("Người cùng ký", "; ".join(_signer(each.value) for each in found.co_signers)),
        ("Mức độ khẩn", labels.URGENCY[found.urgency.value] if found.urgency else ""),
        ("Chỉ dẫn lưu hành", labels.CIRCULATION[found.circulation.value] if found.circulation else ""),
        ("Kính gửi", "; ".join(line.value for line in found.addressees)),
        ("Nơi nhận", "; ".join(line.value for line in found.recipients)),
        ("Hạn xử lý", "; ".join(day_words(day.value) for day in found.deadlines)),
        ("Hình thức gửi, nhận", labels.TRANSMISSION[found.transmission]),
    )
    return tuple((label, sentence(value)) for label, value in rows if value)


def _signer(signer: Signer) -> str:
    return ", ".join(part for part in (signer.authority, signer.title, signer.name) if part) or UNKNOWN


def _file(sha256: str, file: FileRecord | None, document: DocumentVerdict) -> FileRow:
    if file is None:
        name = shown_name(document.main) if sha256 == document.main_sha256 else UNKNOWN
        return FileRow(name, "", "", sha256)
    size = f"{file.size:,}".replace(",", ".") + " byte"
    return FileRow(shown_name(file.name), labels.FILE_ROLE[file.role], size, sha256)


def _signature(report: SignatureReport) -> SignatureRow:
    details = [report.subindication or ""]
    if report.confirmed:
        details.append("chứng thư số đã được xác nhận trong danh bạ")
    if report.missing_issuer:
        details.append(f"thiếu nơi cấp: {report.missing_issuer} {' '.join(report.missing_issuer_urls)}")
    if report.altered_after:
        details.append("tệp bị thay đổi sau khi ký")
    time = local_moment(report.signed_at) if report.signed_at else UNKNOWN
    return SignatureRow(
        signer=sentence(report.signer or UNKNOWN),
        role=labels.SIGNER_ROLE[report.role],
        status=labels.SIGNATURE_STATUS[report.status],
        detail=sentence("; ".join(part for part in details if part)),
        signed_at=f"{time} ({labels.TIME_SOURCE[report.time_source]})",
        revocation=labels.REVOCATION[report.revocation],
        where=f"{shown_name(report.file_name)}, trường {sentence(report.field)}",
    )


def _finding(finding: Finding) -> FindingRow:
    place = finding.evidence
    page = f"trang {place.page}: " if place and place.page else ""
    return FindingRow(
        code=finding.code,
        severity=labels.SEVERITY[finding.severity],
        message=sentence(finding.message),
        english=sentence(finding.english),
        clause=sentence(finding.clause),
        remedy=sentence(finding.remedy),
        evidence=sentence(f"{page}{place.words}") if place else "",
    )
