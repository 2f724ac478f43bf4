"""Whether a person wrote a mail, and whether it answers by itself."""

import pytest

from vbdaemon.reading.mail_head import mail_head
from vbdaemon.reading.mail_machine import auto_reply, from_daemon, written_by_machine

PERSON = "From: Văn thư <vanthu@donvi.example>\r\nSubject: Gửi công văn\r\n"


def head(lines: str):
    return mail_head((lines + PERSON + "\r\n").encode())


@pytest.mark.parametrize(
    ("lines", "mail_from", "machine", "answer"),
    [
        ("", "vanthu@donvi.example", False, False),
        ("", None, False, False),
        ("Auto-Submitted: no\r\n", "a@b", False, False),
        ("Precedence: first-class\r\n", "a@b", False, False),
        ("X-Auto-Response-Suppress: None\r\n", "a@b", False, False),
        ("", "", True, False),
        ("Return-Path: <>\r\n", None, True, False),
        ("Return-Path: <>\r\n", "a@b", False, False),
        ("Auto-Submitted: auto-generated\r\n", "a@b", True, False),
        ("Auto-Submitted: AUTO-REPLIED (nghỉ phép)\r\n", "a@b", True, True),
        ("Precedence: bulk\r\n", "a@b", True, False),
        ("Precedence: auto_reply\r\n", "a@b", True, True),
        ("List-Unsubscribe: <x>\r\n", "a@b", True, False),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n", "a@b", True, False),
        ("X-Autoreply: yes\r\n", "a@b", True, True),
        ("", "MAILER-DAEMON@b.example", True, False),
        ("", "postmaster@b.example", True, False),
        ("", "no-reply@b.example", True, False),
        ("", "khong-tra-loi@b.example", True, False),
        ("", "bounces+12-a=b@c.example", True, False),
        ("", "phong-noi-vu@b.example", False, False),
        ("", "norden@b.example", False, False),
        ("Reply-To: noreply@b.example\r\n", "a@b", True, False),
        ("Content-Type: multipart/report; report-type=delivery-status\r\n", "a@b", True, False),
        ("Content-Type: multipart/report; report-type=disposition-notification\r\n", "a@b", True, True),
        ("Subject: Trả lời tự động: Công văn\r\nAuto-Submitted: auto-generated\r\n", "a@b", True, True),
        ("Subject: Automatic reply: x\r\nX-Auto-Response-Suppress: All\r\n", "a@b", True, True),
        ("Subject: Trả lời tự động hóa quy trình\r\n", "a@b", False, False),
        ("Received: from a by b\r\n" * 60, "a@b", True, False),
    ],
)
def test_machines_are_told_from_people(lines, mail_from, machine, answer):
    assert (written_by_machine(head(lines), mail_from), auto_reply(head(lines))) == (machine, answer)


def test_another_vbdaemons_document_is_not_a_machines_mail():
    assert not written_by_machine(head("X-Vbdaemon-Delivery: 7\r\n"), "vanban@office.example")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [("", False), ("Return-Path: <>\r\n", True), ("From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\n", True)],
)
def test_a_mail_server_writes_as_mail_servers_do(lines, expected):
    raw = lines if "From:" in lines else lines + PERSON
    assert from_daemon(mail_head(f"{raw}\r\n".encode())) is expected
