"""Quarters that are scored: one commitment and one draw each, and every population that was ever made for them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from vbdaemon.errors import ActRefused
from vbdaemon.state.events import record
from vbdaemon.state.tables_scoring import scoring_populations, scoring_quarters


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """How far the draw of a quarter is."""

    period: str
    commitment: str
    committed_at: datetime
    committed_by: str
    drawn_at: datetime | None
    drawn_by: str | None
    sample: str | None
    """The sample file as it was written."""


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """A population as it was made."""

    sha256: str
    made_at: datetime
    made_by: str
    why: str
    """Why it replaced the former one; empty for the first."""
    body: str


def quarter(connection: Connection, period: str) -> QuarterRow | None:
    """The quarter, once its secret is committed to."""
    row = connection.execute(select(scoring_quarters).where(scoring_quarters.c.period == period)).one_or_none()
    return QuarterRow(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def populations(connection: Connection, period: str) -> tuple[PopulationRow, ...]:
    """Every population of the quarter, oldest first; the last one counts."""
    columns = scoring_populations.c
    query = select(columns.sha256, columns.made_at, columns.made_by, columns.why, columns.body)
    rows = connection.execute(query.where(columns.period == period).order_by(columns.id))
    return tuple(PopulationRow(**row._mapping) for row in rows)  # noqa: SLF001 - as above


def commit(connection: Connection, period: str, commitment: str, at: datetime, who: str) -> None:
    """Write the commitment down; ActRefused when the quarter has one."""
    if (present := quarter(connection, period)) is not None:
        raise ActRefused(f"{period} has its secret since {present.committed_at.date()}: {present.commitment}")
    connection.execute(
        insert(scoring_quarters).values(period=period, commitment=commitment, committed_at=at, committed_by=who)
    )
    record(connection, at, "scoring-secret", None, f"{who}: {period} {commitment}")


def add_population(connection: Connection, period: str, made: PopulationRow) -> None:
    """Write a population down; ActRefused when the quarter was drawn, or has one and no reason is given."""
    present = quarter(connection, period)
    if present is None or present.drawn_at is not None:
        raise ActRefused(f"{period} was drawn already, or has no secret: no population can be made")
    if populations(connection, period) and not made.why:
        raise ActRefused(f"{period} has a population; say why it is replaced")
    connection.execute(
        insert(scoring_populations).values(
            period=period,
            sha256=made.sha256,
            made_at=made.made_at,
            made_by=made.made_by,
            why=made.why,
            body=made.body,
        )
    )
    words = f"{made.made_by}: {period} {made.sha256} {made.why}".strip()
    record(connection, made.made_at, "scoring-population", None, words)


def draw(connection: Connection, period: str, sample: str, at: datetime, who: str) -> None:
    """Write the draw down, once and for ever; ActRefused when the quarter was drawn."""
    drawn = (
        update(scoring_quarters)
        .where(scoring_quarters.c.period == period, scoring_quarters.c.drawn_at.is_(None))
        .values(sample=sample, drawn_at=at, drawn_by=who)
    )
    if connection.execute(drawn).rowcount != 1:
        raise ActRefused(f"{period} was drawn already, or has no secret")
    record(connection, at, "scoring-drawn", None, f"{who}: {period}")


def redraw(connection: Connection, period: str, sample: str, at: datetime, words: str) -> None:
    """Write another draw down in place of the one before, whose public value was typed wrongly; `words` say so."""
    drawn = scoring_quarters.c.drawn_at
    again = update(scoring_quarters).where(scoring_quarters.c.period == period, drawn.is_not(None), drawn < at)
    if connection.execute(again.values(sample=sample, drawn_at=at)).rowcount != 1:
        raise ActRefused(f"{period} was not drawn, or was drawn again meanwhile")
    record(connection, at, "scoring-redrawn", None, f"{period}: {words}")
