"""A real Dovecot of the session's own, a mailbox for each test, and the intake over the real spool and state."""

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imapclient import IMAPClient

from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.imap.account import Account
from vbdaemon.intake.imap.folder import MailFolder
from vbdaemon.intake.imap.intake import ImapIntake
from vbdaemon.intake.imap.keys import Keys
from vbdaemon.intake.imap.settings import After, MailboxSettings
from vbdaemon.intake.imap.token import https_post
from vbdaemon.model import SecretKind, SecretSource, Security
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State

PASSWORD = "mat-khau-thu-nghiem"
ENVIRONMENT = {"IMAP_PASSWORD": PASSWORD}
CONFIGURATION = """
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1, 127.0.0.2, 127.0.0.3
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u
mail_plugins = acl quota
mail_fsync = never
first_valid_uid = 1
mail_max_userip_connections = 50
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
local 127.0.0.2 {{
  protocol imap {{
    imap_capability = IMAP4rev1 IDLE UIDPLUS NAMESPACE LITERAL+
  }}
}}
local 127.0.0.3 {{
  protocol imap {{
    imap_capability = IMAP4rev1 NAMESPACE
  }}
}}
service stats {{
  chroot =
}}
plugin {{
  acl = vfile
  quota = maildir:User quota
  quota_rule = *:messages=%{{userdb:most:100000}}
}}
"""


