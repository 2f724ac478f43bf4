"""Is the state in itself as it must be? Questions of `fsck`; two of them have a provable answer that can be written."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text, update

from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.state.tables import counters, decisions, deliveries, documents, events, submissions
from vbdaemon.state.tables_register import register_entries

DISPOSED = "disposed"
"""Kind of the event that says: these bytes were deleted, by a person's approval."""
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """What the state says about the bytes of one submission."""

    id: str
    state: SubmissionState
    decided: bool
    """A decision of it is kept."""
    disposed: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that arrived: what was sent must lie in the spool."""

    id: str
    submission: str


@dataclass(frozen=True, slots=True)
class Book:
    """One year of a register."""

    name: str
    year: int
    last: int
    """What the counter says; 0 without one."""
    numbers: frozenset[int]
    """Numbers that documents and lines of the register bear, void lines and paper arrivals too."""

    @property
    def highest(self) -> int:
        """The highest number that a document bears."""
        return max(self.numbers, default=0)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Numbers between the first and the last that nothing bears; a book may begin with another number than 1."""
        first = min(self.numbers, default=1)
        return tuple(number for number in range(first, max(self.last, self.highest) + 1) if number not in self.numbers)


def damage(connection: Connection) -> list[str]:
    """What the database finds wrong with itself, a line each; PostgreSQL keeps that to its own tools."""
    if connection.dialect.name != "sqlite":
        return []
    found = [row[0] for row in connection.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    broken = connection.execute(text("PRAGMA foreign_key_check"))
    return found + [f"table {row[0]}, row {row[1]}: refers to a row of {row[2]} that is not there" for row in broken]


def standings(connection: Connection) -> Iterator[Standing]:
    """Every submission, oldest first, read in portions so that nobody waits for us."""
    known = submissions.c
    decided = set(connection.scalars(select(decisions.c.submission_id).distinct()))
    gone = disposed(connection)
    last = ""
    while True:
        query = select(known.id, known.state).where(known.id > last).order_by(known.id).limit(AT_ONCE)
        rows = connection.execute(query).all()
        for row in rows:
            yield Standing(row.id, SubmissionState(row.state), row.id in decided, row.id in gone)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].id


def disposed(connection: Connection) -> frozenset[str]:
    """Submissions whose bytes were deleted by approval."""
    query = select(events.c.submission_id).where(events.c.kind == DISPOSED, events.c.submission_id.is_not(None))
    return frozenset(connection.scalars(query))


def is_disposed(connection: Connection, submission_id: str) -> bool:
    """True when the bytes of this submission were deleted by approval."""
    query = select(events.c.id).where(events.c.submission_id == submission_id, events.c.kind == DISPOSED).limit(1)
    return connection.scalar(query) is not None


def arrived(connection: Connection) -> Iterator[Sent]:
    """Deliveries that arrived."""
    columns = deliveries.c
    query = (
        select(columns.id, columns.submission_id)
        .where(columns.state == DeliveryState.DELIVERED)
        .order_by(columns.submission_id, columns.id)
    )
    for row in connection.execute(query):
        yield Sent(row.id, row.submission_id)


def delivery_ids(connection: Connection) -> frozenset[str]:
    """Ids of all deliveries."""
    return frozenset(connection.scalars(select(deliveries.c.id)))


def books(connection: Connection) -> list[Book]:
    """Every year of every register."""
    given, lines = documents.c, register_entries.c
    of_documents = select(given.book, given.year, given.register_number.label("number"))
    of_lines = select(lines.book, lines.year, lines.arrival_number.label("number"))
    queries = (
        of_documents.where(given.register_number.is_not(None)),
        of_lines.where(lines.arrival_number.is_not(None)),
    )
    numbers: dict[tuple[str, int], set[int]] = {}
    for row in (row for query in queries for row in connection.execute(query)):
        numbers.setdefault((row.book, row.year), set()).add(row.number)
    last = {(row.book, row.year): int(row.last) for row in connection.execute(select(counters))}
    return [
        Book(name, year, last.get((name, year), 0), frozenset(numbers.get((name, year), ())))
        for name, year in sorted(set(numbers) | set(last))
    ]


def raise_counter(connection: Connection, book: str, year: int, last: int) -> bool:
    """The counter goes on behind a number that was given; it is never lowered. True when it was raised."""
    here = (counters.c.book == book) & (counters.c.year == year)
    change = update(counters).where(here, counters.c.last < last).values(last=last)
    if connection.execute(change).rowcount:
        return True
    if connection.scalar(select(func.count()).select_from(counters).where(here)):
        return False
    connection.execute(counters.insert().values(book=book, year=year, last=last))
    return True
