"""What is remembered of the messages of mailboxes."""

from datetime import UTC, datetime

import pytest

from vbdaemon.state import mailboxes
from vbdaemon.state.mailboxes import Message, MessageState, Numbering

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
INBOX = Numbering("van-thu/INBOX", 7)


@pytest.fixture
def remember(state):
    def remember(numbering, *messages):
        state.write(lambda c: mailboxes.remember(c, numbering, messages, NOON))

    return remember


def test_messages_are_known_under_their_own_numbering_only(state, remember):
    remember(INBOX, Message(1, MessageState.TOO_LARGE), Message(4_294_967_295, MessageState.TOLD, "a" * 64))
    remember(Numbering("van-thu/INBOX", 4_294_967_295), Message(2, MessageState.VANISHED))
    remember(Numbering("van-thu/Lưu", 7), Message(3, MessageState.TOLD, "a" * 64))
    known = state.read(lambda c: mailboxes.known(c, INBOX, 1))
    assert known == {1: MessageState.TOO_LARGE, 4_294_967_295: MessageState.TOLD}
    assert state.read(lambda c: mailboxes.known(c, INBOX, 2)) == {4_294_967_295: MessageState.TOLD}
    assert state.read(lambda c: mailboxes.numberings(c, "van-thu/INBOX")) == {7, 4_294_967_295}
    assert state.read(lambda c: mailboxes.numberings(c, "van-thu/Khac")) == frozenset()


def test_what_is_remembered_again_is_replaced(state, remember, admitted):
    submission = admitted()
    remember(INBOX, Message(1, MessageState.TOO_LARGE), Message(2, MessageState.VANISHED))
    remember(INBOX, Message(1, MessageState.TAKEN, "a" * 64, submission))
    remember(INBOX)
    assert state.read(lambda c: mailboxes.known(c, INBOX, 1)) == {1: MessageState.TAKEN, 2: MessageState.VANISHED}
    assert state.read(lambda c: mailboxes.untold(c, INBOX, 1)) == (
        Message(1, MessageState.TAKEN, "a" * 64, submission),
    )


def test_what_was_told_is_not_told_again(state, remember, admitted):
    submission = admitted()
    remember(INBOX, *(Message(uid, MessageState.TAKEN, f"{uid}" * 64, submission) for uid in (3, 1, 2)))
    assert [m.uid for m in state.read(lambda c: mailboxes.untold(c, INBOX, 1))] == [1, 2, 3]
    state.write(lambda c: mailboxes.settle(c, INBOX, [1, 3], MessageState.TOLD, NOON))
    assert [m.uid for m in state.read(lambda c: mailboxes.untold(c, INBOX, 1))] == [2]
    assert state.read(lambda c: mailboxes.untold(c, INBOX, 3)) == ()


def test_contents_are_known_by_mailbox_whatever_the_numbering(state, remember):
    remember(INBOX, Message(1, MessageState.TOLD, "a" * 64))
    remember(Numbering("van-thu/INBOX", 8), Message(1, MessageState.TOLD, "b" * 64))
    remember(Numbering("van-thu/Lưu", 7), Message(1, MessageState.TOLD, "c" * 64))
    asked = ["a" * 64, "b" * 64, "c" * 64]
    assert state.read(lambda c: mailboxes.contents(c, "van-thu/INBOX", asked)) == {"a" * 64, "b" * 64}


def test_what_another_numbering_left_untold_is_given_up(state, remember):
    old = Numbering("van-thu/INBOX", 6)
    remember(old, Message(1, MessageState.TAKEN, "a" * 64), Message(2, MessageState.TOLD, "b" * 64))
    remember(INBOX, Message(1, MessageState.TAKEN, "a" * 64))
    assert state.write(lambda c: mailboxes.give_up(c, INBOX, NOON)) == 1
    assert state.read(lambda c: mailboxes.known(c, old, 1)) == {1: MessageState.VANISHED, 2: MessageState.TOLD}
    assert len(state.read(lambda c: mailboxes.untold(c, INBOX, 1))) == 1
