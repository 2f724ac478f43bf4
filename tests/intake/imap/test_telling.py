"""The mailbox is told after the commit: marked, moved or removed, and nobody else's mail is touched."""

import pytest

from vbdaemon.intake.imap.link import Link

pytestmark = pytest.mark.slow
TARGET = "Đã tiếp nhận"


@pytest.mark.parametrize("kind", ["whole", "uidplus"])
def test_what_was_taken_is_moved_to_a_folder_that_is_made_for_it(office, dovecot, mail, kind):
    user = dovecot.add(kind)
    user.bring(mail(1), mail(2), mail(3))
    with user.client() as client:  # people's own: it must survive whatever we expunge
        client.append("INBOX", b"Subject: theirs\r\n\r\n")
        client.add_flags([4], ["\\Deleted"])
    office.look(user.settings(after="move", since=None))
    assert user.messages(TARGET) == [mail(1), mail(2), mail(3), b"Subject: theirs\r\n\r\n"]
    assert user.messages() == []
    user.bring(mail(5))
    office.look(user.settings(after="move"))
    assert len(user.messages(TARGET)) == 5
    assert len(office.taken()) == 5
    assert set(office.states().values()) == {"TOLD"}


@pytest.mark.parametrize("kind", ["whole", "uidplus"])
def test_removal_expunges_what_was_taken_and_nothing_else(office, dovecot, mail, kind):
    user = dovecot.add(kind)
    user.bring(mail(1, 50_000), mail(2))
    with user.client() as client:
        client.add_flags([1], ["\\Deleted"])
    office.look(user.settings(after="delete", largest=10_000))
    assert user.messages() == [mail(1, 50_000)]
    assert user.flags() == {1: {"\\Deleted"}}
    assert office.taken() == [mail(2)]


@pytest.mark.parametrize(("after", "words"), [("move", "neither MOVE"), ("delete", "cannot expunge by UID")])
def test_a_server_that_can_do_neither_gets_a_mark_and_the_operator_one_word(office, dovecot, mail, after, words):
    user = dovecot.add("bare")
    user.bring(mail(1))
    with office.session(user.settings(after=after)) as look:
        look()
        user.bring(mail(2))
        look()
    assert user.flags() == {1: {"$vbdaemon"}, 2: {"$vbdaemon"}}
    (event,) = office.events("mailbox-limited")
    assert words in event


def test_a_plain_expunge_is_never_said(office, dovecot, mail, monkeypatch):
    said = []
    from imapclient import IMAPClient  # noqa: PLC0415 - only here

    monkeypatch.setattr(IMAPClient, "expunge", lambda *_: said.append("EXPUNGE"))
    monkeypatch.setattr(IMAPClient, "close_folder", lambda *_: said.append("CLOSE"))
    for kind in ("whole", "uidplus", "bare"):
        for after in ("move", "delete"):
            user = dovecot.add(kind)
            user.bring(mail())
            office.look(user.settings(name=f"{kind}{after}", after=after))
    assert said == []
    assert len(office.taken()) == 6


def test_what_a_crash_left_unflagged_is_flagged_at_the_next_look(office, user, mail):
    user.bring(mail(1), mail(2))
    office.failpoint = _breaking_at("imap.remembered")
    with pytest.raises(_BrokenOffError):
        office.look(user.settings())
    assert user.flags() == {1: set(), 2: set()}
    office.failpoint = lambda step: None
    assert office.look(user.settings()) == 0
    assert user.flags() == {1: {"$vbdaemon"}, 2: {"$vbdaemon"}}
    assert len(office.taken()) == 2


@pytest.mark.parametrize("step", ["imap.committed", "imap.remembered", "imap.copied", "imap.marked", "imap.told"])
@pytest.mark.parametrize(("kind", "after"), [("whole", "move"), ("uidplus", "move"), ("whole", "delete")])
def test_wherever_it_breaks_off_nothing_is_lost_and_nothing_is_there_twice(office, dovecot, mail, kind, after, step):
    user = dovecot.add(kind)
    user.bring(mail(1), mail(2))
    office.failpoint = _breaking_at(step)
    try:
        office.look(user.settings(after=after))
    except _BrokenOffError:
        office.failpoint = lambda step: None
        office.look(user.settings(after=after))
    assert len(office.taken()) == 2
    assert user.messages() == []
    if after == "move":
        assert user.messages(TARGET) == [mail(1), mail(2)]
    assert office.events("mailbox-seen-again") == []


