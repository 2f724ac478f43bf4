"""A listener on a port of its own, clients that speak to it byte by byte, and a Postfix of the test's own."""

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vbdaemon.intake.admission import SourceKey
from vbdaemon.intake.smtp import SmtpIntake, SmtpSettings
from vbdaemon.intake.smtp.intake import Surroundings
from vbdaemon.model import (
    Account,
    AccountRole,
    Directory,
    Envelope,
    MailRules,
    Security,
    Smarthost,
    Snapshot,
    Unit,
)
from vbdaemon.spool.incoming import Incoming
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import Admitted

OFFICE = "vanthu@songlam.example"
PREFLIGHT = "kiemtra@songlam.example"
KNOWN = "vanthu@so-mot.example"
OUTSIDE = "127.0.7.7"
"""The client's own address; the networks of units are parts of the loopback network."""
PASSWORD = "mật khẩu dài 1"
SECONDS = 20.0

UNITS = (
    Unit(
        "H1",
        "Sở Một",
        addresses=(KNOWN,),
        networks=("127.0.1.0/24",),
        accounts=(
            Account("H1/ld", AccountRole.LEADER, addresses=("giamdoc@so-mot.example",), login="lanhdao.mot"),
            Account("H1/vt", AccountRole.CLERK, login="Vanthu.Mot"),
        ),
    ),
    Unit("H2", "Xã Hai", served=True, addresses=("vanthu@xa-hai.example",), networks=("127.0.2.0/24", "2001:db8::/64")),
)
RULES = MailRules(
    addresses=(OFFICE,),
    preflight=(PREFLIGHT,),
    smarthost=Smarthost("mail.example", 587, Security.STARTTLS, "gui@songlam.example", "songlam.example"),
)
SNAPSHOT = Snapshot("test", directory=Directory(UNITS), mail=RULES)


@dataclass
class Door:
    """Admission's contract over the real spool; rows live in this value."""

    spool: Spool
    rows: dict[str, tuple[SourceKey, Envelope]] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    refuse: Exception | None = None
    refuse_begin: Exception | None = None
    held: list[Callable[[], None]] | None = None
    """When set, rows are committed only when a test calls what is in here."""
    begun: int = 0

    def begin(self, submission_id: str | None = None) -> Incoming:
        if self.refuse_begin is not None:
            raise self.refuse_begin
        self.begun += 1
        return self.spool.begin(submission_id or f"260302-{self.begun:08d}")

    def admit(self, incoming: Incoming, envelope: Envelope, key: SourceKey) -> "Future[Admitted]":
        incoming.seal(envelope)
        answer: Future[Admitted] = Future()

        def commit() -> None:
            if self.refuse is not None:
                self.spool.retract(incoming.id)
                answer.set_exception(self.refuse)
                return
            earlier = next((i for i, (k, _) in self.rows.items() if k == key), None)
            if earlier is None:
                self.rows[incoming.id] = (key, envelope)
            answer.set_result(Admitted(earlier or incoming.id, new=earlier is None))

        if self.held is None:
            commit()
        else:
            self.held.append(commit)
        return answer

    def acknowledge(self, submission_id: str) -> None:
        self.acknowledged.append(submission_id)

    def envelopes(self) -> list[Envelope]:
        return [envelope for _, envelope in self.rows.values()]

    def bodies(self) -> list[bytes]:
        found = []
        for row in self.rows:
            (file,) = self.spool.verify(row).files
            assert file.name == "thu.eml"
            found.append((self.spool.folder_of(row) / file.stored).read_bytes())
        return found

    def drafts(self) -> list[str]:
        return list(self.spool.drafts())


