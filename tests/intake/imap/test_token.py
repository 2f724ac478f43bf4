"""XOAUTH2: tokens of a real endpoint, checked by the mail server; a replaced refresh token is saved before use."""

import http.server
import json
import logging
import stat
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

from vbdaemon.errors import ConfigurationError
from vbdaemon.intake.imap.settings import TokenSettings
from vbdaemon.intake.imap.token import TokenSupply, https_post
from vbdaemon.intake.imap.trouble import LoginRefused, MailboxTrouble
from vbdaemon.model import SecretKind, SecretSource

pytestmark = pytest.mark.slow


class Provider:
    """Gives out access tokens, each refresh token only once, and tells the mail server whose a token is."""

    def __init__(self, port, user):
        self.user = user
        self.refresh = "lam-moi-1"
        self.valid = set()
        self.asked = []
        self.answer = None
        self.lifetime = 3600
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                form = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.reply(*provider.token(dict(urllib.parse.parse_qsl(form))))

            def do_GET(self):
                token = urllib.parse.urlsplit(self.path).query.partition("=")[2]
                active = token in provider.valid
                self.reply(200, {"email": provider.user, "active": "yes"} if active else {"error": "invalid"})

            def reply(self, status, answer):
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{port}/token"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def token(self, form):
        self.asked.append(form)
        if self.answer is not None:
            return self.answer
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": f"token {form['refresh_token']} is used up"}
        access = f"vao-cua-{len(self.asked)}"
        self.valid.add(access)
        answer = {"access_token": access, "expires_in": self.lifetime, "token_type": "Bearer"}
        if form["grant_type"] == "refresh_token":
            self.refresh = answer["refresh_token"] = f"lam-moi-{len(self.asked) + 1}"
        return 200, answer

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def loopback_post(url, form):
    """What `https_post` does, without TLS."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, form), timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


@pytest.fixture
def provider(dovecot, user):
    with closing(Provider(dovecot.token_port, user.name)) as made:
        yield made


@pytest.fixture
def settings(provider, user, tmp_path):
    file = tmp_path / "token"
    file.write_text("lam-moi-1\n")
    file.chmod(0o600)
    token = TokenSettings(provider.url, "may-khach", None, file, "https://mail.example.vn/")
    return user.settings(password=None, token=token)


@pytest.fixture
def supply(settings, office):
    return TokenSupply(settings.token, {"CLIENT_SECRET": "bi-mat-khach"}, lambda: office.monotonic, loopback_post)


def test_a_mailbox_is_read_with_a_token_and_the_replaced_refresh_token_is_saved(office, user, mail, provider, settings):
    office.post = loopback_post
    user.bring(mail(1))
    assert office.look(settings) == 1
    assert settings.token.token_file.read_text() == "lam-moi-2\n"
    assert stat.S_IMODE(settings.token.token_file.stat().st_mode) == 0o600
    assert provider.asked[0] == {
        "client_id": "may-khach",
        "scope": "https://mail.example.vn/",
        "grant_type": "refresh_token",
        "refresh_token": "lam-moi-1",
    }
    assert office.look(settings) == 0  # another run goes on with the saved one
    assert settings.token.token_file.read_text() == "lam-moi-3\n"


def test_a_token_that_the_server_refuses_is_replaced_at_once(office, user, mail, provider, settings):
    office.post = loopback_post
    user.bring(mail(1))
    with office.trying(settings) as account:
        link = account._connected()
        link.close(politely=True)
        provider.valid.clear()
        link = account._connected()
        assert account.look(link).taken == 1
        link.close(politely=True)
    assert len(provider.asked) == 2


def test_tokens_are_kept_until_shortly_before_their_end(office, provider, supply):
    first = supply.token()
    office.monotonic += 3500
    assert supply.token() == first
    office.monotonic += 50
    assert supply.token() != first
    assert len(provider.asked) == 2


def test_a_refresh_token_that_cannot_be_saved_is_kept_in_mind_and_saved_later(provider, supply, settings, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("vbdaemon.intake.imap.token.write_file", _no_room)
        with pytest.raises(MailboxTrouble, match=r"cannot be saved \(No space left on device\)"):
            supply.token()
    assert settings.token.token_file.read_text() == "lam-moi-1\n"
    assert supply.token() == "vao-cua-2"
    assert settings.token.token_file.read_text() == "lam-moi-3\n"
    assert [path.name for path in settings.token.token_file.parent.glob("*token*")] == ["token"]


def _no_room(*_):
    raise OSError(28, "No space left on device")


def test_the_owner_of_the_token_file_stays_the_owner(as_root, supply, settings):
    import os  # noqa: PLC0415 - only here

    os.chown(settings.token.token_file, 12345, 12346)
    supply.token()
    found = settings.token.token_file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 12346, 0o600)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((400, {"error": "invalid_grant"}), LoginRefused, "sign in anew and write it to"),
        ((401, {"error": "invalid_client"}), LoginRefused, "check client, secret, tenant and scope"),
        ((503, {"error": "temporarily_unavailable"}), MailboxTrouble, "status 503 temporarily_unavailable"),
        ((200, b"<html>"), MailboxTrouble, "status 200, no token; check token_url"),
        ((200, {"token": "x"}), MailboxTrouble, "no access token in the answer"),
    ],
)
def test_what_the_endpoint_refuses_is_said_with_a_remedy(provider, supply, answer, kind, words):
    provider.answer = answer
    with pytest.raises(MailboxTrouble, match=words) as told:
        supply.token()
    assert type(told.value) is kind
    assert "lam-moi" not in str(told.value)


def test_an_endpoint_that_does_not_answer_is_said_with_a_remedy(settings, office):
    def nobody(url, form):
        raise urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))

    with pytest.raises(MailboxTrouble, match=r"no token .*refused.*check the network, the proxy and token_url"):
        TokenSupply(settings.token, {}, lambda: 0.0, nobody).token()


def test_a_client_can_ask_in_its_own_right(provider, office):
    secret = SecretSource(SecretKind.ENVIRONMENT, "CLIENT_SECRET")
    settings = TokenSettings(provider.url, "may-khach", secret, None, "https://outlook.example.vn/.default")
    supply = TokenSupply(settings, {"CLIENT_SECRET": "bi-mat-khach"}, lambda: 0.0, loopback_post)
    assert supply.token() == "vao-cua-1"
    assert provider.asked[0]["grant_type"] == "client_credentials"
    assert provider.asked[0]["client_secret"] == "bi-mat-khach"


def test_a_token_file_that_others_can_read_is_refused(supply, settings):
    settings.token.token_file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        supply.token()


def test_secrets_are_only_ever_sent_over_https():
    with pytest.raises(ConfigurationError, match="must begin with https://"):
        https_post("http://127.0.0.1/token", b"refresh_token=x")


def test_no_token_is_in_any_log(office, user, mail, provider, settings, caplog):
    office.post = loopback_post
    user.bring(mail(1))
    logging.getLogger("imapclient").setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    office.look(settings)
    provider.valid.clear()
    provider.answer = (200, {"access_token": "vao-cua-sai", "refresh_token": "lam-moi-9"})
    with office.trying(settings) as account:
        account._guarded()
    everything = "\n".join([caplog.text, *office.log.lines, account.standing.trouble])
    assert "login refused" in everything
    assert "vao-cua" not in everything
    assert "lam-moi" not in everything
