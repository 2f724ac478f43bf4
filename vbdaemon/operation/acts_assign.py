"""The act by which a person says who deals with an accepted document: recorded, delivered, told to the sender (04)."""

from datetime import datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.directory.way import way_to, why_not
from vbdaemon.errors import ActRefused
from vbdaemon.model import Assignment, DeliveryKind, Destination, DocumentVerdict, Snapshot, VerdictKind
from vbdaemon.operation.acts_on_documents import document_of, refuse_unsettled
from vbdaemon.pipeline.outbox import urgency_of
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.rendering.names import delivery_name
from vbdaemon.state import decisions, follow, letters, register_follow
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import ActRow, Decision, NewDelivery, SubmissionRow
from vbdaemon.state.register_update import Told

LEAD, SUPPORT = "lead", "support"


def assign(connection: Connection, act: ActRow, row: SubmissionRow, desk: Desk, at: datetime) -> str:
    """Each unit or person named gets the document with the slip; said again, it goes to those named then too."""
    decision, document = document_of(connection, act, row)
    refuse_unsettled(row)
    _refuse_not_ours(act, row, document)
    said = _checked(act.assignment, at)
    ways = _ways((said.lead, *said.support), desk.snapshot)
    follow.assign(
        connection, row.id, act.document, document, follow.Assigned(act.document, said, act.who, act.title, at)
    )
    version = decisions.latest_version(connection, row.id)
    for ordinal, (name, way) in enumerate(ways.items()):
        role = LEAD if name == said.lead else SUPPORT
        key = f"{letters.ASSIGN}{act.id}:{ordinal}"
        called = delivery_name(document.register or document.filed_with, document.classification, row.id)
        new = NewDelivery.to(way, DeliveryKind.FORWARD, key, called, act.document, urgency_of(document))
        letters.write(connection, row.id, version, at, new, _slip(act, said, role, desk.snapshot))
    receiver = "; ".join(_called(name, desk.snapshot) for name in (said.lead, *said.support))
    told = Told(act.who, act.why, at)
    register_follow.transfer(connection, row.id, document, receiver, at.astimezone(VIETNAM).date(), told)
    _tell_sender(connection, act, row, decision, said, desk.snapshot, at)
    return f"assigned to {_called(said.lead, desk.snapshot)}; sent to {len(ways)}"


def _refuse_not_ours(act: ActRow, row: SubmissionRow, document: DocumentVerdict) -> None:
    if document.verdict.kind is not VerdictKind.ACCEPT:
        raise ActRefused(f"document {act.document + 1} of {row.id} was not accepted; only accepted ones are assigned")
    if document.withdrawn is not None:
        raise ActRefused(f"document {act.document + 1} of {row.id} was withdrawn ({document.withdrawn})")


def _checked(said: Assignment | None, at: datetime) -> Assignment:
    if said is None or not said.lead:
        raise ActRefused("nobody is named to lead; say --lead UNIT")
    if said.lead in said.support:
        raise ActRefused(f"{said.lead} leads and supports; name it once")
    today = at.astimezone(VIETNAM).date()
    if said.due_on is not None and said.due_on < today:
        raise ActRefused(f"--due {said.due_on:%Y-%m-%d} is past; today is {today:%Y-%m-%d}")
    return Assignment(said.lead, tuple(dict.fromkeys(said.support)), said.due_on, said.note.strip())


def _ways(names: tuple[str, ...], snapshot: Snapshot) -> dict[str, Destination]:
    """Each to its own place; those that share a folder or address get one copy there, the lead's."""
    ways: dict[str, Destination] = {}
    for name in names:
        way = _way(name, snapshot)
        if all((way.scheme, way.address) != (each.scheme, each.address) for each in ways.values()):
            ways[name] = way
    return ways


def _way(name: str, snapshot: Snapshot) -> Destination:
    party = snapshot.directory.party(name)
    if party is None:
        raise ActRefused(f'{name!r} is no unit of the directory, and no account of one; see "vbdaemon units list"')
    way = way_to(party[0], snapshot, party[1])
    if way is None:
        raise ActRefused(f"{_called(name, snapshot)} cannot be reached electronically: {why_not(party[0])}")
    return way


def _called(name: str, snapshot: Snapshot) -> str:
    """The unit's name, with the account where a person is meant."""
    party = snapshot.directory.party(name)
    if party is None:
        return name
    unit, account = party
    return f"{unit.name} ({account.name})" if account else unit.name


def _code(name: str, snapshot: Snapshot) -> str:
    party = snapshot.directory.party(name)
    return party[0].code if party else name


def _slip(act: ActRow, said: Assignment, role: str, snapshot: Snapshot) -> dict[str, str]:
    return {
        "role": role,
        "lead": _called(said.lead, snapshot),
        "support": "; ".join(_called(name, snapshot) for name in said.support),
        "due_on": said.due_on.isoformat() if said.due_on else "",
        "note": said.note,
        "who": act.who,
        "title": act.title,
    }


def _tell_sender(
    connection: Connection,
    act: ActRow,
    row: SubmissionRow,
    decision: Decision,
    said: Assignment,
    snapshot: Snapshot,
    at: datetime,
) -> None:
    """Status 04 by the way the submission came; the leader's note and names of accounts stay in the house."""
    if decision.reply is None or "04" not in snapshot.notices.receipts:
        return
    key, name = f"{letters.LETTER}assigned:{act.id}", f"{row.id}_phan-cong_{act.id}"
    new = NewDelivery.to(decision.reply, DeliveryKind.NOTICE, key, name, act.document)
    lead, *others = dict.fromkeys(_code(name, snapshot) for name in (said.lead, *said.support))
    details = {
        "lead": _called(lead, snapshot),
        "support": "; ".join(_called(code, snapshot) for code in others),
        "units": " ".join((lead, *others)),
    }
    letters.write(connection, row.id, decisions.latest_version(connection, row.id), at, new, details)
