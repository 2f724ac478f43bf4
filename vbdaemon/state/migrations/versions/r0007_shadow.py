"""Answers of plugins that only watch, plugins that were switched off, and the time that plugins took."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Float, ForeignKey, Integer, String, Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add these tables."""
    _comparisons()
    op.create_table(
        "switched_off",
        Column("name", String(120), primary_key=True),
        Column("version", String(60), nullable=False),
        Column("mark", String(64), nullable=False),
        Column("hooks", Text, nullable=False),
        Column("words", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "plugin_calls",
        Column("plugin", String(120), primary_key=True),
        Column("version", String(60), primary_key=True),
        Column("calls", BigInteger, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("failures", BigInteger, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False),
    )


def _comparisons() -> None:
    op.create_table(
        "shadow_runs",
        Column("plugin", String(120), primary_key=True),
        Column("submission_id", String(20), ForeignKey("submissions.id"), primary_key=True),
        Column("decided_version", Integer, nullable=False),
        Column("version", String(60), nullable=False),
        Column("documents", Integer, nullable=False),
        Column("words", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("shadow_runs_at", "shadow_runs", ["plugin", "at"])
    op.create_table(
        "shadow_answers",
        Column("plugin", String(120), primary_key=True),
        Column("submission_id", String(20), ForeignKey("submissions.id"), primary_key=True),
        Column("document", Integer, primary_key=True),
        Column("field", String(10), primary_key=True),
        Column("decided_version", Integer, nullable=False),
        Column("version", String(60), nullable=False),
        Column("before", Text, nullable=False),
        Column("after", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
    )
