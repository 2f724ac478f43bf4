"""Findings about what happened to the file: broken, altered, changed between signatures."""

from vbdaemon.builtin.validity_cover import cover_findings
from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.model import Evidence, Finding, SignatureReport, SignatureStatus, UnsignedTrace

BROKEN = ("HASH_FAILURE", "SIG_CRYPTO_FAILURE")
TRACES = {
    UnsignedTrace.LETTERS: "cách ghi giá trị chữ ký",
    UnsignedTrace.ENVELOPE: "phần bao ngoài của chữ ký",
    UnsignedTrace.EVIDENCE: "chứng thư số hoặc danh sách thu hồi kèm theo",
    UnsignedTrace.TIMESTAMP: "dấu thời gian không kiểm tra được",
    UnsignedTrace.REVISION: "dữ liệu xác thực thêm vào sau chữ ký cuối",
    UnsignedTrace.TAIL: "ký tự trống cuối tệp",
}
"""For people: what stands or changed outside everything that is signed."""


def integrity_findings(view: SignatureView) -> list[Finding]:
    """One finding for every signature that is broken or not followed by legitimate signatures alone.

    Neither a last-only nor an any-broken rule is right on real papers: what a later good signature of the
    issuer covers is held or warned of, never refused.
    """
    findings = (_finding(view, report) for report in view.signatures)
    return [*(finding for finding in findings if finding is not None), *cover_findings(view), *_unsigned(view)]


def is_broken(report: SignatureReport) -> bool:
    """The signed bytes are not those of the file, or the signature value does not fit them."""
    return report.status is SignatureStatus.FAILED and report.subindication in BROKEN


def _unsigned(view: SignatureView) -> list[Finding]:
    """One note for each file whose signatures hold good: what stands or changed in it that nobody signed."""
    found = []
    for sha256 in dict.fromkeys(report.file for report in view.signatures):
        reports = [report for report in view.of(sha256) if view.holds_good(report)]
        traces = {trace for report in reports for trace in report.unsigned_traces}
        if traces:
            words = [TRACES[trace] for trace in UnsignedTrace if trace in traces]
            evidence = Evidence(", ".join(trace for trace in UnsignedTrace if trace in traces), file=sha256)
            places = {"file": reports[0].file_name, "detail": ", ".join(words)}
            found.append(view.snapshot.policy.finding("unsigned-bytes", evidence=evidence, **places))
    return found


def _finding(view: SignatureView, report: SignatureReport) -> Finding | None:
    vouched = view.vouched_for(report)
    if is_broken(report):
        return view.finding("earlier-signature-broken" if vouched else "signature-broken", report)
    if report.altered_after:
        return view.finding("changed-between-signatures" if vouched else "altered-after-signing", report)
    return None
