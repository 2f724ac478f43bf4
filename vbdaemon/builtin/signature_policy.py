"""The policy on signatures: weak digests, short keys, authorities for roles, revocation (signature-policy.toml)."""

from vbdaemon.clock import VIETNAM
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Evidence, Finding, SignatureReport, Snapshot, Submission


@hookimpl
def check(submission: Submission, signatures: tuple[SignatureReport, ...], snapshot: Snapshot) -> tuple[Finding, ...]:
    """At most one finding of a kind for each certificate and file: an agency often signs three times."""
    received = submission.envelope.received_at.astimezone(VIETNAM).date()
    found: dict[tuple[str, str, str], Finding] = {}
    for report in signatures:
        for weakness in snapshot.signature_rules.findings(report, received):
            finding = snapshot.policy.finding(
                weakness.code,
                Evidence(report.signer or report.field, report.file),
                signer=report.signer or "",
                issuer=report.issuer or "",
                file=report.file_name,
                detail=weakness.detail,
            )
            found.setdefault((report.file, report.certificate or report.field, weakness.code), finding)
    return tuple(found.values())
