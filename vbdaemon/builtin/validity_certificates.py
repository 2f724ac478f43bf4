"""Findings about signers' certificates: chain, revocation, dates, strength of the digest."""

from vbdaemon.builtin.validity_integrity import is_broken
from vbdaemon.builtin.validity_view import NO_CHAIN, SignatureView
from vbdaemon.model import Finding, Revocation, SignatureReport, SignatureStatus

OUT_OF_VALIDITY = "OUT_OF_BOUNDS_NO_POE"


def certificate_findings(view: SignatureView) -> list[Finding]:
    """At most one finding of a kind for each certificate and file: an agency often signs three times."""
    findings: dict[tuple[str, str | None, str], Finding] = {}
    for report in view.signatures:
        for code, places in _codes(view, report):
            key = (report.file, report.certificate or report.field, code)
            findings.setdefault(key, view.finding(code, report, **places))
    return list(findings.values())


def _codes(view: SignatureView, report: SignatureReport) -> list[tuple[str, dict[str, str]]]:
    if is_broken(report):
        return []
    found = [*_status_codes(view, report)]
    decided = report.status is not SignatureStatus.FAILED and report.undecidable is None
    if decided and report.revocation is Revocation.UNKNOWN:
        found.append(("revocation-unknown", {}))
    return found


def _status_codes(view: SignatureView, report: SignatureReport) -> list[tuple[str, dict[str, str]]]:
    if report.status is SignatureStatus.PASSED:
        return []
    if report.undecidable is not None:
        return [("signature-undecidable", {})]
    if report.status is SignatureStatus.FAILED:
        expired = report.subindication == "EXPIRED"
        return [("certificate-expired-at-signing" if expired else "certificate-revoked", {})]
    if report.subindication == OUT_OF_VALIDITY:
        return [("certificate-expired-claimed", {})]
    if report.subindication == NO_CHAIN:
        if view.is_confirmed_without_chain(report):
            return [("certificate-confirmed", {})]
        missing = {"missing": report.missing_issuer or "", "urls": " ".join(report.missing_issuer_urls)}
        return [("certificate-untrusted", missing)]
    return [("signature-undecidable", {})]
