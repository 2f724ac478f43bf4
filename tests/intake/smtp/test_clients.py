"""Whole dialogues of the clients that people have."""

import os
import shutil
import smtplib
import subprocess
from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

import pytest
from argon2 import PasswordHasher

OFFICE = "vanthu@songlam.example"
KNOWN = "vanthu@so-mot.example"
PASSWORD = "mat-khau-dai-1"


def letter(attachment: bytes = b"%PDF-1.7\r\n.\r\n..\r\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = KNOWN, OFFICE, "Công văn số 12/SNV"
    message["Message-ID"], message["Date"] = "<1@so-mot.example>", "Mon, 02 Mar 2026 08:00:00 +0700"
    message.set_content(".một dòng\n..hai\n\n.\nhết\n", cte="8bit")
    message.add_attachment(attachment, maintype="application", subtype="pdf", filename="Công văn.pdf")
    return message


@pytest.fixture
def guarded(post, tls, tmp_path):
    path = tmp_path / "logins.toml"
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    path.write_text(f'[password]\n"lanhdao.mot" = "{hasher.hash(PASSWORD)}"\n')
    path.chmod(0o600)
    return post(**tls)


def need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        words = f"needs {program}"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    return found


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def test_smtplib_with_starttls_login_and_several_messages(guarded, trusting):
    with smtplib.SMTP("127.0.0.1", guarded.port(), source_address=("127.0.7.7", 0)) as client:
        client.starttls(context=trusting)
        client.login("lanhdao.mot", PASSWORD)
        for number in range(3):
            client.sendmail(KNOWN, [OFFICE], crlf(letter(b"%d" % number).as_bytes()), ["SMTPUTF8", "BODY=8BITMIME"])
    assert [e.account for e in guarded.door.envelopes()] == ["H1/ld"] * 3
    assert b"\r\n.m\xe1\xbb\x99t d\xc3\xb2ng\r\n..hai\r\n\r\n.\r\nh\xe1\xba\xbft\r\n" in guarded.door.bodies()[0]


def test_smtplib_is_told_of_each_refused_recipient(guarded):
    with smtplib.SMTP("127.0.0.1", guarded.port(), source_address=("127.0.1.7", 0)) as client:
        refused = client.sendmail(KNOWN, [OFFICE, "nobody@songlam.example"], b"Subject: x\r\n\r\nx\r\n")
    assert list(refused) == ["nobody@songlam.example"]
    assert refused["nobody@songlam.example"][0] == 550


def test_smtplib_over_lmtp(guarded):
    with smtplib.LMTP("127.0.0.1", guarded.port("lmtp")) as client:
        client.sendmail("ai.do@x.example", [OFFICE], b"Subject: x\r\n\r\n.x\r\n")
    assert guarded.door.bodies() == [b"Subject: x\r\n\r\n.x\r\n"]


def test_curl_over_tls_with_a_login(guarded, tmp_path):
    path = tmp_path / "letter.eml"
    path.write_bytes(crlf(letter().as_bytes()))
    run(
        need("curl"), "--silent", "--show-error", "--insecure", "--interface", "127.0.7.7",
        "--url", f"smtps://127.0.0.1:{guarded.port('smtps')}/client.example",
        "--user", f"lanhdao.mot:{PASSWORD}", "--mail-from", KNOWN, "--mail-rcpt", OFFICE, "--upload-file", str(path),
    )  # fmt: skip
    assert guarded.door.bodies() == [path.read_bytes()]
    assert guarded.door.envelopes()[0].account == "H1/ld"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_swaks_with_starttls_and_a_login(guarded, tmp_path, mechanism):
    swaks = need("swaks")
    path = tmp_path / "letter.eml"
    path.write_bytes(letter().as_bytes())
    told = subprocess.run(
        [
            swaks, "--server", "127.0.0.1", "--port", str(guarded.port()), "--local-interface", "127.0.7.7",
            "--tls", "--auth", mechanism, "--auth-user", "lanhdao.mot", "--auth-password", PASSWORD,
            "--from", KNOWN, "--to", OFFICE, "--data", f"@{path}",
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "TLS not available" in told.stdout + told.stderr:
        pytest.skip("swaks without Net::SSLeay")
    assert told.returncode == 0, told.stdout + told.stderr
    assert guarded.door.bodies()[0].rstrip() == crlf(path.read_bytes()).rstrip()


def test_swaks_pipelining_from_the_units_network(guarded):
    told = run(
        need("swaks"), "--server", "127.0.0.1", "--port", str(guarded.port()), "--local-interface", "127.0.1.7",
        "--pipeline", "--from", KNOWN, "--to", OFFICE, "--header", "Subject: CV 5",
    )  # fmt: skip
    assert "queued as" in told
    assert guarded.door.envelopes()[0].unit == "H1"


@pytest.mark.slow
@pytest.mark.parametrize("way", ["smtp", "lmtp"])
def test_postfix_hands_on_byte_by_byte_and_tries_again_after_trouble(guarded, postfix, way):
    guarded.door.refuse = OSError(28, "full")
    relay = postfix(
        relay_transport=f"{way}:[127.0.0.1]:{guarded.port(way)}",
        smtp_destination_concurrency_failed_cohort_limit="0",
        lmtp_destination_concurrency_failed_cohort_limit="0",
    )
    body = crlf(letter(os.urandom(700_000)).as_bytes())
    with smtplib.SMTP("127.0.0.1", relay.port) as client:
        client.sendmail("ai.do@x.example", [OFFICE, "gui@songlam.example"], body, ["SMTPUTF8", "BODY=8BITMIME"])
        client.sendmail("", ["gui@songlam.example"], b"Subject: bounce\r\n\r\n.\r\n..\r\n")
    guarded.until(lambda: "452 4.3.1" in relay.log(), "the first try")
    assert not guarded.door.rows
    guarded.door.refuse = None
    guarded.until(lambda: len(guarded.door.rows) == 2, relay.log())
    bodies = dict(zip((e.mail_from for e in guarded.door.envelopes()), guarded.door.bodies(), strict=True))
    assert bodies["ai.do@x.example"].endswith(body)
    assert bodies[""].endswith(b"\r\n\r\n.\r\n..\r\n")
    big = next(e for e in guarded.door.envelopes() if e.mail_from)
    assert set(big.recipients) == {OFFICE, "gui@songlam.example"}
    assert (big.unit, big.peer) == (None, "127.0.9.1" if way == "smtp" else "127.0.0.1")
    guarded.until(lambda: relay.log().count("status=sent") == 3)
    assert "queued as 260302-" in relay.log()


@pytest.mark.slow
def test_postfix_bounces_what_we_refuse_for_good(guarded, postfix):
    relay = postfix(relay_transport=f"smtp:[127.0.0.1]:{guarded.port()}")
    with smtplib.SMTP("127.0.0.1", relay.port) as client:
        client.sendmail("vanthu@songlam.example", ["nobody@songlam.example"], b"Subject: x\r\n\r\nx\r\n")
    guarded.until(lambda: "dsn=5.1.1" in relay.log(), "the refusal")
    guarded.until(lambda: guarded.door.rows, "the bounce to our own address")
    assert guarded.door.envelopes()[0].mail_from == ""
    assert b"multipart/report" in guarded.door.bodies()[0]


def test_a_base_64_line_of_a_login_is_in_no_log(guarded):
    assert b64encode(PASSWORD.encode()).decode() not in "".join(guarded.log.lines)
    assert Path(guarded.intake._settings.logins).exists()
