"""Arrival numbers: consecutive and gapless within a book and year, raised in the transaction that uses them."""

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from vbdaemon.model.register import Book
from vbdaemon.state.tables import counters


def number_in(connection: Connection, book: Book, year: int) -> int:
    """The next number of this year; a book that never had one begins with its `start`, every later year with 1.

    Whoever asks second, on another node too, waits for the first to commit or to give the number back.
    """
    here = {"book_": book.name, "year_": year}
    number: int | None = connection.scalar(_RAISE, here)
    if number is None:
        first = book.start if book.start > 1 and _is_new(connection, book.name) else 1
        begin = _BEGIN if connection.dialect.name == "sqlite" else _BEGIN_ONCE
        connection.execute(begin, {"book": book.name, "year": year, "last": first - 1})
        number = connection.scalar(_RAISE, here)
    assert number is not None
    return number


def _is_new(connection: Connection, name: str) -> bool:
    return connection.scalar(select(func.count()).select_from(counters).where(counters.c.book == name)) == 0


_RAISE = (
    update(counters)
    .where(counters.c.book == bindparam("book_"), counters.c.year == bindparam("year_"))
    .values(last=counters.c.last + 1)
    .returning(counters.c.last)
)
_BEGIN = insert(counters)
_BEGIN_ONCE = postgresql_insert(counters).on_conflict_do_nothing()
