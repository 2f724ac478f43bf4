"""Delivery by mail: what each reply of a real server means for whether, and how, the mail goes again."""

import asyncio
import email
import email.policy
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from vbdaemon.builtin.deliver_smtp import deliver
from vbdaemon.builtin.deliver_smtp_dialogue import Letter, send
from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    MailRules,
    Office,
    OutcomeKind,
    OutgoingFile,
    SecretKind,
    SecretSource,
    Security,
    Smarthost,
)
from vbdaemon.testing import NOON, make_snapshot

DELIVERED, DEFERRED, FAILED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED, OutcomeKind.FAILED
TO = "vanthu@y-te.example"


class Sink:
    """A receiver that answers as it is told to, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.cut_after_data = False
        self.slow = 0.0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - the library's word
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - as above
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - as above
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - as above
        await asyncio.sleep(self.slow)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if self.cut_after_data:
            server.transport.abort()
            await asyncio.sleep(0.2)
        return self.answers.get("DATA", "250 2.0.0 queued as 1")


class Server(Controller):
    """On a free port; further words are for aiosmtpd's SMTP."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def serve(sink) -> Iterator[object]:
    servers = []

    def start(**words):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = Server(sink, hostname="127.0.0.1", port=port, **words)
        server.start()
        servers.append(server)
        return port

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def rules():
    return make_snapshot(office=Office(name="Văn phòng UBND huyện Sông Lam"))


@pytest.fixture
def post(rules):
    """Sends a notice or a forward through a server on this port."""

    def send_one(port, *, to=TO, kind=DeliveryKind.FORWARD, mail=None, **words):
        host = Smarthost(
            **{
                "host": "127.0.0.1",
                "port": port,
                "security": Security.PLAIN,
                "sender": "vanthu@song-lam.example",
                "hostname": "song-lam.example",
                "seconds": 2.0,
                **words,
            }
        )
        rules_ = mail or MailRules(addresses=("vbdt@song-lam.example",), preflight=("kiemtra@song-lam.example",))
        delivery = Delivery("260302-00000001-1", "260302-00000001", kind, Destination("smtp", to), "0001", NOON)
        own = [outgoing("vbdaemon.json", b"{}"), outgoing("thu.txt", "Kính gửi\n.\n..chấm\n".encode())]
        return deliver(delivery, (*own,), replace(rules, mail=replace(rules_, smarthost=host)))

    return send_one


def outgoing(name, body):
    return OutgoingFile(name, hashlib.sha256(body).hexdigest(), body=body)


def test_a_forward_leaves_from_our_address_and_a_notice_from_nobody(serve, sink, post):
    port = serve()
    for kind in (DeliveryKind.FORWARD, DeliveryKind.NOTICE):
        outcome = post(port, kind=kind)
        assert (outcome.kind, outcome.words) == (DELIVERED, "250 2.0.0 queued as 1")
    assert [(sender, to) for sender, to, _ in sink.taken] == [("vanthu@song-lam.example", [TO]), ("<>", [TO])]
    first, second = (email.message_from_bytes(raw, policy=email.policy.default) for _, _, raw in sink.taken)
    assert first["Message-ID"] == second["Message-ID"] == "<260302-00000001-1@song-lam.example>"


def test_a_repeat_is_the_same_mail_to_the_last_byte(serve, sink, post):
    port = serve()
    for _ in range(2):
        assert post(port).kind is DELIVERED
    assert sink.taken[0] == sink.taken[1]


