"""Findings about what happened to the file: broken, altered, changed between signatures."""

from vbdaemon.builtin.validity_cover import cover_findings
from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.model import Finding, SignatureReport, SignatureStatus

BROKEN = ("HASH_FAILURE", "SIG_CRYPTO_FAILURE")


def integrity_findings(view: SignatureView) -> list[Finding]:
    """One finding for every signature that is broken or not followed by legitimate signatures alone.

    Neither a last-only nor an any-broken rule is right on real papers: what a later good signature of the
    issuer covers is held or warned of, never refused.
    """
    findings = (_finding(view, report) for report in view.signatures)
    return [*(finding for finding in findings if finding is not None), *cover_findings(view)]


def is_broken(report: SignatureReport) -> bool:
    """The signed bytes are not those of the file, or the signature value does not fit them."""
    return report.status is SignatureStatus.FAILED and report.subindication in BROKEN


def _finding(view: SignatureView, report: SignatureReport) -> Finding | None:
    vouched = view.vouched_for(report)
    if is_broken(report):
        return view.finding("earlier-signature-broken" if vouched else "signature-broken", report)
    if report.altered_after:
        return view.finding("changed-between-signatures" if vouched else "altered-after-signing", report)
    return None
