"""One transaction commits a decision: duplicates, register numbers, verdicts, the outbox, events."""

from dataclasses import dataclass, replace
from datetime import datetime

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import (
    DocumentVerdict,
    Purpose,
    Snapshot,
    Verdict,
    VerdictKind,
    strictest,
)
from vbdaemon.model.register import Books
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.companion import ALONE, COMPANIONS, file_with
from vbdaemon.pipeline.countersign import Countersign
from vbdaemon.pipeline.duplicate import compare, once
from vbdaemon.pipeline.filing import FilingTerms, file_message
from vbdaemon.pipeline.locked_away import ask_back
from vbdaemon.pipeline.ordered import place_of, still_ordered
from vbdaemon.pipeline.outbox import outbox, to_present
from vbdaemon.state import decisions, deliveries, facts, follow, gathering, papers, register, secrecy, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision, HoldKind, SubmissionRow, SubmissionState


class StaleDecision(VbdaemonError):
    """The submission changed while it was being decided; the decision is dropped and made again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a settlement needs besides the decision."""

    snapshot: Snapshot
    books: Books
    countersign: Countersign | None = None
    """What reports on deliveries must bear; None: all are believed."""


def settle(
    connection: Connection, submission_id: str, version: int, decision: Decision, desk: Desk, at: datetime
) -> SubmissionState:
    """Commit a worker's decision; StaleDecision when the row is not as the attempt found it.

    What was judged before rules, units or trust changed waits to be judged again: nobody would re-open it.
    """
    row = submissions.get(connection, submission_id)
    if row.version != version or row.state is not SubmissionState.DECIDING:
        raise StaleDecision
    if decision.snapshot not in (None, desk.snapshot.version):
        submissions.end_attempt(connection, submission_id, at, f"judged under snapshot {decision.snapshot}")
        submissions.move(connection, submission_id, SubmissionState.WAITING)
        return SubmissionState.WAITING
    if not pieces.still_wait(connection, submission_id, decision.joined):
        submissions.end_attempt(connection, submission_id, at, "a piece that was joined changed meanwhile")
        submissions.move(connection, submission_id, SubmissionState.WAITING)
        return SubmissionState.WAITING
    submissions.end_attempt(connection, submission_id, at, "")
    return conclude(connection, submission_id, decision, desk, at)


def conclude(
    connection: Connection, submission_id: str, decision: Decision, desk: Desk, at: datetime
) -> SubmissionState:
    """Write a decision, whoever made it: a worker, or a person's act."""
    if decision.correspondence is not None:
        facts.drop(connection, submission_id)
        register.drop_vanished(connection, submission_id, (), at)
        terms = FilingTerms(desk.snapshot.mail.notices_per_hour, desk.countersign)
        return file_message(connection, submission_id, decision.correspondence, decision, terms, at)
    row = submissions.get(connection, submission_id)
    before = decisions.latest(connection, submission_id) if row.version else None
    if decision.purpose is Purpose.EXCHANGE:
        decision = replace(decision, documents=_withdrawn_stay(decision, before))
        decision = replace(decision, documents=_entered(connection, row, decision, desk, at))
    verdict = strictest(tuple(document.verdict for document in decision.documents))
    state = _state(decision)
    _keep(connection, row, decision, verdict, state, desk, at, before)
    submissions.move(
        connection,
        submission_id,
        state,
        _hold_kind(decision, desk.snapshot) if state is SubmissionState.HELD else None,
        verdict=verdict.kind,
        snapshot=desk.snapshot.version,
        decided_at=at,
        failures=0,
    )
    if any(register.is_entered(document) for document in decision.documents):
        submissions.reopen_companions(connection, row.source, at)
    codes = sorted({reason.code for document in decision.documents for reason in document.verdict.reasons})
    record(connection, at, "decided", submission_id, f"{verdict.kind} {' '.join(codes)}".strip())
    pieces.close(connection, submission_id, decision, state, at)
    if decision.piece is not None and state is SubmissionState.HELD:
        return pieces.gather(connection, submission_id, decision.piece, at)
    return state


def amend(connection: Connection, submission_id: str, decision: Decision, desk: Desk, at: datetime) -> None:
    """Write a decision whose documents left the house already: its words change, not its verdicts or numbers.

    What is being judged meanwhile waits to be judged once more: nobody else would take it up.
    """
    row = submissions.get(connection, submission_id)
    before, entered = decision, register.amend(connection, submission_id, decision.documents, desk.snapshot, at)
    decision = replace(decision, documents=entered)
    verdict = strictest(tuple(document.verdict for document in entered))
    _keep(connection, row, decision, verdict, row.state, desk, at, before, amended=True)
    state = SubmissionState.WAITING if row.state is SubmissionState.DECIDING else row.state
    submissions.move(connection, submission_id, state, row.hold_kind, decided_at=at)


