"""`vbdaemon check` on mail: what the listener, the mailboxes and the way out need, each problem with its remedy."""

import pytest

from vbdaemon.config import parse_settings
from vbdaemon.model import MailRules
from vbdaemon.operation.checkup import Weight, check_listener, check_mail_out, check_mailboxes
from vbdaemon.testing import make_snapshot, make_unit


@pytest.fixture
def site(tmp_path):
    (tmp_path / "config").mkdir()
    return lambda **tables: parse_settings(tables, tmp_path / "config" / "vbdaemon.toml")


def words(problems):
    return [(problem.weight, problem.what) for problem in problems]


def test_a_site_without_mail_has_no_problems_with_it(site):
    settings, snapshot = site(), make_snapshot()

    assert words(check_listener(settings, snapshot)) == []
    assert words(check_mail_out(settings, snapshot)) == []
    assert words(check_mailboxes(settings, {})) == []


def test_a_listener_needs_an_address_of_ours_and_a_certificate_that_is_one(site, tmp_path):
    settings = site(smtp={"listen": ["127.0.0.1:2525"]})
    assert words(check_listener(settings, make_snapshot())) == [
        (Weight.ERROR, "[mail] addresses is empty: the listener knows no recipient")
    ]
    assert words(check_listener(settings, make_snapshot(make_unit(served=True)))) == []
    for name in ("c.pem", "k.pem"):
        (tmp_path / "config" / name).write_text("no certificate")
    broken = site(smtp={"listen": ["127.0.0.1:2525"], "certificate": "c.pem", "key": "k.pem"})
    ((weight, what),) = words(check_listener(broken, make_snapshot(make_unit(served=True))))
    assert weight is Weight.ERROR
    assert "not a PEM certificate" in what


def test_mail_that_comes_in_can_be_answered_from_an_address_of_ours(site):
    inward = site(smtp={"listen": ["127.0.0.1:2525"]})
    assert [weight for weight, _ in words(check_mail_out(inward, make_snapshot()))] == [Weight.WARNING]

    outward = site(smarthost={"host": "mail.example", "sender": "vanthu@huyen.example"})
    ((_, what),) = words(check_mail_out(outward, make_snapshot()))
    assert "vanthu@huyen.example" in what
    known = make_snapshot(mail=MailRules(addresses=("VanThu@huyen.example",)))
    assert words(check_mail_out(outward, known)) == []


def test_a_mailbox_that_cannot_be_reached_is_an_error_with_its_name(site):
    account = {"name": "van-thu", "host": "127.0.0.1", "port": 1, "username": "x", "password": "env:SECRET"}
    ((weight, what), *_) = words(check_mailboxes(site(imap=[{**account, "socket_seconds": 2}]), {"SECRET": "s3cret"}))

    assert weight is Weight.ERROR
    assert "van-thu" in what
    assert "s3cret" not in what
