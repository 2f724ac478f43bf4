"""Whom a notice may go to."""

import pytest

from vbdaemon.model import MailRules, Security, Smarthost
from vbdaemon.pipeline.answering import may_answer

OURS = MailRules(
    addresses=("vbdt@song-lam.example",),
    preflight=("kiemtra@song-lam.example",),
    smarthost=Smarthost("mail", 587, Security.STARTTLS, "vanthu@song-lam.example", "song-lam.example"),
)
CLERK = "vanthu@noi-vu.example"


@pytest.mark.parametrize(
    "mail_from", [CLERK, None, "SRS0=ab=ef=noi-vu.example=vanthu@relay.example", "prvs=07=vanthu@noi-vu.example"]
)
def test_a_person_is_answered(mail_from):
    assert may_answer(CLERK, mail_from, None, OURS) is None


@pytest.mark.parametrize(
    ("address", "mail_from", "machine", "words"),
    [
        (CLERK, "", None, "null sender"),
        (CLERK, CLERK, "Auto-Submitted: auto-replied", "a machine wrote it: Auto-Submitted"),
        ("", CLERK, None, "no mail address"),
        ("nobody", CLERK, None, "no mail address"),
        ("a@b\r\nBcc: c@d", CLERK, None, "no mail address"),
        ("VBDT@song-lam.example", None, None, "of this office"),
        ("kiemtra@song-lam.example", CLERK, None, "of this office"),
        (CLERK, "VanThu@Song-Lam.example", None, "of this office"),
        ("MAILER-DAEMON@noi-vu.example", None, None, "nobody reads"),
        ("postmaster@noi-vu.example", None, None, "nobody reads"),
        ("no-reply@noi-vu.example", None, None, "nobody reads"),
        ("noreply+7@noi-vu.example", None, None, "nobody reads"),
        (CLERK, "bounces+17=x@lists.example", None, "nobody reads"),
        (CLERK, "cong-viec-bounces@lists.example", None, "nobody reads"),
        ("owner-thongbao@lists.example", None, None, "nobody reads"),
        ("thongbao-request@lists.example", None, None, "nobody reads"),
    ],
)
def test_a_machine_a_list_and_ourselves_are_not(address, mail_from, machine, words):
    assert words in may_answer(address, mail_from, machine, OURS)


@pytest.mark.parametrize(
    "address", ["rootvan@x.example", "phong-noi-vu@x.example", "reply@x.example", "norepl@x.example"]
)
def test_an_address_that_only_resembles_one_is_a_persons(address):
    assert may_answer(address, address, None, OURS) is None
