"""Corrections that people type in, acts that carry more than a reason, and mails that are pieces of a whole."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what an act is about, the corrections, and the pieces."""
    op.add_column("acts", Column("document", Integer))
    op.add_column("acts", Column("details", Text))
    op.create_table(
        "corrections",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("submission_id", String(20), ForeignKey("submissions.id"), nullable=False),
        Column("main_sha256", String(64), nullable=False),
        Column("first_page", Integer, nullable=False),
        Column("field", String(12), nullable=False),
        Column("value", Text, nullable=False),
        Column("who", String(120), nullable=False),
        Column("why", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("corrections_submission", "corrections", ["submission_id"])
    op.create_table(
        "pieces",
        Column("submission_id", String(20), ForeignKey("submissions.id"), primary_key=True),
        Column("key", String(64), nullable=False),
        Column("number", Integer, nullable=False),
        Column("total", Integer),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("pieces_key", "pieces", ["key"])
