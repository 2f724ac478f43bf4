"""`vbdaemon check` of a mailbox: what is wrong is said with a remedy, and nothing is changed in the mailbox."""

import time
from datetime import date

import pytest

from vbdaemon.intake.imap.check import check_account
from vbdaemon.intake.imap.preset import PRESETS
from vbdaemon.model import Security

TARGET = "Đã tiếp nhận"


def check(settings, password="mat-khau-thu-nghiem"):
    return check_account(settings, {"IMAP_PASSWORD": password}, time.monotonic)


def test_an_account_that_works_has_no_problem_and_says_what_it_will_take(user, mail):
    user.bring(mail(1), mail(2))
    found = check(user.settings())
    assert found.problems == ()
    assert found.notes == (
        "the server can IDLE, MOVE, UIDPLUS",
        'folder "INBOX": 2 messages; those not taken yet will be',
        'folder "INBOX": what is taken gets the keyword $vbdaemon',
    )
    assert user.flags() == {1: set(), 2: set()}


def test_old_mail_is_not_counted_when_it_is_left_alone(user, mail):
    user.bring(mail(1))
    found = check(user.settings(since=date(2099, 1, 1)))
    assert 'folder "INBOX": 0 messages since 2099-01-01; those not taken yet will be' in found.notes


def test_what_a_server_cannot_do_is_named_beforehand(dovecot):
    found = check(dovecot.add("bare").settings(after="move"))
    assert found.problems == ()
    assert "the server can neither IDLE, MOVE nor UIDPLUS" in found.notes
    assert "without IDLE new mail is found every 60 s (poll_seconds)" in found.notes
    assert (
        'folder "INBOX": what is taken gets the keyword $vbdaemon instead of after = "move" (needs MOVE or UIDPLUS)'
        in found.notes
    )


def test_a_target_that_will_be_made_is_announced_and_not_made(user):
    found = check(user.settings(after="move"))
    assert f'folder "{TARGET}" (moved_to) is not there yet; it is made at the first move' in found.notes
    assert user.folders() == {"INBOX"}
    user.create(TARGET)
    assert not any("moved_to" in note for note in check(user.settings(after="move")).notes)


def test_a_folder_that_is_not_there_is_a_problem_with_its_remedy(user):
    (problem,) = check(user.settings(folders=("INBOX", "Khong co"))).problems
    assert problem.startswith('folder "Khong co": the server refused SELECT')
    assert problem.endswith("make it on the server, or correct folders")


def test_a_read_only_folder_is_noted(user, mail):
    user.bring(mail(1))
    user.make_read_only()
    found = check(user.settings())
    assert 'folder "INBOX" can only be read: what is taken is kept in mind, not marked' in found.notes


@pytest.mark.parametrize(
    ("changes", "password", "words"),
    [
        ({}, "", "the environment variable IMAP_PASSWORD is not set"),
        ({"port": 1}, "x", "nobody answers; check host and port"),
        ({"security": Security.STARTTLS, "host": "localhost"}, "x", "set ca to the CA certificates"),
    ],
)
def test_what_keeps_us_out_is_a_problem_with_its_remedy(user, changes, password, words):
    found = check(user.settings(**changes), password)
    assert len(found.problems) == 1
    assert words in found.problems[0]


@pytest.mark.slow
def test_a_refused_login_comes_with_what_is_known_of_such_servers(user):
    found = check(user.settings(hint=PRESETS["google"].hint), "sai")
    assert "login refused" in found.problems[0]
    assert found.notes == (PRESETS["google"].hint,)
