"""Questions about papers: which are due, overdue, to be reminded of; how many of each unit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select

from vbdaemon.state.register_line import RESTRICTED
from vbdaemon.state.tables import documents
from vbdaemon.state.tables_paper import papers


class PaperState(StrEnum):
    """Where a paper stands."""

    DUE = "DUE"
    """Awaited."""
    RECEIVED = "RECEIVED"
    """A person has it."""
    WAIVED = "WAIVED"
    """A person said that it need not come."""
    WITHDRAWN = "WITHDRAWN"
    """The document is no longer accepted: none is awaited."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper, and what the register knows of its document."""

    submission: str
    main_sha256: str
    first_page: int
    ordinal: int
    """Which document of the submission, counted from 0."""
    unit: str | None
    """Code of the unit that handed in."""
    expected_at: datetime
    due_on: date
    state: PaperState
    received_at: datetime | None
    """When it came or was waived."""
    received_by: str | None
    note: str | None
    remind_on: date | None
    reminders: int
    reminded_at: datetime | None
    designation: str
    """Number and symbol; empty when unknown. Of a complaint or denunciation for its sender alone: see `shown`."""
    issued_on: date | None
    arrival: str
    """Số đến, as "123/2026"; empty without one."""
    restricted: bool = False
    """A complaint or denunciation."""

    @property
    def shown(self) -> "PaperRow":
        """As lists and reports show it: like the book, without number, date and notes of a restricted document."""
        if not self.restricted:
            return self
        return replace(self, designation=f"({RESTRICTED})", issued_on=None, note=None)

    def is_overdue(self, today: date) -> bool:
        """It is awaited still, past its day."""
        return self.state is PaperState.DUE and self.due_on < today


@dataclass(frozen=True, slots=True)
class PaperTotal:
    """Papers of one unit that were due within a period."""

    unit: str | None
    expected: int
    received: int
    waived: int
    overdue: int
    """Not here yet, past their day."""


def listed(
    connection: Connection,
    *,
    submission: str | None = None,
    state: PaperState | None = None,
    overdue_on: date | None = None,
    remind_until: date | None = None,
    due: tuple[date, date] | None = None,
    unit: str | None = None,
    limit: int | None = None,
) -> tuple[PaperRow, ...]:
    """Papers, those due first before others; of a submission, in a state, overdue on a day, due on days, of a unit."""
    c = papers.c
    query = _QUERY
    if submission is not None:
        query = query.where(c.submission_id == submission)
    if state is not None:
        query = query.where(c.state == state)
    if overdue_on is not None:
        query = query.where(c.state == PaperState.DUE, c.due_on < overdue_on)
    if due is not None:
        query = query.where(c.due_on.between(*due))
    if unit is not None:
        query = query.where(c.unit == unit)
    if remind_until is not None:
        query = query.where(c.remind_on <= remind_until)
    order = (c.unit, c.submission_id) if remind_until else (c.due_on, c.submission_id)
    query = query.order_by(*order, c.ordinal)
    return tuple(_row(row) for row in connection.execute(query if limit is None else query.limit(limit)))


def counted(connection: Connection, since: date, until: date, today: date) -> tuple[PaperTotal, ...]:
    """How many papers were due from `since` to `until`, both days included, by unit; withdrawn ones do not count."""
    states = (PaperState.DUE, PaperState.RECEIVED, PaperState.WAIVED)
    late = func.sum(case((and_(papers.c.state == PaperState.DUE, papers.c.due_on < today), 1), else_=0))
    query = (
        select(papers.c.unit, papers.c.state, func.count().label("n"), late.label("late"))
        .where(papers.c.state.in_(states), papers.c.due_on.between(since, until))
        .group_by(papers.c.unit, papers.c.state)
    )
    by_unit: dict[str | None, Counter[str]] = {}
    for row in connection.execute(query):
        counts = by_unit.setdefault(row.unit, Counter())
        counts[row.state] += row.n
        counts["late"] += row.late
    return tuple(
        PaperTotal(
            unit,
            sum(counts[state] for state in states),
            counts[PaperState.RECEIVED],
            counts[PaperState.WAIVED],
            counts["late"],
        )
        for unit, counts in sorted(by_unit.items(), key=lambda each: each[0] or "")
    )


def open_counts(connection: Connection, today: date) -> tuple[int, int]:
    """How many papers are awaited, and how many of these are overdue."""
    awaited = select(func.count()).select_from(papers).where(papers.c.state == PaperState.DUE)
    overdue = awaited.where(papers.c.due_on < today)
    return connection.scalar(awaited) or 0, connection.scalar(overdue) or 0


def arrivals(connection: Connection, books: Sequence[str], year: int, number: int) -> tuple[PaperRow, ...]:
    """The papers of documents with this arrival number (số đến) in any of the books; empty when none is awaited."""
    d = documents.c
    query = _QUERY.where(d.book.in_(books), d.year == year, d.register_number == number)
    return tuple(_row(row) for row in connection.execute(query))


def _row(row: Row[Any]) -> PaperRow:
    return PaperRow(
        submission=row.submission_id,
        main_sha256=row.main_sha256,
        first_page=row.first_page,
        ordinal=row.ordinal,
        unit=row.unit,
        expected_at=row.expected_at,
        due_on=row.due_on,
        state=PaperState(row.state),
        received_at=row.received_at,
        received_by=row.received_by,
        note=row.note,
        remind_on=row.remind_on,
        reminders=row.reminders,
        reminded_at=row.reminded_at,
        designation="/".join(part for part in (row.number, row.symbol) if part),
        issued_on=row.issued_on,
        arrival=f"{row.register_number}/{row.year}" if row.register_number is not None else "",
        restricted=bool(row.restricted),
    )


_QUERY = select(
    papers,
    documents.c.number,
    documents.c.symbol,
    documents.c.issued_on,
    documents.c.year,
    documents.c.register_number,
    documents.c.restricted,
).select_from(
    papers.outerjoin(
        documents,
        and_(
            documents.c.submission_id == papers.c.submission_id,
            documents.c.ordinal == papers.c.ordinal,
            documents.c.main_sha256 == papers.c.main_sha256,
        ),
    )
)
