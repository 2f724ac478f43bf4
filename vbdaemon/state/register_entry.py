"""New lines: of a document that was accepted, and of whatever a person types in."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, insert

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DocumentVerdict, Snapshot
from vbdaemon.model.register import Books, Direction, Medium, Numbering
from vbdaemon.state import register_index
from vbdaemon.state.records import SubmissionRow
from vbdaemon.state.register_line import Line
from vbdaemon.state.register_numbers import number_in
from vbdaemon.state.register_values import is_restricted, values_of
from vbdaemon.state.register_words import Findable
from vbdaemon.state.tables_register import register_entries


def direction_of(verdict: DocumentVerdict, snapshot: Snapshot) -> Direction:
    """Outgoing is what our own unit issued."""
    issuer = verdict.classification.issuer_unit if verdict.classification else None
    return Direction.OUTGOING if issuer is not None and issuer == snapshot.office.unit else Direction.INCOMING


def new_line(
    connection: Connection,
    row: SubmissionRow,
    ordinal: int,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    books: Books,
    at: datetime,
    unit: str | None,
    note: str | None = None,
) -> Line:
    """The line of an accepted document, with the next number of its book where we give the numbers."""
    kind = verdict.classification
    direction = direction_of(verdict, snapshot)
    form = kind.form.value if kind and kind.form else None
    book = books.book_for(direction, form, kind.issuer_unit if kind else None)
    today = at.astimezone(VIETNAM).date()
    own = direction is Direction.INCOMING and books.numbering is Numbering.OWN
    values = values_of(verdict, snapshot, outgoing=direction is Direction.OUTGOING)
    columns = {
        **values,
        "direction": direction,
        "book": book.name,
        "year": year_of(direction, today, values["issued_on"]),
        "arrival_number": number_in(connection, book, today.year) if own else None,
        "registered_on": today,
        "arrived_at": row.received_at,
        "medium": Medium.ELECTRONIC,
        "submission_id": row.id,
        "ordinal": ordinal,
        "main_sha256": verdict.main_sha256,
        "first_page": verdict.first_page,
        "sender_unit": unit,
        "note": note,
        "restricted": is_restricted(verdict),
    }
    return add(connection, columns)


def year_of(direction: Direction, today: date, issued_on: object) -> int:
    """The year of a line: of its arrival; of an outgoing one that of its own number, unless it was read wrongly."""
    if direction is Direction.OUTGOING and isinstance(issued_on, date) and today.year - issued_on.year in (0, 1):
        return issued_on.year
    return today.year


def add(connection: Connection, given: Mapping[str, object]) -> Line:
    """Write a line, and make it findable unless it is restricted."""
    columns = {**_EMPTY, **given}
    entry: int = connection.execute(_ADD, columns).scalar_one()
    submission = columns.pop("submission_id")
    line = Line(id=entry, submission=submission, **columns)  # type: ignore[arg-type]  # the columns are its fields
    findable: Findable | None = line.findable()
    if findable is not None:
        register_index.put(connection, entry, findable.tokens())
    return line


_EMPTY: dict[str, object] = {column.name: None for column in register_entries.c if column.name != "id"}
_ADD = insert(register_entries).returning(register_entries.c.id)