KINDS = {
    "whole": ("127.0.0.1", ""),
    "uidplus": ("127.0.0.2", ""),
    "bare": ("127.0.0.3", ""),
    "full": ("127.0.0.2", "userdb_most=3"),
}
"""Users whose server can do less, or has no more room. All are there from the start: Dovecot looks once a second."""
USERS_OF_A_KIND = 400
NOBODY = 999_999_999
"""A UID that no message has."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(met: Callable[[], Any], what: str, seconds: float = 15.0) -> Any:
    """Wait for something that another thread or process does."""
    end = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.01)
    return found


def make_certificate(folder: Path) -> None:
    """A CA of our own, and a certificate for localhost that it signed."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("CA thử", "localhost")]
    made = []
    for number, (key, name) in enumerate(zip(keys, names, strict=True)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(number + 1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
        )
        if number:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        made.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "ca.pem").write_bytes(made[0])
    (folder / "certificate.pem").write_bytes(made[1])
    (folder / "key.pem").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class Dovecot:
    """The server; users are added while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port, self.token_port = free_port(), free_port(), free_port()
        folder.chmod(0o755)
        for name in ("base", "state", "mail"):
            (folder / name).mkdir()
        shutil.chown(folder / "mail", "mail", "mail")
        make_certificate(folder)
        self.configuration = folder / "dovecot.conf"
        self.configuration.write_text(
            CONFIGURATION.format(folder=folder, port=self.port, tls_port=self.tls_port), "utf-8"
        )
        (folder / "oauth2.conf").write_text(
            f"tokeninfo_url = http://127.0.0.1:{self.token_port}/tokeninfo?access_token=\n"
            "username_attribute = email\nactive_attribute = active\nactive_value = yes\n",
            "utf-8",
        )
        lines = [
            f"{kind}{number}:{{PLAIN}}{PASSWORD}:8:8::{folder}/mail/{kind}{number}::{extra}\n"
            for kind, (_, extra) in KINDS.items()
            for number in range(1, USERS_OF_A_KIND + 1)
        ]
        (folder / "users").write_text("".join(lines), "utf-8")
        self._numbers = {kind: count(1) for kind in KINDS}

    def start(self) -> None:
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                ["dovecot", "-F", "-c", str(self.configuration)], stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        until(self._answers, "Dovecot to answer")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def add(self, kind: str = "whole") -> "MailUser":
        """A mailbox that nobody used."""
        return MailUser(self, f"{kind}{next(self._numbers[kind])}", KINDS[kind][0])

    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
            return bool(link.recv(1))
        return False


class MailUser:
    """A mailbox as people use it beside us."""

    def __init__(self, server: Dovecot, name: str, host: str) -> None:
        self.server = server
        self.host = host
        self.name = name
        self.maildir = server.folder / "mail" / name
        self._read_only = False

    @contextlib.contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.server.port, ssl=False, timeout=20) as client:
            client.login(self.name, PASSWORD)
            client.select_folder(folder, readonly=self._read_only)
            yield client

    def bring(self, *messages: bytes, folder: str = "INBOX") -> None:
        with self.client() as client:
            for message in messages:
                client.append(folder, message)

    def create(self, folder: str) -> None:
        with self.client() as client:
            client.create_folder(folder)

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """Flags by UID; \\Recent aside."""
        with self.client(folder) as client:
            found = client.fetch(client.search(["ALL"]) or [NOBODY], ["FLAGS"])
            return {uid: {f.decode() for f in row[b"FLAGS"]} - {"\\Recent"} for uid, row in found.items()}

    def messages(self, folder: str = "INBOX") -> list[bytes]:
        with self.client(folder) as client:
            found = client.fetch(client.search(["ALL"]) or [NOBODY], ["BODY.PEEK[]"])
            return [row[b"BODY[]"] for _, row in sorted(found.items())]

    def folders(self) -> set[str]:
        with self.client() as client:
            return {name for _, _, name in client.list_folders()}

    def renumber(self) -> None:
        """A new UIDVALIDITY, as after a restored backup."""
        time.sleep(1.05 - time.time() % 1)  # Dovecot numbers by the second
        for path in [*self.maildir.glob("dovecot-uid*"), *self.maildir.glob("dovecot.index*")]:
            path.unlink()

    def make_read_only(self) -> None:
        """The owner may look and read, and no more."""
        (self.maildir / "dovecot-acl").write_text("owner lr\n")
        self._read_only = True

    def kick(self) -> None:
        subprocess.run(
            ["doveadm", "-c", str(self.server.configuration), "kick", self.name], check=True, capture_output=True
        )

    def settings(self, **changes: Any) -> MailboxSettings:
        made = MailboxSettings(
            name="van-thu",
            host=self.host,
            port=self.server.port,
            security=Security.PLAIN,
            username=self.name,
            password=SecretSource(SecretKind.ENVIRONMENT, "IMAP_PASSWORD"),
            moved_to="Đã tiếp nhận",
            socket_seconds=10.0,
        )
        if "after" in changes:
            changes["after"] = After(changes["after"])
        return replace(made, **changes)


class Words:
    """A log that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def _write(self, event: str, /, **values: object) -> None:
        self.lines.append(f"{event} {values}")

    info = warning = error = _write


