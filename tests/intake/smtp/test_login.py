"""TLS and logins."""

import socket
import ssl
from base64 import b64encode

import pytest
from argon2 import PasswordHasher

from vbdaemon.errors import ConfigurationError, DirectoryError

OFFICE = "vanthu@songlam.example"
KNOWN = "vanthu@so-mot.example"
OUTSIDE = "127.0.7.7"
PASSWORD = "mật khẩu dài 1"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def plain(login: str = "lanhdao.mot", password: str = PASSWORD, authority: str = "") -> str:
    return b64encode(f"{authority}\0{login}\0{password}".encode()).decode()


def write_logins(tmp_path, **hashes: str) -> None:
    path = tmp_path / "logins.toml"
    waiting = tmp_path / "logins.new"
    waiting.write_text("[password]\n" + "".join(f'"{login}" = "{known}"\n' for login, known in hashes.items()))
    waiting.chmod(0o600)
    waiting.replace(path)


@pytest.fixture
def logins(tmp_path):
    write_logins(tmp_path, **{"lanhdao.mot": QUICK.hash(PASSWORD)})


@pytest.fixture
def guarded(post, tls, logins):
    return post(**tls)


def test_starttls_forgets_what_was_said_before_and_offers_logins(guarded, trusting):
    talk = guarded.dial(OUTSIDE)
    assert "STARTTLS" in talk.say("EHLO x")
    assert "AUTH" not in talk.say("EHLO x")
    talk.start_tls(trusting)
    assert talk.say(f"MAIL FROM:<{KNOWN}>").startswith("503 5.5.1")
    offers = talk.say("EHLO x")
    assert "AUTH PLAIN LOGIN" in offers
    assert "STARTTLS" not in offers
    assert talk.say("STARTTLS").startswith("503 5.5.1")


def test_what_was_pipelined_behind_starttls_is_not_taken_for_commands_inside(guarded, trusting):
    talk = guarded.dial()
    talk.say("EHLO x")
    talk.send(b"STARTTLS\r\nEHLO injected\r\nMAIL FROM:<vanthu@so-mot.example>\r\n")
    assert talk.reply().startswith("220")
    talk.socket = trusting.wrap_socket(talk.socket, server_hostname="vanthu.example")
    talk.lines = talk.socket.makefile("rb")
    assert talk.say("RCPT TO:<vanthu@songlam.example>").startswith("503 5.5.1")


def test_a_client_that_fails_to_start_tls_harms_nobody_else(post, tls, logins):
    made = post(**tls, connections_per_address=1)
    for kind in ("smtp", "smtps", "smtp"):
        with socket.create_connection(("127.0.0.1", made.port(kind)), 20, ("127.0.7.7", 0)) as client:
            heard = client.makefile("rb")
            if kind == "smtp":
                client.sendall(b"EHLO x\r\nSTARTTLS\r\n")
                while not heard.readline().startswith(b"220 2.0.0"):
                    pass
            client.sendall(b"this is no handshake at all\r\n")
            heard.read()
            heard.close()
        made.until(lambda: not made.intake._hall.sessions)
    assert made.dial(OUTSIDE).greeting.startswith("220")
    assert not [line for line in made.log.lines if line.startswith("error")]


def test_tls_from_the_first_byte(guarded, trusting):
    talk = guarded.dial(OUTSIDE, "smtps", tls=trusting)
    assert talk.greeting.startswith("220")
    assert "AUTH PLAIN LOGIN" in talk.say("EHLO x")
    assert talk.say(f"AUTH PLAIN {plain()}") == "235 2.7.0 Authentication successful"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([f"AUTH PLAIN {plain()}"], "235 2.7.0"),
        ([f"auth plain {plain(authority='lanhdao.mot')}"], "235 2.7.0"),
        (["AUTH PLAIN", plain()], "235 2.7.0"),
        ([f"AUTH PLAIN {plain('LanhDao.Mot')}"], "235 2.7.0"),
        (["AUTH LOGIN", b64encode(b"lanhdao.mot"), b64encode(PASSWORD.encode())], "235 2.7.0"),
        ([b"AUTH LOGIN " + b64encode(b"lanhdao.mot"), b64encode(PASSWORD.encode())], "235 2.7.0"),
        ([f"AUTH PLAIN {plain(password='x')}"], "535 5.7.8"),
        ([f"AUTH PLAIN {plain('nobody')}"], "535 5.7.8"),
        ([f"AUTH PLAIN {plain(authority='someone.else')}"], "535 5.7.8"),
        (["AUTH PLAIN AP8A/w=="], "535 5.7.8"),
        (["AUTH PLAIN !!!"], "501 5.5.2"),
        (["AUTH PLAIN AAA="], "501 5.5.2"),
        (["AUTH PLAIN", "*"], "501 5.7.0"),
        (["AUTH LOGIN", "*"], "501 5.7.0"),
        (["AUTH LOGIN", b64encode(b"a"), b64encode(b"\xff")], "535 5.7.8"),
        (["AUTH CRAM-MD5"], "504 5.5.4"),
        (["AUTH"], "501 5.5.2"),
        (["AUTH PLAIN a b"], "501 5.5.2"),
        ([f"AUTH PLAIN {plain()}", f"AUTH PLAIN {plain()}"], "503 5.5.1"),
        ([f"MAIL FROM:<{KNOWN}>", f"AUTH PLAIN {plain()}"], "503 5.5.1"),
    ],
)
def test_logging_in(guarded, trusting, words, answer):
    talk = guarded.dial("127.0.1.5", "smtps", tls=trusting)
    assert talk.say("EHLO x", *words).startswith(answer)


