"""Alarms: their causes, each raised once, cleared when the cause is gone; and no question scans a table."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from vbdaemon.model import DeliveryKind, Outcome
from vbdaemon.state import alarm_causes, alarms, deliveries, events, follow, submissions
from vbdaemon.state.alarms import Alarm, AlarmKind
from vbdaemon.state.records import HoldKind, NewDelivery, SubmissionState
from vbdaemon.testing import NOON

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def stand(state):
    """Moves a submission to a state."""

    def move(id_, where, hold=None):
        state.write(partial(submissions.move, submission_id=id_, state=where, hold_kind=hold))
        return id_

    return move


@pytest.fixture
def send(state):
    """A delivery as it stands after one attempt; due when there is no outcome."""

    def write(id_, outcome=None, *, kind=DeliveryKind.FORWARD, key="", urgency=0, unit="H2", at=NOON):
        known = {row.id for row in state.read(lambda c: deliveries.of_submission(c, id_))}
        new = NewDelivery(kind, key or f"key {len(known)}", "folder", "a/nhan", unit, "n", 0, urgency)
        state.write(lambda c: deliveries.write(c, id_, 1, at, [new]))
        row = next(r for r in state.read(lambda c: deliveries.of_submission(c, id_)) if r.id not in known)
        if outcome is not None:
            state.write(lambda c: deliveries.start_attempt(c, row.id, at))
            state.write(lambda c: deliveries.end_attempt(c, row, at, outcome, at))
        return row.id

    return write


@pytest.fixture
def cleared(state):
    """Clears what has no cause any more; what is left, by kind."""

    def clear():
        gone = state.read(alarm_causes.settled)
        state.write(partial(alarms.clear, which=gone, at=LATER))
        return [alarm.kind for alarm in state.read(alarms.opened)]

    return clear


def raised(state, kind, id_, about=""):
    return state.write(lambda c: alarms.raise_alarm(c, Alarm(kind, id_, NOON, "words", about)))


def test_an_alarm_is_raised_once_and_is_one_event(state, admitted):
    id_ = admitted()
    assert raised(state, AlarmKind.HELD, id_)
    assert not raised(state, AlarmKind.HELD, id_)
    assert raised(state, AlarmKind.UNDELIVERED, id_, "d-1")
    assert raised(state, AlarmKind.UNDELIVERED, id_, "d-2")
    kinds = [each.kind for each in state.read(lambda c: events.of_submission(c, id_))]
    assert kinds == ["admitted", "alarm-held", "alarm-undelivered", "alarm-undelivered"]
    assert state.read(alarms.counts) == {"held": 1, "promise": 0, "undelivered": 2}


def test_a_person_clears_all_alarms_of_a_submission_for_good(state, admitted):
    id_ = admitted()
    raised(state, AlarmKind.HELD, id_)
    raised(state, AlarmKind.PROMISE, id_)
    clear = partial(alarms.clear_by_person, submission_id=id_, who="Lê Thị Mẫu", why="đã chuyển tay", at=LATER)
    assert (state.write(clear), state.write(clear)) == (2, 0)
    assert state.read(alarms.opened) == ()
    assert not raised(state, AlarmKind.HELD, id_)
    assert state.read(lambda c: events.of_submission(c, id_))[-1].words == "Lê Thị Mẫu: đã chuyển tay"


def test_what_no_mail_told_of_is_told_once(state, admitted):
    raised(state, AlarmKind.HELD, admitted())
    (new,) = state.read(alarms.untold)
    state.write(partial(alarms.told, which=[new], at=LATER))
    assert state.read(alarms.untold) == ()
    assert len(state.read(alarms.opened)) == 1


def test_held_since_long_are_those_handed_in_before_a_moment_without_an_alarm(state, admitted, stand):
    old, known, fresh, gone = admitted(), admitted(), admitted(LATER), admitted()
    for id_ in (old, known, fresh):
        stand(id_, SubmissionState.HELD, HoldKind.REVIEW)
    stand(gone, SubmissionState.ACCEPTED)
    raised(state, AlarmKind.HELD, known)
    assert state.read(lambda c: alarm_causes.held_since(c, LATER, 9)) == [(old, NOON)]


def test_an_alarm_of_what_was_held_is_cleared_when_it_is_settled_and_not_while_it_is_judged_again(
    state, admitted, stand, cleared
):
    id_ = stand(admitted(), SubmissionState.HELD, HoldKind.REVIEW)
    raised(state, AlarmKind.HELD, id_)
    for where in (SubmissionState.WAITING, SubmissionState.HELD):
        stand(id_, where)
        assert cleared() == [AlarmKind.HELD]
    stand(id_, SubmissionState.REJECTED)
    assert cleared() == []


def test_urgent_forwards_that_did_not_arrive_break_the_promise_of_their_mark(state, admitted, send):
    urgent, normal, there, failed = (admitted() for _ in range(4))
    fresh = admitted(LATER)
    send(urgent, urgency=3)
    send(urgent, urgency=3, unit="H3")
    send(normal)
    send(there, Outcome.delivered(), urgency=3)
    send(failed, Outcome.failed("no such folder"), urgency=3)
    send(fresh, urgency=3)

    def late(urgency):
        return sorted(state.read(lambda c: alarm_causes.late_forwards(c, urgency, LATER, 9)))

    assert late(3) == [urgent, failed]
    assert (late(1), late(0)) == ([], [normal])
    raised(state, AlarmKind.PROMISE, urgent)
    assert late(3) == [failed]


def test_a_broken_promise_is_cleared_when_every_recipient_has_it(state, admitted, stand, send, cleared):
    id_ = stand(admitted(), SubmissionState.HELD, HoldKind.REVIEW)
    raised(state, AlarmKind.PROMISE, id_)
    assert cleared() == [AlarmKind.PROMISE]
    stand(id_, SubmissionState.ACCEPTED)
    state.write(lambda c: follow.present(c, id_, {0: None}, NOON))
    assert cleared() == [AlarmKind.PROMISE]
    state.write(lambda c: follow.present(c, id_, {}, NOON))
    send(id_, Outcome.delivered(), urgency=3)
    due = send(id_, urgency=3, unit="H3")
    assert cleared() == [AlarmKind.PROMISE]
    row = next(r for r in state.read(lambda c: deliveries.of_submission(c, id_)) if r.id == due)
    state.write(lambda c: deliveries.end_attempt(c, row, NOON, Outcome.delivered(), NOON))
    assert cleared() == []


def test_a_promise_broken_by_a_failure_is_cleared_with_the_alarm_of_the_failure(state, admitted, stand, send, cleared):
    id_ = stand(admitted(), SubmissionState.ACCEPTED)
    failed = send(id_, Outcome.failed("no such folder"), urgency=3)
    raised(state, AlarmKind.PROMISE, id_)
    raised(state, AlarmKind.UNDELIVERED, id_, failed)
    assert cleared() == [AlarmKind.PROMISE, AlarmKind.UNDELIVERED]
    send(id_, Outcome.delivered(), at=LATER, unit="H9")
    assert cleared() == [AlarmKind.PROMISE, AlarmKind.UNDELIVERED]  # another unit has it
    send(id_, Outcome.delivered(), at=LATER)
    cleared()
    assert cleared() == []


def test_what_was_given_up_is_told_but_not_a_mail_about_alarms(state, admitted, send):
    id_ = admitted()
    forward = send(id_, Outcome.failed("no such folder"))
    notice = send(id_, Outcome.failed("no such address"), kind=DeliveryKind.NOTICE)
    send(id_, Outcome.failed("no such address"), kind=DeliveryKind.NOTICE, key="letter:alarm:1")
    send(id_, Outcome.failed("long ago"), at=NOON - timedelta(days=40))
    send(id_, Outcome.deferred("later"))

    def found():
        return [each.delivery for each in state.read(lambda c: alarm_causes.given_up(c, NOON - timedelta(days=30), 9))]

    assert found() == [forward, notice]
    raised(state, AlarmKind.UNDELIVERED, id_, forward)
    assert found() == [notice]


def test_waiting_are_the_held_and_the_unassigned_of_a_window(state, admitted, stand):
    held, presented, known = (admitted() for _ in range(3))
    fresh, old = admitted(LATER), admitted(NOON - timedelta(days=40))
    for id_ in (held, known, fresh, old):
        stand(id_, SubmissionState.HELD, HoldKind.REVIEW)
    stand(presented, SubmissionState.ACCEPTED)
    state.write(lambda c: follow.present(c, presented, {0: None, 1: None}, NOON))
    raised(state, AlarmKind.PROMISE, known)
    rows = state.read(lambda c: alarm_causes.waiting(c, NOON - timedelta(days=30), LATER))
    assert [row.submission for row in rows] == [held, presented]


def test_what_nobody_judged_is_late_too(state, admitted, stand):
    late, fresh = admitted(), admitted(LATER)
    stand(admitted(), SubmissionState.REJECTED)
    assert fresh
    assert state.read(lambda c: alarm_causes.late_undecided(c, LATER, 9)) == [late]


QUESTIONS = {
    "held_since": lambda c: alarm_causes.held_since(c, NOON, 9),
    "late_forwards": lambda c: alarm_causes.late_forwards(c, 3, NOON, 9),
    "late_undecided": lambda c: alarm_causes.late_undecided(c, NOON, 9),
    "waiting": lambda c: alarm_causes.waiting(c, NOON, LATER),
    "given_up": lambda c: alarm_causes.given_up(c, NOON, 9),
    "settled": alarm_causes.settled,
    "opened": alarms.opened,
    "counts": alarms.counts,
    "untold": alarms.untold,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_of_the_minute_scans_a_table(sqlite, question):
    plans = []

    def explain(connection, statement, parameters):
        rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        plans.extend(row[-1] for row in rows)

    def asked(connection):
        def before(_, cursor, statement, parameters, context, executemany):
            explain(connection, statement, parameters)

        event.listen(connection, "before_cursor_execute", before)
        QUESTIONS[question](connection)

    sqlite.read(asked)
    assert plans
    assert not [plan for plan in plans if plan.endswith("(state=?)")]  # all that was ever delivered has one state
    scans = [plan for plan in plans if plan.startswith("SCAN ")]
    assert all("alarms" in scan and "INDEX" in scan for scan in scans), scans
