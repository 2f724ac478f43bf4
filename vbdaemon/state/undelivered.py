"""The sender is told when an accepted document cannot be brought to one of its recipients."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vbdaemon.model import DeliveryKind, Destination
from vbdaemon.state import decisions, deliveries
from vbdaemon.state.records import DeliveryRow, NewDelivery
from vbdaemon.state.tables import deliveries as table

LABEL = "chua-chuyen-duoc"
"""What the name of such a notice ends in, after the id of the delivery that failed."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Where a document could not be brought."""

    destination: Destination


def tell_sender(connection: Connection, delivery_id: str, at: datetime) -> bool:
    """Write the notice on a forward that failed for good; False where nobody may be told, or was told before.

    To be called in the transaction that gives the delivery up.
    """
    row = connection.execute(select(table).where(table.c.id == delivery_id)).one_or_none()
    if row is None or row.kind != DeliveryKind.FORWARD:
        return False
    body = decisions.body_at(connection, row.submission_id, row.version)
    reply = decisions.parse(body).reply if body is not None else None
    if reply is None:
        return False
    key, name = f"undelivered:{delivery_id}", f"{delivery_id}_{LABEL}"
    notice = NewDelivery.to(reply, DeliveryKind.NOTICE, key, name, row.document)
    before = len(deliveries.of_submission(connection, row.submission_id))
    deliveries.write(connection, row.submission_id, row.version, at, (notice,))
    return len(deliveries.of_submission(connection, row.submission_id)) > before


def undelivered(connection: Connection, notice: DeliveryRow) -> Undelivered | None:
    """What such a notice is about; None for any other notice."""
    failed, _, label = notice.name.partition("_")
    if notice.document is None or label != LABEL:
        return None
    row = connection.execute(select(table).where(table.c.id == failed)).one_or_none()
    return None if row is None else Undelivered(Destination(row.scheme, row.address, row.unit))