def test_a_login_proves_unit_and_account_and_binds_the_sender(guarded, trusting):
    talk = guarded.dial(OUTSIDE, "smtps", tls=trusting)
    talk.say("EHLO x", f"AUTH PLAIN {plain()}")
    assert talk.say("MAIL FROM:<vanthu@xa-hai.example>").startswith("553 5.7.1")
    assert talk.say("MAIL FROM:<giamdoc@so-mot.example>", f"RCPT TO:<{OFFICE}>").startswith("250")
    assert talk.say("DATA", b"a\r\n.").startswith("250")
    (envelope,) = guarded.door.envelopes()
    assert (envelope.unit, envelope.account) == ("H1", "H1/ld")


def test_a_login_ends_with_ehlo_inside_tls_no_more_than_with_a_message(guarded, trusting):
    talk = guarded.dial(OUTSIDE, "smtps", tls=trusting)
    talk.say("EHLO x", f"AUTH PLAIN {plain()}")
    for _ in range(2):
        assert talk.say("EHLO x", f"MAIL FROM:<{KNOWN}>", f"RCPT TO:<{OFFICE}>").startswith("250")
        assert talk.say("DATA", b"a\r\n.").startswith("250")


def test_the_same_bytes_with_and_without_a_login_are_two_submissions(guarded, trusting):
    for kind, tls in (("smtp", None), ("smtps", trusting)):
        talk = guarded.dial("127.0.1.5", kind, tls=tls)
        talk.say("EHLO x", *([f"AUTH PLAIN {plain()}"] if tls else []))
        talk.say(f"MAIL FROM:<{KNOWN}>", f"RCPT TO:<{OFFICE}>", "DATA", b"a\r\n.")
    assert [envelope.account for envelope in guarded.door.envelopes()] == [None, "H1/ld"]


def test_failed_logins_are_limited_in_a_connection_and_by_address(post, tls, logins, trusting):
    made = post(**tls, login_failures=2)
    for _ in range(4):
        talk = made.dial(OUTSIDE, "smtps", tls=trusting)
        assert talk.say("EHLO x", f"AUTH PLAIN {plain(password='x')}").startswith("535")
        assert talk.say(f"AUTH PLAIN {plain(password='x')}").startswith("421 4.7.0")
        assert talk.hung_up()
    talk = made.dial(OUTSIDE, "smtps", tls=trusting)
    assert talk.say("EHLO x", f"AUTH PLAIN {plain()}").startswith("421 4.7.0")
    elsewhere = made.dial("127.0.7.8", "smtps", tls=trusting)
    assert elsewhere.say("EHLO x", f"AUTH PLAIN {plain()}").startswith("235")
    made.now[0] += 900
    talk = made.dial(OUTSIDE, "smtps", tls=trusting)
    assert talk.say("EHLO x", f"AUTH PLAIN {plain()}").startswith("235")
    assert not [line for line in made.log.lines if PASSWORD in line or "lanhdao" in line]


def test_where_tls_is_required_nothing_is_taken_without(post, tls, trusting):
    made = post(**tls, require_tls=True)
    talk = made.dial()
    assert talk.say("EHLO x", f"MAIL FROM:<{KNOWN}>").startswith("530 5.7.0")
    talk.start_tls(trusting)
    assert talk.say("EHLO x", f"MAIL FROM:<{KNOWN}>").startswith("250")
    lmtp = made.dial("127.0.0.1", "lmtp")
    assert lmtp.say("LHLO x", f"MAIL FROM:<{KNOWN}>").startswith("250")


def test_a_large_message_through_tls_is_whole(guarded, trusting):
    talk = guarded.dial("127.0.1.5", "smtps", tls=trusting)
    body = b"".join(b"%07d inside\r\n" % number for number in range(100_000))
    talk.announce()
    assert talk.say(body + b".").startswith("250")
    assert guarded.door.bodies() == [body]


def test_a_renewed_certificate_is_used_without_a_restart(guarded, renew, trusting):
    def presented() -> bytes:
        return guarded.dial(OUTSIDE, "smtps", tls=trusting).socket.getpeercert(binary_form=True)

    first = presented()
    renew("second")
    guarded.until(lambda: presented() != first)
    second = presented()
    certificate, key = renew("third")
    certificate.write_text("half a certificate")
    guarded.until(lambda: any("stays in force" in line for line in guarded.log.lines))
    assert presented() == second
    key.unlink()
    renew("fourth")
    guarded.until(lambda: presented() != second)


def test_changed_passwords_count_without_a_restart(guarded, tmp_path, trusting):
    talk = guarded.dial(OUTSIDE, "smtps", tls=trusting)
    talk.say("EHLO x")
    write_logins(tmp_path, **{"lanhdao.mot": QUICK.hash("another one, long")})
    guarded.until(lambda: any("new password" in line for line in guarded.log.lines))
    assert talk.say(f"AUTH PLAIN {plain()}").startswith("535")
    assert talk.say(f"AUTH PLAIN {plain(password='another one, long')}").startswith("235")


def test_unusable_files_stop_the_start_with_a_remedy(post, tls, tmp_path):
    tls["key"].write_text("no key")
    with pytest.raises(ConfigurationError, match=r"cert\.pem: not a PEM certificate with the key"):
        post(**tls)
    tls["key"].unlink()
    with pytest.raises(ConfigurationError, match="certificate and key must be there"):
        post(**tls)
    (tmp_path / "logins.toml").write_text("[password]\n")
    (tmp_path / "logins.toml").chmod(0o644)
    with pytest.raises(DirectoryError, match="chmod 600"):
        post()


def test_old_tls_is_refused(guarded, trusting):
    trusting.options &= ~ssl.OP_NO_TLSv1_1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        trusting.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        guarded.dial(OUTSIDE, "smtps", tls=trusting)
