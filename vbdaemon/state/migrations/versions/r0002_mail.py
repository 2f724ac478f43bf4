"""Mail: what receivers answered to our deliveries, lanes of deliveries, and messages of mailboxes that we read."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the answers of receivers and the memory of mailboxes."""
    op.add_column("deliveries", Column("answer", String(2)))
    op.add_column("deliveries", Column("answered_at", DateTime(timezone=True)))
    op.add_column("deliveries", Column("answer_words", Text))
    op.create_index("deliveries_lanes", "deliveries", ["state", "urgency", "scheme", "address", "due_at", "id"])
    op.create_table(
        "mailbox_messages",
        Column("mailbox", String(255), primary_key=True),
        Column("uidvalidity", BigInteger, primary_key=True),
        Column("uid", BigInteger, primary_key=True),
        Column("content_sha256", String(64), nullable=False),
        Column("submission_id", String(20), ForeignKey("submissions.id")),
        Column("state", String(12), nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("mailbox_messages_content", "mailbox_messages", ["mailbox", "content_sha256"])
