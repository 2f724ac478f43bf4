"""Receipts that come later: every recipient has it (04), or the verdict takes its time (01)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from vbdaemon.delivery.receipt import tell_arrived, tell_forwarded
from vbdaemon.model import DeliveryKind, NoticeRules, Outcome
from vbdaemon.state import deliveries, letters, submissions, undecided
from vbdaemon.state.records import DeliveryState, NewDelivery
from vbdaemon.testing import NOON

ALL = NoticeRules()
LATER = NOON + timedelta(minutes=20)


def forward_of(outbox, name):
    return next(row for row in outbox.rows(name) if row.kind is DeliveryKind.FORWARD)


def deliver(outbox, row, rules=ALL, outcome=None):
    def ends(connection):
        deliveries.start_attempt(connection, row.id, NOON)
        deliveries.end_attempt(connection, row, NOON, outcome or Outcome.delivered(), NOON)
        return tell_forwarded(connection, row, rules, NOON)

    return outbox.state.write(ends)


def told(outbox, name):
    return [letters.name_of(row) for row in outbox.rows(name) if letters.name_of(row)]


def test_the_last_delivery_of_a_document_tells_its_sender_who_has_it(outbox):
    name = outbox.decide()
    assert deliver(outbox, forward_of(outbox, name))
    (letter,) = [row for row in outbox.rows(name) if letters.name_of(row)]
    assert outbox.state.read(lambda c: letters.details_of(c, letter)) == {"units": "H2"}
    assert (letter.unit, letter.state) == ("H1", DeliveryState.DUE)


def test_while_one_recipient_has_it_not_nobody_is_told(outbox):
    name = outbox.decide()
    assert not deliver(outbox, forward_of(outbox, name), outcome=Outcome.deferred("full"))
    assert told(outbox, name) == []


def test_it_is_told_once(outbox):
    name = outbox.decide()
    row = forward_of(outbox, name)
    deliver(outbox, row)
    assert not outbox.state.write(lambda c: tell_forwarded(c, row, ALL, NOON))
    assert told(outbox, name) == ["forwarded"]


def test_a_site_that_wants_no_04_sends_none(outbox):
    name = outbox.decide()
    assert not deliver(outbox, forward_of(outbox, name), NoticeRules(receipts=("01", "03")))
    assert told(outbox, name) == []


def test_who_is_told_in_a_digest_gets_no_letter_besides(outbox):
    name = outbox.decide()
    notice = next(row for row in outbox.rows(name) if row.kind is DeliveryKind.NOTICE)
    outbox.state.write(lambda c: deliveries.withdraw(c, notice.id))
    assert not deliver(outbox, forward_of(outbox, name))


def test_what_was_written_anew_after_a_hold_is_told_all_the_same(outbox):
    name = outbox.decide()
    first = forward_of(outbox, name)
    outbox.state.write(lambda c: deliveries.withdraw(c, first.id))
    new = NewDelivery(first.kind, first.key, first.scheme, first.address, first.unit, first.name, first.document)
    outbox.state.write(lambda c: deliveries.write(c, name, first.version, NOON, (new,)))
    again = next(row for row in outbox.rows(name) if row.key == first.key)
    assert deliver(outbox, again)


def test_what_was_recalled_while_it_was_under_way_is_not_told_as_forwarded(outbox):
    name = outbox.decide()
    row = forward_of(outbox, name)
    outbox.state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
    outbox.state.write(lambda c: deliveries.withdraw(c, row.id))
    assert not deliver(outbox, row)
    assert told(outbox, name) == []


class TestWithoutAVerdict:
    @pytest.fixture
    def waiting(self, outbox):
        """Handed in by a unit's folder, and decided by nobody yet."""
        name = outbox.decide()
        outbox.state.write(lambda c: deliveries.cancel(c, name))
        other = "260302-00000042"
        folder = outbox.spool.folder_of(name)
        folder.rename(folder.with_name(other))
        outbox.state.admit(other, "phong-noi-vu/gui", other, NOON).result()
        return other

    def test_after_a_while_the_sender_is_told_that_it_arrived(self, outbox, waiting):
        assert tell_arrived(outbox.state, outbox.spool, outbox.snapshot, LATER, set()) == {waiting}
        assert told(outbox, waiting) == ["arrived"]
        (letter,) = outbox.rows(waiting)
        details = outbox.state.read(lambda c: letters.details_of(c, letter))
        assert details["count"] == "1"
        assert details["received"].endswith("ngày 02/03/2026")

    def test_not_before(self, outbox, waiting):
        assert tell_arrived(outbox.state, outbox.spool, outbox.snapshot, NOON + timedelta(minutes=5), set()) == set()

    def test_an_alarm_that_hangs_on_it_is_no_answer_to_its_sender(self, outbox, waiting):
        alarm = NewDelivery(DeliveryKind.NOTICE, "letter:alarm:1", "smtp", "truc@vp.example", None, "canh-bao")
        outbox.state.write(lambda c: letters.write(c, waiting, 0, NOON, alarm, {}))
        assert tell_arrived(outbox.state, outbox.spool, outbox.snapshot, LATER, set()) == {waiting}
        assert "arrived" in told(outbox, waiting)

    def test_those_that_nobody_can_be_told_of_do_not_stand_in_the_way_of_others(self, outbox, waiting):
        look = outbox.state.read(lambda c: undecided.silent_since(c, LATER, besides={waiting}, limit=1))
        assert [each.id for each in look] == []
        for number in range(3):
            outbox.state.admit(f"260301-0000000{number}", "x", f"{number}", NOON - timedelta(days=1)).result()
        seen = {f"260301-0000000{number}" for number in range(3)}
        look = outbox.state.read(lambda c: undecided.silent_since(c, LATER, besides=seen, limit=1))
        assert [each.id for each in look] == [waiting]

    def test_once_and_never_beside_another_answer(self, outbox, waiting):
        tell_arrived(outbox.state, outbox.spool, outbox.snapshot, LATER, set())
        assert tell_arrived(outbox.state, outbox.spool, outbox.snapshot, LATER, set()) == set()

    def test_a_sender_who_is_not_known_is_told_nothing(self, outbox, waiting):
        nobody = replace(outbox.snapshot, directory=type(outbox.snapshot.directory)())
        assert tell_arrived(outbox.state, outbox.spool, nobody, LATER, set()) == {waiting}
        assert told(outbox, waiting) == []

    def test_what_failed_again_and_again_is_told_too(self, outbox, waiting):
        for _ in range(3):
            outbox.state.write(lambda c: submissions.start_attempt(c, waiting, NOON))
            outbox.state.write(lambda c: submissions.fail_attempt(c, waiting, NOON, "x", 3))
        assert tell_arrived(outbox.state, outbox.spool, outbox.snapshot, LATER, set()) == {waiting}
