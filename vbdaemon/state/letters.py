"""What a delivery tells besides, or instead of, the decision: written with it, removed by quarantine."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

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


def forget_elsewhere(connection: Connection, submission_id: str) -> None:
    """Quarantine: what a letter that hangs on another submission says of this one, but for its id and the day."""
    for row in _naming(connection, submission_id):
        details = json.loads(row.details)
        for each in (papers := json.loads(details["papers"])):
            if each.get("submission") == submission_id:
                each.update({name: "" for name in each if name not in ("submission", "due")})
        details["papers"] = json.dumps(papers, ensure_ascii=False)
        here = (letters.c.submission_id == row.submission_id) & (letters.c.key == row.key)
        connection.execute(update(letters).where(here).values(details=json.dumps(details, ensure_ascii=False)))


def telling_of(connection: Connection, submission_id: str) -> tuple[str, ...]:
    """Deliveries that hang on other submissions, and whose letters name this one."""
    found: list[str] = []
    for row in _naming(connection, submission_id):
        every = deliveries.of_submission(connection, row.submission_id)
        found += [each.id for each in every if each.key.partition("#")[0] == row.key]
    return tuple(found)


def _naming(connection: Connection, submission_id: str) -> Sequence[Row[Any]]:
    """Reminders alone tell of several submissions in words."""
    named = letters.c.details.contains(submission_id) & (letters.c.submission_id != submission_id)
    return connection.execute(select(letters).where(letters.c.key.startswith(f"{LETTER}paper:"), named)).all()
