"""The settings of a mailbox: presets fill in what is known, and dangerous ones are refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from vbdaemon.config.mail import ImapSection
from vbdaemon.intake.imap.settings import After, mailbox_settings
from vbdaemon.model import SecretKind, Security

PLAIN = {"name": "van-thu", "host": "mail.example.vn", "username": "vanthu", "password": "env:P"}
OAUTH = {"client": "may-khach", "token_file": "token"}


def settings(**keys):
    return mailbox_settings(ImapSection.model_validate(keys), Path("/site/config"), 50 << 20)


def test_an_account_is_what_its_table_says():
    made = settings(**PLAIN, ca="ca.pem", after="move", unit="H99.1", folders=["INBOX", "Lưu"], security="starttls")
    assert (made.host, made.port, made.security) == ("mail.example.vn", 993, Security.STARTTLS)
    assert made.ca == Path("/site/config/ca.pem")
    assert (made.after, made.moved_to, made.unit) == (After.MOVE, "Da tiep nhan", "H99.1")
    assert made.password is not None
    assert made.password.kind is SecretKind.ENVIRONMENT
    assert made.source("Lưu") == "van-thu/Lưu"
    assert made.largest == 50 << 20


@pytest.mark.parametrize(
    ("preset", "host", "url", "scope"),
    [
        (
            "microsoft365",
            "outlook.office365.com",
            "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
            "https://outlook.office365.com/IMAP.AccessAsUser.All offline_access",
        ),
        ("google", "imap.gmail.com", "https://oauth2.googleapis.com/token", "https://mail.google.com/"),
    ],
)
def test_a_preset_knows_host_token_endpoint_and_scope(preset, host, url, scope):
    made = settings(name="a", username="b", preset=preset, oauth=OAUTH)
    assert made.token is not None
    assert (made.host, made.port, made.token.url, made.token.scope) == (host, 993, url, scope)
    assert made.token.token_file == Path("/site/config/token")
    assert made.hint


def test_what_is_given_wins_over_the_preset():
    oauth = {**OAUTH, "provider": "microsoft", "tenant": "example.vn", "scope": "riêng"}
    made = settings(name="a", username="b", preset="microsoft365", host="mail.example.vn", oauth=oauth)
    assert made.token is not None
    assert made.host == "mail.example.vn"
    assert made.token.url == "https://login.microsoftonline.com/example.vn/oauth2/v2.0/token"
    assert made.token.scope == "riêng"


def test_a_client_in_its_own_right_asks_for_the_default_scope():
    made = settings(name="a", username="b", preset="microsoft365", oauth={"client": "c", "secret": "env:S"})
    assert made.token is not None
    assert (made.token.token_file, made.token.scope) == (None, "https://outlook.office365.com/.default")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": ""}, "host is missing"),
        ({"password": None}, "either password or"),
        ({"oauth": OAUTH}, "either password or"),
        ({"security": "plain"}, "would show the password"),
        ({"folders": ["INBOX", "INBOX"]}, "stands twice"),
        ({"folders": []}, "at least 1"),
        ({"after": "move", "folders": ["Da tiep nhan"]}, "come round for ever"),
        ({"name": "a/b"}, "pattern"),
        ({"password": None, "oauth": OAUTH}, "token_url"),
        ({"password": None, "oauth": {"client": "c", "token_url": "https://x/"}}, "token_file"),
        ({"password": None, "oauth": {**OAUTH, "token_url": "http://x/"}}, "pattern"),
        ({"since": "hôm qua"}, "date"),
    ],
)
def test_what_cannot_be_right_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        ImapSection.model_validate({key: value for key, value in {**PLAIN, **changes}.items() if value is not None})