class Office:
    """Spool, state and admission of one vbdaemon, and its accounts."""

    def __init__(self, folder: Path, template: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.database = Path(shutil.copy(template, folder / "state.sqlite3"))
        self.state = State(f"sqlite:///{self.database}")
        self.log = Words()
        self.monotonic = 1000.0
        self.environment = dict(ENVIRONMENT)
        self.full = ""
        self.failpoint: Failpoint = pass_by
        self.post = https_post
        self.admission = Admission(self.spool, self.state, self.clock)

    def clock(self) -> datetime:
        return datetime(2026, 3, 2, 5, 0, tzinfo=UTC)

    def account(self, settings: MailboxSettings) -> Account:
        folders = [
            MailFolder(
                settings, name, self.admission, self.state, self.clock, lambda: self.monotonic, self.log, self._pass
            )
            for name in settings.folders
        ]
        keys = Keys(settings, self.environment, lambda: self.monotonic, self.post)
        return Account(settings, folders, keys, self.clock, self.log, lambda: 0.5, lambda: self.full)

    @contextlib.contextmanager
    def trying(self, settings: MailboxSettings) -> Iterator[Account]:
        """An account without its thread."""
        account = self.account(settings)
        try:
            yield account
        finally:
            account.stop()
            account.close()

    @contextlib.contextmanager
    def session(self, settings: MailboxSettings) -> Iterator[Callable[[], int]]:
        """One session; each call is a look at all folders, and answers how many messages were taken."""
        with self.trying(settings) as account:
            self.last = account
            link = account._connected()
            try:
                yield lambda: account.look(link).taken
            finally:
                for folder in account._folders:
                    folder.leave()
                link.close(politely=True)

    def look(self, settings: MailboxSettings) -> int:
        """A session of one look."""
        with self.session(settings) as look:
            return look()

    @contextlib.contextmanager
    def running(self, *settings: MailboxSettings) -> Iterator[ImapIntake]:
        """The intake's own threads."""
        intake = ImapIntake(
            settings,
            self.admission,
            self.state,
            lambda: datetime.now(UTC),
            time.monotonic,
            self.log,
            self.environment,
            self._pass,
            self.post,
        )
        intake.start()
        try:
            yield intake
        finally:
            assert intake.stop()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def events(self, kind: str) -> list[str]:
        return [words for (words,) in self.rows(f"SELECT words FROM events WHERE kind = '{kind}' ORDER BY id")]

    def states(self) -> dict[int, str]:
        return dict(self.rows("SELECT uid, state FROM mailbox_messages ORDER BY uidvalidity, uid"))

    def taken(self) -> list[bytes]:
        """The bytes of every submission that has a row, each verified; nothing else lies in the spool."""
        ids = [i for (i,) in self.rows("SELECT id FROM submissions ORDER BY received_at, id")]
        assert sorted(self.spool.sealed()) == sorted(ids)
        assert not list(self.spool.drafts())
        found = []
        for submission_id in ids:
            (file,) = self.spool.verify(submission_id).files
            assert file.name == "thu.eml"
            found.append((self.spool.folder_of(submission_id) / file.stored).read_bytes())
        return sorted(found)

    def close(self) -> None:
        self.state.close()

    def _pass(self, step: str) -> None:
        self.failpoint(step)


class Proxy:
    """A TCP relay that can stop passing bytes, without closing anything, and can cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._passing = threading.Event()
        self._passing.set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self.links = 0
        self.passed = 0

    def hold(self) -> None:
        self._passing.clear()

    def release(self) -> None:
        self._passing.set()

    def cut(self) -> None:
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.release()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._sockets += [near, far]
            self.links += 1
            for pair in ((near, far), (far, near)):
                self._threads.append(threading.Thread(target=self._relay, args=pair, daemon=True))
                self._threads[-1].start()

    def _relay(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while body := source.recv(65536):
                self._passing.wait()
                target.sendall(body)
                self.passed += len(body)
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if shutil.which("dovecot") is None or os.geteuid() != 0:
        why = "needs Dovecot (Debian: dovecot-imapd) and root"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    folder = Path("/tmp") / f"dc{os.getpid()}"  # sockets have short names
    folder.mkdir()
    server = Dovecot(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def user(dovecot: Dovecot) -> MailUser:
    """A mailbox of the test's own."""
    return dovecot.add()


@pytest.fixture(autouse=True)
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk's speed is not what is tested here."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to be copied: quicker than to migrate anew."""
    path = tmp_path_factory.mktemp("template") / "state.sqlite3"
    State(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def office(tmp_path: Path, template: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office", template)
    yield made
    made.close()


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    made = Proxy(dovecot.port)
    yield made
    made.close()


def letter(number: int = 1, size: int = 0) -> bytes:
    """A mail; bytes of its own for each number."""
    body = b"K\xc3\xadnh g\xe1\xbb\xadi\r\n" + b"x" * 76 * (size // 78)
    lines = b"\r\n".join(body[i : i + 76] for i in range(0, len(body), 76))
    return f"From: bqlda@example.vn\r\nMessage-ID: <{number}@example.vn>\r\nSubject: {number}\r\n\r\n".encode() + lines


@pytest.fixture
def mail() -> Callable[..., bytes]:
    return letter


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until
