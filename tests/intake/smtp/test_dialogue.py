"""Dialogues over real sockets, reply by reply."""

import errno
import re
from dataclasses import replace

import pytest

from vbdaemon.errors import StateError
from vbdaemon.model import Channel, MailRules, Purpose

OFFICE = "vanthu@songlam.example"
PREFLIGHT = "kiemtra@songlam.example"
KNOWN = "vanthu@so-mot.example"
OUTSIDE = "127.0.7.7"
MESSAGE = b"Subject: CV 1\r\n\r\nK\xc3\xadnh g\xe1\xbb\xadi\r\n..hai\r\n"
STORED = b"Subject: CV 1\r\n\r\nK\xc3\xadnh g\xe1\xbb\xadi\r\n.hai\r\n"


def test_a_message_is_stored_as_it_came_and_answered_with_its_id(post):
    made = post()
    talk = made.dial()
    assert talk.greeting == "220 vanthu.example ESMTP"
    assert talk.announce() == "354 End data with <CR><LF>.<CR><LF>"
    assert talk.say(MESSAGE + b".") == "250 2.0.0 Ok: queued as 260302-00000001"
    assert made.door.bodies() == [STORED]
    (envelope,) = made.door.envelopes()
    assert (envelope.source, envelope.channel, envelope.purpose) == ("smtp", Channel.SMTP, Purpose.EXCHANGE)
    assert (envelope.mail_from, envelope.recipients, envelope.peer) == (KNOWN, (OFFICE,), "127.0.1.5")
    assert (envelope.unit, envelope.account) == ("H1", None)
    made.until(lambda: made.door.acknowledged == ["260302-00000001"])
    assert talk.say("QUIT") == "221 2.0.0 Bye"
    assert talk.hung_up()


def test_what_is_offered_is_said(post):
    offers = post().dial().say("EHLO x").split("\n")
    assert [offer[4:] for offer in offers] == [
        "vanthu.example", "SIZE 150000000", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES",
    ]  # fmt: skip


MAIL = f"MAIL FROM:<{KNOWN}>"
RCPT = f"RCPT TO:<{OFFICE}>"


@pytest.mark.parametrize(
    ("commands", "answer"),
    [
        (["NOOP"], "250 2.0.0"),
        (["MAIL FROM:<a@x.example>"], "503 5.5.1"),
        (["EHLO"], "501 5.5.4"),
        (["FROBNICATE"], "500 5.5.2"),
        ([""], "500 5.5.2"),
        (["\xff\xfe"], "500 5.5.2"),
        (["VRFY ai@x.example"], "252 2.5.2"),
        (["EXPN ds"], "502 5.5.1"),
        (["HELP"], "214 2.0.0"),
        (["STARTTLS"], "454 4.0.0"),
        (["EHLO x", "BDAT 10 LAST"], "500 5.5.2"),
        (["EHLO x", "AUTH PLAIN AGEAYg=="], "538 5.7.11"),
        (["EHLO x", "RCPT TO:<a@x.example>"], "503 5.5.1"),
        (["EHLO x", "DATA"], "503 5.5.1"),
        (["EHLO x", "MAIL"], "501 5.5.4"),
        (["EHLO x", "MAIL TO:<a@x.example>"], "501 5.5.4"),
        (["EHLO x", "MAIL FROM:<a b@x.example>"], "501 5.1.7"),
        (["EHLO x", f"{MAIL} SIZE=150000001"], "552 5.3.4"),
        (["EHLO x", f"{MAIL} SIZE=99999999999999999999999999999"], "552 5.3.4"),
        (["EHLO x", f"{MAIL} SIZE=150000000 BODY=8bitmime SMTPUTF8 AUTH=<>"], "250 2.1.0"),
        (["EHLO x", f"{MAIL} SIZE=x"], "501 5.5.4"),
        (["EHLO x", f"{MAIL} BODY=BINARYMIME"], "501 5.5.4"),
        (["EHLO x", f"{MAIL} RET=HDRS"], "555 5.5.4"),
        (["EHLO x", "MAIL FROM:<ai@x.example>"], "550 5.7.1"),
        (["EHLO x", "MAIL FROM:<văn@x.example>"], "553 5.6.7"),
        (["EHLO x", "MAIL FROM:<văn@x.example> SMTPUTF8"], "550 5.7.1"),
        (["EHLO x", MAIL, MAIL], "503 5.5.1"),
        (["EHLO x", MAIL, "DATA"], "503 5.5.1"),
        (["EHLO x", MAIL, "RCPT TO:<>"], "501 5.1.3"),
        (["EHLO x", MAIL, "RCPT TO:<ai@songlam.example>"], "550 5.1.1"),
        (["EHLO x", MAIL, f"{RCPT} NOTIFY=NEVER"], "555 5.5.4"),
        (["EHLO x", MAIL, RCPT, f"RCPT TO:<{PREFLIGHT}>"], "451 4.5.3"),
        (["EHLO x", MAIL, RCPT, "DATA now"], "501 5.5.4"),
        (["EHLO x", MAIL, RCPT, "RSET"], "250 2.0.0"),
        (["EHLO x", MAIL, RCPT, "RSET", "DATA"], "503 5.5.1"),
        (["EHLO x", MAIL, RCPT, "EHLO x", "DATA"], "503 5.5.1"),
        (["EHLO x", "MAIL FROM:<>", RCPT], "250 2.1.5"),
        (["EHLO x", "MAIL FROM:<>", f"RCPT TO:<{PREFLIGHT}>"], "550 5.7.1"),
        (["HELO x", MAIL, RCPT], "250 2.1.5"),
        (["EHLO x", MAIL, "RCPT TO:<VANTHU@XA-HAI.EXAMPLE>"], "250 2.1.5"),
        (["NOOP " + "x" * 3000], "500 5.5.2"),
        (["NOOP " + "x" * 100_000, "NOOP"], "250 2.0.0"),
    ],
)
def test_each_command_has_its_answer(post, commands, answer):
    assert post().dial().say(*commands).startswith(answer)


