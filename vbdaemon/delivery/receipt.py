"""Receipts that follow later: every recipient has the document (04), or it takes its time (01)."""

from datetime import datetime, timedelta

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import CodedStatus, DeliveryKind, NoticeRules, Snapshot
from vbdaemon.pipeline.reply import reply_to
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries, letters, undecided
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery
from vbdaemon.state.store import State
from vbdaemon.state.undecided import Undecided

FORWARD, NOTICE = "forward:", "notice:"


def tell_forwarded(connection: Connection, row: DeliveryRow, rules: NoticeRules, at: datetime) -> bool:
    """To be called where a forward was delivered: when it was the last of its document, the sender is told (04).

    Not where the sender was told nothing of it yet, or is told in a digest: that says all at once.
    """
    if CodedStatus.ASSIGNED not in rules.receipts or not row.key.startswith(FORWARD):
        return False
    every = deliveries.of_submission(connection, row.submission)
    about = row.key.rpartition(":")[0]  # the document, wherever a later decision put it
    forwards = [each for each in every if each.key.rpartition(":")[0] == about and not deliveries.is_withdrawn(each)]
    ours = any(each.id == row.id for each in forwards)  # or it was recalled, or locked away, while it was under way
    if not ours or any(each.state is not DeliveryState.DELIVERED for each in forwards):
        return False
    told = next((each for each in every if each.key.startswith(NOTICE) and _goes_out(each)), None)
    if told is None:
        return False
    units = " ".join(dict.fromkeys(each.unit for each in forwards if each.unit))
    name = f"{row.submission}_da-chuyen_{(row.document or 0) + 1}"
    key = f"{letters.LETTER}forwarded:{about.removeprefix(FORWARD)}"
    new = NewDelivery.to(told, DeliveryKind.NOTICE, key, name, row.document)
    return letters.write(connection, row.submission, row.version, at, new, {"units": units})


def tell_arrived(state: State, spool: Spool, snapshot: Snapshot, at: datetime, besides: set[str]) -> set[str]:
    """Senders who have waited long are told that what they sent is stored (01); ids that were looked at.

    Only by folder or to a unit that the source is bound to: who sent a mail is not known before it is read.
    """
    if CodedStatus.ARRIVED not in snapshot.notices.receipts:
        return set()
    before = at - timedelta(minutes=snapshot.notices.arrived_minutes)
    found = state.read(lambda c: undecided.silent_since(c, before, besides))
    for each in found:
        _tell_one(state, spool, snapshot, each, at)
    return {each.id for each in found}


def _tell_one(state: State, spool: Spool, snapshot: Snapshot, waiting: Undecided, at: datetime) -> None:
    try:
        stored = spool.load(waiting.id)
    except SpoolDamaged:  # an alarm of its own
        return
    reply = reply_to(stored.envelope, snapshot)
    if reply is None:
        return
    local = waiting.received_at.astimezone(VIETNAM)
    details = {"received": f"{local:%H:%M} ngày {local:%d/%m/%Y}", "count": str(len(stored.files))}
    new = NewDelivery.to(reply, DeliveryKind.NOTICE, f"{letters.LETTER}arrived:0", f"{waiting.id}_da-den")

    def write(connection: Connection) -> None:
        if letters.write(connection, waiting.id, waiting.version, at, new, details):
            record(connection, at, "told-arrived", waiting.id, "no verdict yet")

    state.write(write)


def _goes_out(notice: DeliveryRow) -> bool:
    return notice.state in (DeliveryState.DUE, DeliveryState.DELIVERED)
