"""Acts on one document of a submission: typing in what was read wrongly, and forwarding it once more."""

from dataclasses import replace
from datetime import date, datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.directory.way import way_to
from vbdaemon.errors import ActRefused
from vbdaemon.model import (
    CorrectedField,
    Correction,
    DeliveryKind,
    DocumentVerdict,
    Snapshot,
    VerdictKind,
)
from vbdaemon.pipeline.correction import corrected, for_document
from vbdaemon.pipeline.ordered import RESEND
from vbdaemon.pipeline.settlement import Desk, amend
from vbdaemon.rendering.names import delivery_name
from vbdaemon.state import corrections, decisions, deliveries, follow, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import ActRow, Decision, HoldKind, NewDelivery, SubmissionRow, SubmissionState


def correct(connection: Connection, act: ActRow, row: SubmissionRow, desk: Desk, at: datetime) -> str:
    """What was typed in counts from now on: judged again, or, when it was forwarded already, told and amended.

    A forwarded document is not judged again: it has left the house, and only a recall could bring it back.
    """
    decision, document = document_of(connection, act, row)
    typed = tuple(_checked(act, document, field, value, desk.snapshot) for field, value in act.corrected)
    corrections.add(connection, row.id, typed, at)
    fields = ", ".join(field.value for field, _ in act.corrected)
    if not deliveries.forward_started(connection, row.id):
        deliveries.cancel(connection, row.id)
        follow.reopen(connection, row.id)
        submissions.move(connection, row.id, SubmissionState.WAITING, failures=0)
        return f"{fields} corrected; it is judged again now"
    amend(connection, row.id, _amended(connection, act, row, decision, desk), desk, at)
    return f"{fields} corrected in the register; the sender gets one corrected notice, nothing is forwarded again"


def resend(connection: Connection, act: ActRow, row: SubmissionRow, desk: Desk, at: datetime) -> str:
    """An accepted document goes to one more unit, or once more to the same, as a delivery of its own."""
    _, document = document_of(connection, act, row)
    refuse_unsettled(row)
    if document.verdict.kind is not VerdictKind.ACCEPT:
        raise ActRefused(f"document {act.document + 1} of {row.id} was not accepted; only accepted ones are forwarded")
    if document.withdrawn is not None:
        raise ActRefused(f"document {act.document + 1} of {row.id} was withdrawn ({document.withdrawn})")
    unit = desk.snapshot.directory.unit(act.unit)
    if unit is None:
        raise ActRefused(f'{act.unit!r} is no unit of the directory; see "vbdaemon units list"')
    way = way_to(unit, desk.snapshot)
    if way is None:
        raise ActRefused(f"{unit.name} has neither a folder nor a mail address that we can reach; see units.toml")
    name = delivery_name(document.register or document.filed_with, document.classification, row.id)
    new = NewDelivery.to(way, DeliveryKind.FORWARD, f"{RESEND}{act.id}", name, act.document)
    deliveries.write(connection, row.id, decisions.latest_version(connection, row.id), at, (new,))
    return f"forwarded to {unit.name}"


def document_of(connection: Connection, act: ActRow, row: SubmissionRow) -> tuple[Decision, DocumentVerdict]:
    """The document that an act is about; ActRefused says why there is none."""
    if row.state in (SubmissionState.QUARANTINED, SubmissionState.CHECKED, SubmissionState.FILED):
        raise ActRefused(f"submission {row.id} is {row.state}: nothing of it is ours to correct or forward")
    decision = decisions.latest(connection, row.id)
    if decision is None:
        raise ActRefused(f'submission {row.id} was never decided; use "vbdaemon retry {row.id}"')
    if not 0 <= act.document < len(decision.documents):
        raise ActRefused(f"submission {row.id} holds {len(decision.documents)} documents, not {act.document + 1}")
    return decision, decision.documents[act.document]


def refuse_unsettled(row: SubmissionRow) -> None:
    """ActRefused while nobody knows yet whether it may leave, or while a person wants it to stay."""
    if row.state in (SubmissionState.WAITING, SubmissionState.DECIDING):
        raise ActRefused(f"submission {row.id} is being judged; say it again when it is decided")
    if row.hold_kind is HoldKind.PERSON:
        raise ActRefused(f'submission {row.id} is held by a person; release it first: "vbdaemon release {row.id}"')


def _checked(
    act: ActRow, document: DocumentVerdict, field: CorrectedField, value: str, snapshot: Snapshot
) -> Correction:
    """A correction that can be applied; ActRefused says what is wrong with it."""
    if not value.strip():
        raise ActRefused(f"{field} is empty; say what stands in the document")
    if field is CorrectedField.FORM and value not in {form.slug for form in snapshot.forms}:
        raise ActRefused(f"{value!r} is no form; there are: {', '.join(sorted(form.slug for form in snapshot.forms))}")
    if field is CorrectedField.DATE:
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise ActRefused(f"{value!r} is no date; write it as 2025-01-15") from error
    return Correction(document.main_sha256, document.first_page, field, value.strip(), act.who, act.why)


def _amended(connection: Connection, act: ActRow, row: SubmissionRow, decision: Decision, desk: Desk) -> Decision:
    """The decision with everything that was typed in about this document so far."""
    document = decision.documents[act.document]
    if document.classification is None:
        raise ActRefused(f"document {act.document + 1} of {row.id} was not classified; there is nothing to correct")
    every = corrections.of_submission(connection, row.id)
    mine = for_document(every, document.main_sha256, document.first_page)
    handed_in = row.received_at.astimezone(VIETNAM).date()
    kind = corrected(document.classification, mine, desk.snapshot, handed_in)
    documents = list(decision.documents)
    documents[act.document] = replace(document, classification=kind, corrections=mine)
    return replace(decision, documents=tuple(documents))
