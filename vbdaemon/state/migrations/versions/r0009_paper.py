"""Papers that are due after an electronic document, and alarms that were raised."""

from alembic import op
from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, String, Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add these tables."""
    op.create_table(
        "papers",
        Column("submission_id", String(20), ForeignKey("submissions.id"), primary_key=True),
        Column("main_sha256", String(64), primary_key=True),
        Column("first_page", Integer, primary_key=True),
        Column("ordinal", Integer, nullable=False),
        Column("unit", String(35)),
        Column("expected_at", DateTime(timezone=True), nullable=False),
        Column("due_on", Date, nullable=False),
        Column("state", String(10), nullable=False),
        Column("received_at", DateTime(timezone=True)),
        Column("received_by", String(120)),
        Column("note", Text),
        Column("remind_on", Date),
        Column("reminders", Integer, nullable=False),
        Column("reminded_at", DateTime(timezone=True)),
    )
    op.create_index("papers_state", "papers", ["state", "due_on"])
    op.create_index("papers_remind", "papers", ["remind_on"])
    op.create_table(
        "alarms",
        Column("kind", String(12), primary_key=True),
        Column("submission_id", String(20), ForeignKey("submissions.id"), primary_key=True),
        Column("about", String(40), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("words", Text, nullable=False),
        Column("cleared_at", DateTime(timezone=True)),
        Column("told_at", DateTime(timezone=True)),
    )
    op.create_index("alarms_open", "alarms", ["cleared_at", "kind", "at"])