class Words:
    """A log that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, event: str, /, **values: object) -> None:
        self.lines.append(f"info {event} {values}")

    def warning(self, event: str, /, **values: object) -> None:
        self.lines.append(f"warning {event} {values}")

    def error(self, event: str, /, **values: object) -> None:
        self.lines.append(f"error {event} {values}")


class Talk:
    """A client that says exactly what a test wants, and reads whole replies."""

    def __init__(self, port: int, own: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS, (own, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="vanthu.example")
        self.lines = self.socket.makefile("rb")
        self.greeting = self.reply()

    def reply(self) -> str:
        """The next reply, its lines joined; "" when the other side hung up."""
        found = []
        while line := self._line():
            found.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(found)

    def _line(self) -> str:
        try:
            return self.lines.readline().decode()
        except (ConnectionResetError, ssl.SSLError):
            return ""

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def say(self, *commands: str | bytes) -> str:
        """Send each with its line end, one after the other; the last reply."""
        answer = ""
        for command in commands:
            self.send((command.encode() if isinstance(command, str) else command) + b"\r\n")
            answer = self.reply()
        return answer

    def announce(self, sender: str = KNOWN, *recipients: str) -> str:
        """Up to the reply to DATA."""
        heard = self.say("EHLO client.example", f"MAIL FROM:<{sender}>")
        for recipient in recipients or (OFFICE,):
            heard = self.say(f"RCPT TO:<{recipient}>")
        return self.say("DATA") if heard.startswith("250") else heard

    def start_tls(self, context: ssl.SSLContext) -> None:
        assert self.say("EHLO client.example", "STARTTLS").startswith("220")
        self.lines.close()
        self.socket = context.wrap_socket(self.socket, server_hostname="vanthu.example")
        self.lines = self.socket.makefile("rb")

    def hung_up(self) -> bool:
        """True when the other side closes, whatever it says before."""
        while self.reply():
            pass
        return True

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


@dataclass
class Post:
    """A running listener."""

    intake: SmtpIntake
    door: Door
    log: Words
    now: list[float]
    """The monotonic clock; tests move it."""
    ending: ExitStack

    def port(self, kind: str = "smtp") -> int:
        found = next(each for each in self.intake.addresses if each.startswith(f"{kind} "))
        return int(found.rpartition(":")[2])

    def dial(self, own: str = "127.0.1.5", kind: str = "smtp", tls: ssl.SSLContext | None = None) -> Talk:
        talk = Talk(self.port(kind), own, tls=tls)
        self.ending.callback(talk.close)
        return talk

    def until(self, holds: Callable[[], Any], what: str = "it") -> Any:
        end = time.monotonic() + SECONDS
        while not (found := holds()):
            assert time.monotonic() < end, f"waited in vain for {what}; {self.log.lines}"
            time.sleep(0.005)
        return found


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Callable[..., Post]]:
    """Starts listeners; further words are settings. All are stopped at the end."""
    with ExitStack() as ending:

        def start(snapshot: Snapshot = SNAPSHOT, around: dict[str, Any] | None = None, **changes: Any) -> Post:
            spool = Spool(tmp_path / "spool")
            spool.prepare()
            now = [1000.0]
            given = {"listen": ("127.0.0.1:0",), "listen_lmtp": ("127.0.0.1:0",), "hostname": "vanthu.example"}
            relays = (ip_network("127.0.9.0/24"),)
            settings = SmtpSettings(**{"logins": tmp_path / "logins.toml", "relays": relays, **given, **changes})
            surroundings = Surroundings(
                clock=lambda: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=now[0]),
                monotonic=lambda: now[0],
                look_seconds=0.01,
            )
            door, log = Door(spool), Words()
            intake = SmtpIntake(settings, snapshot, door, log, replace(surroundings, **(around or {})))
            intake.start()
            ending.callback(intake.stop)
            return Post(intake, door, log, now, ending)

        yield start


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("vanthu.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths = folder / "cert.pem", folder / "key.pem"
    for path, body in zip(paths, (made.public_bytes(serialization.Encoding.PEM), private), strict=True):
        waiting = path.with_suffix(".new")
        waiting.write_bytes(body)
        waiting.replace(path)
    return paths


@pytest.fixture
def renew(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """Writes a certificate of that name, and its key, over the former ones."""
    return lambda name: make_certificate(tmp_path, name)


@pytest.fixture
def tls(renew: Callable[[str], tuple[Path, Path]]) -> dict[str, Any]:
    """Settings of a listener with TLS."""
    certificate, key = renew("first")
    return {"certificate": certificate, "key": key, "listen_tls": ("127.0.0.1:0",)}


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """A client's context that asks for no name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


MAIN_CF = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_bind_address = 127.0.9.1
smtp_host_lookup = native
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:none
relay_domains = songlam.example
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtputf8_enable = yes
message_size_limit = 200000000
mailbox_size_limit = 0
maillog_file_prefixes = {root}
maillog_file = {root}/log
"""
MASTER_CF = """{port} inet n - n - - smtpd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


class Postfix:
    """A Postfix with folders and a port of its own; hands everything on to where `main` says."""

    def __init__(self, root: Path, **main: str) -> None:
        self.root = root
        self.port = free_port()
        for name in ("conf", "queue", "data"):
            (root / name).mkdir()
        root.chmod(0o755)
        os.chown(root / "data", pwd.getpwnam("postfix").pw_uid, -1)
        daemons = subprocess.run(["postconf", "-h", "daemon_directory"], capture_output=True, text=True, check=True)
        lines = [f"{key} = {value}\n" for key, value in main.items()]
        text = MAIN_CF.format(root=root, daemons=daemons.stdout.strip()) + "".join(lines)
        (root / "conf/main.cf").write_text(text)
        (root / "conf/master.cf").write_text(MASTER_CF.format(port=self.port))
        self._tell("start")
        end = time.monotonic() + SECONDS
        while not self._listens():
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def _tell(self, word: str) -> None:
        subprocess.run(
            ["postfix", "-c", str(self.root / "conf"), word], capture_output=True, check=False, timeout=SECONDS
        )

    def log(self) -> str:
        path = self.root / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def stop(self) -> None:
        self._tell("stop")


@pytest.fixture
def postfix() -> Iterator[Callable[..., Postfix]]:
    """Starts Postfixes; further words are parameters of main.cf."""
    if shutil.which("postfix") is None or os.geteuid() != 0:
        words = "needs Postfix, and root to start one"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    with ExitStack() as ending:

        def start(**main: str) -> Postfix:
            root = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="vbdaemon-postfix-", dir="/var/tmp")))
            made = Postfix(root, **main)
            ending.callback(made.stop)
            return made

        yield start
