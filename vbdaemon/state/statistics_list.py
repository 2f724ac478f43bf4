"""The documents behind the figures: who adds them up gets the numbers that the reports show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from vbdaemon.model import VerdictKind
from vbdaemon.state.statistics import Figure, Scope, condition, scoped
from vbdaemon.state.tables import documents
from vbdaemon.state.tables_facts import document_facts as table


@dataclass(frozen=True, slots=True)
class Counted:
    """One document with the figures that count it."""

    submission: str
    ordinal: int
    """From 0."""
    received_at: datetime
    unit: str | None
    issuer_unit: str | None
    form: str | None
    verdict: VerdictKind
    reasons: tuple[str, ...]
    arrival_number: int | None
    year: int | None
    designation: str
    """Number and symbol; empty where they are unknown, restricted or locked away."""
    issued_on: date | None
    receipt_seconds: int | None
    figures: frozenset[Figure]


def counted(
    connection: Connection,
    scope: Scope,
    figure: Figure | None = None,
    reason: str | None = None,
    limit: int | None = None,
) -> Iterator[Counted]:
    """The documents of a scope in the order of receipt: all, those of one figure, those with one reason.

    Without a figure, those refused or returned for the reason, as `refusals` counts them.
    """
    c = table.c
    marks = [condition(each).label(f"in_{each}") for each in Figure]
    query = (
        select(table, documents.c.number, documents.c.symbol, documents.c.issued_on, *marks)
        .outerjoin(documents, (documents.c.submission_id == c.submission_id) & (documents.c.ordinal == c.ordinal))
        .where(*scoped(scope))
        .order_by(c.received_at, c.submission_id, c.ordinal)
    )
    if figure is not None:
        query = query.where(condition(figure))
    if reason is not None:
        query = query.where(c.reasons.contains(f" {reason} ", autoescape=True))
        if figure is None:
            query = query.where(condition(Figure.REFUSED) | condition(Figure.RETURNED))
    for row in connection.execute(query.limit(limit)):
        yield _counted(row)


def any_in(connection: Connection, scope: Scope) -> bool:
    """True when a document was received, repeats among them."""
    return connection.scalar(select(table.c.ordinal).where(*scoped(scope)).limit(1)) is not None


def first_and_last(connection: Connection) -> tuple[date, date] | None:
    """The days on which the first and the last document was received; None without any."""
    first, last = (connection.scalar(select(each(table.c.received_on))) for each in (func.min, func.max))
    return None if first is None or last is None else (first, last)


def _counted(row: Any) -> Counted:
    locked = row.restricted or row.verdict == VerdictKind.QUARANTINE
    designation = f"{row.number or ''}/{row.symbol}" if row.symbol and not locked else ""
    return Counted(
        submission=row.submission_id,
        ordinal=row.ordinal,
        received_at=row.received_at,
        unit=row.unit,
        issuer_unit=row.issuer_unit,
        form=row.form,
        verdict=VerdictKind(row.verdict),
        reasons=tuple(row.reasons.split()),
        arrival_number=row.arrival_number,
        year=row.year,
        designation=designation,
        issued_on=row.issued_on if not locked else None,
        receipt_seconds=row.receipt_seconds,
        figures=frozenset(each for each in Figure if getattr(row, f"in_{each}")),
    )