def test_what_people_move_away_before_it_could_be_told_is_an_event_and_not_lost(office, user, mail):
    user.bring(mail(1), mail(2))
    user.create("Lưu")
    office.failpoint = _breaking_at("imap.remembered")
    with pytest.raises(_BrokenOffError):
        office.look(user.settings())
    with user.client() as client:
        client.move([1], "Lưu")
    office.failpoint = lambda step: None
    office.look(user.settings())
    assert len(office.taken()) == 2
    assert office.states() == {1: "VANISHED", 2: "TOLD"}
    assert user.messages("Lưu") == [mail(1)]
    (event,) = office.events("mailbox-vanished")
    assert "UID 1" in event


def test_a_full_quota_leaves_the_message_where_it_is_until_there_is_room(office, dovecot, mail):
    user = dovecot.add("full")
    user.create("Lưu")
    user.bring(mail(8), mail(9), folder="Lưu")
    user.bring(mail(1))
    with office.session(user.settings(after="move")) as look:
        look()
        look()
        assert "OVERQUOTA" in office.last.standing.trouble
        assert office.last.standing.waiting == 1
        assert user.messages() == [mail(1)]
        assert len([line for line in office.log.lines if "mailbox trouble" in line]) == 1
        with user.client("Lưu") as client:
            client.delete_messages([1, 2])
            client.expunge()
        look()
        assert office.last.standing.trouble == ""
    assert user.messages(TARGET) == [mail(1)]
    assert user.messages() == []
    assert office.taken() == [mail(1)]


def test_what_is_taken_from_a_read_only_folder_is_taken_once_and_said_once(office, user, mail):
    user.bring(mail(1), mail(2))
    user.make_read_only()
    for _ in range(2):
        with office.session(user.settings()) as look:
            look()
            look()
    assert len(office.taken()) == 2
    assert user.flags() == {1: set(), 2: set()}
    assert set(office.states().values()) == {"TOLD"}
    assert len(office.events("mailbox-limited")) == 2  # once in each run
    assert "can only be read" in office.events("mailbox-limited")[0]


def test_a_target_that_is_removed_in_the_middle_is_made_again(office, user, mail):
    user.bring(mail(1))
    with office.session(user.settings(after="move")) as look:
        look()
        with user.client(TARGET) as client:
            client.select_folder("INBOX")
            client.delete_folder(TARGET)
        user.bring(mail(2))
        look()
    assert user.messages(TARGET) == [mail(2)]


def test_a_message_that_cannot_be_fetched_keeps_no_other_back(office, user, mail, monkeypatch):
    from vbdaemon.intake.imap.trouble import ServerRefused  # noqa: PLC0415 - only here

    user.bring(mail(1), mail(2), mail(3))
    bodies = Link.bodies
    asked = []

    def refusing(link, uids):
        asked.append(uids)
        if 2 in uids:
            raise ServerRefused("FETCH", "[SERVERBUG] internal error")
        return bodies(link, uids)

    monkeypatch.setattr(Link, "bodies", refusing)
    with office.session(user.settings()) as look:
        assert look() == 2
        assert office.last.standing.trouble == "the server refused FETCH: [SERVERBUG] internal error"
        assert office.last.standing.waiting == 1
        look()
        assert sum(2 in uids for uids in asked) == 2  # together, then alone, and not again at once
        monkeypatch.setattr(Link, "bodies", bodies)
        office.monotonic += 120
        assert look() == 1
    assert len(office.taken()) == 3


class _BrokenOffError(Exception):
    """The session ends here."""


def _breaking_at(wanted):
    def failpoint(step):
        if step == wanted:
            raise _BrokenOffError

    return failpoint
