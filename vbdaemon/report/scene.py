"""What the steps of scoring share: who does it, when, by which rules, on which state."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from vbdaemon.clock import VIETNAM
from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Snapshot, WorkingDays
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.words import day_words
from vbdaemon.state import scoring
from vbdaemon.state.scoring import QuarterRow
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class Scene:
    """What every step needs."""

    state: State
    snapshot: Snapshot
    rule: ScoringSection
    spool: Path
    """The spool's root."""
    who: str
    at: datetime


def check_scored(quarter: Quarter, rule: ScoringSection) -> None:
    """ScoringError for a quarter from before scoring began."""
    if quarter < Quarter.parse(rule.from_quarter):
        raise ScoringError(f"{quarter} is not scored: it began with {rule.from_quarter} ([scoring] from_quarter)")


def committed(scene: Scene, quarter: Quarter) -> QuarterRow:
    """The quarter's row; ScoringError when it has no secret."""
    row = scene.state.read(partial(scoring.quarter, period=str(quarter)))
    if row is None:
        raise ScoringError(
            f"{quarter} has no secret: it had to be made before {day_words(quarter.last_day)} was over, "
            f'with "vbdaemon report commit-secret --period {quarter}"'
        )
    return row


def complete_after(quarter: Quarter, rule: ScoringSection, working_days: WorkingDays) -> date:
    """The last day on which a document of the quarter may still come: paper counts against it only then."""
    grace = rule.paper_after_working_days
    return working_days.after(quarter.last_day, grace) if grace else quarter.last_day


def local_day(at: datetime) -> date:
    """The day in Vietnam."""
    return at.astimezone(VIETNAM).date()


def stamp(at: datetime) -> str:
    """ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat()
