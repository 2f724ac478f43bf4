"""The act by which a document that was accepted is withdrawn: what waits is stopped, everyone who has it is told."""

from dataclasses import replace
from datetime import datetime

from vbdaemon.errors import ActRefused
from vbdaemon.model import DeliveryKind, DocumentVerdict, Snapshot, VerdictKind, Withdrawal
from vbdaemon.operation.acts_on_documents import document_of
from vbdaemon.pipeline.ordered import documents_of, place_of
from vbdaemon.pipeline.settlement import Desk, amend
from vbdaemon.state import decisions, deliveries, facts, follow, letters, papers, register_follow, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import (
    ActRow,
    Decision,
    DeliveryRow,
    DeliveryState,
    NewDelivery,
    SubmissionRow,
    SubmissionState,
)
from vbdaemon.state.register_update import Told

_REMARK = {
    Withdrawal.RECALL: "Đã thu hồi",
    Withdrawal.UPDATE: "Đã lấy lại để cập nhật",
    Withdrawal.REPLACE: "Đã được thay thế",
}
"""In the register's last column."""
DONE = {Withdrawal.RECALL: "recalled", Withdrawal.UPDATE: "updated", Withdrawal.REPLACE: "replaced"}


def recall(connection: Connection, act: ActRow, row: SubmissionRow, desk: Desk, at: datetime) -> str:
    """Recall, update or replace one document; named by a request for it, the request is settled with it.

    The original bytes, the number and every event stay: a recall is no deletion (NĐ 30/2020 art. 18).
    """
    asked = decisions.latest(connection, row.id)
    if asked is None or asked.recall is None:
        return _withdraw(connection, act, row, desk, at)
    if row.state is not SubmissionState.HELD:
        raise ActRefused(f"the request {row.id} is {row.state}; it was answered already")
    wanted = [each for each in follow.accepted_bytes(connection, asked.recall.sha256) if each.submission != row.id]
    before = _withdrawn_before(connection, asked)
    if not wanted and before is not None:
        _settle(connection, row, f"{act.who}: {before} was withdrawn already", at)
        return f"{before} was recalled already, and its sender told; the request is settled"
    if not wanted:
        raise ActRefused(
            f'no accepted document has the bytes that {row.id} asks back; refuse it with "vbdaemon reject"'
        )
    target = submissions.get(connection, wanted[0].submission)
    sent = decisions.latest(connection, target.id)
    if sent is None or sent.unit is None or sent.unit != asked.unit:
        raise ActRefused(
            f"the request {row.id} is not proven to come from the unit that sent {target.id}; "
            f'if it is right all the same: "vbdaemon recall {target.id}"'
        )
    kind = act.withdrawal or asked.recall.kind
    meant = replace(
        act, document=wanted[0].ordinal, withdrawal=kind, replaced_by=act.replaced_by or asked.recall.replaced_by
    )
    words = _withdraw(connection, meant, target, desk, at)
    _settle(connection, row, f"{act.who}: document {wanted[0].ordinal + 1} of {target.id}", at)
    return f"{target.id}: {words}"


def _withdrawn_before(connection: Connection, asked: Decision) -> str | None:
    """The submission whose document the same unit asks back, where it was withdrawn before the request was read."""
    found = follow.withdrawn_bytes(connection, asked.recall.sha256) if asked.recall and asked.unit else ()
    sent = ((each, decisions.latest(connection, each)) for each in found)
    return next((each for each, decision in sent if decision and decision.unit == asked.unit), None)


def _settle(connection: Connection, request: SubmissionRow, words: str, at: datetime) -> None:
    """A request that was granted is no document, and waits for nobody."""
    submissions.move(connection, request.id, SubmissionState.FILED, decided_at=at, failures=0)
    facts.drop(connection, request.id)
    record(connection, at, "recall-granted", request.id, words)


