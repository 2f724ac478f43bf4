"""Who may send and to whom: tables."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from vbdaemon.intake.smtp.gate import Gate, Peer, Sender
from vbdaemon.intake.smtp.settings import SmtpSettings
from vbdaemon.model import (
    Account,
    AccountRole,
    Directory,
    MailRules,
    Proof,
    Purpose,
    Security,
    Smarthost,
    Snapshot,
    Unit,
)

KNOWN = "vanthu@so-mot.example"
UNITS = (
    Unit(
        "H1",
        "Sở Một",
        addresses=(KNOWN,),
        networks=("10.1.0.0/16", "2001:db8:1::/48"),
        accounts=(Account("H1/ld", AccountRole.LEADER, addresses=("giamdoc@so-mot.example",), login="Lanhdao.Mot"),),
    ),
    Unit("H2", "Xã Hai", served=True, addresses=("Vanthu@Xa-Hai.example",), networks=("10.2.0.0/16",)),
    Unit("H3", "Xã Ba", addresses=("vanthu@xa-ba.example",)),
)
RULES = MailRules(
    addresses=("VanThu@songlam.example",),
    preflight=("kiemtra@songlam.example",),
    smarthost=Smarthost("mail.example", 587, Security.STARTTLS, "gui@songlam.example", "songlam.example"),
)
SNAPSHOT = Snapshot("test", directory=Directory(UNITS), mail=RULES)
SETTINGS = SmtpSettings(relays=(ip_network("10.9.0.0/24"), ip_network("10.1.9.9/32")))


def peer(address: str | None, *, lmtp: bool = False) -> Peer:
    return Peer.of((address, 25) if address else "", lmtp=lmtp)


@pytest.mark.parametrize(
    ("address", "login", "mail_from", "answer"),
    [
        ("10.1.2.3", None, KNOWN, Sender(KNOWN, "H1")),
        ("10.1.2.3", None, KNOWN.upper(), Sender(KNOWN.upper(), "H1")),
        ("10.1.2.3", None, "giamdoc@so-mot.example", Sender("giamdoc@so-mot.example", "H1")),
        ("2001:db8:1::5", None, KNOWN, Sender(KNOWN, "H1")),
        ("::ffff:10.1.2.3", None, KNOWN, Sender(KNOWN, "H1")),
        ("10.2.2.3", None, KNOWN, "550 5.7.1"),
        ("10.1.2.3", None, "vanthu@xa-hai.example", "550 5.7.1"),
        ("10.1.2.3", None, "ai.do@x.example", "550 5.7.1"),
        ("10.1.2.3", None, "vanthu@xa-ba.example", "550 5.7.1"),
        ("10.1.2.3", None, "", Sender("")),
        ("192.0.2.1", None, "", "550 5.7.1"),
        ("10.9.0.4", None, "ai.do@x.example", Sender("ai.do@x.example")),
        ("10.9.0.4", None, KNOWN, Sender(KNOWN)),
        ("10.1.9.9", None, KNOWN, Sender(KNOWN)),
        ("10.9.0.4", None, "", Sender("")),
        ("192.0.2.1", "lanhdao.mot", KNOWN, Sender(KNOWN, "H1", "H1/ld")),
        ("10.9.0.4", "LANHDAO.MOT", KNOWN, Sender(KNOWN, "H1", "H1/ld")),
        ("192.0.2.1", "lanhdao.mot", "", Sender("", "H1", "H1/ld")),
        ("192.0.2.1", "lanhdao.mot", "vanthu@xa-hai.example", "553 5.7.1"),
        ("192.0.2.1", "lanhdao.mot", "ai.do@x.example", "553 5.7.1"),
        ("10.1.2.3", "removed", KNOWN, "550 5.7.1"),
        (None, None, KNOWN, "550 5.7.1"),
    ],
)
def test_who_may_send_and_what_that_proves(address, login, mail_from, answer):
    found = Gate(SETTINGS, SNAPSHOT).sender(peer(address), login, mail_from)
    assert found == answer if isinstance(answer, Sender) else found.startswith(answer)


@pytest.mark.parametrize(
    ("address", "ours"), [("127.0.0.1", True), ("::1", True), (None, True), ("10.1.2.3", False), ("192.0.2.1", False)]
)
def test_lmtp_from_this_machine_is_our_own_mail_server(address, ours):
    found = Gate(SETTINGS, SNAPSHOT).sender(peer(address, lmtp=True), None, "ai.do@x.example")
    assert (found == Sender("ai.do@x.example")) == ours


def test_the_network_proves_nothing_where_the_policy_does_not_count_it():
    rules = replace(RULES, unit_by=(Proof.LOGIN,))
    found = Gate(SETTINGS, replace(SNAPSHOT, mail=rules)).sender(peer("10.1.2.3"), None, KNOWN)
    assert found == Sender(KNOWN)


def test_where_anyone_may_send_nothing_more_is_proven():
    gate = Gate(replace(SETTINGS, anyone=True), SNAPSHOT)
    assert gate.sender(peer("192.0.2.1"), None, KNOWN) == Sender(KNOWN)
    assert gate.sender(peer("192.0.2.1"), None, "ai.do@x.example") == Sender("ai.do@x.example")
    assert gate.sender(peer("10.1.2.3"), None, KNOWN) == Sender(KNOWN, "H1")
    assert gate.sender(peer("192.0.2.1"), "lanhdao.mot", "ai.do@x.example").startswith("553 5.7.1")


EXCHANGE, PREFLIGHT = Purpose.EXCHANGE, Purpose.PREFLIGHT


@pytest.mark.parametrize(
    ("mail_from", "address", "before", "answer"),
    [
        (KNOWN, "vanthu@songlam.example", None, EXCHANGE),
        (KNOWN, "VANTHU@SONGLAM.EXAMPLE", EXCHANGE, EXCHANGE),
        (KNOWN, "gui@songlam.example", None, EXCHANGE),
        (KNOWN, "vanthu@xa-hai.example", None, EXCHANGE),
        (KNOWN, "kiemtra@songlam.example", None, PREFLIGHT),
        (KNOWN, "kiemtra@songlam.example", PREFLIGHT, PREFLIGHT),
        (KNOWN, "kiemtra@songlam.example", EXCHANGE, "451 4.5.3"),
        (KNOWN, "vanthu@songlam.example", PREFLIGHT, "451 4.5.3"),
        (KNOWN, "vanthu@xa-ba.example", None, "550 5.1.1"),
        (KNOWN, KNOWN, None, "550 5.1.1"),
        (KNOWN, "ai.do@songlam.example", None, "550 5.1.1"),
        ("", "vanthu@songlam.example", None, EXCHANGE),
        ("", "gui@songlam.example", None, EXCHANGE),
        ("", "kiemtra@songlam.example", None, "550 5.7.1"),
        ("", "vanthu@xa-hai.example", None, "550 5.7.1"),
    ],
)
def test_to_whom_one_may_send(mail_from, address, before, answer):
    found = Gate(SETTINGS, SNAPSHOT).recipient(Sender(mail_from), address, before)
    assert found is answer if isinstance(answer, Purpose) else found.startswith(answer)
