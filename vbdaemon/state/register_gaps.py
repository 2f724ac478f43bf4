"""Numbers that nobody bears: none among our own arrival numbers, and reported where others give the numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, select

from vbdaemon.model.register import Direction, Series
from vbdaemon.state.tables_register import register_entries

_DIGITS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a book's year that no line bears."""

    book: str
    year: int
    series: str
    """Form or symbol within which they are consecutive; empty: the whole book."""
    first: int
    last: int

    @property
    def words(self) -> str:
        """As people write it: "7" or "7-9"."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def gaps(connection: Connection, series: Series) -> list[Gap]:
    """Between the first and the last number of each year: arrival numbers, and the issuer's own of outgoing ones."""
    return [*_arrivals(connection), *_outgoing(connection, series)]


def _arrivals(connection: Connection) -> Iterator[Gap]:
    columns = register_entries.c
    query = (
        select(columns.book, columns.year, columns.arrival_number)
        .where(columns.arrival_number.is_not(None))
        .order_by(columns.book, columns.year, columns.arrival_number)
    )
    for before, after in pairwise(connection.execute(query)):
        if (before.book, before.year) == (after.book, after.year) and after.arrival_number > before.arrival_number + 1:
            yield Gap(after.book, after.year, "", before.arrival_number + 1, after.arrival_number - 1)


def _outgoing(connection: Connection, series: Series) -> Iterator[Gap]:
    columns = register_entries.c
    query = select(columns.book, columns.year, columns.issued_on, columns.form, columns.symbol, columns.number).where(
        columns.direction == Direction.OUTGOING, columns.number.is_not(None)
    )
    borne: dict[tuple[str, int, str], set[int]] = {}
    for row in connection.execute(query):
        digits = _DIGITS.match(row.number)
        if digits is None:
            continue
        within = {Series.BOOK: "", Series.FORM: row.form or "", Series.SYMBOL: row.symbol or ""}[series]
        year = row.issued_on.year if row.issued_on else row.year
        borne.setdefault((row.book, year, within), set()).add(int(digits[0]))
    for (book, year, within), numbers in sorted(borne.items()):
        for first, last in _between(numbers):
            yield Gap(book, year, within, first, last)


def _between(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    for before, after in pairwise(sorted(numbers)):
        if after > before + 1:
            yield before + 1, after - 1