def _withdraw(connection: Connection, act: ActRow, row: SubmissionRow, desk: Desk, at: datetime) -> str:
    decision, document = document_of(connection, act, row)
    if document.verdict.kind is not VerdictKind.ACCEPT:
        raise ActRefused(f"document {act.document + 1} of {row.id} was not accepted; there is nothing to recall")
    if document.withdrawn is not None:
        raise ActRefused(f"document {act.document + 1} of {row.id} was {DONE[document.withdrawn]} already")
    kind = act.withdrawal or Withdrawal.RECALL
    if kind is Withdrawal.REPLACE and not act.replaced_by:
        raise ActRefused('a replacement names what takes its place: --replaced-by "16/QĐ-UBND ngày 20/01/2025"')
    sent, waiting = _forwards(connection, row, document)
    for each in waiting:
        deliveries.withdraw(connection, each.id)
    follow.withdraw(connection, row.id, act.document, kind, act.replaced_by, act.who, act.why, at)
    papers.withdraw(connection, row.id, act.document)
    by = f" bằng {act.replaced_by}" if act.replaced_by else ""
    register_follow.remark(connection, row.id, document, _REMARK[kind], by, Told(act.who, act.why, at))
    documents = list(decision.documents)
    documents[act.document] = replace(document, withdrawn=kind)
    amend(connection, row.id, replace(decision, documents=tuple(documents)), desk, at)
    version = submissions.get(connection, row.id).version
    for ordinal, each in enumerate(sent):
        key, name = f"{letters.LETTER}recall:{act.id}:{ordinal}", f"{row.id}_thu-hoi_{act.id}-{ordinal}"
        letter = NewDelivery.to(each, DeliveryKind.NOTICE, key, name, act.document)
        letters.write(connection, row.id, version, at, letter, _details(act, kind) | {"delivery": each.id})
    _tell_sender(connection, act, decision, version, kind, sent, desk.snapshot, at, row)
    record(
        connection,
        at,
        f"document-{DONE[kind]}",
        row.id,
        f"document {act.document + 1}; {len(sent)} told, {len(waiting)} stopped",
    )
    return f"{DONE[kind]}; {len(waiting)} waiting deliveries stopped, {len(sent)} recipients told"


def _forwards(
    connection: Connection, row: SubmissionRow, document: DocumentVerdict
) -> tuple[list[DeliveryRow], list[DeliveryRow]]:
    """One delivery for each destination that has the document, or may have it; and those that still wait."""
    every = [each for each in deliveries.of_submission(connection, row.id) if each.kind is DeliveryKind.FORWARD]
    about = documents_of(connection, every)
    forwards = [each for each in every if each.id in about and place_of(about[each.id]) == place_of(document)]
    sent = {
        (each.scheme, each.address): each
        for each in forwards
        if each.state is DeliveryState.DELIVERED or each.attempts > 0
    }
    return list(sent.values()), [each for each in forwards if each.state is DeliveryState.DUE]


def _details(act: ActRow, kind: Withdrawal) -> dict[str, str]:
    return {"kind": kind.value, "why": act.why, "replaced_by": act.replaced_by}


def _tell_sender(
    connection: Connection,
    act: ActRow,
    decision: Decision,
    version: int,
    kind: Withdrawal,
    sent: list[DeliveryRow],
    snapshot: Snapshot,
    at: datetime,
    row: SubmissionRow,
) -> None:
    if decision.reply is None:
        return
    key, name = f"{letters.LETTER}withdrawn:{act.id}", f"{row.id}_da-thu-hoi_{act.id}"
    new = NewDelivery.to(decision.reply, DeliveryKind.NOTICE, key, name, act.document)
    units = (snapshot.directory.unit(each.unit) for each in sent)
    told = "; ".join(dict.fromkeys(unit.name for unit in units if unit)) or ("các nơi đã nhận" if sent else "")
    details = _details(act, kind) | {"told": told}
    letters.write(connection, row.id, version, at, new, details)
