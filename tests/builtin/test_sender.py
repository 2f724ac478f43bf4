"""Who handed in: a known unit, and for a draft an authenticated leader."""

import pytest

from vbdaemon.builtin.sender import check, is_draft
from vbdaemon.model import Account, AccountRole, Channel
from vbdaemon.testing import (
    found,
    make_classification,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

ACCOUNTS = tuple(Account(role.value, role) for role in AccountRole)
SNAPSHOT = make_snapshot(make_unit("H1", accounts=ACCOUNTS))
DRAFT = make_classification(draft=found(True))
LETTER = make_classification()
WITH_DRAFT = make_document(draft=make_file("du-thao.docx"))


def codes(classification=LETTER, document=None, **envelope):
    submission = make_submission(**{"unit": "H1", "account": "clerk", **envelope})
    return [f.code for f in check(submission, document or make_document(), classification, SNAPSHOT)]


@pytest.mark.parametrize(("unit", "expected"), [("H1", []), ("H9", ["sender-unknown"]), (None, ["sender-unknown"])])
def test_a_sender_is_a_unit_of_the_directory(unit, expected):
    assert codes(unit=unit) == expected
    assert codes(DRAFT, unit=unit, account="leader") == expected


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("leader", []),
        ("deputy", []),
        ("specialist", ["draft-from-non-leader"]),
        ("clerk", ["draft-from-non-leader"]),
        ("nobody", ["draft-sender-unknown"]),
        (None, ["draft-sender-unknown"]),
    ],
)
def test_a_draft_comes_from_a_leaders_account(account, expected):
    assert codes(DRAFT, account=account) == expected
    assert codes(document=WITH_DRAFT, account=account) == expected
    assert codes(LETTER, account=account) == []


@pytest.mark.parametrize(
    ("channel", "expected"),
    [(Channel.FOLDER, []), (Channel.SMTP, []), (Channel.IMAP, []), (Channel.INSPECT, ["draft-sender-unknown"])],
)
def test_an_account_counts_where_it_was_authenticated(channel, expected):
    assert codes(DRAFT, account="leader", channel=channel) == expected


def test_nobody_is_checked_where_the_checks_make_no_sense():
    assert codes(DRAFT, unit=None, account=None, sender_known_checks=False) == []


def test_a_draft_is_one_that_says_so_or_a_document_that_carries_one():
    assert is_draft(make_document(), DRAFT)
    assert is_draft(WITH_DRAFT, LETTER)
    assert not is_draft(make_document(), LETTER)
    assert not is_draft(make_document(), make_classification(draft=found(False)))


def test_the_finding_names_the_account():
    submission = make_submission(unit="H1", account="specialist")
    (finding,) = check(submission, make_document(), DRAFT, SNAPSHOT)
    assert "{" not in finding.message + finding.english + finding.remedy
    assert finding.clause
