"""Messages that hand in no document end FILED; what they say stands beside the delivery they are about."""

import pytest

from vbdaemon.model import CodedStatus, Correspondence, CorrespondenceKind, DeliveryKind, Destination
from vbdaemon.state import answers
from vbdaemon.state.records import DeliveryState, SubmissionState

THERE = Destination("smtp", "vanthu@xa.example", "H3")
STATUS, BOUNCE, AUTO = CorrespondenceKind.STATUS, CorrespondenceKind.BOUNCE, CorrespondenceKind.AUTO_REPLY


@pytest.fixture
def forward(office, judged):
    """A document of ours, on its way to a unit."""
    name = office.admit()
    office.settle(name, judged(to=(THERE,)))
    (row,) = [d for d in office.outbox(name) if d.kind is DeliveryKind.FORWARD]
    return row


def tell(office, message):
    name = office.admit()
    return office.settle(name, reply=None, correspondence=message), name


def answer(office, row):
    return office.state.read(lambda c: answers.delivery_of(c, row.id)).answer


def test_a_status_stands_beside_the_delivery_and_is_answered_by_nothing(office, forward):
    state, name = tell(office, Correspondence(STATUS, forward.id, CodedStatus.RECEIVED, words="số đến 7/2026"))

    assert state is SubmissionState.FILED
    assert answer(office, forward) is CodedStatus.RECEIVED
    assert office.outbox(name) == ()
    assert "answer-03" in office.story(forward.submission)


def test_a_status_never_goes_back(office, forward):
    for status in (CodedStatus.ASSIGNED, CodedStatus.ARRIVED, CodedStatus.RECEIVED):
        tell(office, Correspondence(STATUS, forward.id, status))

    assert answer(office, forward) is CodedStatus.ASSIGNED


def test_a_mail_that_came_back_for_good_is_a_failed_delivery(office, forward):
    tell(office, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1 no such user"))

    (row,) = [d for d in office.outbox(forward.submission) if d.id == forward.id]
    assert row.state is DeliveryState.FAILED
    assert "5.1.1" in row.words
    assert "delivery-failed" in office.story(forward.submission)


def test_a_mail_that_is_only_late_changes_nothing(office, forward):
    tell(office, Correspondence(BOUNCE, forward.id, permanent=False, words="4.4.1 will be tried again"))

    (row,) = [d for d in office.outbox(forward.submission) if d.id == forward.id]
    assert row.state is DeliveryState.DUE


@pytest.mark.parametrize(
    "message", [Correspondence(STATUS, "no-such-delivery", CodedStatus.REFUSED), Correspondence(AUTO)]
)
def test_a_message_about_nothing_of_ours_is_filed_too(office, message):
    state, name = tell(office, message)

    assert state is SubmissionState.FILED
    assert office.outbox(name) == ()
