"""Acts of people: queued by commands, applied by the daemon."""

import json
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from vbdaemon.errors import UnknownSubmission
from vbdaemon.model import Act, ActKind, CorrectedField
from vbdaemon.state.records import ActRow, ActState
from vbdaemon.state.tables import acts


def queue(connection: Connection, act: Act) -> int:
    """Write an act down; answers its id."""
    row_id: int = connection.execute(
        insert(acts)
        .values(
            submission_id=act.submission,
            kind=act.kind,
            who=act.who,
            why=act.why,
            at=act.at,
            expected_version=act.expected_version,
            state=ActState.QUEUED,
            document=act.document,
            details=_details(act),
        )
        .returning(acts.c.id)
    ).scalar_one()
    return row_id


def queued(connection: Connection) -> list[ActRow]:
    """Acts that nobody looked at yet, oldest first."""
    rows = connection.execute(select(acts).where(acts.c.state == ActState.QUEUED).order_by(acts.c.id))
    return [to_row(row) for row in rows]


def get(connection: Connection, act_id: int) -> ActRow:
    """The act as it stands."""
    row = connection.execute(select(acts).where(acts.c.id == act_id)).one_or_none()
    if row is None:
        raise UnknownSubmission(f"no act has the number {act_id}")
    return to_row(row)


def answer(connection: Connection, act_id: int, state: ActState, words: str) -> None:
    """What became of an act."""
    connection.execute(update(acts).where(acts.c.id == act_id).values(state=state, answer=words))


def to_row(row: Row[Any]) -> ActRow:
    """A database row as a value."""
    details = json.loads(row.details) if row.details else {}
    return ActRow(
        id=row.id,
        submission=row.submission_id,
        kind=ActKind(row.kind),
        who=row.who,
        why=row.why,
        at=row.at,
        expected_version=row.expected_version,
        state=ActState(row.state),
        answer=row.answer,
        document=row.document or 0,
        corrected=tuple((CorrectedField(field), value) for field, value in details.get("corrected", ())),
        unit=details.get("unit"),
    )


def _details(act: Act) -> str | None:
    """What an act carries besides its reason, as JSON."""
    if not act.corrected and act.unit is None:
        return None
    return json.dumps({"corrected": act.corrected, "unit": act.unit}, ensure_ascii=False)
