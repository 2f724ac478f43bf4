"""What statistics count of each document, written in the transaction that commits its decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.model import Classification, DocumentVerdict, FileRole, Purpose, Severity, VerdictKind
from vbdaemon.state import facts_signing
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, SubmissionRow
from vbdaemon.state.tables import documents
from vbdaemon.state.tables_facts import document_facts as table

EDITABLE_MISSING = "editable-file-missing"
PAPER_ALSO_DUE = "paper-also-due"
FORMAT = "format-"
SETTLED = (VerdictKind.ACCEPT, VerdictKind.REJECT)
"""Verdicts with which the sender knows where he is; HOLD is none yet."""

_ID = table.c.submission_id == bindparam("id_")
_ADD = insert(table)
_DROP = delete(table).where(_ID)
_BEFORE = (
    select(
        table.c.ordinal, table.c.verdict, table.c.returned, table.c.decided_at, table.c.receipt_seconds,
        documents.c.main_sha256, documents.c.first_page,
    )
    .outerjoin(
        documents, (documents.c.submission_id == table.c.submission_id) & (documents.c.ordinal == table.c.ordinal)
    )
    .where(_ID)
)  # fmt: skip
_NOTHING: dict[str, Any] = {
    "unit": None,
    "account": None,
    "issuer_unit": None,
    "form": None,
    "channel": None,
    "draft": False,
    "returned": False,
    "duplicate": False,
    "restricted": False,
    "signable": False,
    "signed_by_organisation": False,
    "signed_by_person": False,
    "signed_by_leader": False,
    "editable_missing": False,
    "paper_due": False,
    "format_findings": 0,
    "book": None,
    "year": None,
    "arrival_number": None,
}
"""What a quarantined document is counted with: that there was one."""
_AMENDED = frozenset({"form", "issuer_unit", "book", "year", "arrival_number"})
_LOCK = update(table).where(_ID).values(verdict=VerdictKind.QUARANTINE, reasons=" ", receipt_seconds=None, **_NOTHING)
_HOLD = update(table).where(_ID).values(verdict=VerdictKind.HOLD, receipt_seconds=None)


_Key = int | tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Settled:
    """When a document got the verdict that it has still."""

    verdict: tuple[str, bool]
    decided_at: datetime
    receipt_seconds: int | None


def write(connection: Connection, row: SubmissionRow, decision: Decision, at: datetime) -> None:
    """Count the documents of a decision made `at`; replaces what an earlier decision of the submission counted.

    Pre-flights, messages and pieces that wait for the others are no documents handed in: nothing is counted. A verdict
    that stays the same keeps the time at which it was first given: a later correction makes no receipt slower. To be
    called before `decisions.write_documents`, which still knows which document stood where.
    """
    before = _before(connection, row.id)
    drop(connection, row.id)
    if decision.purpose is not Purpose.EXCHANGE or decision.piece is not None or decision.correspondence is not None:
        return
    rows = []
    for ordinal, document in enumerate(decision.documents):
        settled = before.get((document.main_sha256, document.first_page)) or before.get(ordinal)
        rows.append(_row(row, decision, ordinal, at, settled))
    if rows:
        connection.execute(_ADD, rows)


def _before(connection: Connection, submission_id: str) -> dict[_Key, _Settled]:
    """By main file and first page, for a document can stand elsewhere now; by ordinal where these are not known."""
    found: dict[_Key, _Settled] = {}
    for each in connection.execute(_BEFORE, {"id_": submission_id}):
        place: _Key = each.ordinal if each.main_sha256 is None else (each.main_sha256, each.first_page)
        found[place] = _Settled((each.verdict, each.returned), each.decided_at, each.receipt_seconds)
    return found


def drop(connection: Connection, submission_id: str) -> None:
    """The submission counts no longer: it turned out to hand in nothing."""
    connection.execute(_DROP, {"id_": submission_id})


def hold(connection: Connection, submission_id: str) -> None:
    """A person holds what was decided: its documents count as held until it is decided again."""
    connection.execute(_HOLD, {"id_": submission_id})


def lock(connection: Connection, submission_id: str) -> None:
    """Quarantine: its documents are only counted from now on, without unit, form or anything else of theirs."""
    connection.execute(_LOCK, {"id_": submission_id})


def amend(
    connection: Connection, submission_id: str, main_sha256: str | None, first_page: int | None, values: dict[str, Any]
) -> None:
    """Count a document by what a person typed into its line of the register; columns of facts alone are taken."""
    known = {name: value for name, value in values.items() if name in _AMENDED}
    if known:
        here = (documents.c.main_sha256 == main_sha256) & (documents.c.first_page == first_page)
        place = select(documents.c.ordinal).where(documents.c.submission_id == submission_id, here)
        change = update(table).where(table.c.submission_id == submission_id, table.c.ordinal.in_(place))
        connection.execute(change.values(**known))


def _row(row: SubmissionRow, decision: Decision, ordinal: int, at: datetime, before: _Settled | None) -> dict[str, Any]:
    document = decision.documents[ordinal]
    verdict = document.verdict.kind
    if before is None or before.verdict != (verdict, document.returned):
        seconds = max(0, round((at - row.received_at).total_seconds())) if verdict in SETTLED else None
        before = _Settled((verdict, document.returned), at, seconds)
    locked = verdict is VerdictKind.QUARANTINE
    return {
        "submission_id": row.id,
        "ordinal": ordinal,
        "received_at": row.received_at,
        "received_on": row.received_at.astimezone(VIETNAM).date(),
        "decided_at": before.decided_at,
        "receipt_seconds": before.receipt_seconds,
        "verdict": verdict,
        "reasons": "".join(f" {code}" for code in sorted({r.code for r in document.verdict.reasons})) + " ",
        **(_NOTHING if locked else _counted(decision, document)),
    }


def _counted(decision: Decision, document: DocumentVerdict) -> dict[str, Any]:
    """Everything that is counted of a document that is not locked away."""
    kind = document.classification or Classification()
    codes = [finding.code for finding in document.findings]
    accepted = document.verdict.kind is VerdictKind.ACCEPT
    repeated = document.duplicate_of is not None or document.filed_with is not None
    draft = _is_draft(decision, document)
    register = document.register
    return {
        "unit": decision.unit,
        "account": decision.account,
        "issuer_unit": kind.issuer_unit,
        "form": kind.form.value if kind.form else None,
        "channel": kind.transmission if document.classification else None,
        "draft": draft,
        "returned": document.returned,
        "duplicate": repeated,
        "restricted": kind.restricted,
        "signable": facts_signing.is_signable(document, draft=draft, repeated=repeated),
        "signed_by_organisation": facts_signing.by_organisation(document),
        "signed_by_person": facts_signing.by_person(document),
        "signed_by_leader": facts_signing.by_leader(document),
        "editable_missing": EDITABLE_MISSING in codes,
        "paper_due": accepted and not repeated and document.withdrawn is None and PAPER_ALSO_DUE in codes,
        "format_findings": sum(
            each.code.startswith(FORMAT) and each.severity is not Severity.NOTE for each in document.findings
        ),
        "book": register.book if register else None,
        "year": register.year if register else None,
        "arrival_number": register.number if register else None,
    }


def _is_draft(decision: Decision, document: DocumentVerdict) -> bool:
    """A draft, or the Tờ trình that carries one: neither needs a digital signature (607/UBND-VP §1)."""
    kind = document.classification
    if kind is not None and kind.draft is not None and kind.draft.value:
        return True
    drafts = {file.sha256 for file in decision.files if file.role is FileRole.DRAFT}
    return not drafts.isdisjoint(document.files)
