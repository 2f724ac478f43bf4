"""Questions about the register: one line, a book, lines that are found by words, lines that wait for a person."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import UnknownSubmission
from vbdaemon.model import DeliveryKind, OutcomeKind
from vbdaemon.model.register import Direction
from vbdaemon.state import register_index
from vbdaemon.state.records import DeliveryState
from vbdaemon.state.register import lines_of
from vbdaemon.state.register_line import Change, Line, Value, to_line
from vbdaemon.state.register_words import Term, as_compared, asked, fold, name_token, spellings, year_token
from vbdaemon.state.tables import deliveries, delivery_attempts
from vbdaemon.state.tables_register import register_changes, register_entries

AT_ONCE = 500
Days = tuple[date, date]
"""First and last, both included, in Vietnam."""
HIGHEST = 2**31 - 1
"""The highest number that PostgreSQL keeps in a column of ours."""


def resolve(connection: Connection, name: str) -> list[Line]:
    """The lines that are meant by "den/2026/15", by "@17" (line 17) or by a submission's id.

    UnknownSubmission when there is none.
    """
    found: list[Line] = []
    book, _, rest = name.rpartition("/")
    book, _, year = book.rpartition("/")
    if name.startswith("@") and _is_number(name[1:]):
        found = by_ids(connection, [int(name[1:])])
    elif book and _is_number(year) and _is_number(rest):
        line = by_number(connection, book, int(year), int(rest))
        found = [line] if line else []
    elif "/" not in name:
        found = lines_of(connection, name)
    if not found:
        raise UnknownSubmission(f'{name!r} is no line of the register; say den/2026/15 or an id, see "register list"')
    return found


def _is_number(words: str) -> bool:
    """True for what a database takes as a number."""
    return words.isdecimal() and int(words) <= HIGHEST


def by_number(connection: Connection, book: str, year: int, number: int) -> Line | None:
    """The line with this arrival number, or None."""
    columns = register_entries.c
    row = connection.execute(
        select(register_entries).where(columns.book == book, columns.year == year, columns.arrival_number == number)
    ).one_or_none()
    return to_line(row) if row is not None else None


def by_ids(connection: Connection, ids: Sequence[int]) -> list[Line]:
    """Lines by their own ids, in the order given."""
    known: dict[int, Line] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(register_entries).where(register_entries.c.id.in_(ids[start : start + AT_ONCE]))
        known |= {row.id: to_line(row) for row in connection.execute(query)}
    return [known[each] for each in ids if each in known]


def changes_of(connection: Connection, entry: int) -> list[Change]:
    """What was changed in a line, oldest first."""
    query = select(register_changes).where(register_changes.c.entry_id == entry).order_by(register_changes.c.id)
    return [Change(row.field, row.before, row.after, row.who, row.why, row.at) for row in connection.execute(query)]


def alike(
    connection: Connection,
    number: Value,
    symbol: Value,
    issued_on: Value,
    issuer: Value,
    besides: int | None = None,
) -> Line | None:
    """A line that counts and bears number, symbol, date and issuer (NĐ 30/2020 App. VI: warn of duplicates).

    `besides` is the id of the line that is itself asked about.
    """
    if not (number and symbol and issued_on and issuer):
        return None
    columns = register_entries.c
    query = select(register_entries).where(
        columns.number.in_(spellings(str(number))), columns.issued_on == issued_on, columns.voided_at.is_(None)
    )
    lines = (to_line(row) for row in connection.execute(query) if row.id != besides)
    alike = (line for line in lines if as_compared(line.symbol) == as_compared(str(symbol)))
    return next((line for line in alike if _same(fold(line.issuer or ""), fold(str(issuer)))), None)


def _same(one: str, other: str) -> bool:
    """Names of one issuer, given number, symbol and day: "Phòng Nội vụ" and "Phòng Nội vụ huyện Sông Lam"."""
    return one.startswith(other) or other.startswith(one)


def search(
    connection: Connection,
    text: str,
    limit: int,
    *,
    book: str | None = None,
    year: int | None = None,
    form: str | None = None,
) -> list[Line]:
    """Lines with all words of a question, those with the very accents first, the latest of them first."""
    narrowed = tuple(_narrowed(book, year, form))
    tiers = asked(text).tiers
    if not tiers:
        return listed(connection, limit, book=book, year=year, form=form)
    ids: dict[int, None] = {}
    for terms in tiers:
        if len(ids) < limit:
            ids |= dict.fromkeys(register_index.find(connection, (*terms, *narrowed), limit + len(ids)))
    return by_ids(connection, list(ids)[:limit])


def listed(
    connection: Connection,
    limit: int,
    *,
    book: str | None = None,
    year: int | None = None,
    form: str | None = None,
    below: int | None = None,
) -> list[Line]:
    """Lines, the latest first; `below` goes on behind the line with that id."""
    columns = register_entries.c
    asked_for = ((columns.book, book), (columns.year, year), (columns.form, form))
    query = select(register_entries).order_by(columns.id.desc()).limit(limit)
    query = query.where(*(column == value for column, value in asked_for if value is not None))
    if below is not None:
        query = query.where(columns.id < below)
    return [to_line(row) for row in connection.execute(query)]


def whole_book(connection: Connection, book: str, year: int, days: Days | None = None) -> Iterator[Line]:
    """Every line of a book's year, or of some days of it, in the order of the book; what waits for its number last."""
    columns = register_entries.c
    query = (
        select(register_entries)
        .where(columns.book == book, columns.year == year, *_within(days))
        .order_by(columns.arrival_number.is_(None), columns.arrival_number, columns.id)
    )
    return (to_line(row) for row in connection.execute(query))


