"""Samples, scores and appeals of the quarters."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from vbdaemon.state.tables import Moment, metadata

scoring_quarters = Table(
    "scoring_quarters",
    metadata,
    Column("period", String(7), primary_key=True),  # 2026-Q1: one secret a quarter, one draw
    Column("commitment", String(64), nullable=False),  # SHA-256 of the secret, which is in no table
    Column("committed_at", Moment, nullable=False),
    Column("committed_by", String(120), nullable=False),
    Column("drawn_at", Moment),
    Column("drawn_by", String(120)),
    Column("sample", Text),  # the sample file as it was written
)

scoring_populations = Table(
    "scoring_populations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("period", ForeignKey("scoring_quarters.period"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("why", Text, nullable=False),  # empty for the first; a later one replaces the former, which stays here
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("scoring_populations_period", scoring_populations.c.period)

scoring_findings = Table(
    "scoring_findings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("period", String(7), nullable=False),
    Column("part", String(8), nullable=False),  # format | sending | staff
    Column("unit", String(35), nullable=False),
    Column("place", Integer, nullable=False),  # in the order of the draw, from 1; 0: not drawn
    Column("entry", String(60), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("proposal", String(8)),
    Column("grounds", Text, nullable=False),
    Column("verdict", String(8)),  # empty until a person confirmed
    UniqueConstraint("period", "part", "unit", "entry"),
    sqlite_autoincrement=True,
)

scoring_rulings = Table(
    "scoring_rulings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("finding_id", ForeignKey("scoring_findings.id"), nullable=False),
    Column("kind", String(8), nullable=False),  # confirm | appeal
    Column("before", String(8)),
    Column("after", String(8), nullable=False),
    Column("points_before", Float, nullable=False),  # of the unit in that quarter
    Column("points_after", Float, nullable=False),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
Index("scoring_rulings_finding", scoring_rulings.c.finding_id)
