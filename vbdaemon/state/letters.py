"""What a delivery tells besides, or instead of, the decision: written with it, removed by quarantine."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from vbdaemon.state import deliveries
from vbdaemon.state.records import DeliveryRow, NewDelivery
from vbdaemon.state.tables_follow import letters

LETTER = "letter:"
"""What the key of a notice begins with that is no notice on the decision: then comes its name and a colon."""
ASSIGN = "assign:"
"""What the key of a forward begins with that a person's assignment made."""


def write(
    connection: Connection,
    submission_id: str,
    version: int,
    at: datetime,
    new: NewDelivery,
    details: Mapping[str, str],
) -> bool:
    """A delivery and what it tells; False, and nothing is written, when one with the same key was written before."""
    before = connection.scalar(
        select(letters.c.key).where(letters.c.submission_id == submission_id, letters.c.key == new.key)
    )
    if before is not None:
        return False
    body = json.dumps(dict(details), ensure_ascii=False)
    connection.execute(insert(letters).values(submission_id=submission_id, key=new.key, details=body))
    deliveries.write(connection, submission_id, version, at, (new,))
    return True


def details_of(connection: Connection, row: DeliveryRow) -> dict[str, str] | None:
    """What this delivery tells; None for one that tells the decision."""
    if not row.key.startswith((LETTER, ASSIGN)):
        return None
    body = connection.scalar(
        select(letters.c.details).where(letters.c.submission_id == row.submission, letters.c.key == row.key)
    )
    return None if body is None else dict(json.loads(body))


def name_of(row: DeliveryRow) -> str | None:
    """Which letter a notice is: "assigned", "recall", …; None for the notice on a decision."""
    return row.key.split(":")[1] if row.key.startswith(LETTER) else None


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: no word stays but of a report, which hangs on a submission that it may not even tell of."""
    ours = letters.c.submission_id == submission_id
    connection.execute(delete(letters).where(ours, ~letters.c.key.startswith(f"{LETTER}report:")))