def transfers(connection: Connection, book: str, year: int, days: Days | None = None) -> dict[tuple[str, int], date]:
    """When each document (submission, ordinal) of these lines was forwarded, as far as it arrived."""
    columns, lines, tries = deliveries.c, register_entries.c, delivery_attempts.c
    query = (
        select(columns.submission_id, columns.document, func.min(tries.ended_at).label("at"))
        .join(delivery_attempts, and_(tries.delivery_id == columns.id, tries.outcome == OutcomeKind.DELIVERED))
        .join(
            register_entries,
            and_(lines.submission_id == columns.submission_id, lines.ordinal == columns.document),
        )
        .where(lines.book == book, lines.year == year, *_within(days))
        .where(columns.kind == DeliveryKind.FORWARD, columns.state == DeliveryState.DELIVERED)
        .group_by(columns.submission_id, columns.document)
    )
    return {(row.submission_id, row.document): row.at.astimezone(VIETNAM).date() for row in connection.execute(query)}


def _within(days: Days | None) -> tuple[ColumnElement[bool], ...]:
    return () if days is None else (register_entries.c.registered_on.between(*days),)


def incomplete(connection: Connection, limit: int, *, book: str | None = None, year: int | None = None) -> list[Line]:
    """Lines that wait for a person to type something in (cần bổ sung), oldest first."""
    columns = register_entries.c
    query: Select[tuple[object, ...]] = (
        select(register_entries).where(columns.voided_at.is_(None), _lacking()).order_by(columns.id).limit(limit)
    )
    if book is not None:
        query = query.where(columns.book == book)
    if year is not None:
        query = query.where(columns.year == year)
    return [to_line(row) for row in connection.execute(query)]


def years(connection: Connection) -> list[tuple[str, int]]:
    """Every book and year that has a line."""
    columns = register_entries.c
    query = select(columns.book, columns.year).distinct().order_by(columns.book, columns.year)
    return [(row.book, row.year) for row in connection.execute(query)]


def _lacking() -> ColumnElement[bool]:
    """As `Line.missing` says it."""
    columns = register_entries.c
    said = (columns.form, columns.number, columns.symbol, columns.issued_on, columns.issuer, columns.subject)
    unnumbered = and_(columns.direction == Direction.INCOMING, columns.arrival_number.is_(None))
    return or_(unnumbered, and_(~columns.restricted, or_(*(column.is_(None) for column in said))))


def _narrowed(book: str | None, year: int | None, form: str | None) -> Iterable[Term]:
    if book is not None:
        yield Term((name_token("b", book),))
    if year is not None:
        yield Term((year_token(year),))
    if form is not None:
        yield Term((name_token("f", form),))
