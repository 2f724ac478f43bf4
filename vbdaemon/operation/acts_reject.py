"""The act by which a person refuses: in the reasons that were prepared, or in a reason of their own."""

from dataclasses import replace
from datetime import datetime

from vbdaemon.errors import ActRefused, SpoolDamaged
from vbdaemon.model import (
    CodedStatus,
    Confirmation,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    Policy,
    Reason,
    Verdict,
    VerdictKind,
)
from vbdaemon.pipeline.ordered import documents_of, place_of
from vbdaemon.pipeline.reply import reply_to
from vbdaemon.pipeline.settlement import Desk, conclude
from vbdaemon.pipeline.stages.examining import RETURNED
from vbdaemon.pipeline.stages.recall import designation_of
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, deliveries, facts, follow, letters, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import ActRow, Decision, NewDelivery, SubmissionRow, SubmissionState

PREPARED = "refusal-needs-person"
"""Stands among the reasons of a refusal that waits for a person's name under it."""


def reject(connection: Connection, act: ActRow, row: SubmissionRow, spool: Spool, desk: Desk, at: datetime) -> str:
    """The notice leaves with the person's name and title (552/UBND §3).

    Where a refusal was prepared its reasons are told, and the person's own is recorded only; with `instead`, and
    where none was prepared, the person's reason is told.
    """
    decision = decisions.latest(connection, row.id) or _undecided(row, spool, desk)
    if decision.recall is not None:
        return _deny(connection, act, row, decision, at)
    confirmed = Confirmation(act.who, act.title, at)
    policy = desk.snapshot.policy
    may = _refusable(connection, row, decision)
    if not act.instead and any(_is_prepared(document) for document in may):
        documents = tuple(
            _as_prepared(document, confirmed, policy) if document in may and _is_prepared(document) else document
            for document in decision.documents
        )
        words = "the prepared refusal leaves under your name"
    else:
        verdict = Verdict.reject(Reason.of(policy.finding("rejected-by-person", detail=act.why)))
        documents = tuple(
            _refused(document, verdict, confirmed) if document in may else document for document in decision.documents
        )
        words = "rejected; the sender is told"
    conclude(connection, row.id, replace(decision, documents=documents), desk, at)
    return words if decision.reply else f"{words.partition(';')[0]}; nobody can be told, the sender is unknown"


def _refusable(connection: Connection, row: SubmissionRow, decision: Decision) -> tuple[DocumentVerdict, ...]:
    """All documents; once one was forwarded, those that are held and went to nobody. ActRefused without any."""
    every = deliveries.of_submission(connection, row.id)
    begun = [each for each in every if each.kind is DeliveryKind.FORWARD and each.attempts > 0]
    gone = {place_of(document) for document in documents_of(connection, begun).values()}
    may = tuple(
        document
        for document in decision.documents
        if document.withdrawn is None
        and (not begun or (document.verdict.kind is VerdictKind.HOLD and place_of(document) not in gone))
    )
    if not may:
        raise ActRefused(f"submission {row.id} was forwarded already and cannot be rejected; ask for a recall")
    return may


def _is_prepared(document: DocumentVerdict) -> bool:
    return document.verdict.kind is VerdictKind.HOLD and any(
        reason.code == PREPARED for reason in document.verdict.reasons
    )


def _as_prepared(document: DocumentVerdict, confirmed: Confirmation, policy: Policy) -> DocumentVerdict:
    """Of all that it was held for, what refuses."""
    refusing = tuple(
        reason
        for reason in document.verdict.reasons
        if (rule := policy.by_code.get(reason.code)) is not None and rule.verdict is VerdictKind.REJECT
    )
    return _refused(document, Verdict.reject(*refusing), confirmed)


def _refused(document: DocumentVerdict, verdict: Verdict, confirmed: Confirmation) -> DocumentVerdict:
    return replace(
        document,
        verdict=verdict,
        destinations=(),
        register=None,
        duplicate_of=None,
        returned=any(reason.code in RETURNED for reason in verdict.reasons),
        confirmed=confirmed,
    )


def _deny(connection: Connection, act: ActRow, row: SubmissionRow, decision: Decision, at: datetime) -> str:
    """Another office asked for a document back, and does not get it (status 16)."""
    asked = decision.recall
    if row.state is not SubmissionState.HELD or asked is None:
        raise ActRefused(f"the request {row.id} is {row.state}; it was answered already")
    reply = decision.reply or _reply_to_sender(connection, decision)
    if reply is not None:
        key = f"{letters.LETTER}denied:{act.id}"
        new = NewDelivery.to(reply, DeliveryKind.NOTICE, key, f"{row.id}_khong-dong-y", document=0)
        details = {"why": act.why, "in_reply_to": asked.delivery, "about": designation_of(asked)}
        letters.write(connection, row.id, decisions.latest_version(connection, row.id), at, new, details)
    submissions.move(connection, row.id, SubmissionState.FILED, decided_at=at, failures=0)
    facts.drop(connection, row.id)
    record(connection, at, "recall-denied", row.id, f"{act.who}: {CodedStatus.RECALL_DENIED}")
    return (
        f"the request is denied; {'the one who asked is told' if reply else 'nobody can be told: who asks is unknown'}"
    )


def _reply_to_sender(connection: Connection, decision: Decision) -> Destination | None:
    """Where the sender of the document is told that is asked back."""
    wanted = follow.accepted_bytes(connection, decision.recall.sha256) if decision.recall else ()
    sent = decisions.latest(connection, wanted[0].submission) if wanted else None
    return sent.reply if sent and sent.unit == decision.unit else None


def _undecided(row: SubmissionRow, spool: Spool, desk: Desk) -> Decision:
    """A decision to reject what was never decided: its files as handed in."""
    try:
        stored = spool.load(row.id)
    except SpoolDamaged as damage:
        raise ActRefused(str(damage)) from damage
    if not stored.files:
        raise ActRefused(f"submission {row.id} holds no file; there is nothing to reject")
    first = stored.files[0]
    document = DocumentVerdict(
        main=first.name,
        main_sha256=first.sha256,
        files=tuple(file.sha256 for file in stored.files),
        classification=None,
        signatures=(),
        findings=(),
        verdict=Verdict.hold(),
    )
    reply = reply_to(stored.envelope, desk.snapshot)
    return Decision((document,), reply=reply, purpose=stored.envelope.purpose)
