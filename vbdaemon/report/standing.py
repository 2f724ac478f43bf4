"""How far the score of a quarter is, and what its results come to."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vbdaemon.config import Settings
from vbdaemon.config.scoring import ScoringSection
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.scene import local_day
from vbdaemon.report.staff import Occurrence
from vbdaemon.report.words import day_words
from vbdaemon.state import report_letters, scoring_findings
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring_progress import Progress, progress

LATE = timedelta(days=30)
"""After a quarter's end; then it is said that its result is missing."""
SOON = timedelta(days=14)
"""Before a quarter's end: its secret can be made until then, and never after."""


TIMER = "quarter/quarter"
"""What the timer of the score is known by."""


class Stage(StrEnum):
    """What a quarter waits for."""

    UNSCORED = "unscored"
    """Nothing: it lies before scoring began."""
    UNCOMMITTED = "uncommitted"
    """Its secret; once it has ended there will be none."""
    UNDRAWN = "undrawn"
    """The draw."""
    WAITING = "waiting"
    """A person's look at documents that were drawn."""
    FINAL = "final"
    """Nothing; only an appeal changes it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a quarter is."""

    quarter: Quarter
    stage: Stage
    words: str
    """What is missing and what to do, in one line; empty when final."""
    last_ruling: int
    """After another one the result may be another."""
    ruled_at: datetime | None

    def is_missed(self, today: date) -> bool:
        """True when no sample of it can ever be drawn."""
        return self.stage is Stage.UNSCORED or (self.stage is Stage.UNCOMMITTED and today > self.quarter.last_day)

    def is_late(self, today: date) -> bool:
        """True when its result should be there and is not, or soon can never be."""
        if self.stage is Stage.UNCOMMITTED:
            return today > self.quarter.last_day - SOON
        return self.stage in (Stage.UNDRAWN, Stage.WAITING) and today > self.quarter.last_day + LATE


def standing(connection: Connection, quarter: Quarter, rule: ScoringSection, today: date) -> Standing:
    """How far the quarter is today."""
    done = progress(connection, str(quarter))
    stage = Stage.UNSCORED if quarter < Quarter.parse(rule.from_quarter) else _stage(done)
    return Standing(quarter, stage, _words(done, quarter, stage, rule, today), done.last_ruling, done.ruled_at)


def quarters_since(first: date, today: date) -> Iterator[Quarter]:
    """From the quarter in which a day lies to the last that has ended."""
    quarter = Quarter.of(first)
    while quarter.last_day < today:
        yield quarter
        quarter = quarter.next


def score_digest(connection: Connection, quarter: Quarter) -> str:
    """SHA-256 over what people found about each document that was drawn: another score has another."""
    found = scoring_findings.of_period(connection, str(quarter))
    return _digest((each.part, each.unit, each.entry, each.verdict) for each in found if each.part != Part.STAFF)


def staff_digest(found: Iterable[Occurrence]) -> str:
    """SHA-256 over which documents are occurrences, and whose."""
    return _digest((each.unit, each.account, each.entry, each.kind) for each in found)


def late_results(connection: Connection, settings: Settings, at: datetime) -> Iterator[str]:
    """What keeps the score that is to be sent from coming, of the quarter that runs and of the last; one line each."""
    if all(each.report != "quarter" for each in settings.reports.send):
        return
    today = local_day(at)
    first = report_letters.last_sent(connection, TIMER) or today
    for quarter in (*list(quarters_since(first, today))[-1:], Quarter.of(today)):
        how = standing(connection, quarter, settings.scoring, today)
        forgiven = how.is_missed(today) and today > quarter.last_day + LATE
        if how.is_late(today) and not forgiven:
            yield f"no score of {quarter}: {how.words}"


def _digest(rows: Iterable[tuple[str | None, ...]]) -> str:
    body = json.dumps(sorted(rows, key=str), ensure_ascii=False)
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _stage(done: Progress) -> Stage:
    if not done.committed:
        return Stage.UNCOMMITTED
    if not done.drawn:
        return Stage.UNDRAWN
    return Stage.WAITING if done.waiting else Stage.FINAL


def _words(done: Progress, quarter: Quarter, stage: Stage, rule: ScoringSection, today: date) -> str:
    match stage:
        case Stage.FINAL:
            return ""
        case Stage.UNSCORED:
            return f"it is not scored: that began with {rule.from_quarter} ([scoring] from_quarter)"
        case Stage.UNCOMMITTED:
            last = day_words(quarter.last_day)
            if today > quarter.last_day:
                return f"it has no secret, which had to be made before {last} was over: no sample of it can be drawn"
            return f"make its secret before {last} is over: vbdaemon report commit-secret --period {quarter}"
        case Stage.UNDRAWN:
            step = "draw" if done.counted else "population"
            return f"it was not drawn: vbdaemon report {step} --period {quarter}"
        case Stage.WAITING:
            return f"documents of it wait for a person's look: vbdaemon report findings --period {quarter} --waiting"
