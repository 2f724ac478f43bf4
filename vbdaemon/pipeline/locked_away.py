"""A document found secret after it was forwarded: who has a copy is asked to stop using it, in no word of it."""

from datetime import datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DeliveryKind
from vbdaemon.state import deliveries, letters
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery


def ask_back(connection: Connection, submission_id: str, version: int, at: datetime) -> int:
    """One letter to each place that has a copy, or may have one; how many.

    To be called after everything else was removed and withdrawn.
    """
    sent = {
        (each.scheme, each.address): each
        for each in deliveries.of_submission(connection, submission_id)
        if each.kind is DeliveryKind.FORWARD and (each.state is DeliveryState.DELIVERED or each.attempts > 0)
    }
    told = (
        letters.write(connection, submission_id, version, at, _letter(submission_id, ordinal, each), _details(each))
        for ordinal, each in enumerate(sent.values())
    )
    return sum(told)


def _letter(submission_id: str, ordinal: int, to: DeliveryRow) -> NewDelivery:
    return NewDelivery(
        kind=DeliveryKind.NOTICE,
        key=f"{letters.LETTER}locked:{ordinal}",
        scheme=to.scheme,
        address=to.address,
        unit=to.unit,
        name=f"{submission_id}_ngung-su-dung_{ordinal}",
    )


def _details(forward: DeliveryRow) -> dict[str, str]:
    local = forward.created_at.astimezone(VIETNAM)
    return {"sent": f"{local:%H:%M} ngày {local:%d/%m/%Y}", "delivery": forward.id}