@pytest.mark.parametrize(
    ("at", "answer", "expected", "words"),
    [
        ("MAIL", "451 4.3.0 queue is full", DEFERRED, "queue is full"),
        ("MAIL", "550 5.1.8 sender unknown", DEFERRED, "refuses our sender"),
        ("MAIL", "552 5.3.4 too big", FAILED, "too big"),
        ("RCPT", "450 4.2.0 greylisted", DEFERRED, "greylisted"),
        ("RCPT", "452 4.2.2 mailbox full", DEFERRED, "mailbox full"),
        ("RCPT", "550 5.1.1 no such user here", FAILED, "550 5.1.1 no such user here"),
        ("RCPT", "554 5.7.1 relay access denied", DEFERRED, "does not relay for us"),
        ("RCPT", "421 4.3.2 shutting down", DEFERRED, "shutting down"),
        ("DATA", "451 4.7.1 try again", DEFERRED, "try again"),
        ("DATA", "554 5.6.0 content refused", FAILED, "554 5.6.0 content refused"),
        ("DATA", "552 5.2.2 over quota", FAILED, "over quota"),
    ],
)
def test_a_reply_decides_whether_the_mail_goes_again(serve, sink, post, at, answer, expected, words):
    sink.answers[at] = answer
    outcome = post(serve())
    assert outcome.kind is expected
    assert words in outcome.words


def test_a_connection_lost_after_the_final_dot_leaves_doubt_and_the_same_mail_goes_again(serve, sink, post):
    port = serve()
    sink.cut_after_data = True
    outcome = post(port)
    assert outcome.kind is DEFERRED
    assert outcome.words.startswith("doubtful: ")
    sink.cut_after_data = False
    assert post(port).kind is DELIVERED
    assert sink.taken[0] == sink.taken[1]


def test_a_server_that_does_not_answer_in_time_leaves_doubt(serve, sink, post):
    sink.slow = 0.5
    outcome = post(serve(), seconds=0.1)
    assert outcome.kind is DEFERRED
    assert outcome.words.startswith("doubtful: ")
    time.sleep(0.5)


def test_nobody_listening_defers(post):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = post(free.getsockname()[1])
    assert outcome.kind is DEFERRED
    assert "Connection refused" in outcome.words


@pytest.mark.parametrize(
    ("banner", "kind"),
    [(b"554 go away\r\n", DEFERRED), (b"421 busy\r\n", DEFERRED), (b"garbage\r\n", DEFERRED), (b"", DEFERRED)],
)
def test_a_server_that_greets_oddly_defers(post, banner, kind):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(banner)

        thread = threading.Thread(target=answer)
        thread.start()
        assert post(listener.getsockname()[1]).kind is kind
        thread.join()


@pytest.mark.parametrize("address", ["VBDT@song-lam.example", "kiemtra@song-lam.example", "vanthu@SONG-LAM.example"])
def test_no_mail_goes_to_ourselves(serve, sink, post, address):
    outcome = post(serve(), to=address)
    assert outcome.kind is FAILED
    assert "an address of this office" in outcome.words
    assert sink.taken == []


@pytest.mark.parametrize("address", ["nobody", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "a b@c", "a@" + "x" * 70 + ".vn", "@b"])
def test_what_is_no_address_fails(serve, sink, post, address):
    assert post(serve(), to=address).kind is FAILED
    assert sink.taken == []


def test_without_a_smarthost_the_mail_waits_and_the_operator_reads_what_to_do(rules):
    delivery = Delivery("1-1", "1", DeliveryKind.NOTICE, Destination("smtp", TO), "n", NOON)
    outcome = deliver(delivery, (), rules)
    assert outcome.kind is DEFERRED
    assert "[smarthost]" in outcome.words
    assert deliver(replace(delivery, destination=Destination("folder", "a/b")), (), rules) is None


def test_a_domain_with_accents_is_sent_in_ascii(serve, sink, post):
    assert post(serve(), to="vanthu@sông-lam.example").kind is DELIVERED
    assert sink.taken[0][1] == ["vanthu@xn--sng-lam-t0a.example"]


def test_an_address_with_accents_needs_a_server_that_takes_it(serve, sink, post):
    assert post(serve(enable_SMTPUTF8=False), to="văn.thư@y-te.example").kind is FAILED
    assert post(serve(enable_SMTPUTF8=True), to="văn.thư@y-te.example").kind is DELIVERED
    assert sink.taken[0][1] == ["văn.thư@y-te.example"]
    assert "To: văn.thư@y-te.example\r\n".encode() in sink.taken[0][2]


