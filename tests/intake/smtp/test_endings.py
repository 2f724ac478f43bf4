"""Limits of time and number, LMTP, stopping, and sockets that systemd hands over."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from vbdaemon.errors import ConfigurationError
from vbdaemon.intake.smtp.sockets import Sockets, inherited

OFFICE = "vanthu@songlam.example"
KNOWN = "vanthu@so-mot.example"
MAIL, RCPT = f"MAIL FROM:<{KNOWN}>", f"RCPT TO:<{OFFICE}>"


def test_who_says_nothing_is_hung_up_on(post):
    made = post(idle_seconds=60.0)
    quiet, lively = made.dial(), made.dial()
    quiet.say("EHLO x")
    made.now[0] += 50
    lively.say("EHLO x")
    made.now[0] += 20
    assert quiet.reply().startswith("421 4.4.2")
    assert quiet.hung_up()
    assert lively.say("NOOP").startswith("250")


def test_a_command_that_comes_in_drops_is_no_sign_of_life(post):
    made = post(idle_seconds=60.0)
    talk = made.dial()
    talk.say("EHLO x")
    for _ in range(7):
        talk.send(b"N")
        time.sleep(0.02)
        made.now[0] += 10
    assert talk.reply().startswith("421 4.4.2")


def test_a_message_that_comes_in_drops_ends_in_time(post):
    made = post(idle_seconds=60.0, message_seconds=300.0)
    talk = made.dial()
    talk.announce()
    for _ in range(8):
        talk.send(b"x")
        time.sleep(0.02)
        made.now[0] += 40
    assert talk.reply().startswith("421 4.4.2")
    assert talk.hung_up()
    made.until(lambda: not made.door.drafts())
    assert not made.door.rows


def test_a_client_that_waits_for_us_is_not_hung_up_on(post):
    made = post(idle_seconds=60.0, message_seconds=300.0)
    made.door.held = []
    talk = made.dial()
    talk.announce()
    talk.send(b"a\r\n.\r\n")
    made.until(lambda: made.door.held)
    made.now[0] += 1000
    time.sleep(0.1)
    made.door.held.pop()()
    assert talk.reply().startswith("250")
    assert talk.say("NOOP").startswith("250")


def test_commands_without_a_message_come_to_an_end(post):
    talk = post(recipients=10).dial()
    said = [talk.say("NOOP") for _ in range(110)]
    assert all(each.startswith("250") for each in said)
    assert talk.say("NOOP").startswith("421 4.7.0")


def test_connections_are_limited_together_and_by_address(post):
    made = post(connections=4, connections_per_address=2)
    kept = [made.dial() for _ in range(2)]
    assert made.dial().greeting.startswith("421 4.7.0")
    relays = [made.dial("127.0.9.9") for _ in range(1)]
    made.until(lambda: made.dial("127.0.9.9").greeting.startswith("220"))
    made.until(lambda: made.dial("127.0.1.9").greeting.startswith("421 4.3.2"))
    for talk in (*kept, *relays):
        talk.close()
    made.until(lambda: made.dial().greeting.startswith("220"))


def test_messages_of_an_address_are_limited_and_those_of_relays_are_not(post):
    made = post(messages_per_minute=2)
    talk = made.dial()
    talk.say("EHLO x", MAIL, "RSET", MAIL, "RSET")
    assert talk.say(MAIL).startswith("451 4.7.1")
    made.now[0] += 30
    assert talk.say(MAIL).startswith("250")
    relay = made.dial("127.0.9.9")
    assert relay.say("EHLO x", *([MAIL, "RSET"] * 5), MAIL).startswith("250")


def test_recipients_are_limited(post):
    made = post(recipients=2)
    talk = made.dial()
    assert talk.say("EHLO x", MAIL, RCPT, RCPT).startswith("250")
    assert talk.say(RCPT).startswith("452 4.5.3")
    assert talk.say("DATA", b"a\r\n.").startswith("250")


def test_lmtp_answers_for_each_recipient(post):
    made = post()
    talk = made.dial("127.0.0.1", "lmtp")
    assert talk.greeting == "220 vanthu.example LMTP"
    assert talk.say("EHLO x").startswith("500 5.5.1")
    assert talk.say("LHLO x", "MAIL FROM:<ai@x.example>", RCPT).startswith("250")
    assert talk.say("RCPT TO:<nobody@songlam.example>").startswith("550")
    assert talk.say("RCPT TO:<vanthu@xa-hai.example>", "DATA").startswith("354")
    talk.send(b"a\r\n.\r\n")
    answers = [talk.reply(), talk.reply()]
    assert answers == ["250 2.0.0 Ok: queued as 260302-00000001"] * 2
    assert talk.say("NOOP").startswith("250")
    (envelope,) = made.door.envelopes()
    assert envelope.recipients == (OFFICE, "vanthu@xa-hai.example")
    assert (envelope.unit, envelope.peer) == (None, "127.0.0.1")


def test_lmtp_answers_trouble_for_each_recipient_too(post):
    made = post()
    made.door.refuse = OSError(28, "full")
    talk = made.dial("127.0.0.1", "lmtp")
    talk.say("LHLO x", MAIL, RCPT, "RCPT TO:<vanthu@xa-hai.example>", "DATA")
    talk.send(b"a\r\n.\r\n")
    assert [talk.reply()[:9] for _ in range(2)] == ["452 4.3.1"] * 2
    assert talk.say("NOOP").startswith("250")


def test_stopping_finishes_the_message_under_way_and_takes_no_other(post):
    made = post()
    idle, busy = made.dial(), made.dial()
    idle.say("EHLO x")
    busy.announce()
    busy.send(b"first half ")
    stopping = threading.Thread(target=made.intake.stop)
    stopping.start()
    assert idle.reply().startswith("421 4.3.2")
    assert idle.hung_up()
    with pytest.raises(OSError):  # noqa: PT011 - refused or reset, as the moment wills
        made.dial()
    assert busy.say(b"second half\r\n.").startswith("250")
    assert busy.reply().startswith("421 4.3.2")
    stopping.join(10)
    assert not stopping.is_alive()
    assert made.door.bodies() == [b"first half second half\r\n"]
    assert made.door.acknowledged == ["260302-00000001"]


def test_stopping_waits_no_longer_than_the_grace_time(post):
    made = post(grace_seconds=0.1)
    talk = made.dial()
    talk.announce()
    talk.send(b"never ends")
    began = time.monotonic()
    assert made.intake.stop()
    assert time.monotonic() - began < 5
    assert talk.hung_up()
    assert not made.door.rows


def test_an_address_in_use_is_told(post):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigurationError, match=f"listen {where}: .*in use"):
            post(listen=("127.0.0.1:0", where))


def test_only_sockets_for_this_very_process_are_taken():
    given = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "smtp:lmtp"}
    assert [(each.name, each.fd) for each in inherited(given)] == [("smtp", 3), ("lmtp", 4)]
    assert inherited({**given, "LISTEN_PID": "1"}) == ()
    assert inherited({}) == ()
    assert [each.name for each in inherited({**given, "LISTEN_FDNAMES": ""})] == ["", "unknown"]


def test_a_socket_that_systemd_did_not_hand_over_is_told():
    with pytest.raises(ConfigurationError, match="listen systemd:smtp: systemd handed no such socket over"):
        Sockets((), ("systemd:smtp",)).open("systemd:smtp")


CHILD = """
import fcntl, os, sys
for number, fd in enumerate([fcntl.fcntl(int(fd), fcntl.F_DUPFD, 100) for fd in sys.argv[2:]]):
    os.dup2(fd, 3 + number)
