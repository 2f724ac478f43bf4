"""Looks for what gives cause for an alarm: broken promises, what is held too long, what was given up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.model import DocumentVerdict, Snapshot, Urgency, VerdictKind, WorkingDays
from vbdaemon.state import alarm_causes, decisions
from vbdaemon.state.alarm_causes import Waiting
from vbdaemon.state.alarms import Alarm, AlarmKind
from vbdaemon.state.connection import Connection
from vbdaemon.state.store import State

MOST_AT_ONCE = 200
"""Alarms of one kind that one look raises; the next look goes on."""
NORMAL = "thuong"
LEVELS = (NORMAL, *(each.value for each in Urgency))
"""As deliveries count urgency: 0 for none, up to 3 for HỎA TỐC."""
WINDOW = timedelta(days=30)
"""What went wrong longer ago is history, not news: nothing is raised for it after an upgrade."""


@dataclass(frozen=True, slots=True)
class AlarmTerms:
    """What is promised, and who is told."""

    minutes: tuple[int, ...] = (0, 60, 30, 15)
    """One for each of LEVELS; 0 = no promise."""
    working_days: WorkingDays = field(default_factory=WorkingDays)
    mail: tuple[str, ...] = ()
    gather: timedelta = timedelta(minutes=10)

    @classmethod
    def of(cls, settings: Settings, snapshot: Snapshot) -> "AlarmTerms":
        """From `[promise]`, `[alarms]` and the holidays. Without a smarthost nobody can be written to."""
        promise = settings.promise
        return cls(
            (promise.thuong, promise.khan, promise.thuong_khan, promise.hoa_toc),
            snapshot.working_days,
            settings.alarms.mail if snapshot.mail.smarthost else (),
            timedelta(minutes=settings.alarms.gather_minutes),
        )


class Causes:
    """Finds what is to be raised. Keeps in mind how urgent waiting submissions are: a decision never changes."""

    def __init__(self) -> None:
        self._levels: dict[tuple[str, int], int] = {}

    def found(self, state: State, terms: AlarmTerms, at: datetime) -> tuple[Alarm, ...]:
        """New alarms; nothing is written."""
        return (
            *self._held(state, terms, at),
            *self._promised(state, terms, at),
            *_given_up(state, at),
        )

    def _held(self, state: State, terms: AlarmTerms, at: datetime) -> Iterator[Alarm]:
        before = held_before(terms.working_days, at)
        for submission, since in state.read(partial(alarm_causes.held_since, before=before, limit=MOST_AT_ONCE)):
            yield Alarm(AlarmKind.HELD, submission, at, f"handed in {_local(since)}")

    def _promised(self, state: State, terms: AlarmTerms, at: datetime) -> Iterator[Alarm]:
        broken: dict[str, int] = {}
        for level, minutes in enumerate(terms.minutes):
            if not minutes:
                continue
            before = at - timedelta(minutes=minutes)
            late = partial(alarm_causes.late_forwards, urgency=level, before=before, limit=MOST_AT_ONCE)
            broken |= dict.fromkeys(state.read(late), level)
        broken |= self._waiting(state, terms, at)
        for submission, level in broken.items():
            yield Alarm(
                AlarmKind.PROMISE, submission, at, f"{LEVELS[level]}: promised in {terms.minutes[level]} minutes"
            )
        if terms.minutes[0]:
            before = at - timedelta(minutes=terms.minutes[0])
            for submission in state.read(partial(alarm_causes.late_undecided, before=before, limit=MOST_AT_ONCE)):
                yield Alarm(AlarmKind.PROMISE, submission, at, f"not judged in {terms.minutes[0]} minutes")

    def _waiting(self, state: State, terms: AlarmTerms, at: datetime) -> Mapping[str, int]:
        """Urgent ones among those that wait for a person, by level: their decisions say so."""
        urgent = [minutes for minutes in terms.minutes[1:] if minutes]
        if not urgent:
            return {}
        before = at - timedelta(minutes=min(urgent))
        rows = state.read(partial(alarm_causes.waiting, since=at - WINDOW, before=before))
        self._levels = {key: level for row in rows if (level := self._levels.get(key := _key(row))) is not None}
        for row in [row for row in rows if _key(row) not in self._levels][:MOST_AT_ONCE]:
            self._levels[_key(row)] = state.read(partial(_level, submission=row.submission))
        broken = {}
        for row in rows:
            level = self._levels.get(_key(row), 0)
            if level and terms.minutes[level] and row.received_at < at - timedelta(minutes=terms.minutes[level]):
                broken[row.submission] = level
        return broken


def held_before(working_days: WorkingDays, at: datetime) -> datetime:
    """What was handed in before this moment ought to be settled: its next working day is over, in Vietnam."""
    today = at.astimezone(VIETNAM).date()
    day = today - timedelta(days=1)
    while working_days.after(day) >= today:
        day -= timedelta(days=1)
    return _midnight(day + timedelta(days=1))


def _given_up(state: State, at: datetime) -> Iterator[Alarm]:
    for each in state.read(partial(alarm_causes.given_up, since=at - WINDOW, limit=MOST_AT_ONCE)):
        words = f"{each.kind} to {each.destination}"
        yield Alarm(AlarmKind.UNDELIVERED, each.submission, at, words, each.delivery)


def _level(connection: Connection, submission: str) -> int:
    """How urgent the most urgent document is that is accepted or held; 0 where no decision says so."""
    decision = decisions.latest(connection, submission)
    going = (VerdictKind.ACCEPT, VerdictKind.HOLD)
    documents = decision.documents if decision else ()
    return max((_urgency(document) for document in documents if document.verdict.kind in going), default=0)


def _urgency(document: DocumentVerdict) -> int:
    found = document.classification.urgency if document.classification else None
    return LEVELS.index(found.value) if found else 0


def _key(row: Waiting) -> tuple[str, int]:
    return row.submission, row.version


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)


def _local(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
