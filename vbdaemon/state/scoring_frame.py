"""What came in during a quarter, as scoring counts it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from vbdaemon.state import scoring_decided
from vbdaemon.state.scoring_choice import EVERY, Choice
from vbdaemon.state.scoring_decided import Places
from vbdaemon.state.tables import documents
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_entries

ELECTRONIC, PAPER = "electronic", "paper"


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that was sent electronically."""

    entry: str
    """Its register number "den/2026/15"; without one, its handle."""
    handle: str
    """Id of the submission, a slash, which of its documents: the place at which it first stood, whatever was since."""
    submission: str
    ordinal: int
    """Where it stands now, from 0."""
    received_on: date
    verdict: str
    reasons: tuple[str, ...]
    """Codes."""
    unit: str | None
    """Who handed in."""
    account: str | None
    issuer_unit: str | None
    draft: bool
    duplicate: bool
    restricted: bool
    editable_missing: bool
    format_findings: int
    number: str | None
    symbol: str | None
    issued_on: date | None
    voided: bool
    """Its register number was voided."""
    withdrawn: bool
    """Recalled, updated or replaced."""
    issuer_name: str | None
    """Who issued it as it was read, be it a unit of the directory or not."""

    @property
    def sender(self) -> str | None:
        """The unit that answers for the sending."""
        return self.unit or self.issuer_unit

    @property
    def issuer(self) -> str | None:
        """The unit that answers for the format."""
        return self.issuer_unit or self.unit


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is in the register as paper."""

    entry: str
    registered_on: date
    form: str | None
    number: str | None
    symbol: str | None
    issued_on: date | None
    issuer_unit: str | None
    sender_unit: str | None
    restricted: bool
    voided: bool

    @property
    def sender(self) -> str | None:
        """The unit that answers for the sending."""
        return self.sender_unit or self.issuer_unit


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a document came electronically, by what is printed on it; what is registered as paper too is among them."""

    number: str
    symbol: str
    issued_on: date
    units: frozenset[str]
    """Sender and issuer, as far as they are known."""
    registered_on: date
    """Of paper that an electronic document joined: the day on which that came."""


def sent(connection: Connection, first: date, last: date, only: Choice = EVERY) -> list[Sent]:
    """Documents received electronically from `first` to `last`, both included (days in Vietnam).

    Quarantined ones are not among them: what is locked away appears in no report. `only`: see `scoring_choice`.
    """
    facts, known = document_facts.c, documents.c
    same = and_(known.submission_id == facts.submission_id, known.ordinal == facts.ordinal)
    query = (
        select(
            document_facts,
            known.number,
            known.symbol,
            known.issued_on,
            known.issuer,
            known.main_sha256,
            known.first_page,
            _voided().label("voided"),
            _withdrawn().label("withdrawn"),
        )
        .select_from(document_facts)
        .join(documents, same, isouter=True)
        .where(facts.received_on.between(first, last), facts.verdict != "QUARANTINE", only.condition)
        .order_by(facts.received_at, facts.submission_id, facts.ordinal)
    )
    places = scoring_decided.places(connection, first, last)
    return [_sent(row, places) for row in connection.execute(query)]


def papers(connection: Connection, first: date, last: date) -> list[Paper]:
    """Paper arrivals entered in the register from `first` to `last`, both included, in the order of the register."""
    columns = register_entries.c
    query = (
        select(register_entries)
        .where(columns.medium == PAPER, columns.direction == "incoming", columns.registered_on.between(first, last))
        .order_by(columns.id)
    )
    return [_paper(row) for row in connection.execute(query)]


def arrivals(connection: Connection, first: date, last: date) -> list[Arrival]:
    """What came electronically and is dated (on the document itself) from `first` to `last`, both included.

    Paper that a document joined came electronically on the day of that document, not on its own.
    """
    columns, facts = register_entries.c, document_facts.c
    same = and_(facts.submission_id == columns.submission_id, facts.ordinal == columns.ordinal)
    query = (
        select(register_entries, facts.received_on, facts.unit)
        .select_from(register_entries)
        .join(document_facts, and_(columns.medium == PAPER, same), isouter=True)
        .where(
            or_(columns.medium == ELECTRONIC, facts.received_on.is_not(None)),
            columns.direction == "incoming",
            columns.voided_at.is_(None),
            columns.issued_on.between(first, last),
            columns.number.is_not(None),
            columns.symbol.is_not(None),
        )
    )
    return [
        Arrival(
            row.number,
            row.symbol,
            row.issued_on,
            frozenset(unit for unit in (row.sender_unit, row.issuer_unit, row.unit) if unit),
            row.received_on or row.registered_on,
        )
        for row in connection.execute(query)
    ]


def _sent(row: Row[tuple[object, ...]], places: Places) -> Sent:
    place = places.get(row.submission_id, {}).get((row.main_sha256, row.first_page), row.ordinal + 1)
    handle = f"{row.submission_id}/{place}"
    return Sent(
        entry=handle if row.arrival_number is None else f"{row.book}/{row.year}/{row.arrival_number}",
        handle=handle,
        submission=row.submission_id,
        ordinal=row.ordinal,
        received_on=row.received_on,
        verdict=row.verdict,
        reasons=tuple(row.reasons.split()),
        unit=row.unit,
        account=row.account,
        issuer_unit=row.issuer_unit,
        draft=row.draft or row.returned,
        duplicate=row.duplicate,
        restricted=row.restricted,
        editable_missing=row.editable_missing,
        format_findings=row.format_findings,
        number=row.number,
        symbol=row.symbol,
        issued_on=row.issued_on,
        voided=bool(row.voided),
        withdrawn=bool(row.withdrawn),
        issuer_name=row.issuer or None,
    )


def _voided() -> ColumnElement[bool]:
    """True when every line that the register has for the document is void, and there is one."""
    facts, lines = document_facts.c, register_entries.c
    own = or_(
        and_(lines.book == facts.book, lines.year == facts.year, lines.arrival_number == facts.arrival_number),
        and_(lines.submission_id == facts.submission_id, lines.ordinal == facts.ordinal),
    )
    void = select(lines.id).where(own, lines.voided_at.is_not(None)).correlate(document_facts).exists()
    live = select(lines.id).where(own, lines.voided_at.is_(None)).correlate(document_facts).exists()
    return and_(void, ~live)


def _withdrawn() -> ColumnElement[bool]:
    """True when who sent it took it back: it is registered, and counts no longer."""
    known = documents.c
    return and_(known.verdict == "ACCEPT", ~known.accepted, ~document_facts.c.duplicate)


def _entry_of(row: Row[tuple[object, ...]]) -> str:
    """The same as that of the document which joined it, where one did."""
    if row.arrival_number is not None:
        return f"{row.book}/{row.year}/{row.arrival_number}"
    joined = row.submission_id is not None and row.ordinal is not None
    return f"{row.submission_id}/{row.ordinal + 1}" if joined else f"giay/{row.id}"


def _paper(row: Row[tuple[object, ...]]) -> Paper:
    return Paper(
        entry=_entry_of(row),
        registered_on=row.registered_on,
        form=row.form,
        number=row.number,
        symbol=row.symbol,
        issued_on=row.issued_on,
        issuer_unit=row.issuer_unit,
        sender_unit=row.sender_unit,
        restricted=row.restricted,
        voided=row.voided_at is not None,
    )
