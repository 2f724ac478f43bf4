"""Results of quarters (552/UBND): sent once they are final, and again, saying so, when an appeal changed them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from vbdaemon.config.report import SendSection
from vbdaemon.directory.addressee import addresses_of
from vbdaemon.report.period import PeriodKind, period_before, period_with
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.scene import Scene, complete_after, local_day, stamp
from vbdaemon.report.score_sheet import score_report
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.staff import occurrences
from vbdaemon.report.staff_sheet import staff_report
from vbdaemon.report.standing import Stage, Standing, quarters_since, score_digest, staff_digest, standing
from vbdaemon.report.words import moment_words
from vbdaemon.rounds.report_terms import ReportTerms, wrapped
from vbdaemon.state import report_letters, report_results
from vbdaemon.state.report_results import Told
from vbdaemon.state.store import State

log = structlog.get_logger("reports")
QUIET = timedelta(hours=1)
"""After the last ruling: several are made in a row, and one mail tells them all."""
UNDECIDED = (Stage.UNDRAWN, Stage.WAITING)
STAFF = "staff"
KEY = "[scoring] results_to"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a quarter was like when its result was compared last."""

    last_ruling: int
    stage: Stage
    on: date | None
    """Of the last quarter that has ended: documents of it may still be decided otherwise."""


class Results:
    """Sends the score of heads of unit ("quarter") and the occurrences of staff ("staff").

    What was sent last is known from the event that says so, written in the transaction of the letters: a restart
    repeats nothing. A person's look changes both: of drawn documents what a person found goes before what the machine
    saw, so the staff's occurrences wait for a draw that was announced too, but not for ever.
    """

    def __init__(self, state: State, spool: Path, root: Path, due: Callable[[], None]) -> None:
        """`root`: where reports lie that are sent. `due` is called when letters were written."""
        self._state = state
        self._spool = spool
        self._root = root
        self._due = due
        self._seen: dict[tuple[str, str], _Seen] = {}

    def look(self, wanted: SendSection, terms: ReportTerms, at: datetime) -> None:
        """Send what is to be sent at this moment; VbdaemonError: nothing was, and none is lost."""
        scene = Scene(self._state, terms.snapshot, terms.scoring, self._spool, "", at)
        today = local_day(at)
        first = self._first(wanted, scene, today)
        running = Quarter.of(today)
        if wanted.report != STAFF:
            self._say(wanted, self._standing(scene, running), scene)
        for quarter in quarters_since(first, today):
            self._look_at(wanted, scene, quarter, is_last=quarter.next == running)

    def _first(self, wanted: SendSection, scene: Scene, today: date) -> date:
        """A day of the first quarter that is sent: configured anew, the one that runs or is scored just now."""
        timer = f"{wanted.report}/{wanted.every}"
        first = self._state.read(partial(report_letters.last_sent, timer=timer))
        running = period_with(PeriodKind.QUARTER, today)
        if first is None or first > running.since:  # the clock was ahead when it was written
            before = period_before(running)
            under_way = self._standing(scene, Quarter.of(before.since)).stage in UNDECIDED
            first = before.since if under_way else running.since
            self._state.write(partial(report_letters.mark, timer=timer, since=first))
        return first

    def _look_at(self, wanted: SendSection, scene: Scene, quarter: Quarter, *, is_last: bool) -> None:
        how = self._standing(scene, quarter)
        if not is_ready(wanted.report, how, scene):
            self._say(wanted, how, scene)
            return
        told = self._state.read(partial(report_results.last_told, report=wanted.report, quarter=str(quarter)))
        seen = _Seen(how.last_ruling, how.stage, local_day(scene.at) if is_last else None)
        if not self._is_news(wanted, quarter, seen, told, how):
            return
        try:
            self._send(wanted, scene, quarter, told)
        except ScoringError as error:  # nothing came in
            self._tell(wanted, quarter, str(error), scene.at, never=True)
        self._seen[wanted.report, str(quarter)] = seen

    def _is_news(self, wanted: SendSection, quarter: Quarter, seen: _Seen, told: Told | None, how: Standing) -> bool:
        """False where nothing happened since the result was compared: to count a quarter takes a while."""
        before = self._seen.get((wanted.report, str(quarter)))
        if before is None and told is not None and told.issue and seen.on is None:
            return how.ruled_at is not None and how.ruled_at > told.at  # just started: the event tells
        return before != seen

    def _send(self, wanted: SendSection, scene: Scene, quarter: Quarter, told: Told | None) -> None:
        """ScoringError where there is nothing to tell of it."""
        digest = self._digest(wanted, scene, quarter)
        issue = told.issue if told else 0
        if told is not None and issue and told.digest == digest:
            return
        to = wanted.to or addresses_of(scene.rule.results_to, KEY, scene.snapshot.directory)
        replaces = ""
        report = (staff_report if wanted.report == STAFF else score_report)(scene, quarter)
        if told is not None and issue:
            replaces = stamp(told.at)
            words = f"{report.subtitle}; thay thế bản đã gửi lúc {moment_words(told.at)}"
            report = replace(report, name=f"{report.name}_lan-{issue + 1}", subtitle=words)
        unit = None if wanted.to else scene.snapshot.directory.unit(scene.rule.results_to)
        letter = wrapped(report, wanted, "").letter(self._root, to, unit.name if unit else "", replaces)
        write = partial(report_results.send, report=wanted.report, quarter=str(quarter), digest=digest, letter=letter)
        self._state.write(partial(write, at=scene.at, issue=issue + 1))
        log.info("report sent", report=report.name, letters=len(to), replaces=replaces)
        self._due()

    def _digest(self, wanted: SendSection, scene: Scene, quarter: Quarter) -> str:
        if wanted.report == STAFF:
            return staff_digest(occurrences(scene, quarter))
        return self._state.read(partial(score_digest, quarter=quarter))

    def _say(self, wanted: SendSection, how: Standing, scene: Scene) -> None:
        """Nobody has to wait for what does not come without knowing it."""
        today = local_day(scene.at)
        if wanted.report == STAFF and how.stage is not Stage.UNSCORED:
            return
        if how.is_missed(today) or how.is_late(today):
            self._tell(wanted, how.quarter, how.words, scene.at, never=how.is_missed(today))

    def _tell(self, wanted: SendSection, quarter: Quarter, words: str, at: datetime, *, never: bool) -> None:
        say = partial(report_results.say, report=wanted.report, quarter=str(quarter), words=words, at=at, never=never)
        if self._state.write(say):
            log.warning("no result to send", report=wanted.report, quarter=str(quarter), why=words)

    def _standing(self, scene: Scene, quarter: Quarter) -> Standing:
        return self._state.read(partial(standing, quarter=quarter, rule=scene.rule, today=local_day(scene.at)))


def is_ready(report: str, how: Standing, scene: Scene) -> bool:
    """True when the result can be sent, as far as people and days go."""
    if how.stage is Stage.UNSCORED or (how.ruled_at is not None and scene.at < how.ruled_at + QUIET):
        return False
    if report != STAFF:
        return how.stage is Stage.FINAL
    today = local_day(scene.at)
    complete = complete_after(how.quarter, scene.rule, scene.snapshot.working_days)
    return today > complete and (how.stage not in UNDECIDED or how.is_late(today))
