"""What statistics count of each document."""

from alembic import op
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, String, Text

revision = "0005"
down_revision = "0004"
COUNTED = (
    "received_on",
    "unit",
    "form",
    "issuer_unit",
    "verdict",
    "channel",
    "draft",
    "duplicate",
    "returned",
    "signable",
    "signed_by_organisation",
    "signed_by_person",
    "signed_by_leader",
    "editable_missing",
    "paper_due",
    "format_findings",
    "receipt_seconds",
    "reasons",
)
"""Columns of the index that answers the counts alone."""


def upgrade() -> None:
    """Add these tables."""
    op.create_table(
        "document_facts",
        Column("submission_id", String(20), primary_key=True),
        Column("ordinal", Integer, primary_key=True),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("received_on", Date, nullable=False),
        Column("decided_at", DateTime(timezone=True), nullable=False),
        Column("receipt_seconds", Integer),
        Column("verdict", String(12), nullable=False),
        Column("reasons", Text, nullable=False),
        Column("unit", String(35)),
        Column("account", String(120)),
        Column("issuer_unit", String(35)),
        Column("form", String(40)),
        Column("channel", String(24)),
        Column("draft", Boolean, nullable=False),
        Column("returned", Boolean, nullable=False),
        Column("duplicate", Boolean, nullable=False),
        Column("restricted", Boolean, nullable=False),
        Column("signable", Boolean, nullable=False),
        Column("signed_by_organisation", Boolean, nullable=False),
        Column("signed_by_person", Boolean, nullable=False),
        Column("signed_by_leader", Boolean, nullable=False),
        Column("editable_missing", Boolean, nullable=False),
        Column("paper_due", Boolean, nullable=False),
        Column("format_findings", Integer, nullable=False),
        Column("book", String(40)),
        Column("year", Integer),
        Column("arrival_number", Integer),
    )
    op.create_index("document_facts_day", "document_facts", list(COUNTED))
