"""Paper lines that an electronic document may be the original of: a document is registered once (NĐ 30/2020 art. 22).

They are looked for by what is printed on both: number, symbol, date and issuer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from vbdaemon.model import Classification, Snapshot
from vbdaemon.model.register import Direction, Medium
from vbdaemon.state import register_index
from vbdaemon.state.register_line import Line, to_line
from vbdaemon.state.register_words import Term, as_compared, day_token, fold, joined, spellings
from vbdaemon.state.tables_register import register_entries

MOST = 200
"""Lines of one symbol and day that are looked at where a number could not be read."""


class Likeness(IntEnum):
    """How far a line bears what a document bears."""

    OTHER = 0
    """They differ."""
    NEAR = 1
    """They agree as far as both can be read."""
    SAME = 2
    """They agree in number, symbol, date and issuer."""


@dataclass(frozen=True, slots=True)
class PaperLines:
    """Lines of incoming paper that count, and that no electronic document has joined."""

    same: tuple[Line, ...] = ()
    near: tuple[Line, ...] = ()

    @property
    def one(self) -> Line | None:
        """The line of the document's own paper: the only one that bears all that it bears."""
        return self.same[0] if len(self.same) == 1 else None

    @property
    def keys(self) -> str:
        """The lines that may be its paper, as commands take them."""
        return ", ".join(line.key for line in (*self.same, *self.near))


def papers_like(connection: Connection, kind: Classification | None, snapshot: Snapshot, year: int) -> PaperLines:
    """The paper lines of this year's and the former year's books that bear what a document bears.

    None for what our own unit issued: that is no incoming document, as its paper is none.
    """
    if kind is None or (kind.issuer_unit is not None and kind.issuer_unit == snapshot.office.unit):
        return PaperLines()
    found: dict[Likeness, list[Line]] = {each: [] for each in Likeness}
    for line in _candidates(connection, kind, (year, year - 1)):
        found[likeness(line, kind, snapshot)].append(line)
    return PaperLines(tuple(found[Likeness.SAME]), tuple(found[Likeness.NEAR]))


def likeness(line: Line, kind: Classification, snapshot: Snapshot) -> Likeness:
    """What is not known on either side makes them near at best; so do an issuer's names of which one begins the other.

    Two of number, symbol and date must be known on both sides.
    """
    number = _agree(as_compared(line.number), as_compared(kind.number.value if kind.number else None))
    symbol = _agree(as_compared(line.symbol), as_compared(kind.symbol.value if kind.symbol else None))
    day = _agree(line.issued_on, kind.issued_on.value if kind.issued_on else None)
    issuer = _issuers(line, kind, snapshot)
    if Likeness.OTHER in (number, symbol, day, issuer):
        return Likeness.OTHER
    if (number, symbol, day).count(Likeness.SAME) < 2:  # noqa: PLR2004 - as said above
        return Likeness.OTHER
    return min(number, symbol, day, issuer)


def _agree(one: str | date | None, other: str | date | None) -> Likeness:
    if not one or not other:
        return Likeness.NEAR
    return Likeness.SAME if one == other else Likeness.OTHER


def _issuers(line: Line, kind: Classification, snapshot: Snapshot) -> Likeness:
    """By their codes where both are known, otherwise by their words."""
    if line.issuer_unit and kind.issuer_unit:
        return Likeness.SAME if line.issuer_unit == kind.issuer_unit else Likeness.OTHER
    unit = snapshot.directory.unit(kind.issuer_unit)
    words = [kind.issuer.value] if kind.issuer else []
    names = {_plain(name) for name in (*words, *((unit.name, *unit.aliases) if unit else ()))}
    own = _plain(line.issuer or "")
    if not own or not names:
        return Likeness.NEAR
    if own in names:
        return Likeness.SAME
    return Likeness.NEAR if any(own.startswith(name) or name.startswith(own) for name in names) else Likeness.OTHER


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


def _candidates(connection: Connection, kind: Classification, years: tuple[int, int]) -> Iterator[Line]:
    day = kind.issued_on.value if kind.issued_on else None
    if kind.number is not None:
        here: dict[str, object] = {"numbers": spellings(kind.number.value), "years": years}
        if day is not None:
            yield from _lines(connection, _BY_NUMBER_AND_DAY, here | {"day": day})
        elif kind.symbol is not None:
            symbol = kind.symbol.value
            yield from _lines(connection, _BY_NUMBER_AND_SYMBOL, here | {"symbols": (symbol, symbol.upper())})
    elif kind.symbol is not None and day is not None:
        terms = (Term((day_token(day),)), Term((joined(kind.symbol.value),)))
        ids = register_index.find(connection, terms, MOST)
        yield from _lines(connection, _BY_IDS, {"ids": ids, "years": years})


def _lines(connection: Connection, query: Select[tuple[object, ...]], values: dict[str, object]) -> Iterable[Line]:
    return (to_line(row) for row in connection.execute(query, values))


_LINES = register_entries.c
_LONE = select(register_entries).where(
    _LINES.medium == Medium.PAPER,
    _LINES.direction == Direction.INCOMING,
    # Not "IS NULL": SQLite would take it for the best use of an index, and walk through all paper there is.
    func.coalesce(_LINES.submission_id, "") == "",
    _LINES.voided_at.is_(None),
    ~_LINES.restricted,
    _LINES.year.in_(bindparam("years", expanding=True)),
)
_BY_IDS = _LONE.where(_LINES.id.in_(bindparam("ids", expanding=True)))
_BY_NUMBER = _LONE.where(_LINES.number.in_(bindparam("numbers", expanding=True)))
_BY_NUMBER_AND_SYMBOL = _BY_NUMBER.where(_LINES.symbol.in_(bindparam("symbols", expanding=True)))
_BY_NUMBER_AND_DAY = _BY_NUMBER.where(or_(_LINES.issued_on == bindparam("day"), _LINES.issued_on.is_(None)))
