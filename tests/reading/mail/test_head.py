"""A mail's head: addresses, names, dates, traces, whatever was written there."""

# one case a line
# ruff: noqa: E501

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.reading.mail_address import addresses, message_ids
from vbdaemon.reading.mail_head import MailHead, mail_head


def test_a_head_is_read():
    raw = (
        b"Return-Path: <vanthu@Donvi.Example>\r\n"
        b"Received: from mx.example (mx.example [192.0.2.1]) by Mail.Office.example (Postfix);\r\n Mon, 6 Jan 2025 08:00:00 +0700\r\n"
        b"X-Loop: a@b.example\r\n"
        b"From: =?utf-8?B?VsSDbiB0aMaw?= <vanthu@donvi.example>\r\nReply-To: tra-loi@donvi.example\r\n"
        b'To: a@office.example, "B, Tran" <b@office.example>\r\nCc: c@office.example\r\n'
        b"Subject: =?utf-8?Q?C=C3=B4ng?=\r\n =?utf-8?Q?_v=C4=83n?=\r\n"
        b"Date: Mon, 6 Jan 2025 08:00:00 +0700\r\nMessage-ID: <1@donvi.example>\r\n"
        b"In-Reply-To: <0@office.example> (thu cua ban)\r\nReferences: <00@x> <0@office.example>\r\n"
        b"Auto-Submitted: auto-replied (vacation)\r\nPrecedence: Bulk\r\nList-Id: x\r\nX-Auto-Response-Suppress: All\r\n"
        b"X-Vbdaemon-Delivery: 17\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    )
    head = mail_head(raw)
    assert (head.message_id, head.in_reply_to) == ("1@donvi.example", ("0@office.example",))
    assert head.references == ("00@x", "0@office.example")
    assert (head.from_.name, head.from_.address) == ("Văn thư", "vanthu@donvi.example")
    assert head.reply_to.address == "tra-loi@donvi.example"
    assert [each.address for each in head.to] == ["a@office.example", "b@office.example", "c@office.example"]
    assert head.subject == "Công văn"
    assert head.date == datetime(2025, 1, 6, 1, tzinfo=UTC)
    assert (head.auto_submitted, head.precedence, head.suppress) == ("auto-replied", "bulk", "all")
    assert (head.return_path, head.list_fields, head.loop) == ("vanthu@donvi.example", ("list-id",), ("a@b.example",))
    assert (head.content_type, head.report_type) == ("multipart/report", "delivery-status")
    assert head.ours == (("x-vbdaemon-delivery", "17"),)
    assert [(field.name, field.host) for field in head.trace] == [
        ("return-path", ""),
        ("received", "mail.office.example"),
        ("x-loop", ""),
    ]


def test_nothing_is_a_head_too():
    assert mail_head(b"") == MailHead()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.example", [("a@b.example", "")]),
        ("<a@b.example>", [("a@b.example", "")]),
        ("Văn thư <a@B.Example>", [("a@b.example", "Văn thư")]),
        ('"Trần, Mẫu" <a@b.example>, c@d.example', [("a@b.example", "Trần, Mẫu"), ("c@d.example", "")]),
        ("a@b.example (Văn thư)", [("a@b.example", "Văn thư")]),
        ('"that@gia.example" <gia@mao.example>', [("gia@mao.example", "that@gia.example")]),
        ("that@gia.example <gia@mao.example>", [("gia@mao.example", "that@gia.example")]),
        ("nhom: a@b.example, c@d.example;", [("a@b.example", ""), ("c@d.example", "")]),
        ("undisclosed-recipients:;", []),
        ("<>", []),
        ("<@relay.example:a@b.example>", [("a@b.example", "")]),
        ("a@b.example.", [("a@b.example", "")]),
        ("chỉ có tên", [("", "chỉ có tên")]),
        ("=?utf-8?B?YUBiLmV4YW1wbGU=?= <c@d.example>", [("c@d.example", "a@b.example")]),
        ("a@b.example, <", [("a@b.example", "")]),
        ('"a b"@c.example', [('"a b"@c.example', "")]),
    ],
)
def test_addresses_are_read_however_they_are_written(value, expected):
    found = addresses(value.encode().decode("latin-1"))
    assert [(each.address, each.name) for each in found] == expected


@pytest.mark.parametrize(
    "raw", [b"From: a@b.example\r\nFrom: c@d.example\r\n", b"From: a@b.example, c@d.example\r\n", b"From:\r\n"]
)
def test_a_mail_with_two_authors_has_none(raw):
    assert mail_head(raw).from_ is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("<1@a> <2@b>", ("1@a", "2@b")), ("1@a", ("1@a",)), ("thu cua ban ngay 1/2", ()), ("<>", ()), ("<1@a", ("1@a",))],
)
def test_message_ids_are_read_with_and_without_brackets(value, expected):
    assert message_ids(value) == expected


@pytest.mark.parametrize(
    "date", ["", "hom nay", "Mon, 99 Jan 2025 08:00:00 +0700", "Mon, 6 Jan 2025 08:00:00 +9999999"]
)
def test_a_date_that_is_none_is_none(date):
    assert mail_head(f"Date: {date}\r\n\r\n".encode()).date is None


FIELDS = st.sampled_from(
    [
        b"From",
        b"Date",
        b"Subject",
        b"Message-ID",
        b"Received",
        b"Authentication-Results",
        b"Content-Type",
        b"References",
    ]
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(FIELDS, st.binary(max_size=80))))
def test_no_head_raises(fields):
    assert mail_head(b"".join(name + b": " + value + b"\r\n" for name, value in fields)).message_id is not None
