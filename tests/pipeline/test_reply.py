"""Where an answer goes: the way the submission came, and nowhere when it could go round in circles."""

import pytest

from vbdaemon.model import Channel, Destination, Envelope, MailRules, Security, Smarthost
from vbdaemon.pipeline.reply import reply_to
from vbdaemon.reading.mail_head import mail_head
from vbdaemon.testing import NOON, make_snapshot, make_unit

SMARTHOST = Smarthost("localhost", 25, Security.PLAIN, "vanthu@huyen.example", "huyen.example")
RULES = MailRules(addresses=("vanthu@huyen.example",), smarthost=SMARTHOST)
UNIT = make_unit("H1", folder="phong-noi-vu", addresses=("vanthu@noivu.example",))
BY_MAIL = Destination("smtp", "vanthu@noivu.example", "H1")
BY_FOLDER = Destination("folder", "phong-noi-vu/ket-qua", "H1")


def came(channel=Channel.SMTP, unit="H1", mail_from="vanthu@noivu.example"):
    return Envelope("x", channel, NOON, unit, mail_from=mail_from)


def head(*fields):
    return mail_head("\r\n".join((*fields, "From: vanthu@noivu.example", "", "x")).encode())


@pytest.mark.parametrize(
    ("envelope", "rules", "answer"),
    [
        (came(Channel.FOLDER), RULES, BY_FOLDER),
        (came(), RULES, BY_MAIL),
        (came(Channel.IMAP, mail_from=None), RULES, BY_MAIL),
        (came(), MailRules(), BY_FOLDER),
        (came(unit=None), RULES, None),
        (came(mail_from=""), RULES, None),
    ],
    ids=["folder", "mail", "mailbox", "no mail leaves", "unknown sender", "null sender"],
)
def test_by_the_way_it_came_while_the_sender_is_known(envelope, rules, answer):
    assert reply_to(envelope, make_snapshot(UNIT, mail=rules), head()) == answer


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        ((), True),
        (("Auto-Submitted: auto-generated", "X-vbdaemon-delivery: 260302-AAAAAAAA-1"), True),
        (("Auto-Submitted: auto-generated",), False),
        (("Auto-Submitted: auto-replied", "X-vbdaemon-delivery: 260302-AAAAAAAA-1"), False),
        (("List-Id: <all.example>",), False),
        (("Precedence: bulk",), False),
    ],
)
def test_a_machine_is_answered_only_when_it_forwards_a_document_as_we_do(fields, answered):
    assert (reply_to(came(), make_snapshot(UNIT, mail=RULES), head(*fields)) is not None) == answered


def test_our_own_address_is_never_answered():
    own = make_unit("H1", addresses=("vanthu@huyen.example",))

    assert reply_to(came(mail_from="vanthu@huyen.example"), make_snapshot(own, mail=RULES), head()) is None
