"""Judges by the policy: each finding has its consequence there; what a person waived has none."""

from vbdaemon.builtin.contents import binds
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    Document,
    Finding,
    Reason,
    Severity,
    Snapshot,
    Submission,
    Verdict,
    VerdictKind,
    strictest,
)

UNDECIDED = frozenset({"sender-unknown", "draft-sender-unknown", "ocr-unavailable", "plugin-off"})
"""While these stand nothing is refused: the sender is unknown, or we ourselves could not look at everything."""


@hookimpl
def judge(
    submission: Submission,
    document: Document,
    classification: Classification,
    findings: tuple[Finding, ...],
    snapshot: Snapshot,
) -> Verdict:
    """The strictest consequence of all findings; ACCEPT when none has one.

    While the sender is unknown nothing is refused. A refusal outside the lists' scope, or where the policy says
    "confirm", waits for a person.
    """
    waived = {waiver.code for waiver in submission.waivers if waiver.file == document.main.sha256}
    answers = [
        Verdict(kind, (Reason.of(finding),))
        for finding in findings
        if finding.code not in waived and (kind := consequence(finding, snapshot)) is not VerdictKind.ACCEPT
    ]
    verdict = strictest((Verdict.accept(), *answers))
    if verdict.kind is not VerdictKind.REJECT:
        return verdict
    if any(finding.code in UNDECIDED for finding in findings):
        return Verdict.hold(*_reasons(answers))
    if _needs_person(submission, document, classification, snapshot):
        person = Reason.of(snapshot.policy.finding("refusal-needs-person"))
        return Verdict.hold(*verdict.reasons, person)
    return verdict


def consequence(finding: Finding, snapshot: Snapshot) -> VerdictKind:
    """What follows from a finding; an error that the policy does not know holds."""
    rule = snapshot.policy.by_code.get(finding.code)
    if rule is None:
        return VerdictKind.HOLD if finding.severity is Severity.ERROR else VerdictKind.ACCEPT
    return rule.verdict or VerdictKind.ACCEPT


def _reasons(answers: list[Verdict]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for answer in answers for reason in answer.reasons))


def _needs_person(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> bool:
    return snapshot.policy.refusals == "confirm" or not binds(submission, document, classification, snapshot)
