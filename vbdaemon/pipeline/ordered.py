"""What people ordered of a submission's documents: it outlives a later decision, as their documents do."""

from collections.abc import Iterable

from vbdaemon.model import DocumentVerdict, VerdictKind
from vbdaemon.state import decisions, deliveries, letters
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, DeliveryRow, DeliveryState

RESEND = "resend:"
"""What the key of a forward begins with that a person sent once more."""
ORDERED = (letters.ASSIGN, RESEND, f"{letters.LETTER}assigned:")


def place_of(document: DocumentVerdict) -> tuple[str, int]:
    """By what a document is known again when it is judged again: its ordinal can be another then."""
    return document.main_sha256, document.first_page


def documents_of(connection: Connection, rows: Iterable[DeliveryRow]) -> dict[str, DocumentVerdict]:
    """The document that each delivery is about, by the delivery's id; none where its decision is gone."""
    read: dict[tuple[str, int], Decision | None] = {}
    found = {}
    for row in rows:
        here = (row.submission, row.version)
        if here not in read:
            body = decisions.body_at(connection, *here)
            read[here] = decisions.parse(body) if body is not None else None
        decision = read[here]
        if decision is not None and row.document is not None:
            found[row.id] = decision.documents[row.document]
    return found


def still_ordered(
    connection: Connection, submission_id: str, documents: tuple[DocumentVerdict, ...]
) -> tuple[str, ...]:
    """Keys of what people ordered, and what waits still, of documents that are accepted now."""
    waiting = [
        row
        for row in deliveries.of_submission(connection, submission_id)
        if row.state is DeliveryState.DUE and row.key.startswith(ORDERED)
    ]
    accepted = {place_of(d) for d in documents if d.verdict.kind is VerdictKind.ACCEPT and d.withdrawn is None}
    about = documents_of(connection, waiting)
    return tuple(row.key for row in waiting if row.id in about and place_of(about[row.id]) in accepted)
