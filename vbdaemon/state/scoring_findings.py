"""Documents that were drawn, what people found about them, and every change of that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from vbdaemon.errors import ActRefused
from vbdaemon.state.events import record
from vbdaemon.state.locked import is_entry_locked
from vbdaemon.state.tables_scoring import scoring_findings, scoring_rulings

STAFF = "staff"
"""The part of which nothing is drawn."""
NOT_DRAWN = 0


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A document to look at."""

    period: str
    part: str
    unit: str
    place: int
    """In the order of the draw, from 1; 0: a staff occurrence that was appealed against, or not drawn any more."""
    entry: str
    kind: str
    proposal: str | None
    grounds: str
    """What the proposal rests on; Vietnamese."""


@dataclass(frozen=True, slots=True)
class FindingRow(NewFinding):
    """The same, with its number and what a person found."""

    id: int
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A confirmation, or the decision on an appeal."""

    finding: int
    kind: str
    """ "confirm" or "appeal"."""
    before: str | None
    after: str
    points_before: float
    """Points deducted from the unit in this quarter, before and after."""
    points_after: float
    who: str
    why: str
    at: datetime


def add(connection: Connection, made: Iterable[NewFinding]) -> list[int]:
    """Write them down; their numbers in the same order."""
    return [
        connection.execute(
            insert(scoring_findings)
            .values({name: getattr(each, name) for name in NewFinding.__dataclass_fields__})
            .returning(scoring_findings.c.id)
        ).scalar_one()
        for each in made
    ]


def replace(connection: Connection, period: str, made: Iterable[NewFinding]) -> None:
    """Another draw was made: what is drawn no longer counts no more, what is drawn again keeps what people found.

    Nothing is removed: the rulings on what is not drawn any more stay.
    """
    columns = scoring_findings.c
    ours = (columns.period == period) & (columns.part != STAFF)
    connection.execute(update(scoring_findings).where(ours).values(place=NOT_DRAWN))
    for each in made:
        same = (columns.part == each.part) & (columns.unit == each.unit) & (columns.entry == each.entry)
        again = update(scoring_findings).where(ours & same).values(place=each.place)
        if connection.execute(again).rowcount == 0:
            add(connection, [each])


def of_period(connection: Connection, period: str) -> tuple[FindingRow, ...]:
    """All of a quarter that count: by unit, part and place."""
    columns = scoring_findings.c
    counts = (columns.part == STAFF) | (columns.place != NOT_DRAWN)
    query = select(scoring_findings).where(columns.period == period, counts)
    rows = connection.execute(query.order_by(columns.unit, columns.part, columns.place, columns.entry))
    return tuple(FindingRow(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name for it


def get(connection: Connection, number: int) -> FindingRow:
    """The finding with this number; ActRefused when there is none."""
    row = connection.execute(select(scoring_findings).where(scoring_findings.c.id == number)).one_or_none()
    if row is None:
        raise ActRefused(f'no finding has the number {number}; see "vbdaemon report findings --period PERIOD"')
    if row.part != STAFF and row.place == NOT_DRAWN:
        raise ActRefused(f"finding {number} counts no more: its document is not drawn since the draw was corrected")
    return FindingRow(**row._mapping)  # noqa: SLF001 - as above


def rule(connection: Connection, ruling: Ruling) -> None:
    """Write a ruling down and let it hold; ActRefused when somebody else ruled meanwhile."""
    changed = (
        update(scoring_findings)
        .where(scoring_findings.c.id == ruling.finding, scoring_findings.c.verdict.is_not_distinct_from(ruling.before))
        .values(verdict=ruling.after)
    )
    if connection.execute(changed).rowcount != 1:
        raise ActRefused(f"finding {ruling.finding} was changed by somebody else meanwhile; look again")
    entry = connection.scalar(select(scoring_findings.c.entry).where(scoring_findings.c.id == ruling.finding))
    why = "" if is_entry_locked(connection, entry or "") else ruling.why
    connection.execute(
        insert(scoring_rulings).values(
            finding_id=ruling.finding,
            kind=ruling.kind,
            before=ruling.before,
            after=ruling.after,
            points_before=ruling.points_before,
            points_after=ruling.points_after,
            who=ruling.who,
            why=why,
            at=ruling.at,
        )
    )
    words = f"{ruling.who}: finding {ruling.finding} {ruling.before or 'open'} -> {ruling.after}"
    record(connection, ruling.at, f"scoring-{ruling.kind}", None, f"{words}: {why}" if why else words)


def rulings(connection: Connection, period: str) -> tuple[Ruling, ...]:
    """Every ruling of a quarter, oldest first."""
    columns = scoring_rulings.c
    query = (
        select(scoring_rulings)
        .join(scoring_findings, scoring_findings.c.id == columns.finding_id)
        .where(scoring_findings.c.period == period)
        .order_by(columns.id)
    )
    return tuple(
        Ruling(
            row.finding_id,
            row.kind,
            row.before,
            row.after,
            row.points_before,
            row.points_after,
            row.who,
            row.why,
            row.at,
        )
        for row in connection.execute(query)
    )
