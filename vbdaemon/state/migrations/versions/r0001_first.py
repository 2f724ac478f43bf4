"""The first tables, written out: later revisions build on exactly these."""

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables of the first release."""
    _create_submissions()
    _create_attempts()
    _create_waivers()
    _create_acts()
    _create_decisions()
    _create_documents()
    _create_counters()
    _create_deliveries()
    _create_delivery_attempts()
    _create_events()
    _create_cursors()


def _create_submissions() -> None:
    op.create_table(
        "submissions",
        Column("id", String(length=20), nullable=False),
        Column("source", Text(), nullable=False),
        Column("source_key", String(length=64), nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("acknowledged", Boolean(), nullable=False),
        Column("state", String(length=12), nullable=False),
        Column("hold_kind", String(length=12), nullable=True),
        Column("verdict", String(length=12), nullable=True),
        Column("version", Integer(), nullable=False),
        Column("failures", Integer(), nullable=False),
        Column("snapshot", String(length=64), nullable=True),
        Column("decided_at", DateTime(timezone=True), nullable=True),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("source", "source_key"),
    )
    op.create_index("submissions_state", "submissions", ["state", "received_at"], unique=False)


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        Column("submission_id", String(length=20), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("started_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True), nullable=True),
        Column("words", Text(), nullable=True),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("submission_id", "number"),
    )


def _create_waivers() -> None:
    op.create_table(
        "waivers",
        Column("submission_id", String(length=20), nullable=False),
        Column("code", String(length=60), nullable=False),
        Column("file", String(length=64), nullable=False),
        Column("who", String(length=120), nullable=False),
        Column("why", Text(), nullable=False),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("submission_id", "code", "file"),
    )


def _create_acts() -> None:
    op.create_table(
        "acts",
        Column("id", Integer(), autoincrement=True, nullable=False),
        Column("submission_id", String(length=20), nullable=False),
        Column("kind", String(length=12), nullable=False),
        Column("who", String(length=120), nullable=False),
        Column("why", Text(), nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("expected_version", Integer(), nullable=False),
        Column("state", String(length=8), nullable=False),
        Column("answer", Text(), nullable=True),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("acts_state", "acts", ["state"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        Column("submission_id", String(length=20), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("decided_at", DateTime(timezone=True), nullable=False),
        Column("snapshot", String(length=64), nullable=False),
        Column("body", Text(), nullable=False),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("submission_id", "version"),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        Column("submission_id", String(length=20), nullable=False),
        Column("ordinal", Integer(), nullable=False),
        Column("main_sha256", String(length=64), nullable=False),
        Column("first_page", Integer(), nullable=False),
        Column("verdict", String(length=12), nullable=False),
        Column("accepted", Boolean(), nullable=False),
        Column("form", String(length=40), nullable=True),
        Column("number", Text(), nullable=True),
        Column("symbol", Text(), nullable=True),
        Column("issued_on", Date(), nullable=True),
        Column("issuer", Text(), nullable=True),
        Column("subject", Text(), nullable=True),
        Column("restricted", Boolean(), nullable=False),
        Column("book", String(length=40), nullable=True),
        Column("year", Integer(), nullable=True),
        Column("register_number", Integer(), nullable=True),
        Column("registered_on", Date(), nullable=True),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("submission_id", "ordinal"),
        UniqueConstraint("book", "year", "register_number"),
    )
    op.create_index(
        "documents_accepted_once",
        "documents",
        ["main_sha256", "first_page"],
        unique=True,
        sqlite_where=text("accepted"),
        postgresql_where=text("accepted"),
    )
    op.create_index("documents_designation", "documents", ["number", "symbol", "issued_on"], unique=False)


def _create_counters() -> None:
    op.create_table(
        "counters",
        Column("book", String(length=40), nullable=False),
        Column("year", Integer(), nullable=False),
        Column("last", Integer(), nullable=False),
        PrimaryKeyConstraint("book", "year"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("id", String(length=40), nullable=False),
        Column("submission_id", String(length=20), nullable=False),
        Column("kind", String(length=8), nullable=False),
        Column("key", String(length=200), nullable=False),
        Column("document", Integer(), nullable=True),
        Column("version", Integer(), nullable=False),
        Column("scheme", String(length=20), nullable=False),
        Column("address", Text(), nullable=False),
        Column("unit", String(length=35), nullable=True),
        Column("name", Text(), nullable=False),
        Column("state", String(length=10), nullable=False),
        Column("urgency", Integer(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("attempts", Integer(), nullable=False),
        Column("words", Text(), nullable=True),
        ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("submission_id", "kind", "key"),
    )
    op.create_index("deliveries_due", "deliveries", ["state", "due_at"], unique=False)


def _create_delivery_attempts() -> None:
    op.create_table(
        "delivery_attempts",
        Column("delivery_id", String(length=40), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("started_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True), nullable=True),
        Column("outcome", String(length=10), nullable=True),
        Column("words", Text(), nullable=True),
        ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
        ),
        PrimaryKeyConstraint("delivery_id", "number"),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        Column("id", Integer(), autoincrement=True, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("submission_id", String(length=20), nullable=True),
        Column("kind", String(length=40), nullable=False),
        Column("words", Text(), nullable=False),
        PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_submission", "events", ["submission_id"], unique=False)


def _create_cursors() -> None:
    op.create_table(
        "cursors",
        Column("name", String(length=120), nullable=False),
        Column("event_id", Integer(), nullable=False),
        PrimaryKeyConstraint("name"),
    )