def test_every_answer_but_greetings_has_an_enhanced_code(post):
    talk = post().dial()
    for command in ("NOOP", "XYZ", "MAIL", "EHLO x", "RSET x", "RSET", "QUIT x", MAIL, "RCPT", RCPT, "NOOP x", "QUIT"):
        heard = talk.say(command)
        assert heard.startswith("250-vanthu.example") or re.match(r"([245])\d\d \1\.\d+\.\d+ ", heard), command


def test_a_strangers_message_is_refused_and_a_relays_is_taken_without_proof(post):
    made = post()
    assert made.dial(OUTSIDE).say("EHLO x", MAIL).startswith("550 5.7.1")
    relay = made.dial("127.0.9.3")
    relay.announce("ai.do@x.example", OFFICE)
    assert relay.say(b"a\r\n.").startswith("250")
    (envelope,) = made.door.envelopes()
    assert (envelope.unit, envelope.account, envelope.peer) == (None, None, "127.0.9.3")


def test_the_null_sender_stays_the_null_sender(post):
    made = post()
    talk = made.dial("127.0.9.3")
    talk.announce("", "gui@songlam.example")
    assert talk.say(b"bounce\r\n.").startswith("250")
    assert made.door.envelopes()[0].mail_from == ""


def test_a_message_to_be_checked_goes_alone(post):
    made = post()
    talk = made.dial()
    talk.say("EHLO x", MAIL)
    assert talk.say(f"RCPT TO:<{PREFLIGHT}>").startswith("250")
    assert talk.say(RCPT).startswith("451 4.5.3")
    assert talk.say("DATA", b"a\r\n.").startswith("250")
    (envelope,) = made.door.envelopes()
    assert (envelope.purpose, envelope.recipients) == (Purpose.PREFLIGHT, (PREFLIGHT,))


def test_international_addresses_are_taken_with_smtputf8(post):
    made = post(anyone=True)
    talk = made.dial()
    talk.say("EHLO x", "MAIL FROM:<văn.thư@xã.example> SMTPUTF8", RCPT)
    assert talk.say("DATA", MESSAGE + b".").startswith("250")
    assert made.door.envelopes()[0].mail_from == "văn.thư@xã.example"


