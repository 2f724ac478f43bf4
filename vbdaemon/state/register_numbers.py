"""Arrival numbers: consecutive and gapless within a book and year, raised in the transaction that uses them."""

from sqlalchemy import Connection, func, insert, select

from vbdaemon.model.register import Book
from vbdaemon.state.decisions import next_number
from vbdaemon.state.tables import counters


def number_in(connection: Connection, book: Book, year: int) -> int:
    """The next number of this year; a book that never had one begins with its `start`, every later year with 1."""
    if book.start > 1 and _is_new(connection, book.name):
        connection.execute(insert(counters).values(book=book.name, year=year, last=book.start - 1))
    return next_number(connection, book.name, year)


def _is_new(connection: Connection, name: str) -> bool:
    return connection.scalar(select(func.count()).select_from(counters).where(counters.c.book == name)) == 0
