"""The outbox: written once by key, sent by urgency and age, withdrawn, hidden."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from vbdaemon.model import DeliveryKind, Outcome
from vbdaemon.state import deliveries, events
from vbdaemon.state.records import DeliveryState, NewDelivery
from vbdaemon.testing import NOON

LATER = NOON + timedelta(minutes=5)


def forward(key="forward:1", **changes):
    made = NewDelivery(DeliveryKind.FORWARD, key, "folder", "phong-y-te/nhan", "H1.2", "0001_15-PNV", document=0)
    return replace(made, **changes)


def notice(key="notice:1"):
    return NewDelivery(DeliveryKind.NOTICE, key, "folder", "phong-noi-vu/ket-qua", "H1.1", "tiep-nhan")


def write(state, name, *new, at=NOON, version=1):
    state.write(lambda c: deliveries.write(c, name, version, at, new))
    return all_of(state, name)


def all_of(state, name):
    return state.read(lambda c: deliveries.of_submission(c, name))


def due(state, at=NOON, limit=10, besides=()):
    return [d.id for d in state.read(lambda c: deliveries.due(c, at, limit, besides))]


def start(state, delivery, at=NOON):
    return state.write(lambda c: deliveries.start_attempt(c, delivery.id, at))


def end(state, delivery, outcome, retry=LATER):
    state.write(lambda c: deliveries.end_attempt(c, delivery, NOON, outcome, retry))


def test_the_same_key_is_written_once(state, admitted):
    name = admitted()
    first = write(state, name, forward(), forward(), notice())
    again = write(state, name, forward(), notice(), forward("forward:2"), version=2)
    assert [d.id for d in first] == [f"{name}-1", f"{name}-2"]
    assert [d.id for d in again] == [f"{name}-1", f"{name}-2", f"{name}-3"]


def test_the_same_key_of_another_submission_is_another_delivery(state, admitted):
    assert len(write(state, admitted(), forward())) == len(write(state, admitted(), forward())) == 1


def test_urgent_ones_are_due_first_then_the_oldest(state, admitted):
    one, two, three = admitted(), admitted(), admitted()
    write(state, one, forward(), at=NOON)
    write(state, two, forward(urgency=3), at=NOON + timedelta(seconds=2))
    write(state, three, forward(), at=NOON - timedelta(seconds=2))
    assert due(state, LATER) == [f"{two}-1", f"{three}-1", f"{one}-1"]
    assert due(state, LATER, limit=1) == [f"{two}-1"]
    assert due(state, LATER, limit=1, besides=[f"{two}-1"]) == [f"{three}-1"]
    assert due(state, NOON - timedelta(seconds=1)) == [f"{three}-1"]
    assert state.read(deliveries.next_due) == NOON - timedelta(seconds=2)


def test_an_attempt_is_counted_before_anything_is_sent(state, admitted):
    (row,) = write(state, admitted(), forward())
    assert start(state, row)
    assert all_of(state, row.submission)[0].attempts == 1
    assert not state.write(lambda c: deliveries.start_attempt(c, "nothing", NOON))


@pytest.mark.parametrize(
    ("outcome", "expected", "told"),
    [
        (Outcome.delivered("there"), DeliveryState.DELIVERED, ["delivery-delivered"]),
        (Outcome.deferred("no room"), DeliveryState.DUE, []),
        (Outcome.failed("no such scheme"), DeliveryState.FAILED, ["delivery-failed"]),
    ],
    ids=["delivered", "deferred", "failed"],
)
def test_an_outcome_decides_what_becomes_of_a_delivery(state, admitted, outcome, expected, told):
    (row,) = write(state, admitted(), forward())
    start(state, row)
    end(state, row, outcome)
    (after,) = all_of(state, row.submission)
    assert (after.state, after.words, after.due_at) == (expected, outcome.words, LATER)
    assert due(state, NOON) == []
    assert due(state, LATER) == ([row.id] if expected is DeliveryState.DUE else [])
    kinds = [e.kind for e in state.read(lambda c: events.of_submission(c, row.submission))]
    assert kinds[1:] == told
    assert start(state, row) == (expected is DeliveryState.DUE)


def test_an_interrupted_attempt_is_closed_and_its_delivery_stays_due(state, admitted):
    (row,) = write(state, admitted(), forward())
    start(state, row)
    for _ in range(2):
        state.write(lambda c: deliveries.close_attempts(c, LATER))
    rows = state.read(lambda c: c.execute(text("SELECT outcome, words FROM delivery_attempts")).all())
    assert [(r.outcome, r.words.partition(":")[0]) for r in rows] == [("DEFERRED", "interrupted")]
    assert due(state) == [row.id]


def test_only_a_forwarding_that_was_attempted_counts_as_started(state, admitted):
    name = admitted()
    told, sent = sorted(write(state, name, notice(), forward()), key=lambda d: d.kind, reverse=True)
    assert not state.read(lambda c: deliveries.forward_started(c, name))
    start(state, told)
    assert not state.read(lambda c: deliveries.forward_started(c, name))
    start(state, sent)
    assert state.read(lambda c: deliveries.forward_started(c, name))


def test_what_was_withdrawn_can_be_written_again_under_a_new_id(state, admitted):
    name = admitted()
    write(state, name, forward())
    state.write(lambda c: deliveries.cancel(c, name))
    assert due(state) == []
    rows = write(state, name, forward())
    assert [(d.id, d.state) for d in rows] == [
        (f"{name}-1", DeliveryState.CANCELLED),
        (f"{name}-2", DeliveryState.DUE),
    ]


def test_what_was_delivered_is_not_withdrawn(state, admitted):
    (row,) = write(state, admitted(), forward())
    start(state, row)
    end(state, row, Outcome.delivered())
    state.write(lambda c: deliveries.cancel(c, row.submission))
    assert [d.state for d in write(state, row.submission, forward())] == [DeliveryState.DELIVERED]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.deferred("later"), DeliveryState.CANCELLED),
        (Outcome.failed("never"), DeliveryState.CANCELLED),
        (Outcome.delivered("there"), DeliveryState.DELIVERED),
    ],
    ids=["deferred", "failed", "delivered"],
)
def test_what_was_withdrawn_while_it_was_being_sent_is_not_tried_again(state, admitted, outcome, expected):
    (row,) = write(state, admitted(), forward())
    start(state, row)
    state.write(lambda c: deliveries.cancel(c, row.submission))
    end(state, row, outcome)
    assert all_of(state, row.submission)[0].state is expected
    assert due(state, LATER) == []


def test_hiding_leaves_no_name_and_withdraws_what_was_not_sent(state, admitted):
    name = admitted()
    sent, _ = write(state, name, forward(), notice())
    start(state, sent)
    end(state, sent, Outcome.delivered("phong-y-te/nhan/0001_15-PNV"))
    state.write(lambda c: deliveries.hide(c, name))
    rows = all_of(state, name)
    assert [d.state for d in rows] == [DeliveryState.DELIVERED, DeliveryState.CANCELLED]
    for table in ("deliveries", "delivery_attempts", "events"):
        assert "15-PNV" not in str(state.read(lambda c, t=table: c.execute(text(f"SELECT * FROM {t}")).all()))
