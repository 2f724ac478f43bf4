"""The signatures of one document as rows of ready words, for the sheet on signatures."""

import re
from dataclasses import dataclass

from vbdaemon.model import (
    DocumentVerdict,
    FileRecord,
    Finding,
    Policy,
    Position,
    Severity,
    SignatureArea,
    SignaturePurpose,
    SignatureReport,
)
from vbdaemon.rendering import labels
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.words import day_words, local_moment, sentence

UNKNOWN = "chưa xác định"
CAUSES = {
    "NO_CERTIFICATE_CHAIN_FOUND": "chưa dựng được chuỗi chứng thư số tới gốc tin cậy",
    "HASH_FAILURE": "nội dung tệp không khớp giá trị băm đã ký",
    "SIG_CRYPTO_FAILURE": "giá trị chữ ký không khớp chứng thư số",
    "REVOKED": "chứng thư số đã bị thu hồi trước khi ký",
    "REVOKED_NO_POE": "chứng thư số bị thu hồi về sau, không có dấu thời gian chứng minh đã ký trước đó",
    "EXPIRED": "chứng thư số không có hiệu lực khi ký",
    "OUT_OF_BOUNDS_NO_POE": "chứng thư số không có hiệu lực tại thời điểm do phần mềm ký ghi",
    "NO_POE": "không có thời điểm ký",
}
"""ETSI EN 319 102-1, 5.1.3, in words."""
PURPOSES = {
    SignaturePurpose.SEAL: "thay con dấu",
    SignaturePurpose.NUMBER: "ký vào số văn bản",
    SignaturePurpose.DATE: "ký vào ngày văn bản",
    SignaturePurpose.OTHER: "",
}
AREAS = {
    SignatureArea.TOP_RIGHT: "góc trên bên phải",
    SignatureArea.SIGNATURE_BLOCK: "tại khối chữ ký",
    SignatureArea.OTHER: "vị trí khác",
    SignatureArea.INVISIBLE: "không hiển thị",
}
KEYS = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "ed25519": "Ed25519", "ed448": "Ed448"}
PRESENCE = ("organisation-signature-missing", "person-signature-or-scan-missing")
INTEGRITY = ("signature-broken", "certificate-untrusted")
RESTS_ON = (*PRESENCE, *INTEGRITY)
"""The policy's rules whose clauses the whole check rests on."""
WEIGHT = {severity: weight for weight, severity in enumerate((Severity.ERROR, Severity.WARNING, Severity.NOTE))}
"""Gravest first."""
PREFIXES = ("signature-", "certificate-", "weak-digest", "key-", "revocation-", "authority-", "signer-", "person-")
OTHERS = frozenset(
    {
        "organisation-signature-missing",
        "altered-after-signing",
        "earlier-signature-broken",
        "changed-between-signatures",
        "publisher-signature",
        "scan-evidence-unclear",
        "red-seal-not-seen",
        "scan-of-original",
        "annex-unsigned",
        "unsigned-bytes",
    }
)


@dataclass(frozen=True, slots=True)
class SignatureWords:
    """One signature; every value is ready to be read."""

    number: int
    signer: str
    who: str
    """Role, purpose, and the file when it is not the main one."""
    status: str
    """PASSED, INDETERMINATE or FAILED; also the CSS class."""
    result: str
    cause: str
    signed_at: str
    time_source: str
    integrity: str
    chain: str
    revocation: str
    strength: str
    position: str


@dataclass(frozen=True, slots=True)
class RemarkWords:
    """A finding about signatures."""

    severity: str
    message: str
    clause: str


@dataclass(frozen=True, slots=True)
class SignatureSheet:
    """The whole sheet in words."""

    verdict: str
    verdict_words: str
    facts: tuple[tuple[str, str], ...]
    signatures: tuple[SignatureWords, ...]
    remarks: tuple[RemarkWords, ...]
    rests_on: str


def sheet_words(document: DocumentVerdict, files: tuple[FileRecord, ...], policy: Policy) -> SignatureSheet:
    """The signatures of `document` in words, and the findings about them."""
    told = sorted(filter(is_about_signatures, document.findings), key=lambda finding: WEIGHT[finding.severity])
    remarks = dict.fromkeys(map(_remark, told))
    clauses = [policy.by_code[code].clause for code in RESTS_ON if code in policy.by_code]
    parts = dict.fromkeys(part.strip() for clause in clauses for part in clause.split(";") if part.strip())
    return SignatureSheet(
        verdict=document.verdict.kind.value,
        verdict_words=document.verdict.kind.vietnamese,
        facts=_facts(document, files),
        signatures=tuple(_signature(n, report, document) for n, report in enumerate(document.signatures, start=1)),
        remarks=tuple(remarks),
        rests_on="; ".join(parts),
    )


