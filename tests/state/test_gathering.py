"""Notices beyond the cap wait, and one digest tells them; each is told exactly once."""

from datetime import timedelta

import pytest

from vbdaemon.model import DeliveryKind, Outcome
from vbdaemon.state import decisions, deliveries, gathering
from vbdaemon.state.records import Decision, DeliveryState, NewDelivery
from vbdaemon.testing import NOON

CAP = 2
TO = "vanthu@noi-vu.example"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DUE, GATHERED, DIGESTED, CANCELLED = (
    DeliveryState.DUE,
    DeliveryState.GATHERED,
    DeliveryState.DIGESTED,
    DeliveryState.CANCELLED,
)


@pytest.fixture
def tell(state, admitted):
    """Writes one notice and holds it back where the cap says so; answers its state."""

    def write(at=NOON, address=TO, key="notice:1", name=None, scheme="smtp"):
        name = name or admitted()
        new = NewDelivery(DeliveryKind.NOTICE, key, scheme, address, "H1", f"{name}_tu-choi")

        def change(c):
            decisions.write(c, name, int(key[-1]), at, "x", Decision(()))
            deliveries.cancel(c, name, (new,))
            deliveries.write(c, name, int(key[-1]), at, (new,))
            gathering.hold_back(c, name, CAP, at)

        state.write(change)
        return name

    return write


def states(state, name):
    return [row.state for row in state.read(lambda c: deliveries.of_submission(c, name))]


def close(state, at):
    return state.write(lambda c: gathering.close(c, at))


def row_of(state, delivery):
    rows = state.read(lambda c: deliveries.of_submission(c, delivery.rpartition("-")[0]))
    return next(row for row in rows if row.id == delivery)


def test_what_is_beyond_the_cap_waits(state, tell):
    names = [tell(NOON + n * MINUTE) for n in range(5)]
    assert [states(state, name) for name in names] == [[DUE], [DUE], [GATHERED], [GATHERED], [GATHERED]]


def test_a_letter_is_never_gathered_a_digest_would_tell_something_else(state, tell):
    for _ in range(3):
        tell()
    assert states(state, tell(key="letter:recall:1")) == [DUE]


def test_each_address_has_a_cap_of_its_own_and_a_folder_none(state, tell):
    for _ in range(3):
        tell()
    assert states(state, tell(address="khac@noi-vu.example")) == [DUE]
    for _ in range(4):
        assert states(state, tell(scheme="folder", address="noi-vu/ket-qua")) == [DUE]


def test_after_an_hour_notices_go_one_by_one_again(state, tell):
    for n in range(2):
        tell(NOON + n * MINUTE)
    assert states(state, tell(NOON + HOUR - MINUTE)) == [GATHERED]
    assert states(state, tell(NOON + HOUR)) == [DUE]


def test_one_digest_tells_all_that_waited_once_the_hour_is_over(state, tell):
    names = [tell(NOON + n * MINUTE) for n in range(5)]
    assert close(state, NOON + HOUR) == ()
    (digest,) = close(state, NOON + HOUR + 2 * MINUTE)
    row = row_of(state, digest)
    assert (row.kind, row.scheme, row.address, row.state) == (DeliveryKind.DIGEST, "smtp", TO, DUE)
    told = state.read(lambda c: gathering.told_in(c, row))
    assert [each.submission for each in told] == names[2:]
    assert [each.created_at for each in told] == [NOON + n * MINUTE for n in (2, 3, 4)]
    assert all(decisions.parse(each.decision) == Decision(()) for each in told)
    assert close(state, NOON + 3 * HOUR) == ()
    assert [states(state, name)[0] for name in names] == [DUE, DUE, DIGESTED, DIGESTED, DIGESTED]


def test_a_digest_counts_as_one_of_the_hour(state, tell):
    for n in range(3):
        tell(NOON + n * MINUTE)
    at = NOON + HOUR + 10 * MINUTE
    close(state, at)
    assert [states(state, tell(at + n * MINUTE))[-1] for n in (1, 2)] == [DUE, GATHERED]


def test_each_address_gets_a_digest_of_its_own(state, tell):
    for address in (TO, "khac@noi-vu.example"):
        for _ in range(4):
            tell(address=address)
    digests = close(state, NOON + HOUR)
    assert sorted(row_of(state, digest).address for digest in digests) == ["khac@noi-vu.example", TO]
    for digest in digests:
        row = row_of(state, digest)
        assert len(state.read(lambda c, row=row: gathering.told_in(c, row))) == 2


def test_a_notice_that_a_later_decision_replaced_is_not_told(state, tell):
    for _ in range(2):
        tell()
    name = tell()
    tell(NOON + MINUTE, name=name, key="notice:2")
    assert states(state, name) == [CANCELLED, GATHERED]
    (digest,) = close(state, NOON + 2 * HOUR)
    row = row_of(state, digest)
    assert len(state.read(lambda c: gathering.told_in(c, row))) == 1


def test_the_same_notice_is_told_once_though_it_is_decided_again(state, tell):
    for _ in range(2):
        tell()
    name = tell()
    close(state, NOON + HOUR)
    at = NOON + 3 * HOUR
    new = NewDelivery(DeliveryKind.NOTICE, "notice:1", "smtp", TO, "H1", name)
    state.write(lambda c: deliveries.write(c, name, 2, at, (new,)))
    assert sorted(states(state, name)) == [DIGESTED, DUE]  # the second is the digest itself


def test_what_was_quarantined_meanwhile_is_told_by_its_id_and_the_others_still_are(state, tell):
    for _ in range(2):
        tell()
    carrier, other = tell(), tell()
    (digest,) = close(state, NOON + HOUR)

    def lock(c):
        decisions.forget(c, carrier)
        deliveries.hide(c, carrier)

    state.write(lock)
    row = row_of(state, digest)
    assert row.state is DUE
    told = state.read(lambda c: gathering.told_in(c, row))
    assert [(each.submission, each.decision is None) for each in told] == [(carrier, True), (other, False)]
    state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
    state.write(lambda c: deliveries.end_attempt(c, row, NOON, Outcome.delivered(), NOON))
    assert row_of(state, digest).state is DeliveryState.DELIVERED
