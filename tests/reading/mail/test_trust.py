"""Which Authentication-Results are believed. Every forged one in the table says pass; none may come through."""

# one case a line
# ruff: noqa: E501

import pytest

from vbdaemon.reading.mail_head import mail_head
from vbdaemon.reading.mail_results import results_of
from vbdaemon.reading.mail_trust import trusted_results

OURS = ("mx.office.example",)
BOTH = ("mx.office.example", "store.office.example")
MX = "Received: from out.donvi.example (out.donvi.example [192.0.2.7]) by mx.office.example with ESMTPS; Mon"
STORE = "Received: from mx.office.example (localhost) by store.office.example with LMTP; Mon"
FOREIGN = "Received: from pc (pc [198.51.100.9]) by out.donvi.example; Mon"
TRUE = "Authentication-Results: mx.office.example; dkim=pass header.d=donvi.example"
FORGED = "Authentication-Results: mx.office.example; spf=pass smtp.mailfrom=that@donvi.example"
FORGED_DKIM = "Authentication-Results: mx.office.example; dkim=pass header.d=that.example"
FORGED_LOGIN = "Authentication-Results: mx.office.example; auth=pass smtp.auth=lanhdao"
FAILED = "Authentication-Results: mx.office.example; dkim=fail header.d=that.example; spf=fail"
AUTHOR = "From: a@donvi.example"


def trusted(*lines: str, authservers=OURS) -> list[str]:
    head = mail_head("\r\n".join((*lines, AUTHOR, "", "text")).encode())
    return [f"{each.method}={each.result}" for each in trusted_results(head, authservers)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([TRUE, MX], ["dkim=pass"], id="above our own Received"),
        pytest.param([MX, TRUE], ["dkim=pass"], id="below it, as milters of Postfix write"),
        pytest.param(["Return-Path: <a@b>", "X-Spam: no", TRUE, MX, FOREIGN], ["dkim=pass"], id="other fields between"),
        pytest.param([TRUE.replace("mx.", "MX."), MX], ["dkim=pass"], id="capitals"),
        pytest.param([TRUE, MX, FOREIGN, FORGED], ["dkim=pass"], id="forged below the sender's server"),
        pytest.param([TRUE, MX, FORGED], ["dkim=pass"], id="forged below ours, which writes above"),
        pytest.param([TRUE, MX, MX, FORGED], ["dkim=pass"], id="our Received forged as well"),
        pytest.param([MX, TRUE, MX, FORGED], ["dkim=pass"], id="our Received forged as well, milters"),
        pytest.param([MX, FAILED, FORGED_DKIM], ["dkim=fail", "spf=fail"], id="of a method the topmost counts"),
        pytest.param([MX, TRUE, FORGED_LOGIN], ["dkim=pass"], id="a login only in the topmost field"),
        pytest.param([FORGED], [], id="sent to us directly"),
        pytest.param([FORGED, FOREIGN], [], id="no server of ours in the trace"),
        pytest.param([FOREIGN, FORGED, MX], [], id="a foreign server at the top"),
        pytest.param(["DKIM-Signature: v=1", TRUE, MX], [], id="the author's fields at the top"),
        pytest.param([MX, AUTHOR, FORGED], [], id="below the author's fields"),
        pytest.param([MX, "DKIM-Signature: v=1; d=b", FORGED], [], id="below the author's signature"),
        pytest.param(["Authentication-Results: spf=pass smtp.mailfrom=b", MX], [], id="without a name"),
        pytest.param(["Authentication-Results: mx.office.example.evil.example; spf=pass", MX], [], id="a longer name"),
        pytest.param(["Authentication-Results: evil.example (mx.office.example); spf=pass", MX], [], id="in a comment"),
        pytest.param(['Authentication-Results: "x; mx.office.example; spf=pass"', MX], [], id="in quotes"),
        pytest.param(
            [MX.replace("by mx", "by evil").replace("from out", "from (by mx.office.example) out"), FORGED],
            [],
            id="our name in a comment of Received",
        ),
        pytest.param(["Authentication-Results: mx.office.example; none", MX], [], id="none"),
        pytest.param(["Authentication-Results: mx.office.example 1; spf=pass", MX], ["spf=pass"], id="with a version"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_only_what_our_server_wrote_is_believed(lines, expected):
    assert trusted(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([STORE, TRUE, MX, FOREIGN], ["dkim=pass"]),
        ([STORE, MX, TRUE, FOREIGN], ["dkim=pass"]),
        ([STORE, TRUE, MX, FORGED], ["dkim=pass"]),
        ([STORE, TRUE, MX, STORE, FORGED], ["dkim=pass"]),
        ([STORE, FOREIGN, MX, FORGED], []),
    ],
)
def test_a_mail_may_pass_several_servers_of_ours(lines, expected):
    assert trusted(*lines, authservers=BOTH) == expected


def test_a_server_behind_ours_that_is_not_named_ends_the_trust():
    assert trusted(STORE, TRUE, MX) == []


def test_the_name_of_the_organisation_may_stand_in_place_of_the_servers_name():
    line = TRUE.replace("mx.office.example", "office.example")
    assert trusted(line, MX, line.replace("dkim", "spf"), authservers=("office.example", *OURS)) == ["dkim=pass"]


def test_without_servers_of_ours_nothing_is_believed():
    assert trusted(TRUE, MX, authservers=()) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            'a.example; auth=pass (cram-md5) smtp.auth=sender@b.example; spf=pass reason="tốt; thật" smtp.mailfrom=b.example',
            [
                ("auth", "pass", (("smtp.auth", "sender@b.example"),)),
                ("spf", "pass", (("reason", "tốt; thật"), ("smtp.mailfrom", "b.example"))),
            ],
        ),
        (
            'a.example; dkim=pass (2048-bit key; ok) header.d=b.example header.b="x="',
            [("dkim", "pass", (("header.d", "b.example"), ("header.b", "x=")))],
        ),
        ("a.example 1; DKIM/1 = Pass header . d = b.example", [("dkim", "pass", (("header.d", "b.example"),))]),
        ("a.example; none", []),
        ("a.example", []),
        ("", []),
        ("a.example; =; ;; x; spf", []),
    ],
)
def test_results_are_read_as_rfc_8601_writes_them(value, expected):
    found = results_of(value.encode().decode("latin-1"), 0)
    assert [(each.method, each.result, each.properties) for each in found] == expected
