"""What the facts of documents add up to; every figure is a condition, so that the same one counts and lists.

Days are those of Vietnam. A document that is a repeat (the same bytes again, or filed with another one) counts as such
and in nothing else. Percentiles are by nearest rank: a time that was really measured.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, case, cast, func, not_, select

from vbdaemon.model import TransmissionForm, VerdictKind
from vbdaemon.state.tables_facts import document_facts as table

Key = tuple[str | date | None, ...]
"""Of a group: a unit, a form, a day …, as the dimensions were asked for."""
_C = table.c


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents are counted: received on these days, both included."""

    since: date
    until: date
    unit: str | None = None
    """Code of the unit that handed in; None = all."""
    issuer: str | None = None
    """Code of the unit that issued, or handed in what no unit of the directory issued; None = all."""
    form: str | None = None
    """Slug of the form; None = all."""


class Dimension(StrEnum):
    """By what figures are grouped."""

    UNIT = "unit"
    """Who handed in."""
    ISSUER = "issuer"
    """The issuing unit; who handed in, where the issuer is not one of the directory."""
    FORM = "form"
    """Hình thức."""
    DAY = "day"
    """Of receipt."""


class Figure(StrEnum):
    """One number of the statistics."""

    RECEIVED = "received"
    """Handed in, whatever became of it; repeats apart."""
    ACCEPTED = "accepted"
    """Registered and forwarded."""
    REFUSED = "refused"
    """Refused; returned drafts apart."""
    RETURNED = "returned"
    """Drafts that were returned."""
    HELD = "held"
    """Waiting for a person or for evidence."""
    QUARANTINED = "quarantined"
    """Locked away."""
    REPEATED = "repeated"
    """The same bytes again, or filed with a document accepted before."""
    SIGNABLE = "signable"
    """What the rates of 607/UBND-VP are shares of."""
    ORGANISATION = "organisation"
    """Of these: with the issuer's own signature."""
    PERSON = "person"
    """Of these: with a person's signature."""
    LEADER = "leader"
    """Of these: with a leader's own signature."""
    EDITABLE_MISSING = "editable_missing"
    """Came without the Word or Excel file."""
    PAPER_DUE = "paper_due"
    """Accepted; a paper copy has to follow."""
    MISFORMED = "misformed"
    """With at least one finding about the format."""
    DRAFTS = "drafts"
    """Drafts, and each Tờ trình that carries one: not signable."""
    PAPER_ONLY = "paper_only"
    """Of a form that is signed and sent on paper only, drafts apart: not signable."""
    UNSIGNABLE = "unsignable"
    """No document of an agency, or nobody could read it, neither draft nor paper nor quarantined: not signable."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many documents each figure counts."""

    received: int = 0
    accepted: int = 0
    refused: int = 0
    returned: int = 0
    held: int = 0
    quarantined: int = 0
    repeated: int = 0
    signable: int = 0
    organisation: int = 0
    person: int = 0
    leader: int = 0
    editable_missing: int = 0
    paper_due: int = 0
    misformed: int = 0
    drafts: int = 0
    paper_only: int = 0
    unsignable: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Times:
    """How long it took from handing in to the verdict that the sender was told, in seconds; None without any."""

    median: int | None = None
    ninety_fifth: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of a group of documents, and how long each of them took."""

    figures: Figures = Figures()
    seconds: Counter[str] = field(default_factory=Counter)
    """How many documents took so many seconds, the seconds as the database wrote them; repeats and held ones have none.
    """

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.figures + other.figures, self.seconds + other.seconds)

    @property
    def times(self) -> Times:
        """Percentiles of this group."""
        ordered = sorted((int(seconds), many) for seconds, many in self.seconds.items())
        many = self.seconds.total()
        return Times(_ranked(ordered, -(-many // 2)), _ranked(ordered, -(-many * 95 // 100)))


def condition(figure: Figure) -> ColumnElement[bool]:
    """True for the documents that this figure counts."""
    return _CONDITIONS[figure]


def scoped(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """True for the documents of a scope."""
    chosen = [_C.received_on >= scope.since, _C.received_on <= scope.until]
    if scope.unit is not None:
        chosen.append(_C.unit == scope.unit)
    if scope.issuer is not None:
        chosen.append(_KEYS[Dimension.ISSUER] == scope.issuer)
    if scope.form is not None:
        chosen.append(_C.form == scope.form)
    return tuple(chosen)


def tallies(connection: Connection, scope: Scope, *dimensions: Dimension, timed: bool = False) -> dict[Key, Tally]:
    """Every figure, and with `timed` every time, grouped by these dimensions in one pass over the index.

    A key holds None where a document has none (quarantine, unknown).
    """
    keys = [_KEYS[dimension] for dimension in dimensions]
    counts = [func.count().filter(_CONDITIONS[figure]) for figure in Figure]
    query = select(*keys, *counts, *((_SECONDS,) if timed else ())).where(*scoped(scope)).group_by(*keys)
    found = {}
    for row in connection.execute(query):
        numbers = row[len(keys) : len(keys) + len(counts)]
        seconds = Counter(row[-1].split(",")) if timed and row[-1] else Counter()
        found[tuple(row[: len(keys)])] = Tally(Figures(*numbers), seconds)
    return found


def rolled_up(grouped: Mapping[Key, Tally], place: int) -> dict[str | date | None, Tally]:
    """The same by one dimension alone: the one that stands at `place` in the keys."""
    groups: dict[str | date | None, list[Tally]] = defaultdict(list)
    for key, each in grouped.items():
        groups[key[place]].append(each)
    return {key: together(each) for key, each in groups.items()}


def together(each: Iterable[Tally]) -> Tally:
    """All of them as one."""
    figures, seconds = Figures(), Counter[str]()
    for one in each:
        figures += one.figures
        seconds.update(one.seconds)
    return Tally(figures, seconds)


def refusals(connection: Connection, scope: Scope) -> dict[str | None, dict[str, int]]:
    """By unit: how many documents were refused or returned for each reason; one can have several."""
    wanted = (_CONDITIONS[Figure.REFUSED]) | (_CONDITIONS[Figure.RETURNED])
    query = select(_C.unit, _C.reasons, func.count()).where(*scoped(scope), wanted).group_by(_C.unit, _C.reasons)
    found: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit, reasons, many in connection.execute(query):
        for code in reasons.split():
            found[unit][code] += many
    return {unit: dict(codes) for unit, codes in found.items()}


def _ranked(ordered: list[tuple[int, int]], rank: int) -> int | None:
    """The value at this place, counted from 1."""
    for value, count in ordered:
        rank -= count
        if rank <= 0:
            return value
    return None


_KEYS: dict[Dimension, ColumnElement[Any]] = {
    Dimension.UNIT: _C.unit,
    Dimension.ISSUER: func.coalesce(_C.issuer_unit, _C.unit),
    Dimension.FORM: _C.form,
    Dimension.DAY: _C.received_on,
}
_FIRST = not_(_C.duplicate)
_CONDITIONS: dict[Figure, ColumnElement[bool]] = {
    Figure.RECEIVED: _FIRST,
    Figure.ACCEPTED: _FIRST & (_C.verdict == VerdictKind.ACCEPT),
    Figure.REFUSED: _FIRST & (_C.verdict == VerdictKind.REJECT) & not_(_C.returned),
    Figure.RETURNED: _FIRST & (_C.verdict == VerdictKind.REJECT) & _C.returned,
    Figure.HELD: _FIRST & (_C.verdict == VerdictKind.HOLD),
    Figure.QUARANTINED: _FIRST & (_C.verdict == VerdictKind.QUARANTINE),
    Figure.REPEATED: _C.duplicate,
    Figure.SIGNABLE: _C.signable,
    Figure.ORGANISATION: _C.signable & _C.signed_by_organisation,
    Figure.PERSON: _C.signable & _C.signed_by_person,
    Figure.LEADER: _C.signable & _C.signed_by_leader,
    Figure.EDITABLE_MISSING: _FIRST & _C.editable_missing,
    Figure.PAPER_DUE: _FIRST & _C.paper_due,
    Figure.MISFORMED: _FIRST & (_C.format_findings > 0),
    Figure.DRAFTS: _FIRST & _C.draft,
    Figure.PAPER_ONLY: _FIRST & not_(_C.draft) & (_C.channel == TransmissionForm.PAPER),
    Figure.UNSIGNABLE: _FIRST
    & not_(_C.signable)
    & not_(_C.draft)
    & (func.coalesce(_C.channel, "") != TransmissionForm.PAPER)
    & (_C.verdict != VerdictKind.QUARANTINE),
}
_SECONDS = func.aggregate_strings(case((_FIRST, cast(_C.receipt_seconds, String))), ",")
