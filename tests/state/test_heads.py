"""The heads of all lanes, and what is due behind each."""

from dataclasses import replace
from datetime import timedelta

from vbdaemon.model import DeliveryKind, Outcome
from vbdaemon.state import deliveries, heads
from vbdaemon.state.heads import Head
from vbdaemon.state.records import NewDelivery
from vbdaemon.testing import NOON

LATER = NOON + timedelta(minutes=5)


def forward(address, urgency=0, scheme="folder"):
    return NewDelivery(
        DeliveryKind.FORWARD,
        f"{scheme}:{address}:{urgency}",
        scheme,
        address,
        "H1",
        "0001",
        document=0,
        urgency=urgency,
    )


def write(state, name, *new, at=NOON):
    state.write(lambda c: deliveries.write(c, name, 1, at, new))
    return state.read(lambda c: deliveries.of_submission(c, name))


def test_nothing_waits_so_there_is_no_head(state):
    assert state.read(heads.heads) == []


def test_each_urgency_and_address_has_one_head_which_is_due_first(state, admitted):
    for minutes in (3, 1, 2):
        at = NOON + timedelta(minutes=minutes)
        write(state, admitted(), forward("a/nhan"), forward("b/nhan"), forward("a/nhan", 3), at=at)
    write(state, admitted(), forward("x@b.example", scheme="smtp"), at=LATER)
    first = NOON + timedelta(minutes=1)
    assert sorted(state.read(heads.heads), key=lambda h: (h.urgency, h.scheme, h.address)) == [
        Head(0, "folder", "a/nhan", first),
        Head(0, "folder", "b/nhan", first),
        Head(0, "smtp", "x@b.example", LATER),
        Head(3, "folder", "a/nhan", first),
    ]


def test_what_was_delivered_or_withdrawn_is_no_head(state, admitted):
    one, two = admitted(), admitted()
    (row,) = write(state, one, forward("a/nhan"))
    write(state, two, forward("b/nhan"))
    state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
    state.write(lambda c: deliveries.end_attempt(c, row, NOON, Outcome.delivered(), LATER))
    state.write(lambda c: deliveries.cancel(c, two))
    assert state.read(heads.heads) == []
    assert state.read(lambda c: heads.delivered_since(c, NOON)) == [("folder", "a/nhan")]
    assert state.read(lambda c: heads.delivered_since(c, LATER)) == []


def test_behind_a_head_stands_what_is_due_the_oldest_first(state, admitted):
    rows = [write(state, admitted(), forward("a/nhan"), at=NOON + timedelta(minutes=m))[0] for m in (2, 1, 9)]
    head = Head(0, "folder", "a/nhan", NOON)

    def behind(at, limit=10, besides=()):
        return [row.id for row in state.read(lambda c: heads.behind(c, head, at, limit, besides))]

    assert behind(LATER) == [rows[1].id, rows[0].id]
    assert behind(LATER, limit=1) == [rows[1].id]
    assert behind(LATER, limit=1, besides=[rows[1].id]) == [rows[0].id]
    assert behind(NOON) == []
    other = replace(head, urgency=1)
    assert state.read(lambda c: heads.behind(c, other, LATER, 10)) == []


def test_an_attempt_that_was_not_made_is_as_if_it_had_not_been_begun(state, admitted):
    (row,) = write(state, admitted(), forward("a/nhan"))
    state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
    for _ in range(2):
        state.write(lambda c: deliveries.take_back(c, row.id))
    (after,) = state.read(lambda c: deliveries.of_submission(c, row.submission))
    assert after == row