def test_pipelined_commands_and_two_messages_are_answered_in_order(post):
    made = post()
    talk = made.dial()
    talk.say("EHLO x")
    both = "".join(f"{MAIL}\r\n{RCPT}\r\nDATA\r\n")
    talk.send(both.encode())
    assert [talk.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
    talk.send(b"one\r\n.\r\n" + both.encode())
    assert [talk.reply()[:3] for _ in range(4)] == ["250", "250", "250", "354"]
    talk.send(b"two\r\n.\r\nQUIT\r\n")
    assert [talk.reply()[:3] for _ in range(2)] == ["250", "221"]
    assert made.door.bodies() == [b"one\r\n", b"two\r\n"]


def test_a_client_that_waits_for_nothing_is_understood(post):
    made = post()
    talk = made.dial()
    talk.send(f"EHLO x\r\n{MAIL}\r\n{RCPT}\r\nDATA\r\n".encode() + b"x" * 200_000 + b"\r\n.\r\nNOOP\r\nQUIT\r\n")
    assert [talk.reply()[:3] for _ in range(7)] == ["250", "250", "250", "354", "250", "250", "221"]
    assert made.door.bodies() == [b"x" * 200_000 + b"\r\n"]


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r"])
def test_a_smuggled_message_stays_content(post, end):
    made = post()
    talk = made.dial()
    talk.announce()
    smuggled = f"MAIL FROM:<giamdoc@so-mot.example>\r\n{RCPT}\r\nDATA\r\nforged".encode()
    assert talk.say(b"outer" + end + smuggled + b"\r\n.").startswith("250")
    assert talk.say("NOOP").startswith("250")
    assert len(made.door.rows) == 1
    assert b"forged" in made.door.bodies()[0]


def test_long_lines_and_any_bytes_are_taken(post):
    made = post()
    talk = made.dial()
    body = bytes(range(256)) * 40 + b"\r\n" + b"y" * 300_000 + b"\r\n"
    talk.announce()
    talk.say(body.replace(b"\r\n.", b"\r\n..") + b".")
    assert made.door.bodies() == [body]


def test_a_large_message_is_whole(post):
    made = post()
    talk = made.dial()
    body = b"".join(b"%07d the quick brown fox\r\n" % number for number in range(150_000))
    talk.announce()
    assert talk.say(body + b".").startswith("250")
    assert made.door.bodies() == [body]


def test_what_is_too_large_is_refused_after_its_end_and_the_dialogue_stays_in_step(post):
    made = post(largest=300_000)
    talk = made.dial()
    assert "SIZE 300000" in talk.say("EHLO x")
    talk.announce()
    assert talk.say(b"x" * 299_998 + b"\r\n.").startswith("250")
    talk.announce()
    assert talk.say(b"y" * 299_999 + b"\r\n.").startswith("552 5.3.4")
    talk.announce()
    assert talk.say(b"z" * 3_000_000 + b"\r\n.").startswith("552 5.3.4")
    talk.announce()
    assert talk.say(b"after\r\n.").startswith("250")
    assert [len(body) for body in made.door.bodies()] == [300_000, 7]
    made.until(lambda: not made.door.drafts())


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [
        (OSError(errno.ENOSPC, "full"), "452 4.3.1"),
        (OSError(errno.EDQUOT, "quota"), "452 4.3.1"),
        (OSError(errno.EIO, "broken"), "451 4.3.0"),
        (StateError("the database is away"), "451 4.3.0"),
        (RuntimeError("a mistake of ours"), "451 4.3.0"),
    ],
)
@pytest.mark.parametrize("where", ["refuse", "refuse_begin"])
def test_trouble_of_ours_is_temporary_and_keeps_nothing(post, trouble, answer, where):
    made = post()
    setattr(made.door, where, trouble)
    talk = made.dial()
    talk.announce()
    assert talk.say(b"a\r\n.").startswith(answer)
    setattr(made.door, where, None)
    made.until(lambda: not made.door.drafts())
    talk.announce()
    assert talk.say(b"a\r\n.").startswith("250")
    assert len(made.door.rows) == 1


def test_nothing_is_answered_before_the_row_is_committed(post):
    made = post()
    made.door.held = []
    talk = made.dial()
    talk.announce()
    talk.send(b"a\r\n.\r\n")
    made.until(lambda: made.door.held)
    talk.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        talk.socket.recv(1)
    talk.socket.settimeout(20)
    made.door.held.pop()()
    talk.lines = talk.socket.makefile("rb")
    assert talk.reply().startswith("250")


def test_what_a_client_sends_again_is_the_same_submission(post):
    made = post()
    for own in ("127.0.1.5", "127.0.1.6"):
        talk = made.dial(own)
        talk.announce()
        assert talk.say(MESSAGE + b".") == "250 2.0.0 Ok: queued as 260302-00000001"
    talk.announce(KNOWN, OFFICE, "vanthu@xa-hai.example")
    assert talk.say(MESSAGE + b".").endswith("00000003")
    talk.announce("giamdoc@so-mot.example", OFFICE)
    assert talk.say(MESSAGE + b".").endswith("00000004")


def test_a_message_that_breaks_off_leaves_nothing(post):
    made = post()
    talk = made.dial()
    talk.announce()
    talk.send(b"x" * 2_000_000)
    made.until(made.door.drafts)
    talk.close()
    made.until(lambda: not made.door.drafts())
    assert not made.door.rows


def test_a_full_disk_or_queue_lets_clients_come_again(post):
    state = {"full": "", "waiting": 0}
    made = post(around={"full": lambda: state["full"], "waiting": lambda: state["waiting"]}, waiting=100)
    talk = made.dial()
    assert talk.say("EHLO x", MAIL).startswith("250")
    state["full"] = "only 3 MB are free"
    made.until(lambda: talk.say("RSET", MAIL).startswith("452 4.3.1"))
    state["full"] = ""
    made.until(lambda: talk.say("RSET", MAIL).startswith("250"))
    state["waiting"] = 100
    made.until(lambda: talk.say("RSET", MAIL).startswith("451 4.3.2"))
    state["waiting"] = 90
    made.until(lambda: talk.say("RSET", MAIL).startswith("250"))


def test_a_new_snapshot_counts_from_the_next_command_on(post, request):
    made = post()
    talk = made.dial()
    assert talk.say("EHLO x", MAIL, "RCPT TO:<moi@songlam.example>").startswith("550")
    snapshot = made.intake._hall.gate
    made.intake.replace(replace(_snapshot(made), mail=MailRules(addresses=("moi@songlam.example",))))
    assert made.intake._hall.gate is not snapshot
    assert talk.say("RCPT TO:<moi@songlam.example>").startswith("250")


def _snapshot(made):
    from vbdaemon.model import Snapshot  # noqa: PLC0415 - one test alone needs it

    return Snapshot("new", directory=made.intake._directory)