from pathlib import Path
from vbdaemon.intake.smtp import SmtpIntake, SmtpSettings
from vbdaemon.intake.smtp.intake import Surroundings
from vbdaemon.model import Snapshot
import structlog
from vbdaemon.logs import set_up_logs
set_up_logs("console", "error")
environment = {**os.environ, "LISTEN_PID": str(os.getpid())}
settings = SmtpSettings(listen=("systemd",), listen_lmtp=("systemd:lmtp",), logins=Path(sys.argv[1]))
intake = SmtpIntake(settings, Snapshot("x"), None, structlog.get_logger(), Surroundings(environment=environment))
intake.start()
assert not os.get_inheritable(3) and not os.get_inheritable(4)
print(*intake.addresses, sep="\\n", flush=True)
sys.stdin.read()
intake.stop()
"""


@pytest.mark.slow
def test_inherited_sockets_are_listened_on(tmp_path):
    tcp = socket.create_server(("127.0.0.1", 0))
    local = socket.socket(socket.AF_UNIX)
    local.bind(str(tmp_path / "lmtp.sock"))
    local.listen()
    fds = [tcp.fileno(), local.fileno()]

    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CHILD, str(tmp_path / "none"), *map(str, fds)],
        env={**os.environ, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "smtp:lmtp"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        pass_fds=fds,
    )  # fmt: skip
    try:
        lines = [child.stdout.readline().strip() for _ in range(2)]
        assert lines == [f"smtp 127.0.0.1:{tcp.getsockname()[1]}", f"lmtp {tmp_path / 'lmtp.sock'}"], (
            child.stderr.read()
        )
        with socket.create_connection(tcp.getsockname()) as client:
            assert client.recv(100).startswith(b"220")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(tmp_path / "lmtp.sock"))
            assert b"LMTP" in client.recv(100)
    finally:
        child.communicate("", timeout=20)
        tcp.close()
        local.close()
    assert child.returncode == 0
    assert Path(tmp_path / "lmtp.sock").exists(), "the socket is systemd's"