def is_about_signatures(finding: Finding) -> bool:
    """True for findings that the sheet on signatures tells."""
    return finding.code in OTHERS or finding.code.startswith(PREFIXES)


def _facts(document: DocumentVerdict, files: tuple[FileRecord, ...]) -> tuple[tuple[str, str], ...]:
    found = document.classification
    size = next((file.size for file in files if file.sha256 == document.main_sha256), None)
    rows = [("Tệp", f"{shown_name(document.main)}" + (f" ({size:,} byte)".replace(",", ".") if size else ""))]
    if found is not None:
        number = " ".join(part for part in (found.form_name, found.designation) if part)
        day = f", ngày {day_words(found.issued_on.value)}" if found.issued_on else ""
        rows.append(("Văn bản", f"{number or UNKNOWN}{day}"))
        rows.append(("Cơ quan ban hành", found.issuer.value if found.issuer else UNKNOWN))
        if found.subject and not found.restricted:
            rows.append(("Trích yếu", found.subject.value))
    rows.append(("SHA-256", document.main_sha256))
    return tuple((label, sentence(value)) for label, value in rows)


def _signature(number: int, report: SignatureReport, document: DocumentVerdict) -> SignatureWords:
    elsewhere = "" if report.file == document.main_sha256 else f"tệp {shown_name(report.file_name)}"
    who = [labels.SIGNER_ROLE[report.role], PURPOSES[report.purpose], elsewhere]
    return SignatureWords(
        number=number,
        signer=sentence(report.signer or UNKNOWN),
        who=sentence("; ".join(part for part in who if part)),
        status=report.status.value,
        result=labels.SIGNATURE_STATUS[report.status],
        cause=_cause(report),
        signed_at=local_moment(report.signed_at) if report.signed_at else UNKNOWN,
        time_source=labels.TIME_SOURCE[report.time_source],
        integrity=_integrity(report),
        chain=_chain(report),
        revocation=labels.REVOCATION[report.revocation],
        strength=_strength(report),
        position=_position(report.position),
    )


def _cause(report: SignatureReport) -> str:
    if report.undecidable:
        return f"công cụ kiểm tra chưa đọc được chữ ký ({report.undecidable})"
    code = report.subindication
    return f"{CAUSES[code]} ({code})" if code in CAUSES else (code or "")


def _integrity(report: SignatureReport) -> str:
    if report.intact is None:
        return UNKNOWN
    if not report.intact:
        return "không toàn vẹn"
    if report.altered_after:
        return "phần đã ký toàn vẹn; tệp bị thay đổi sau khi ký"
    if report.covers_whole_file:
        return "toàn vẹn; bao trùm cả tệp"
    return "toàn vẹn; sau đó chỉ thêm chữ ký số hoặc dữ liệu xác thực"


def _strength(report: SignatureReport) -> str:
    """Digest and key as people write them: SHA-256, RSA 2048."""
    digest = re.sub(r"^SHA(?=\d)", "SHA-", (report.digest or "").upper())
    key = KEYS.get(report.key or "") or re.sub(r"^([A-Z]+)(\d+)$", r"\1 \2", (report.key or "").upper())
    return ", ".join(part for part in (digest, key) if part) or UNKNOWN


def _chain(report: SignatureReport) -> str:
    above = " → ".join(sentence(name) for name in report.chain[:-1]) or sentence(report.issuer or UNKNOWN)
    words = [above]
    if report.missing_issuer and not report.trusted:
        name = "" if report.missing_issuer == above else f" {sentence(report.missing_issuer)}"
        words.append(f"chứng thư số của nơi cấp{name} chưa có trong kho tin cậy")
    if report.confirmed:
        words.append("chứng thư số đã được xác nhận trong danh bạ")
    return "; ".join(words)


def _position(position: Position | None) -> str:
    if position is None:
        return UNKNOWN
    if position.area is SignatureArea.INVISIBLE:
        return AREAS[position.area]
    return f"{AREAS[position.area]}, trang {position.page}"


def _remark(finding: Finding) -> RemarkWords:
    return RemarkWords(labels.SEVERITY[finding.severity], sentence(finding.message), sentence(finding.clause))
