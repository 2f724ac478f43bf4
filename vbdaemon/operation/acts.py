"""What people do to submissions: each act is checked, applied in one transaction, and answered in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.errors import ActRefused, SpoolError
from vbdaemon.model import ActKind, VerdictKind, Waiver
from vbdaemon.operation.acts_assign import assign
from vbdaemon.operation.acts_on_documents import correct, resend
from vbdaemon.operation.acts_on_papers import paper
from vbdaemon.operation.acts_recall import recall
from vbdaemon.operation.acts_reject import reject
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.filing import judge_after_all
from vbdaemon.pipeline.locked_away import ask_back, put_away
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, decisions, deliveries, facts, follow, secrecy, soundness, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record_said
from vbdaemon.state.locked import is_locked
from vbdaemon.state.records import ActRow, ActState, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class Bench:
    """What applying an act needs besides the database."""

    spool: Spool
    desk: Desk


def apply(connection: Connection, act: ActRow, bench: Bench, at: datetime) -> ActState:
    """Apply a queued act; it ends APPLIED or REFUSED with the reason, never half done."""
    try:
        row = submissions.get(connection, act.submission)
        _refuse_changed(act, row)
        _refuse_disposed(connection, row)
        words = APPLY[act.kind](connection, act, row, bench, at)
    except ActRefused as refusal:
        _forget_if_locked(connection, act)
        acts.answer(connection, act.id, ActState.REFUSED, str(refusal))
        return ActState.REFUSED
    record_said(connection, at, f"act-{act.kind}", act.submission, act.who, act.why)
    _forget_if_locked(connection, act)
    acts.answer(connection, act.id, ActState.APPLIED, words)
    return ActState.APPLIED


def _forget_if_locked(connection: Connection, act: ActRow) -> None:
    """What is typed about a locked away document is kept until it was read, and no longer: it may quote it."""
    if is_locked(connection, act.submission):
        acts.forget_one(connection, act.id)


def finish(act: ActRow, spool: Spool, state: State) -> None:
    """What follows an applied act outside the database's transaction; recovery repeats it."""
    if act.kind is not ActKind.QUARANTINE:
        return
    try:
        put_away(spool, state)  # the mails that were joined with it, and those that answer it, too
    except OSError as error:
        raise SpoolError(f"quarantined, but its bytes could not be moved: {error.strerror}") from error


def _hold(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    del bench, at
    _refuse_after_delivery(connection, row, "held")
    _refuse_quarantined(row)
    _refuse_done_with(row, "held")
    deliveries.cancel(connection, row.id)
    follow.reopen(connection, row.id)
    submissions.move(connection, row.id, SubmissionState.HELD, HoldKind.PERSON, verdict=VerdictKind.HOLD)
    facts.hold(connection, row.id)
    return f"held until a person releases, rejects or retries it ({act.who})"


def _release(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    del bench, at
    if row.state is not SubmissionState.HELD:
        raise ActRefused(f"submission {row.id} is {row.state}, only a HELD one can be released")
    if row.hold_kind is HoldKind.FAILURE:
        raise ActRefused(f'submission {row.id} was never decided; use "vbdaemon retry {row.id}"')
    decision = decisions.latest(connection, row.id)
    waived = 0
    for document in decision.documents if decision else ():
        if document.verdict.kind is VerdictKind.HOLD:
            for reason in document.verdict.reasons:
                waiver = Waiver(reason.code, document.main_sha256, act.who, act.why)
                submissions.waive(connection, row.id, waiver)
                waived += 1
    submissions.move(connection, row.id, SubmissionState.WAITING, failures=0)
    return f"released, {waived} findings waived; it is judged again now, and new findings hold it again"


def _retry(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    del bench, at
    _refuse_after_delivery(connection, row, "judged again")
    _refuse_quarantined(row)
    if row.state is SubmissionState.FILED:
        judge_after_all(connection, row, act.who, act.why)
    deliveries.cancel(connection, row.id)
    follow.reopen(connection, row.id)
    submissions.move(connection, row.id, SubmissionState.WAITING, failures=0)
    return "it is judged again from the start"


def _quarantine(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    del act
    _refuse_quarantined(row)
    decision, twins = decisions.latest(connection, row.id), secrecy.twins(connection, row.id)
    secrecy.lock_away(connection, row.id, at)
    submissions.move(
        connection,
        row.id,
        SubmissionState.QUARANTINED,
        verdict=VerdictKind.QUARANTINE,
        snapshot=bench.desk.snapshot.version,
    )
    if decision is not None:
        pieces.close(connection, row.id, decision, SubmissionState.QUARANTINED, at)
    told = ask_back(connection, row.id, row.version, at)
    copies = f" Copies were forwarded already: {told} recipients are asked to stop using theirs." if told else ""
    same = f" The same bytes lie in {' '.join(twins)}: lock these away too." if twins else ""
    return f"quarantined; the sender's own copy (share, mailbox) is not ours to remove.{copies}{same}"


def _refuse_changed(act: ActRow, row: SubmissionRow) -> None:
    if row.version != act.expected_version:
        raise ActRefused(f'submission {row.id} changed meanwhile, it is {row.state} now; see "vbdaemon show {row.id}"')


def _refuse_after_delivery(connection: Connection, row: SubmissionRow, what: str) -> None:
    if deliveries.forward_started(connection, row.id):
        raise ActRefused(f"submission {row.id} was forwarded already and cannot be {what}; ask for a recall")


def _refuse_done_with(row: SubmissionRow, what: str) -> None:
    if row.state in (SubmissionState.FILED, SubmissionState.CHECKED):
        raise ActRefused(f"submission {row.id} is {row.state} and cannot be {what}: nothing of it was taken over")


def _refuse_disposed(connection: Connection, row: SubmissionRow) -> None:
    if soundness.is_disposed(connection, row.id):
        raise ActRefused(f"submission {row.id} was disposed of; only its row and its events are left")


def _refuse_quarantined(row: SubmissionRow) -> None:
    if row.state is SubmissionState.QUARANTINED:
        raise ActRefused(f"submission {row.id} lies in quarantine; only the security officer may handle it")


def _correct(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    return correct(connection, act, row, bench.desk, at)


def _resend(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    return resend(connection, act, row, bench.desk, at)


def _reject(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    _refuse_quarantined(row)
    _refuse_done_with(row, "rejected")
    return reject(connection, act, row, bench.spool, bench.desk, at)


def _assign(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    return assign(connection, act, row, bench.desk, at)


def _recall(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    return recall(connection, act, row, bench.desk, at)


def _paper(connection: Connection, act: ActRow, row: SubmissionRow, bench: Bench, at: datetime) -> str:
    return paper(connection, act, row, bench.desk.snapshot, at)


Apply = Callable[[Connection, ActRow, SubmissionRow, Bench, datetime], str]
APPLY: Mapping[ActKind, Apply] = {
    ActKind.HOLD: _hold,
    ActKind.RELEASE: _release,
    ActKind.REJECT: _reject,
    ActKind.ASSIGN: _assign,
    ActKind.RECALL: _recall,
    ActKind.PAPER: _paper,
    ActKind.RETRY: _retry,
    ActKind.QUARANTINE: _quarantine,
    ActKind.CORRECT: _correct,
    ActKind.RESEND: _resend,
}
