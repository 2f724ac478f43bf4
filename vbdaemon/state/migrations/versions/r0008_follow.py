"""What follows an accepted document: who deals with it, letters about it, its recall."""

from alembic import op
from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Text

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add these tables."""
    _assignments()
    _letters()
    op.create_table(
        "recalls",
        Column("id", Integer, primary_key=True, autoincrement=True),
        _submission(),
        Column("ordinal", Integer, nullable=False),
        Column("kind", String(8), nullable=False),
        Column("replaced_by", Text, nullable=False),
        Column("who", String(120), nullable=False),
        Column("why", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("recalls_submission", "recalls", ["submission_id"])


def _assignments() -> None:
    op.create_table(
        "presentations",
        _submission(primary_key=True),
        Column("ordinal", Integer, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("assigned_at", DateTime(timezone=True)),
    )
    op.create_index("presentations_waiting", "presentations", ["assigned_at", "at"])
    op.create_table(
        "assignments",
        Column("id", Integer, primary_key=True, autoincrement=True),
        _submission(),
        Column("ordinal", Integer, nullable=False),
        Column("main_sha256", String(64), nullable=False),
        Column("first_page", Integer, nullable=False),
        Column("lead", Text, nullable=False),
        Column("support", Text, nullable=False),
        Column("due_on", Date),
        Column("note", Text),
        Column("who", String(120), nullable=False),
        Column("title", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("assignments_submission", "assignments", ["submission_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        _submission(primary_key=True),
        Column("key", String(200), primary_key=True),
        Column("details", Text, nullable=False),
    )


def _submission(*, primary_key: bool = False) -> Column[str]:
    kind = String(20)
    return Column("submission_id", kind, ForeignKey("submissions.id"), primary_key=primary_key, nullable=False)
