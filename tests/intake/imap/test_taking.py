"""What arrives in a mailbox is taken once, whole, and the mailbox is told only after the commit."""

from datetime import UTC, date, datetime

import pytest

from vbdaemon.state.store import State


def test_a_new_message_is_taken_byte_for_byte_and_flagged_but_not_marked_as_read(office, user, mail, wait):
    user.bring(mail(1), mail(2))
    assert office.look(user.settings()) == 2
    assert office.taken() == sorted([mail(1), mail(2)])
    assert user.flags() == {1: {"$vbdaemon"}, 2: {"$vbdaemon"}}
    assert office.states() == {1: "TOLD", 2: "TOLD"}
    wait(lambda: office.rows("SELECT DISTINCT acknowledged FROM submissions") == [(1,)], "the acknowledgement's row")


def test_the_envelope_says_the_mailbox_and_no_sender(office, user, mail):
    user.bring(mail())
    office.look(user.settings(unit="H99.1"))
    (submission_id,) = office.spool.sealed()
    envelope = office.spool.load(submission_id).envelope
    assert (envelope.source, envelope.channel, envelope.unit) == ("van-thu/INBOX", "imap", "H99.1")
    assert (envelope.mail_from, envelope.recipients, envelope.account) == (None, (), None)


def test_a_second_look_takes_nothing(office, user, mail):
    user.bring(mail(1))
    with office.session(user.settings()) as look:
        assert look() == 1
        assert look() == 0
        user.bring(mail(2))
        assert look() == 1
    assert office.look(user.settings()) == 0
    assert len(office.taken()) == 2


def test_identical_bytes_under_another_uid_are_seen_and_acknowledged_like_the_first(office, user, mail):
    user.bring(mail(1), mail(2), mail(1))
    office.look(user.settings())
    user.bring(mail(1))
    office.look(user.settings())
    assert office.taken() == sorted([mail(1), mail(2)])
    assert user.flags() == {uid: {"$vbdaemon"} for uid in (1, 2, 3, 4)}
    assert office.events("mailbox-seen-again") == [
        "van-thu/INBOX: the same message came again (UID 3); it was taken before",
        "van-thu/INBOX: the same message came again (UID 4); it was taken before",
    ]


def test_another_message_id_makes_another_submission(office, user, mail):
    user.bring(mail(1), mail(1).replace(b"<1@", b"<2@"))
    office.look(user.settings())
    assert len(office.taken()) == 2
    assert office.events("mailbox-seen-again") == []


def test_after_a_renumbering_nothing_is_taken_twice_and_all_is_told(office, user, mail):
    user.bring(mail(1), mail(2))
    office.look(user.settings(after="nothing"))
    user.renumber()
    user.bring(mail(3))
    office.look(user.settings())
    assert office.taken() == sorted([mail(1), mail(2), mail(3)])
    assert all(flags == {"$vbdaemon"} for flags in user.flags().values())
    assert len(office.events("mailbox-renumbered")) == 1
    assert len(office.events("mailbox-seen-again")) == 2
    assert len(office.rows("SELECT DISTINCT uidvalidity FROM mailbox_messages")) == 2


@pytest.mark.parametrize("extra", [-1, 0, 1, 700_000])
def test_a_large_message_comes_in_pieces_and_is_whole(office, user, mail, monkeypatch, extra):
    monkeypatch.setattr("vbdaemon.intake.imap.taking.PIECE", 100_000)
    large = mail(1) + b"y" * (200_000 + extra - len(mail(1)))
    user.bring(mail(2), large, mail(3))
    office.look(user.settings())
    assert sorted(office.taken()) == sorted([large, mail(2), mail(3)])
    user.bring(large)
    assert office.look(user.settings()) == 1
    assert len(office.taken()) == 3


def test_a_message_over_the_limit_stays_where_it_is_and_is_told_of_once(office, user, mail):
    large = mail(1, 300_000)
    user.bring(large, mail(2))
    settings = user.settings(largest=200_000)
    for _ in range(2):
        with office.session(settings) as look:
            look()
            look()
    assert office.taken() == [mail(2)]
    assert user.flags() == {1: set(), 2: {"$vbdaemon"}}
    assert office.events("mailbox-too-large") == [
        "van-thu/INBOX, UID 1: 0.3 MB, the limit is 0.2 MB; left in the mailbox, not taken"
    ]
    office.look(user.settings())
    assert office.taken() == sorted([large, mail(2)])
    assert office.states() == {1: "TOLD", 2: "TOLD"}


def test_a_message_that_people_flagged_read_or_marked_deleted_is_taken_all_the_same(office, user, mail):
    user.bring(mail(1), mail(2))
    with user.client() as client:
        client.add_flags([1], ["\\Seen", "\\Flagged"])
        client.add_flags([2], ["\\Deleted"])
    office.look(user.settings())
    assert len(office.taken()) == 2
    assert user.flags() == {1: {"\\Seen", "\\Flagged", "$vbdaemon"}, 2: {"\\Deleted", "$vbdaemon"}}


