"""A document found secret: its bytes are put away, and who has a copy is asked to stop using it, in no word of it."""

from datetime import datetime
from functools import partial

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DeliveryKind
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries, letters, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery, SubmissionState
from vbdaemon.state.store import State


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


def put_away(spool: Spool, state: State) -> None:
    """The bytes of all that is locked away move to quarantine, what was rendered of it goes, the state is shredded.

    OSError when they cannot; recovery repeats it.
    """
    for row in state.read(lambda c: submissions.listed(c, (SubmissionState.QUARANTINED,))):
        if spool.folder_of(row.id).is_dir():
            elsewhere = state.read(partial(letters.telling_of, submission_id=row.id))
            spool.quarantine(row.id, elsewhere)
    state.shred()


def _letter(submission_id: str, ordinal: int, to: DeliveryRow) -> NewDelivery:
    name = f"{submission_id}_ngung-su-dung_{ordinal}"
    return NewDelivery.to(to, DeliveryKind.NOTICE, f"{letters.LETTER}locked:{ordinal}", name)


def _details(forward: DeliveryRow) -> dict[str, str]:
    local = forward.created_at.astimezone(VIETNAM)
    return {"sent": f"{local:%H:%M} ngày {local:%d/%m/%Y}", "delivery": forward.id}
