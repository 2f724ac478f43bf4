"""What came in during a quarter, as scoring counts it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

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
    """Id of the submission, a slash, which of its documents."""
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
    """When a document came electronically, by what is printed on it."""

    number: str
    symbol: str
    issued_on: date
    units: frozenset[str]
    """Sender and issuer, as far as they are known."""
    registered_on: date


def sent(connection: Connection, first: date, last: date) -> list[Sent]:
    """Documents received electronically from `first` to `last`, both included (days in Vietnam).

    Quarantined ones are not among them: what is locked away appears in no report.
    """
    facts, known = document_facts.c, documents.c
    same = and_(known.submission_id == facts.submission_id, known.ordinal == facts.ordinal)
    query = (
        select(document_facts, known.number, known.symbol, known.issued_on, _voided().label("voided"))
        .select_from(document_facts)
        .join(documents, same, isouter=True)
        .where(facts.received_on.between(first, last), facts.verdict != "QUARANTINE")
        .order_by(facts.received_at, facts.submission_id, facts.ordinal)
    )
    return [_sent(row) for row in connection.execute(query)]


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
    """What came electronically and is dated (on the document itself) from `first` to `last`, both included."""
    columns = register_entries.c
    query = select(register_entries).where(
        columns.medium == ELECTRONIC,
        columns.direction == "incoming",
        columns.voided_at.is_(None),
        columns.issued_on.between(first, last),
        columns.number.is_not(None),
        columns.symbol.is_not(None),
    )
    return [
        Arrival(
            row.number,
            row.symbol,
            row.issued_on,
            frozenset(unit for unit in (row.sender_unit, row.issuer_unit) if unit),
            row.registered_on,
        )
        for row in connection.execute(query)
    ]


def _sent(row: Row[tuple[object, ...]]) -> Sent:
    handle = f"{row.submission_id}/{row.ordinal + 1}"
    return Sent(
        entry=handle if row.arrival_number is None else f"{row.book}/{row.year}/{row.arrival_number}",
        handle=handle,
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


def _paper(row: Row[tuple[object, ...]]) -> Paper:
    number = row.arrival_number
    return Paper(
        entry=f"giay/{row.id}" if number is None else f"{row.book}/{row.year}/{number}",
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
