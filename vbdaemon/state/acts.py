"""Acts of people: queued by commands, applied by the daemon."""

from dataclasses import dataclass, fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from vbdaemon.errors import UnknownSubmission
from vbdaemon.model import Act, ActKind, Assignment, CorrectedField, Withdrawal
from vbdaemon.state.records import ActRow, ActState
from vbdaemon.state.tables import acts


@dataclass(frozen=True, slots=True)
class _Details:
    """What acts carry besides their reason, each as `Act` has it."""

    corrected: tuple[tuple[CorrectedField, str], ...] = ()
    unit: str | None = None
    title: str = ""
    instead: bool = False
    assignment: Assignment | None = None
    withdrawal: Withdrawal | None = None
    replaced_by: str = ""
    details: tuple[tuple[str, str], ...] = ()


codec: TypeAdapter[_Details] = TypeAdapter(_Details)


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


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: who did what and when stays; what they typed, and what was answered to it, is removed."""
    ours = acts.c.submission_id == submission_id
    connection.execute(update(acts).where(ours).values(why="", details=None, answer=None))


def forget_one(connection: Connection, act_id: int) -> None:
    """What was typed with one act is removed."""
    connection.execute(update(acts).where(acts.c.id == act_id).values(why="", details=None))


def to_row(row: Row[Any]) -> ActRow:
    """A database row as a value."""
    details = codec.validate_json(row.details) if row.details else _Details()
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
        **{each.name: getattr(details, each.name) for each in fields(details)},
    )


def _details(act: Act) -> str | None:
    """What an act carries besides its reason, as JSON."""
    details = _Details(**{each.name: getattr(act, each.name) for each in fields(_Details)})
    return None if details == _Details() else codec.dump_json(details, exclude_defaults=True).decode()
