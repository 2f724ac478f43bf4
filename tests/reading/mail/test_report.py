"""Delivery reports in the forms in which servers write them."""

# one case a line
# ruff: noqa: E501

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.model import Limits
from vbdaemon.reading.mail_report import DeliveryReport, ReportAction, delivery_report

RETURNED = "From: vanban@office.example\r\nMessage-ID: <d-17@office.example>\r\nSubject: x\r\n\r\ntext\r\n"
DAEMON = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"


def structured(status: str, returned: str = "message/rfc822", head: str = DAEMON) -> bytes:
    return (
        f"{head}Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}"
        f"--b\r\nContent-Type: {returned}\r\n\r\n{RETURNED}--b--\r\n"
    ).encode()


def worded(subject: str, text: str, head: str = DAEMON) -> bytes:
    return f"{head}Subject: {subject}\r\n\r\n{text}".encode()


POSTFIX = (
    "Reporting-MTA: dns; mx.example\r\nOriginal-Envelope-Id: d-17\r\nX-Postfix-Queue-ID: AB12\r\n\r\n"
    "Final-Recipient: rfc822; a@donvi.example\r\nOriginal-Recipient: rfc822;a@donvi.example\r\nAction: failed\r\n"
    "Status: 5.1.1\r\nRemote-MTA: dns; mail.donvi.example\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <a@donvi.example>: Recipient address\r\n    rejected: User unknown\r\n\r\n"
)
QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<a@donvi.example>:
192.0.2.9 does not like recipient.
Remote host said: 550 5.1.1 no such user
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

