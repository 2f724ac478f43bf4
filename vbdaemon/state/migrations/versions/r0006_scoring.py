"""Samples, scores and appeals of the quarters."""

from alembic import op
from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, String, Text, UniqueConstraint

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add these tables."""
    _add_quarters()
    _add_findings()


def _add_quarters() -> None:
    op.create_table(
        "scoring_quarters",
        Column("period", String(7), primary_key=True),
        Column("commitment", String(64), nullable=False),
        Column("committed_at", DateTime(timezone=True), nullable=False),
        Column("committed_by", String(120), nullable=False),
        Column("drawn_at", DateTime(timezone=True)),
        Column("drawn_by", String(120)),
        Column("sample", Text),
    )
    op.create_table(
        "scoring_populations",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("period", String(7), ForeignKey("scoring_quarters.period"), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("made_by", String(120), nullable=False),
        Column("why", Text, nullable=False),
        Column("body", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("scoring_populations_period", "scoring_populations", ["period"])


def _add_findings() -> None:
    op.create_table(
        "scoring_findings",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("period", String(7), nullable=False),
        Column("part", String(8), nullable=False),
        Column("unit", String(35), nullable=False),
        Column("place", Integer, nullable=False),
        Column("entry", String(60), nullable=False),
        Column("kind", String(12), nullable=False),
        Column("proposal", String(8)),
        Column("grounds", Text, nullable=False),
        Column("verdict", String(8)),
        UniqueConstraint("period", "part", "unit", "entry"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scoring_rulings",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("finding_id", Integer, ForeignKey("scoring_findings.id"), nullable=False),
        Column("kind", String(8), nullable=False),
        Column("before", String(8)),
        Column("after", String(8), nullable=False),
        Column("points_before", Float, nullable=False),
        Column("points_after", Float, nullable=False),
        Column("who", String(120), nullable=False),
        Column("why", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("scoring_rulings_finding", "scoring_rulings", ["finding_id"])