def test_a_message_that_vanishes_between_search_and_fetch_loses_nothing(office, user, mail, monkeypatch):
    from vbdaemon.intake.imap.link import Link  # noqa: PLC0415 - only here

    user.bring(mail(1), mail(2), mail(3))
    sizes = Link.sizes
    bodies = Link.bodies

    def remove(uid):
        with user.client() as client:
            client.delete_messages([uid])
            client.uid_expunge([uid])

    monkeypatch.setattr(Link, "sizes", lambda link, uids: (remove(1), link.refresh(), sizes(link, uids))[2])
    monkeypatch.setattr(Link, "bodies", lambda link, uids: (remove(2), link.refresh(), bodies(link, uids))[2])
    office.look(user.settings())
    assert office.taken() == [mail(3)]
    assert office.states() == {1: "VANISHED", 2: "VANISHED", 3: "TOLD"}
    assert len(office.events("mailbox-vanished")) == 2


def test_what_arrived_before_a_day_is_left_alone(office, user, mail):
    with user.client() as client:
        client.append("INBOX", mail(1), msg_time=datetime(2025, 1, 1, 12, tzinfo=UTC))
        client.append("INBOX", mail(2))
    settings = user.settings(since=date(2026, 1, 1))
    with office.session(settings) as look:
        assert look() == 1
        assert office.last.standing.waiting == 0
        user.bring(mail(3))
        assert look() == 1
    assert office.taken() == sorted([mail(2), mail(3)])
    assert user.flags()[1] == set()


def test_several_folders_are_read_in_turn_and_the_same_bytes_count_once_in_each(office, user, mail):
    user.create("Sở Nội vụ")
    user.bring(mail(1))
    user.bring(mail(1), mail(2), folder="Sở Nội vụ")
    with office.session(user.settings(folders=("INBOX", "Sở Nội vụ"))) as look:
        assert look() == 3
        user.bring(mail(3), folder="Sở Nội vụ")
        assert look() == 1
    sources = office.rows("SELECT source, count(*) FROM submissions GROUP BY 1 ORDER BY 1")
    assert sources == [("van-thu/INBOX", 1), ("van-thu/Sở Nội vụ", 3)]


def test_a_folder_that_is_not_there_is_told_and_the_others_go_on(office, user, mail):
    user.bring(mail(1))
    with office.session(user.settings(folders=("Khong co", "INBOX"))) as look:
        look()
        look()
    assert office.taken() == [mail(1)]
    assert "Khong co" in office.last.standing.trouble
    assert len([line for line in office.log.lines if "mailbox trouble" in line]) == 1


def test_while_the_state_cannot_be_written_everything_stays_in_the_mailbox(office, user, mail, monkeypatch):
    user.bring(mail(1), mail(2))
    with monkeypatch.context() as broken:
        broken.setattr(State, "admit", _failing)
        with office.trying(user.settings()) as account:
            account._guarded()
        assert account.standing.trouble == "state store: disk full"
    assert office.rows("SELECT count(*) FROM submissions") == [(0,)]
    assert user.flags() == {1: set(), 2: set()}
    office.look(user.settings())
    assert office.taken() == sorted([mail(1), mail(2)])


def _failing(self, *_):
    from concurrent.futures import Future  # noqa: PLC0415 - only here

    from vbdaemon.errors import StateError  # noqa: PLC0415 - only here

    failed: Future = Future()
    failed.set_exception(StateError("state store: disk full"))
    return failed


def test_while_there_is_no_room_everything_stays_in_the_mailbox(office, user, mail):
    user.bring(mail(1))
    office.full = "disk: 400 MB free"
    with office.session(user.settings()) as look:
        assert look() == 0
        assert office.last.standing.trouble == "disk: 400 MB free"
        office.full = ""
        assert look() == 1
        assert office.last.standing.trouble == ""


def test_a_full_mailbox_is_taken_a_part_at_a_time_so_that_others_get_their_turn(office, user, mail, monkeypatch):
    monkeypatch.setattr("vbdaemon.intake.imap.folder.AT_ONE_LOOK", 3)
    user.bring(mail(0, 300_000), *(mail(number) for number in range(1, 8)))
    with office.session(user.settings(largest=200_000)) as look:
        assert look() == 2
        assert office.last.standing.waiting == 5
        assert [look(), look(), look()] == [3, 2, 0]
    assert len(office.taken()) == 7


def test_an_empty_message_and_one_without_headers_are_taken_too(office, user):
    user.bring(b"\r\n", b"12345", b"\x00\xff\r\nnothing")
    office.look(user.settings())
    assert len(office.taken()) == 3