def _withdrawn_stay(decision: Decision, before: Decision | None) -> tuple[DocumentVerdict, ...]:
    """What was recalled, updated or replaced stays so, however often its submission is judged again."""
    gone = {place_of(each): each.withdrawn for each in before.documents} if before else {}
    return tuple(replace(each, withdrawn=each.withdrawn or gone.get(place_of(each))) for each in decision.documents)


def _entered(
    connection: Connection, row: SubmissionRow, decision: Decision, desk: Desk, at: datetime
) -> tuple[DocumentVerdict, ...]:
    """The documents compared with what was accepted before, and numbered in the register."""
    waivers = submissions.waivers_of(connection, row.id)
    joined = (file_with(connection, row.source, verdict, desk.snapshot) for verdict in decision.documents)
    compared = tuple(
        verdict if verdict.withdrawn else compare(connection, row.id, verdict, desk.snapshot, waivers)
        for verdict in joined
    )
    entered: tuple[DocumentVerdict, ...] = ()
    for ordinal, each in enumerate(compared):
        verdict = once(each, entered, desk.snapshot)
        if not any(place_of(verdict) == place_of(before) for before in entered):  # a repetition has no line of its own
            verdict = register.enter(connection, row, ordinal, verdict, desk.snapshot, desk.books, at, decision.unit)
        entered += (verdict,)
    register.drop_vanished(connection, row.id, entered, at)
    return entered


def _keep(
    connection: Connection,
    row: SubmissionRow,
    decision: Decision,
    verdict: Verdict,
    state: SubmissionState,
    desk: Desk,
    at: datetime,
    before: Decision | None,
    *,
    amended: bool = False,
) -> None:
    """The decision, its documents, and what leaves the house; what people ordered since of what is accepted stays."""
    version = row.version + 1
    ordered = still_ordered(connection, row.id, decision.documents) if before else ()
    if state is SubmissionState.QUARANTINED:  # an earlier decision may have kept names and subjects
        secrecy.lock_away(connection, row.id, at)
    decisions.write(connection, row.id, version, at, desk.snapshot.version, decision)
    if decision.purpose is Purpose.EXCHANGE:
        _keep_documents(connection, row, decision, desk, at, before)
    wanted = tuple(outbox(row.id, version, decision, verdict, desk.snapshot))
    deliveries.cancel(connection, row.id, wanted, decided=amended, ordered=ordered)
    deliveries.write(connection, row.id, version, at, wanted)
    if any(new.scheme == gathering.MAIL for new in wanted):
        gathering.hold_back(connection, row.id, desk.snapshot.mail.notices_per_hour, at)
    if state is SubmissionState.QUARANTINED:
        ask_back(connection, row.id, version, at)


def _keep_documents(
    connection: Connection, row: SubmissionRow, decision: Decision, desk: Desk, at: datetime, before: Decision | None
) -> None:
    """What is counted, searched and followed up of each document."""
    facts.write(connection, row, decision, at)
    decisions.write_documents(connection, row.id, decision.documents)
    snapshot = desk.snapshot
    papers.expect(
        connection,
        row.id,
        decision.documents,
        snapshot.working_days,
        at,
        unit=decision.unit,
        days=snapshot.paper_days,
    )
    if before is not None or snapshot.forwarding.present_first:
        follow.present(connection, row.id, _presented(decision, before, snapshot), at)


def _presented(decision: Decision, before: Decision | None, snapshot: Snapshot) -> dict[int, int | None]:
    """What waits to be assigned, each with its ordinal in the decision before."""
    if not snapshot.forwarding.present_first:
        return {}
    then: dict[tuple[str, int], int] = {}
    for ordinal, document in enumerate(before.documents if before else ()):
        then.setdefault(place_of(document), ordinal)
    return {ordinal: then.get(place_of(decision.documents[ordinal])) for ordinal in to_present(decision)}


def _state(decision: Decision) -> SubmissionState:
    """One held document keeps the whole submission before a person's eyes; a pre-flight waits for nobody."""
    kinds = {document.verdict.kind for document in decision.documents}
    if VerdictKind.QUARANTINE in kinds:
        return SubmissionState.QUARANTINED
    if decision.purpose is Purpose.PREFLIGHT and decision.piece is None:
        return SubmissionState.CHECKED
    if VerdictKind.HOLD in kinds:
        return SubmissionState.HELD
    return SubmissionState.REJECTED if VerdictKind.REJECT in kinds else SubmissionState.ACCEPTED


def _hold_kind(decision: Decision, snapshot: Snapshot) -> HoldKind:
    if decision.piece is not None:
        return HoldKind.PIECES
    codes = {r.code for d in decision.documents if d.verdict.kind is VerdictKind.HOLD for r in d.verdict.reasons}
    if codes & ALONE and codes <= COMPANIONS:
        return HoldKind.COMPANION
    rules = [snapshot.policy.by_code.get(code) for code in codes]
    return HoldKind.EVIDENCE if any(rule and rule.evidence_may_come for rule in rules) else HoldKind.REVIEW
