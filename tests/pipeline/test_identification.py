"""Who handed a mail in: only what a trusted proof vouches for, and nothing where proofs disagree."""

import pytest

from vbdaemon.model import Account, AccountRole, Channel, Envelope, MailRules, Proof, Purpose
from vbdaemon.pipeline.stages.identification import answer_address, answerer, identify
from vbdaemon.reading.mail_head import mail_head
from vbdaemon.testing import NOON, make_snapshot, make_unit

OURS = "mx.huyen.example"
LEADER = Account("Trưởng phòng", AccountRole.LEADER, addresses=("truongphong@noivu.example",), login="tp.noivu")
NOI_VU = make_unit(
    "H1", addresses=("vanthu@noivu.example",), accounts=(LEADER,), networks=("10.1.2.0/24",), folder="phong-noi-vu"
)
Y_TE = make_unit("H2", addresses=("vanthu@yte.example",), accounts=())


def snapshot(**rules):
    return make_snapshot(NOI_VU, Y_TE, mail=MailRules(**{"authservers": (OURS,), "relays": ("192.0.2.0/24",), **rules}))


def mail(*results, author="vanthu@noivu.example"):
    lines = [f"Authentication-Results: {OURS}; {result}" for result in results]
    lines += [f"Received: from somewhere by {OURS}; Mon, 2 Mar 2026 08:00:00 +0700"]
    lines += [f"From: <{author}>", "Subject: x", "", "text"]
    return mail_head("\r\n".join(lines).encode())


def envelope(channel=Channel.SMTP, peer="192.0.2.7", mail_from="vanthu@noivu.example", **more):
    return Envelope("smtp", channel, NOON, mail_from=mail_from, peer=peer, **more)


@pytest.mark.parametrize(
    ("result", "unit"),
    [
        ("dkim=pass header.d=noivu.example", "H1"),
        ("dkim=pass header.d=example", "H1"),
        ("dkim=pass header.d=yte.example", None),
        ("dkim=fail header.d=noivu.example", None),
        ("spf=pass smtp.mailfrom=vanthu@noivu.example", "H1"),
        ("spf=softfail smtp.mailfrom=vanthu@noivu.example", None),
        ("auth=pass smtp.auth=vanthu@noivu.example", "H1"),
        ("auth=pass smtp.auth=tp.noivu", "H1"),
        ("auth=pass", None),
        ("none", None),
    ],
)
def test_a_trusted_hosts_results_make_the_unit_known(result, unit):
    assert identify(envelope(), mail(result), snapshot()).unit == unit


def test_results_written_by_who_hands_in_directly_are_not_believed():
    head = mail("dkim=pass header.d=noivu.example")

    assert identify(envelope(peer="203.0.113.9"), head, snapshot()).unit is None
    assert identify(envelope(peer=None), head, snapshot()).unit == "H1"  # LMTP: from our own server
    assert identify(envelope(Channel.IMAP, peer=None, mail_from=None), head, snapshot()).unit == "H1"


def test_from_alone_proves_nothing_unless_the_site_says_so():
    assert identify(envelope(), mail(), snapshot()).unit is None
    assert identify(envelope(), mail(), snapshot(unit_by=(Proof.FROM,))).unit == "H1"
    assert identify(envelope(), mail(), snapshot(unit_by=(Proof.ENVELOPE,))).unit == "H1"


def test_a_units_network_makes_its_own_addresses_known():
    inside = envelope(peer="10.1.2.3")

    assert identify(inside, mail(), snapshot()).unit == "H1"
    assert identify(envelope(peer="10.1.2.3", mail_from="vanthu@yte.example"), mail(), snapshot()).unit is None


def test_a_status_with_the_null_sender_is_known_by_from_and_the_units_network():
    inside = envelope(peer="10.1.2.3", mail_from="")

    assert answerer(inside, mail(), snapshot()) == "H1"
    assert answerer(inside, mail(author="vanthu@yte.example"), snapshot()) is None
    assert answerer(inside, mail(), snapshot(unit_by=(Proof.LOGIN,))) is None
    assert answerer(envelope(peer="203.0.113.9", mail_from=""), mail(), snapshot()) is None
    assert identify(inside, mail(), snapshot()).unit is None  # of a document the sender stays unknown


@pytest.mark.parametrize(
    ("fields", "purpose"),
    [
        (("To: Kiểm tra <KiemTra@huyen.example>",), Purpose.PREFLIGHT),
        (("Delivered-To: kiemtra@huyen.example", "To: nhom@noivu.example"), Purpose.PREFLIGHT),
        (("To: kiemtra@huyen.example", "Cc: vanthu@huyen.example"), Purpose.EXCHANGE),
        (("To: vanthu@huyen.example",), Purpose.EXCHANGE),
    ],
)
def test_what_a_mailbox_holds_for_kiemtra_alone_is_to_be_checked_only(fields, purpose):
    rules = snapshot(preflight=("kiemtra@huyen.example",), addresses=("vanthu@huyen.example",))
    head = mail_head("\r\n".join([*fields, "From: <vanthu@noivu.example>", "", "text"]).encode())

    assert identify(envelope(Channel.IMAP, peer=None, mail_from=None), head, rules).purpose is purpose
    assert identify(envelope(), head, rules).purpose is Purpose.EXCHANGE  # by SMTP the envelope says it


def test_where_proofs_name_two_units_the_sender_stays_unknown():
    results = ("dkim=pass header.d=yte.example; auth=pass smtp.auth=tp.noivu",)

    assert identify(envelope(), mail(*results, author="vanthu@yte.example"), snapshot()).unit is None


def test_a_leaders_account_counts_only_when_it_logged_in():
    logged_in = mail("auth=pass smtp.auth=truongphong@noivu.example", author="truongphong@noivu.example")
    signed = mail("dkim=pass header.d=noivu.example", author="truongphong@noivu.example")

    assert identify(envelope(), logged_in, snapshot()).account == "Trưởng phòng"
    assert identify(envelope(), signed, snapshot()).account is None
    assert identify(envelope(), signed, snapshot(account_by=(Proof.RESULTS_DKIM,))).account == "Trưởng phòng"


def test_what_the_source_is_bound_to_stands():
    bound = envelope(unit="H2", account="vt")

    assert identify(bound, mail("dkim=pass header.d=noivu.example"), snapshot()) == bound
    dropped = envelope(Channel.FOLDER, unit="H2")
    assert identify(dropped, mail("auth=pass smtp.auth=tp.noivu"), snapshot()) == dropped


@pytest.mark.parametrize(
    ("author", "address"),
    [
        ("truongphong@noivu.example", "truongphong@noivu.example"),
        ("vanthu@yte.example", "vanthu@noivu.example"),
        ("ai-do@elsewhere.example", "vanthu@noivu.example"),
    ],
)
def test_the_answer_goes_to_an_address_of_the_unit_itself(author, address):
    known = envelope(unit="H1", mail_from="bounce@elsewhere.example")

    assert answer_address(known, mail(author=author), snapshot().directory) == address
