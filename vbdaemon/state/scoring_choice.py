"""Which documents of a quarter are looked at: there can be a quarter of a million, and few are drawn or faulty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from vbdaemon.model import VerdictKind
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_entries

_C = document_facts.c


@dataclass(frozen=True, slots=True)
class Choice:
    """Some documents, or every one."""

    condition: ColumnElement[bool]


EVERY = Choice(true())


def drawn(entries: Iterable[str]) -> Choice:
    """The documents of these entries; of their submissions and numbers others can be among them."""
    parts = [entry.split("/") for entry in entries]
    numbers = {int(each[2]) for each in parts if len(each) == 3 and each[2].isascii() and each[2].isdigit()}  # noqa: PLR2004 - book, year, number
    ids = {each[0] for each in parts if len(each) == 2}  # noqa: PLR2004 - submission, place
    return Choice(or_(_C.submission_id.in_(ids), _C.arrival_number.in_(numbers)))


def faulty(first: date, last: date, ruled: Iterable[str]) -> Choice:
    """Documents that can be an occurrence: with a fault, after a paper of these days, or ruled about."""
    columns = register_entries.c
    after_paper = select(columns.submission_id).where(
        columns.medium == "paper", columns.submission_id.is_not(None), columns.registered_on.between(first, last)
    )
    seen = or_(_C.verdict == VerdictKind.REJECT, _C.editable_missing, _C.format_findings > 0)
    return Choice(or_(seen, _C.submission_id.in_(after_paper), drawn(ruled).condition))


def senders(connection: Connection, first: date, last: date) -> set[str | None]:
    """Codes of units that sent something on these days, both included, quarantined documents apart."""
    who = func.coalesce(_C.unit, _C.issuer_unit)
    query = select(who).where(_C.received_on.between(first, last), _C.verdict != VerdictKind.QUARANTINE).distinct()
    return set(connection.scalars(query))