Return-Path: <vanban@office.example>
Message-ID: <d-17@office.example>
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  a@donvi.example
    host mail.donvi.example [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<a@donvi.example>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

Message-ID: <d-17@office.example>
"""
EXCHANGE_WORDS = """Delivery has failed to these recipients or groups:

<a@donvi.example>
The e-mail address you entered couldn't be found.

Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'

Original message headers:

Message-ID: <d-17@office.example>
"""
OLD_EXCHANGE = """Your message
did not reach the following recipient(s):

a@donvi.example
    The recipient name is not recognized

Original message follows.
Message-ID: <d-17@office.example>
"""
NOTES = """------- Ly do --------

Khong co trong danh ba
a@donvi.example

------- Returned Message --------
Message-ID: <d-17@office.example>
"""
TRIED_LONG = """I wasn't able to deliver your message to the following addresses.
<a@donvi.example>:
No connection could be made. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.

--- Below this line is a copy of the message.
Message-ID: <d-17@office.example>
"""
STILL_TRYING = """Your message could not be delivered for more than 4 hour(s).
It will be retried until it is 5 days old.
<a@donvi.example>: connect to mail.donvi.example: 450 4.4.1 timed out
Message-ID: <d-17@office.example>
"""
DELAY = """This is a warning message only. You do not need to resend your message.
The following address had temporary problems: <a@donvi.example>
421 4.4.1 connection timed out
Message-ID: <d-17@office.example>
"""


@pytest.mark.parametrize(
    ("raw", "action", "status"),
    [
        pytest.param(structured(POSTFIX), "failed", "5.1.1", id="postfix"),
        pytest.param(structured(POSTFIX, "text/rfc822-headers"), "failed", "5.1.1", id="headers only"),
        pytest.param(structured(POSTFIX.replace("\r\n", "\n")), "failed", "5.1.1", id="lines end in LF"),
        pytest.param(structured(POSTFIX, head="From: postmaster@x\r\nIn-Reply-To: <d-17@office.example>\r\n", returned="text/plain"), "failed", "5.1.1", id="exchange names our mail in its own head"),
        pytest.param(structured(POSTFIX.replace("Action: failed\r\n", "")), "failed", "5.1.1", id="no action"),
        pytest.param(structured(POSTFIX.replace("failed", "Failed (rejected)")), "failed", "5.1.1", id="action with a comment"),
        pytest.param(structured(POSTFIX.replace("Status: 5.1.1", "Status: 5.0.0")), "failed", "5.1.1", id="the exacter code"),
        pytest.param(structured(POSTFIX.replace("failed", "delayed").replace("5.1.1", "4.4.1").replace("550", "421")), "delayed", "4.4.1", id="delayed"),
        pytest.param(structured(POSTFIX.replace("failed", "relayed").replace("5.1.1", "2.0.0").replace("550", "250")), "relayed", "2.0.0", id="relayed"),
        pytest.param(structured(POSTFIX.replace("failed", "delivered").replace("5.1.1", "2.0.0") + POSTFIX.partition("\r\n\r\n")[2]), "failed", "5.1.1", id="the worst of several"),
        pytest.param(worded("failure notice", QMAIL), "failed", "5.1.1", id="qmail"),
        pytest.param(worded("Mail delivery failed: returning message to sender", EXIM), "failed", "5.1.1", id="exim"),
        pytest.param(worded("Undeliverable: x", EXCHANGE_WORDS), "failed", "5.1.10", id="exchange in words"),
        pytest.param(worded("Delayed Mail (still being retried)", STILL_TRYING), "delayed", "4.4.1", id="still trying"),
        pytest.param(worded("Undeliverable: x", OLD_EXCHANGE), "failed", "", id="exchange of old"),
        pytest.param(worded("Undeliverable message", NOTES), "failed", "", id="words of another language"),
        pytest.param(worded("failure notice", TRIED_LONG), "failed", "4.4.1", id="tried too long"),
        pytest.param(worded("Warning: could not send message for past 4 hours", DELAY), "delayed", "4.4.1", id="a warning in words"),
    ],
)  # fmt: skip
def test_a_report_is_understood(raw, action, status):
    found = delivery_report(raw, Limits())
    assert (found.action, found.status, found.recipient) == (ReportAction(action), status, "a@donvi.example")
    assert found.message_ids[0] == "d-17@office.example"
    assert found.permanent is (action == "failed" and not status.startswith("4"))
    assert "\n" not in found.words


def test_the_servers_reason_is_one_clean_line():
    raw = structured(POSTFIX.replace("rejected", "rejected\x1b[31m\x07"))
    assert (
        delivery_report(raw, Limits()).words
        == "smtp; 550 5.1.1 <a@donvi.example>: Recipient address rejected[31m: User unknown"
    )


def test_the_envelope_id_comes_back():
    assert delivery_report(structured(POSTFIX), Limits()).envelope_id == "d-17"


PERSON = "Return-Path: <a@donvi.example>\r\nFrom: a@donvi.example\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(worded("Undelivered Mail Returned to Sender", QMAIL, PERSON), id="forwarded by a person"),
        pytest.param(worded("Gửi công văn", "Kính gửi", DAEMON), id="a daemon's mail that is no bounce"),
        pytest.param(b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n" + structured(POSTFIX) + b"\r\n--x--", id="a report inside a person's mail"),
        pytest.param(structured(POSTFIX).replace(b"delivery-status; b", b"disposition-notification; b"), id="a read receipt"),
        pytest.param(structured("Reporting-MTA: dns; x\r\n\r\n").replace(b"sorry", b"here"), id="a report about nobody"),
        pytest.param(worded("Successful Mail Delivery Report", "delivered\n\nMessage-ID: <x@y>"), id="a success in words"),
        pytest.param(b"", id="nothing"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_none(raw):
    assert delivery_report(raw, Limits()) is None


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.binary(max_size=200),
    st.sampled_from([structured(POSTFIX), worded("failure notice", QMAIL)]),
    st.integers(0, 900),
)
def test_no_report_raises(junk, raw, at):
    found = delivery_report(raw[:at] + junk + raw[at:], Limits())
    assert found is None or isinstance(found, DeliveryReport)
