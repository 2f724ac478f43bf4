"""Findings about who signed: the agency, the competent person or a scan instead; 552/UBND §1, NĐ 30/2020 art. 21."""

from vbdaemon.builtin.validity_names import same_person
from vbdaemon.builtin.validity_scan import ScanEvidence, ScanSight, scan_sight
from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.model import (
    Classification,
    ContentKind,
    Evidence,
    FileRole,
    Finding,
    ProblemKind,
    SignatureArea,
    SignaturePurpose,
    SignatureReport,
    SignerRole,
)

UNREADABLE = (ProblemKind.EMPTY, ProblemKind.ENCRYPTED, ProblemKind.DAMAGED, ProblemKind.OVER_LIMIT)
EDITABLE_KINDS = (ContentKind.DOCX, ContentKind.XLSX, ContentKind.DOC, ContentKind.XLS)
NO_DOCUMENT = ("no-document", "not-an-agency-document")
EXPECTED_AREAS = (SignatureArea.TOP_RIGHT, SignatureArea.SIGNATURE_BLOCK)
PDF = "application/pdf"

ORGANISATION, PERSON, UNKNOWN = SignerRole.ORGANISATION, SignerRole.PERSON, SignerRole.UNKNOWN


def presence_findings(view: SignatureView) -> list[Finding]:
    """Which required signature is missing, and which does not fit issuer or signer.

    A signature that cannot be decided, or whose role is unknown, is not missing.
    """
    if is_draft(view) or unreadable(view) or is_companion(view):
        return []
    if not view.main_with(ORGANISATION) and not view.main_with(UNKNOWN):
        return [_organisation_missing(view), *_person_findings(view)]
    return [*_organisation_findings(view), *_person_findings(view), *_position_findings(view), *_annex_findings(view)]


def is_draft(view: SignatureView) -> bool:
    """A draft is unsigned by nature, and its Tờ trình comes as a scan with seal (607/UBND-VP §1)."""
    draft = view.classification.draft
    carries = view.document.draft is not None or view.document.main.role is FileRole.DRAFT
    return carries or (draft is not None and draft.value)


def is_companion(view: SignatureView) -> bool:
    """An editable file, an annex or a letter that came alone is no document that could be signed."""
    content = view.document.content
    editable = content is not None and content.kind in EDITABLE_KINDS
    return editable or any(doubt.code in NO_DOCUMENT for doubt in view.classification.doubts)


def unreadable(view: SignatureView) -> bool:
    """What could not be opened has a finding of its own; whether it is signed cannot be said."""
    content = view.document.content
    return content is not None and not view.main and any(content.has(kind) for kind in UNREADABLE)


def _organisation_missing(view: SignatureView) -> Finding:
    unit = view.snapshot.directory.unit(view.classification.issuer_unit)
    if unit is not None and not unit.signature_issued:
        return view.finding("signature-account-missing")
    return view.finding("organisation-signature-missing", words=_count(view))


def _organisation_findings(view: SignatureView) -> list[Finding]:
    organisations = view.main_with(ORGANISATION)
    issuers = [report for report in organisations if view.is_issuers(report)]
    if not organisations:
        return _role_unknown(view)
    if not issuers:
        return [view.finding("signer-not-issuer", organisations[-1])]
    others = {report.certificate: report for report in organisations if report not in issuers}
    return [view.finding("publisher-signature", report) for report in others.values()]


def _person_findings(view: SignatureView) -> list[Finding]:
    persons = view.main_with(PERSON)
    sight = scan_sight(view.document.content, view.classification)
    sealed = sight.evidence is ScanEvidence.SEALED_SCAN
    signer = view.classification.signer
    printed = signer.value.name if signer else None
    if persons:
        if printed is None or any(_is_printed(report, view.classification) for report in persons):
            return []
        if not sealed:
            return [view.finding("person-not-the-signer", persons[0], printed=printed or "")]
    unknown = view.main_with(UNKNOWN)
    if unknown and not sealed:
        return _role_unknown(view) if view.main_with(ORGANISATION) else []
    return [_scan_finding(view, sight)]


def _is_printed(report: SignatureReport, kind: Classification) -> bool:
    """True when the signature is of the printed signer, or of a further one of a joint document."""
    named = [found.value.name for found in (kind.signer, *kind.co_signers) if found]
    return any(same_person(report.signer or "", name) for name in named if name)


def _role_unknown(view: SignatureView) -> list[Finding]:
    """Of a signature whose certificate is known; one that could not even be opened is undecidable, not more."""
    known = [report for report in view.main_with(UNKNOWN) if report.certificate is not None]
    return [view.finding("signature-role-unknown", report) for report in known[:1]]


SCAN_CODES = {
    ScanEvidence.SEALED_SCAN: "scan-of-original",
    ScanEvidence.SCAN: "red-seal-not-seen",
    ScanEvidence.NOTHING: "person-signature-or-scan-missing",
}


def _scan_finding(view: SignatureView, sight: ScanSight) -> Finding:
    """What stands in place of the competent person's signature, with the part of the page where it was measured."""
    words = _count(view) if sight.evidence is ScanEvidence.NOTHING else sight.evidence.value
    evidence = Evidence(words, file=view.document.main.sha256, page=sight.page, box=sight.region)
    code = SCAN_CODES.get(sight.evidence, "scan-evidence-unclear")
    return view.snapshot.policy.finding(code, evidence=evidence, issuer=view.issuer)


def _position_findings(view: SignatureView) -> list[Finding]:
    """The seal stands at the signature block, or top right on page 1 of a scan; either is accepted as a hint."""
    seals = [r for r in view.main_with(ORGANISATION) if r.purpose is SignaturePurpose.SEAL and view.is_issuers(r)]
    known = [report for report in seals if report.position is not None]
    if not known or any(report.position and report.position.area in EXPECTED_AREAS for report in known):
        return []
    return [view.finding("signature-position", known[0])]


def _annex_findings(view: SignatureView) -> list[Finding]:
    """An annex in a PDF of its own carries the agency's signature (NĐ 30/2020 App. I, II.8b)."""
    annexes = [file for file in view.document.annexes if file.media_type == PDF or _is_pdf(view, file.sha256)]
    unsigned = [file for file in annexes if not view.of(file.sha256)]
    return [view.finding("annex-unsigned", words=file.name, file=file.name) for file in unsigned]


def _is_pdf(view: SignatureView, sha256: str) -> bool:
    return any(c.file == sha256 and c.kind is ContentKind.PDF for c in view.document.contents)


def _count(view: SignatureView) -> str:
    names = [report.signer or report.field for report in view.main]
    return f"{len(names)} signatures: {', '.join(names)}" if names else "0 signatures"
