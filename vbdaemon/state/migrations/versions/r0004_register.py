"""The register of incoming and outgoing documents, its history, and its search index.

What earlier releases numbered is entered, so that the books are whole from their first number.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint

from vbdaemon.state import register_index
from vbdaemon.state.register_words import Findable

revision = "0004"
down_revision = "0003"
GONE = "Số của văn bản đã cách ly hoặc không còn được lưu"


def upgrade() -> None:
    """Add these tables, and enter what has a number."""
    _entries()
    _changes()
    register_index.create(op.get_bind())
    _fill(op.get_bind())


def _entries() -> None:
    op.create_table(
        "register_entries",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("direction", String(8), nullable=False),
        Column("book", String(40), nullable=False),
        Column("year", Integer, nullable=False),
        Column("arrival_number", Integer),
        Column("registered_on", Date, nullable=False),
        Column("arrived_at", DateTime(timezone=True), nullable=False),
        Column("medium", String(12), nullable=False),
        Column("submission_id", String(20)),
        Column("ordinal", Integer),
        Column("main_sha256", String(64)),
        Column("first_page", Integer),
        Column("form", String(40)),
        Column("number", Text),
        Column("symbol", Text),
        Column("issued_on", Date),
        Column("issuer", Text),
        Column("issuer_unit", String(35)),
        Column("sender_unit", String(35)),
        Column("subject", Text),
        Column("signer", Text),
        Column("signer_title", Text),
        Column("pages", Integer),
        Column("copies", Integer),
        Column("language", String(30)),
        Column("urgency", String(12)),
        Column("due_on", Date),
        Column("receiver", Text),
        Column("transferred_on", Date),
        Column("recipients", Text),
        Column("kept_by", Text),
        Column("file_code", Text),
        Column("note", Text),
        Column("restricted", Boolean, nullable=False),
        Column("voided_at", DateTime(timezone=True)),
        Column("void_reason", Text),
        UniqueConstraint("book", "year", "arrival_number"),
    )
    op.create_index("register_entries_submission", "register_entries", ["submission_id"])
    op.create_index("register_entries_day", "register_entries", ["book", "registered_on"])
    op.create_index("register_entries_designation", "register_entries", ["number", "symbol", "issued_on"])


def _changes() -> None:
    op.create_table(
        "register_changes",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("entry_id", Integer, ForeignKey("register_entries.id"), nullable=False),
        Column("field", String(20), nullable=False),
        Column("before", Text),
        Column("after", Text),
        Column("who", String(120), nullable=False),
        Column("why", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("register_changes_entry", "register_changes", ["entry_id"])


def _fill(connection: sa.Connection) -> None:
    """A line for every number that was given; one that no document bears any more is entered as void."""
    entries = sa.table("register_entries", *(sa.column(name, kind) for name, kind in _KINDS.items()))
    add = sa.insert(entries)
    books = connection.execute(sa.text("SELECT book, year, last FROM counters ORDER BY book, year")).all()
    for book, year, last in books:
        for row in _lines(connection, book, year, last):
            connection.execute(add, row)
            if not row["restricted"] and row["voided_at"] is None:
                register_index.put(connection, row["id"], _tokens(row))
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('register_entries', 'id'), "
                "(SELECT coalesce(max(id), 0) + 1 FROM register_entries), false)"
            )
        )


_KINDS: dict[str, Any] = {
    "id": Integer(),
    "direction": String(),
    "book": String(),
    "year": Integer(),
    "arrival_number": Integer(),
    "registered_on": Date(),
    "arrived_at": DateTime(timezone=True),
    "medium": String(),
    "submission_id": String(),
    "ordinal": Integer(),
    "main_sha256": String(),
    "first_page": Integer(),
    "form": String(),
    "number": Text(),
    "symbol": Text(),
    "issued_on": Date(),
    "issuer": Text(),
    "subject": Text(),
    "restricted": Boolean(),
    "voided_at": DateTime(timezone=True),
    "void_reason": Text(),
}
_OF_DOCUMENT = ("submission_id", "ordinal", "main_sha256", "first_page", "form", "number", "symbol", "issued_on")


def _lines(connection: sa.Connection, book: str, year: int, last: int) -> Iterator[dict[str, Any]]:
    first = connection.scalar(sa.text("SELECT coalesce(max(id), 0) + 1 FROM register_entries")) or 1
    known = {row.register_number: row for row in _documents(connection, book, year)}
    day = date(year, 1, 1)
    for place, number in enumerate(range(1, max((last, *known)) + 1)):
        row = known.get(number)
        day = row.registered_on if row is not None and row.registered_on is not None else day
        line: dict[str, Any] = dict.fromkeys(_KINDS)
        line |= {
            "id": first + place,
            "direction": "incoming",
            "book": book,
            "year": year,
            "arrival_number": number,
            "registered_on": day,
            "arrived_at": row.received_at if row is not None else _midnight(day, connection),
            "medium": "electronic",
            "restricted": bool(row.restricted) if row is not None else False,
        }
        if row is None:
            line |= {"voided_at": _midnight(day, connection), "void_reason": GONE}
        elif row.restricted:
            line |= {name: getattr(row, name) for name in _OF_DOCUMENT[:5]}
        else:
            line |= {name: getattr(row, name) for name in (*_OF_DOCUMENT, "issuer", "subject")}
        yield line


def _documents(connection: sa.Connection, book: str, year: int) -> sa.CursorResult[Any]:
    documents = sa.table(
        "documents",
        *(sa.column(name, _KINDS[name]) for name in (*_OF_DOCUMENT, "issuer", "subject", "restricted")),
        *(sa.column(name, _KINDS.get(name, Integer())) for name in ("book", "year", "register_number")),
        sa.column("registered_on", Date()),
    )
    submissions = sa.table("submissions", sa.column("id", String()), sa.column("received_at", DateTime(timezone=True)))
    query = (
        sa.select(documents, submissions.c.received_at)
        .join(submissions, submissions.c.id == documents.c.submission_id)
        .where(documents.c.book == book, documents.c.year == year, documents.c.register_number.is_not(None))
    )
    return connection.execute(query)


def _midnight(day: date, connection: sa.Connection) -> datetime:
    """SQLite knows no zones."""
    zone = None if connection.dialect.name == "sqlite" else UTC
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _tokens(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("book", "year", "registered_on", "arrival_number", "form", *_OF_DOCUMENT[5:], "issuer", "subject")
    return Findable(**{name: row[name] for name in names}).tokens()
