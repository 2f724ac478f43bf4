"""How far the score of a quarter is, counted without reading samples and populations, which are long."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from vbdaemon.state.scoring_findings import NOT_DRAWN, STAFF
from vbdaemon.state.tables_scoring import scoring_findings, scoring_populations, scoring_quarters, scoring_rulings


@dataclass(frozen=True, slots=True)
class Progress:
    """Which steps were made."""

    committed: bool
    """It has its secret."""
    counted: bool
    """It has a population."""
    drawn: bool
    waiting: int
    """Documents that were drawn and that nobody has looked at."""
    last_ruling: int
    """Its number; 0: there is none."""
    ruled_at: datetime | None


def progress(connection: Connection, period: str) -> Progress:
    """Of a quarter, "2026-Q1"."""
    quarters, findings, rulings = scoring_quarters.c, scoring_findings.c, scoring_rulings.c
    begun = connection.execute(select(quarters.drawn_at).where(quarters.period == period)).one_or_none()
    made = select(func.count()).select_from(scoring_populations).where(scoring_populations.c.period == period)
    drawn = and_(findings.period == period, findings.part != STAFF, findings.place != NOT_DRAWN)
    waiting = select(func.count()).select_from(scoring_findings).where(drawn, findings.verdict.is_(None))
    last = (
        select(rulings.id, rulings.at)
        .join(scoring_findings, findings.id == rulings.finding_id)
        .where(findings.period == period)
    )
    ruled = connection.execute(last.order_by(rulings.id.desc()).limit(1)).one_or_none()
    return Progress(
        committed=begun is not None,
        counted=bool(connection.scalar(made)),
        drawn=begun is not None and begun.drawn_at is not None,
        waiting=connection.scalar(waiting) or 0,
        last_ruling=ruled.id if ruled else 0,
        ruled_at=ruled.at if ruled else None,
    )