def test_a_file_that_was_damaged_in_the_spool_defers(serve, sink, rules, post, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"other")
    damaged = OutgoingFile("a.pdf", "0" * 64, path=str(tmp_path / "a.pdf"))
    host = Smarthost("127.0.0.1", serve(), Security.PLAIN, "a@b.example", "b.example")
    delivery = Delivery("1-1", "1", DeliveryKind.FORWARD, Destination("smtp", TO), "n", NOON)
    outcome = deliver(delivery, (damaged,), replace(rules, mail=MailRules(smarthost=host)))
    assert outcome.kind is DEFERRED
    assert "restore it from a backup" in outcome.words
    assert sink.taken == []


def test_what_is_larger_than_the_server_announced_fails_before_it_is_sent(serve, sink, post):
    outcome = post(serve(data_size_limit=100))
    assert outcome.kind is FAILED
    assert sink.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """Key and certificate of localhost, issued by itself."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def tls(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_tls_trusts_the_sites_own_ca_and_nothing_unknown(serve, sink, post, certificate, security):
    words = {"tls_context": tls(certificate)} if security is Security.STARTTLS else {"ssl_context": tls(certificate)}
    port = serve(**words)
    known = {"security": security, "host": "localhost", "ca": certificate / "cert.pem"}
    assert post(port, **known).kind is DELIVERED
    unknown = post(port, **known | {"ca": None})
    assert unknown.kind is DEFERRED
    assert "must be issued by a CA" in unknown.words
    missing = post(port, **known | {"ca": certificate / "nothing.pem"})
    assert missing.kind is DEFERRED
    assert len(sink.taken) == 1


def test_without_starttls_nothing_is_sent_in_the_clear(serve, sink, post):
    outcome = post(serve(), security=Security.STARTTLS)
    assert outcome.kind is DEFERRED
    assert "offers no STARTTLS" in outcome.words
    assert sink.taken == []


def test_a_login_is_made_with_the_secret_from_where_it_lies(serve, sink, post, certificate, monkeypatch):
    def known(server, session, envelope, mechanism, login):
        good = login.login == b"vbdaemon" and login.password == b"mat-khau"
        return AuthResult(success=good, handled=good)

    port = serve(tls_context=tls(certificate), auth_required=True, authenticator=known)
    secret = SecretSource(SecretKind.ENVIRONMENT, "VBDAEMON_TEST_PASSWORD")
    words = {"security": Security.STARTTLS, "host": "localhost", "ca": certificate / "cert.pem"}
    words |= {"username": "vbdaemon", "password": secret}
    absent = post(port, **words)
    assert (absent.kind, "VBDAEMON_TEST_PASSWORD is not set" in absent.words) == (DEFERRED, True)
    monkeypatch.setenv("VBDAEMON_TEST_PASSWORD", "sai")
    wrong = post(port, **words)
    assert (wrong.kind, "refuses our login" in wrong.words) == (DEFERRED, True)
    monkeypatch.setenv("VBDAEMON_TEST_PASSWORD", "mật khẩu")
    assert post(port, **words).kind is DEFERRED
    monkeypatch.setenv("VBDAEMON_TEST_PASSWORD", "mat-khau")
    assert post(port, **words).kind is DELIVERED
    assert "mat-khau" not in wrong.words + absent.words


def test_postfix_takes_what_we_send():
    sink = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin")
    if sink is None:
        pytest.skip("smtp-sink is not installed (Debian package: postfix)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sink, "-u", "nobody", "-h", "sink.example", f"127.0.0.1:{port}", "10"])
    try:
        host = Smarthost("127.0.0.1", port, Security.PLAIN, "a@b.example", "b.example")
        letter = Letter("a@b.example", TO, 20, (b"Subject: x\r\n\r\n", b"text\r\n"))
        ends = time.monotonic() + 5
        while (outcome := send(letter, host, "")).kind is not DELIVERED:
            assert time.monotonic() < ends, outcome.words
            time.sleep(0.05)
        assert json.dumps(outcome.words).startswith('"250 ')
    finally:
        server.terminate()
        server.wait()
