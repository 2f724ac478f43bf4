"""The tables. Until a submission is decided they hold no file name, subject or text of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, UTC; SQLite, which knows no zones, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time reached the state store")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware again."""
        del dialect
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

submissions = Table(
    "submissions",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_key", String(64), nullable=False),  # SHA-256: a key can contain file names
    Column("received_at", Moment, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("hold_kind", String(12)),
    Column("verdict", String(12)),
    Column("version", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("snapshot", String(64)),
    Column("decided_at", Moment),
    UniqueConstraint("source", "source_key"),
)
Index("submissions_state", submissions.c.state, submissions.c.received_at)

attempts = Table(
    "attempts",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("words", Text),
)

decisions = Table(
    "decisions",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("decided_at", Moment, nullable=False),
    Column("snapshot", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("main_sha256", String(64), nullable=False),
    Column("first_page", Integer, nullable=False),
    Column("verdict", String(12), nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("form", String(40)),
    Column("number", Text),
    Column("symbol", Text),
    Column("issued_on", Date),
    Column("issuer", Text),
    Column("subject", Text),
    Column("restricted", Boolean, nullable=False),
    Column("book", String(40)),
    Column("year", Integer),
    Column("register_number", Integer),
    Column("registered_on", Date),
    UniqueConstraint("book", "year", "register_number"),
)
Index(
    "documents_accepted_once",
    documents.c.main_sha256,
    documents.c.first_page,
    unique=True,
    sqlite_where=text("accepted"),
    postgresql_where=text("accepted"),
)
Index("documents_designation", documents.c.number, documents.c.symbol, documents.c.issued_on)

counters = Table(
    "counters",
    metadata,
    Column("book", String(40), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("key", String(200), nullable=False),
    Column("document", Integer),
    Column("version", Integer, nullable=False),
    Column("scheme", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("unit", String(35)),
    Column("name", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("words", Text),
    Column("answer", String(2)),  # the receiver's coded status, once it told one
    Column("answered_at", Moment),
    Column("answer_words", Text),
    UniqueConstraint("submission_id", "kind", "key"),
)
Index("deliveries_due", deliveries.c.state, deliveries.c.due_at)
Index(
    "deliveries_lanes",
    deliveries.c.state,
    deliveries.c.urgency,
    deliveries.c.scheme,
    deliveries.c.address,
    deliveries.c.due_at,
    deliveries.c.id,
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(10)),
    Column("words", Text),
)

mailbox_messages = Table(
    "mailbox_messages",
    metadata,
    Column("mailbox", String(255), primary_key=True),  # account/folder
    Column("uidvalidity", BigInteger, primary_key=True),
    Column("uid", BigInteger, primary_key=True),
    Column("content_sha256", String(64), nullable=False),
    Column("submission_id", ForeignKey("submissions.id")),
    Column("state", String(12), nullable=False),
    Column("at", Moment, nullable=False),
)
Index("mailbox_messages_content", mailbox_messages.c.mailbox, mailbox_messages.c.content_sha256)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("submission_id", String(20)),
    Column("kind", String(40), nullable=False),
    Column("words", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("events_submission", events.c.submission_id)

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("expected_version", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("answer", Text),
    Column("document", Integer),
    Column("details", Text),
    sqlite_autoincrement=True,
)
Index("acts_state", acts.c.state)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("main_sha256", String(64), nullable=False),
    Column("first_page", Integer, nullable=False),
    Column("field", String(12), nullable=False),
    Column("value", Text, nullable=False),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
Index("corrections_submission", corrections.c.submission_id)

waivers = Table(
    "waivers",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
)

pieces = Table(
    "pieces",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer),
    Column("at", Moment, nullable=False),
)
Index("pieces_key", pieces.c.key)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("event_id", Integer, nullable=False),
)
