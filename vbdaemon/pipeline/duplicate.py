"""The duplicate rules (NĐ 30/2020 App. VI): what was accepted before, here or in another submission."""

from dataclasses import replace
from datetime import date

from vbdaemon.model import (
    Classification,
    DocumentVerdict,
    Finding,
    Reason,
    RegisterNumber,
    Snapshot,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.state import decisions
from vbdaemon.state.connection import Connection


def compare(
    connection: Connection,
    submission_id: str,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    waivers: tuple[Waiver, ...],
) -> DocumentVerdict:
    """The duplicate rules of NĐ 30/2020 App. VI, on what was accepted before."""
    if verdict.verdict.kind is not VerdictKind.ACCEPT or verdict.filed_with is not None:
        return verdict
    earlier = decisions.accepted_with(connection, verdict.main_sha256, verdict.first_page, submission_id)
    if earlier is not None:
        return _repeated(verdict, earlier, snapshot)
    alike = decisions.accepted_like(connection, verdict.classification or Classification(), submission_id)
    waived = any(w.code == "duplicate-differs" and w.file == verdict.main_sha256 for w in waivers)
    if alike is None or waived:
        return verdict
    differs: Finding = snapshot.policy.finding("duplicate-differs", detail=alike)
    return replace(
        verdict, verdict=Verdict.hold(Reason.of(differs)), destinations=(), findings=(*verdict.findings, differs)
    )


def once(verdict: DocumentVerdict, before: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> DocumentVerdict:
    """The same bytes under two names in one submission are one document; the second repeats the first."""
    if verdict.verdict.kind is not VerdictKind.ACCEPT or verdict.duplicate_of or verdict.filed_with:
        return verdict
    here = (verdict.main_sha256, verdict.first_page, VerdictKind.ACCEPT)
    twin = next((d for d in before if (d.main_sha256, d.first_page, d.verdict.kind) == here), None)
    if twin is None:
        return verdict
    return _repeated(verdict, twin.register or RegisterNumber("", 0, 0, date.min), snapshot)


def _repeated(verdict: DocumentVerdict, earlier: RegisterNumber, snapshot: Snapshot) -> DocumentVerdict:
    number = f"{earlier.number}/{earlier.year}" if earlier.number else ""
    note = snapshot.policy.finding("duplicate", detail=number)
    return replace(verdict, duplicate_of=earlier, destinations=(), findings=(*verdict.findings, note))
