"""Corrections: what people type in about documents, and acts that carry more than a reason."""

from alembic import op
from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what an act is about, and the corrections."""
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
