"""Dispatching: what waits is started, what fails is tried again, and nothing stops for one submission's sake."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest

from vbdaemon.errors import StateError
from vbdaemon.model import DocumentVerdict, Piece, Verdict
from vbdaemon.pipeline import runner as runners
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.pipeline.runner import Runner
from vbdaemon.state import submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.testing import FrozenClock

A = "a" * 64
WAITING, DECIDING, HELD = SubmissionState.WAITING, SubmissionState.DECIDING, SubmissionState.HELD


class FakePool:
    """Takes tasks; the test says how each of them ends."""

    size = 1

    def __init__(self) -> None:
        self.tasks: dict[str, Future[Decision]] = {}
        self.story: list[str] = []

    def submit(self, task: DecideTask) -> "Future[Decision]":
        self.story.append(task.submission)
        self.tasks[task.submission] = Future()
        return self.tasks[task.submission]

    def answer(self, name: str, *documents: DocumentVerdict, **more: object) -> None:
        eventually(lambda: name in self.tasks)
        self.tasks.pop(name).set_result(Decision(documents, **more))

    def break_(self, name: str, words: str = "plugin 'odd' in hook 'read' took longer than 60 s") -> None:
        eventually(lambda: name in self.tasks)
        self.tasks.pop(name).set_exception(AttemptFailed(words))


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.002)


class FlakyState:
    """A state whose writes fail while `broken`; everything else is the real one."""

    def __init__(self, state) -> None:
        self._state = state
        self.broken = False
        self.refused = 0

    def __getattr__(self, name: str):
        return getattr(self._state, name)

    def write_later(self, change):
        if not self.broken:
            return self._state.write_later(change)
        self.refused += 1
        future: Future[object] = Future()
        future.set_exception(StateError("state store: database or disk is full"))
        return future


class Site:
    def __init__(self, office) -> None:
        self.office = office
        self.pool = FakePool()
        self.state = FlakyState(office.state)
        self.clock = FrozenClock()
        self.decided: list[str] = []
        self.runner: Runner | None = None

    def run(self, *, attempts: int = 3, suspects: tuple[str, ...] = ()) -> Runner:
        self.runner = Runner(
            self.state,
            self.office.spool,
            self.pool,
            lambda: self.office.desk,
            self.clock,
            attempts,
            suspects=suspects,
            on_decided=self.decided.append,
        )
        self.runner.start()
        return self.runner

    def state_of(self, name: str) -> SubmissionState:
        return self.office.row(name).state


@pytest.fixture
def site(office, monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr(runners, "LOOK_SECONDS", 0.02)
    site = Site(office)
    yield site
    if site.runner is not None:
        site.runner.stop()


def test_what_waits_is_decided_oldest_first_and_told_on(site, judged):
    one, two = site.office.admit(), site.office.admit()
    site.run()
    for name, sha256 in ((one, A), (two, "b" * 64)):
        site.pool.answer(name, judged(sha256=sha256, number=sha256[0]))
    eventually(lambda: site.decided == [one, two])
    assert site.pool.story == [one, two]
    assert site.state_of(one) is SubmissionState.ACCEPTED
    assert site.runner.in_flight() == frozenset()


def test_the_start_of_an_attempt_is_committed_before_the_worker_gets_it(site):
    name = site.office.admit()
    seen: list[SubmissionState] = []
    submit = site.pool.submit
    site.pool.submit = lambda task: (seen.append(site.state_of(task.submission)), submit(task))[1]
    site.run()
    eventually(lambda: bool(seen))
    assert seen == [DECIDING]
    site.pool.break_(name)


def test_only_so_many_are_in_flight(site, judged):
    names = [site.office.admit() for _ in range(5)]
    site.run()
    eventually(lambda: len(site.pool.tasks) == runners.AHEAD)
    time.sleep(0.1)
    assert len(site.pool.tasks) == runners.AHEAD
    site.pool.answer(names[0], judged())
    eventually(lambda: names[runners.AHEAD] in site.pool.tasks)


def test_a_failed_attempt_is_tried_again_later_and_held_after_the_last(site):
    name = site.office.admit()
    site.run(attempts=2)
    site.pool.break_(name)
    eventually(lambda: site.office.row(name).failures == 1 and not site.runner.in_flight())
    time.sleep(0.1)
    assert name not in site.pool.tasks  # not before its time
    site.clock.advance(seconds=2)
    site.pool.break_(name)
    eventually(lambda: site.state_of(name) is HELD)
    assert site.office.row(name).hold_kind is HoldKind.FAILURE
    assert site.office.story(name) == ["admitted", "attempt-failed", "processing-failed"]


def test_others_go_on_while_one_waits_for_its_next_attempt(site, judged):
    bad, good = site.office.admit(), site.office.admit()
    site.run()
    site.pool.break_(bad)
    site.pool.answer(good, judged())
    eventually(lambda: site.decided == [good])


def test_suspects_run_one_at_a_time_before_all_others(site, judged):
    names = [site.office.admit() for _ in range(4)]
    site.run(suspects=(names[2], names[3]))
    eventually(lambda: bool(site.pool.tasks))
    time.sleep(0.1)
    assert list(site.pool.tasks) == [names[2]]
    site.pool.answer(names[2], judged())
    eventually(lambda: names[3] in site.pool.tasks)
    time.sleep(0.1)
    assert list(site.pool.tasks) == [names[3]]
    site.pool.answer(names[3], judged(sha256="b" * 64, number="16"))
    eventually(lambda: set(site.pool.tasks) == {names[0], names[1]})


def test_what_a_person_did_meanwhile_stands_and_the_decision_is_dropped(site, judged):
    name = site.office.admit()
    site.run()
    eventually(lambda: name in site.pool.tasks)
    site.office.state.write(lambda c: submissions.move(c, name, HELD, HoldKind.PERSON))
    site.pool.answer(name, judged())
    eventually(lambda: not site.runner.in_flight())
    assert (site.state_of(name), site.office.row(name).hold_kind) == (HELD, HoldKind.PERSON)
    assert site.office.outbox(name) == ()


def test_a_failed_attempt_leaves_what_a_person_did_meanwhile(site):
    name = site.office.admit()
    site.run(attempts=1)
    eventually(lambda: name in site.pool.tasks)
    site.office.state.write(lambda c: submissions.move(c, name, HELD, HoldKind.PERSON))
    site.pool.break_(name)
    eventually(lambda: not site.runner.in_flight())
    assert site.office.row(name).hold_kind is HoldKind.PERSON


def test_a_quarantined_submission_is_moved_after_its_commit(site, judged):
    name = site.office.admit()
    site.run()
    site.pool.answer(name, judged("secret-marking", kind=Verdict.quarantine, to=()))
    eventually(lambda: site.decided == [name])
    assert site.state_of(name) is SubmissionState.QUARANTINED
    assert site.office.spool.is_quarantined(name)


def test_the_pieces_of_a_quarantined_whole_are_moved_with_it(site, judged):
    one, two = site.office.admit(), site.office.admit()
    site.run()
    site.pool.answer(one, judged("piece-awaited"), piece=Piece("c" * 64, 1, 2))
    eventually(lambda: one in site.decided)
    site.pool.answer(two, judged("secret-marking", kind=Verdict.quarantine, to=()), joined=(one,))
    eventually(lambda: two in site.decided)
    assert site.state_of(one) is SubmissionState.QUARANTINED
    assert site.office.spool.is_quarantined(one)
    assert site.office.spool.is_quarantined(two)


def test_a_move_to_quarantine_that_fails_is_left_to_recovery(site, judged):
    name = site.office.admit()
    (site.office.spool.root / "quarantine").rmdir()
    site.run()
    site.pool.answer(name, judged("secret-marking", kind=Verdict.quarantine, to=()))
    eventually(lambda: site.decided == [name])
    assert site.state_of(name) is SubmissionState.QUARANTINED


def test_a_decision_that_could_not_be_committed_is_made_again(site, judged):
    name = site.office.admit()
    site.run()
    eventually(lambda: name in site.pool.tasks)
    site.state.broken = True
    site.pool.answer(name, judged())
    eventually(lambda: site.state.refused >= 1)
    site.state.broken = False
    eventually(lambda: site.office.row(name).failures == 1)
    site.clock.advance(seconds=2)
    site.pool.answer(name, judged())
    eventually(lambda: site.decided == [name])


def test_a_failure_that_could_not_be_written_down_is_written_when_the_database_answers_again(site):
    name = site.office.admit()
    site.run()
    eventually(lambda: name in site.pool.tasks)
    site.state.broken = True
    site.pool.break_(name)
    eventually(lambda: site.state.refused >= 2)
    assert site.state_of(name) is DECIDING
    site.state.broken = False
    eventually(lambda: site.state_of(name) is WAITING)
    site.clock.advance(seconds=2)
    eventually(lambda: name in site.pool.tasks)


def test_a_database_that_refuses_is_not_asked_without_pause(site, monkeypatch):
    monkeypatch.setattr(runners, "LOOK_SECONDS", 0.1)
    site.office.admit()
    site.state.broken = True
    site.run()
    time.sleep(0.5)
    assert 1 <= site.state.refused <= 10


def test_stopping_starts_nothing_more(site):
    runner = site.run()
    runner.stop()
    site.office.admit()
    runner.wake()
    time.sleep(0.05)
    assert site.pool.story == []
    assert not any(thread.name == "runner" for thread in threading.enumerate())
