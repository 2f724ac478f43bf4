"""Files lone files with their document: an editable file or annex joins what the same source brought before."""

from dataclasses import replace
from datetime import date

from vbdaemon.model import Classification, DocumentVerdict, RegisterNumber, Snapshot, Verdict, VerdictKind
from vbdaemon.state import decisions
from vbdaemon.state.connection import Connection

ALONE = frozenset({"editable-file-alone", "annex-alone"})
COMPANIONS = ALONE | {"no-document", "form-unknown"}
"""Reasons that a file has for waiting only because its document is not with it."""


def file_with(connection: Connection, source: str, verdict: DocumentVerdict, snapshot: Snapshot) -> DocumentVerdict:
    """The verdict, or ACCEPT with the destinations of the document that a lone file belongs to."""
    codes = {reason.code for reason in verdict.verdict.reasons}
    if verdict.verdict.kind is not VerdictKind.HOLD or not codes & ALONE or not codes <= COMPANIONS:
        return verdict
    alone = next(finding for finding in verdict.findings if finding.code in ALONE)
    designation = alone.evidence.words if alone.evidence else ""
    kind = verdict.classification or Classification()
    found = decisions.companion_of(connection, source, designation, kind)
    if found is None:
        return verdict
    submission, ordinal = found
    decision = decisions.latest(connection, submission)
    if decision is None:
        return verdict
    document = decision.documents[ordinal]
    register = document.register
    detail = f"số đến {register.number}/{register.year}" if register else "chưa có số đến"
    note = snapshot.policy.finding("filed-with-document", detail=detail)
    kept = tuple(finding for finding in verdict.findings if finding.code not in COMPANIONS)
    return replace(
        verdict,
        verdict=Verdict.accept(),
        findings=(*kept, note),
        destinations=document.destinations,
        filed_with=register or RegisterNumber("", 0, 0, date.min),
    )
