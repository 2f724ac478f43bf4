"""Messages that hand in no document end FILED; what they say stands beside the delivery they are about."""

import pytest

from vbdaemon.errors import ActRefused
from vbdaemon.model import CodedStatus, Correspondence, CorrespondenceKind, DeliveryKind, Destination, Piece
from vbdaemon.pipeline.filing import judge_after_all
from vbdaemon.state import answers, deliveries, register, submissions
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


def tell(office, message, unit="H3"):
    name = office.admit()
    return office.settle(name, reply=None, correspondence=message, unit=unit), name


def stand(office, row):
    return next(d.state for d in office.outbox(row.submission) if d.id == row.id)


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


def test_what_was_refused_and_then_taken_over_after_all_is_taken_over(office, forward):
    for status in (CodedStatus.REFUSED, CodedStatus.RECEIVED, CodedStatus.REFUSED):
        tell(office, Correspondence(STATUS, forward.id, status))

    assert answer(office, forward) is CodedStatus.RECEIVED


@pytest.mark.parametrize("status", [CodedStatus.RECALL_GRANTED, CodedStatus.RECALL_DENIED])
def test_what_became_of_a_recall_stands_beside_the_delivery_too(office, forward, status):
    for each in (CodedStatus.RECEIVED, status, CodedStatus.ASSIGNED):
        tell(office, Correspondence(STATUS, forward.id, each))

    assert answer(office, forward) is status


def test_a_mail_that_came_back_for_good_is_a_failed_delivery(office, forward):
    tell(office, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1 no such user"))

    (row,) = [d for d in office.outbox(forward.submission) if d.id == forward.id]
    assert row.state is DeliveryState.FAILED
    assert "5.1.1" in row.words
    assert "delivery-failed" in office.story(forward.submission)


@pytest.mark.parametrize("unit", ["H2", None])
def test_a_status_counts_only_from_the_unit_that_the_delivery_went_to(office, forward, unit):
    state, _ = tell(office, Correspondence(STATUS, forward.id, CodedStatus.RECEIVED), unit)

    assert state is SubmissionState.FILED
    assert answer(office, forward) is None


def test_a_status_about_a_notice_of_ours_says_nothing(office, forward):
    (notice,) = [d for d in office.outbox(forward.submission) if d.kind is DeliveryKind.NOTICE]
    tell(office, Correspondence(STATUS, notice.id, CodedStatus.RECEIVED), notice.unit)

    assert answer(office, notice) is None


def test_a_mail_that_came_back_comes_from_any_server_but_never_from_another_unit(office, forward):
    tell(office, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1"), "H2")
    assert stand(office, forward) is DeliveryState.DUE

    tell(office, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1"), None)
    assert stand(office, forward) is DeliveryState.FAILED


def test_what_its_receiver_has_taken_over_did_not_come_back(office, forward):
    tell(office, Correspondence(STATUS, forward.id, CodedStatus.RECEIVED))
    tell(office, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1"), None)

    assert stand(office, forward) is DeliveryState.DUE


def test_a_delivery_that_was_withdrawn_or_failed_already_does_not_fail_again(office, forward):
    came_back = Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1")
    tell(office, came_back, None)
    tell(office, came_back, None)
    assert office.story(forward.submission).count("delivery-failed") == 1

    office.state.write(lambda c: deliveries.hide(c, forward.submission))
    tell(office, came_back, None)
    assert all(not d.words for d in office.outbox(forward.submission))


def test_a_mail_that_is_only_late_changes_nothing(office, forward):
    tell(office, Correspondence(BOUNCE, forward.id, permanent=False, words="4.4.1 will be tried again"))

    (row,) = [d for d in office.outbox(forward.submission) if d.id == forward.id]
    assert row.state is DeliveryState.DUE


def test_a_filed_message_is_judged_after_all_when_a_person_says_so(office):
    _, name = tell(office, Correspondence(AUTO))
    office.state.write(lambda c: judge_after_all(c, office.row(name), "chị An", "có văn bản trong thư"))

    (waiver,) = office.state.read(lambda c: submissions.waivers_of(c, name))
    assert (waiver.code, waiver.who) == ("message-filed", "chị An")


def test_a_piece_that_was_filed_with_its_whole_is_not_judged_by_itself(office, judged):
    name = office.admit()
    office.settle(name, judged("piece-awaited"), piece=Piece("c" * 64, 1, 2))

    with pytest.raises(ActRefused, match="joined"):
        office.state.write(lambda c: judge_after_all(c, office.row(name), "chị An", "thử"))


@pytest.mark.parametrize(
    "message", [Correspondence(STATUS, "no-such-delivery", CodedStatus.REFUSED), Correspondence(AUTO)]
)
def test_a_message_about_nothing_of_ours_is_filed_too(office, message):
    state, name = tell(office, message)

    assert state is SubmissionState.FILED
    assert office.outbox(name) == ()


def test_what_turns_out_to_be_a_message_leaves_the_register(office, judged):
    name = office.admit()
    office.settle(name, judged())
    office.again(name)
    office.settle(name, reply=None, correspondence=Correspondence(AUTO), unit="H3")

    (line,) = office.state.read(lambda c: register.lines_of(c, name))
    assert (line.void, line.ordinal) == (True, None)
