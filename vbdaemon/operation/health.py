"""Is it alive, is it ready: for supervisors and monitoring, over HTTP on this machine alone."""

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog

from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.operation.metrics import CONTENT_TYPE
from vbdaemon.operation.notify_heartbeat import Heartbeat

log = structlog.get_logger("health")
PATIENCE_SECONDS = 5.0
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Health:
    """How the daemon is."""

    live: bool
    """Every vital loop turns; if not, only a new start helps."""
    ready: bool
    """It takes in, decides and delivers."""
    why: tuple[str, ...] = ()
    """What is not as it should be."""
    alarms: Mapping[str, int] = field(default_factory=dict)
    """Open alarms by kind: work for people, which no new start would do."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens."""

    host: str
    port: int

    @classmethod
    def of(cls, words: str) -> "Listen":
        """From "127.0.0.1:9273" or "[::1]:9273"; ConfigurationError for another place than this machine."""
        host, _, port = words.rpartition(":")
        try:
            address = ipaddress.ip_address(host.strip("[]"))
            number = int(port)
        except ValueError as error:
            raise ConfigurationError(f'[metrics] listen: {words!r} is no address; write "127.0.0.1:9273"') from error
        if not address.is_loopback:
            raise ConfigurationError(
                f"[metrics] listen: {host} can be reached from other machines; use 127.0.0.1 with a proxy before it"
            )
        return cls(str(address), number)


def health_of(heartbeat: Heartbeat, paused: str, ask: Callable[[], object]) -> Health:
    """Late loops are deadly; a pause, or a database that does not answer (`ask` raises), is not."""
    late = tuple(f"{pulse.loop} has not turned for {pulse.silent_seconds:.0f} s" for pulse in heartbeat.late())
    why = [*late, *([paused] if paused else [])]
    try:
        ask()
    except VbdaemonError as error:
        why.append(str(error))
    return Health(live=not late, ready=not why, why=tuple(why))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, place: Listen, metrics: Callable[[], bytes], health: Callable[[], Health]) -> None:
        self.metrics = metrics
        self.health = health
        self.address_family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        super().__init__((place.host, place.port), _Request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up, or a mistake of ours: a line in the log, the server lives on."""
        del request, client_address
        log.warning("request not answered")


class _Request(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_SECONDS
    server_version = "vbdaemon"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one of the four pages."""
        path = self.path.partition("?")[0].rstrip("/")
        if path == "/metrics":
            self._metrics()
        elif path in ("/health", "/health/live", "/health/ready"):
            health = self.server.health()
            well = health.live if path == "/health/live" else health.ready
            body = json.dumps(asdict(health), ensure_ascii=False).encode() + b"\n"
            self._answer(HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, "application/json", body)
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"/metrics /health /health/live /health/ready\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Requests are not logged: they come every few seconds."""

    def _metrics(self) -> None:
        try:
            self._answer(HTTPStatus.OK, CONTENT_TYPE, self.server.metrics())
        except VbdaemonError as error:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", f"{str(error)[:MOST_WORDS]}\n".encode())

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


class HealthServer:
    """Serves `/metrics`, `/health`, `/health/live` and `/health/ready` from a thread of its own."""

    def __init__(self, place: Listen, metrics: Callable[[], bytes], health: Callable[[], Health]) -> None:
        self._place = place
        self._metrics = metrics
        self._health = health
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens; port 0 of the settings means any free one."""
        return int(self._server.server_address[1]) if self._server else self._place.port

    def start(self) -> None:
        """Listen; ConfigurationError when somebody else does there."""
        try:
            self._server = _Server(self._place, self._metrics, self._health)
        except OSError as error:
            place = f"{self._place.host}:{self._place.port}"
            raise ConfigurationError(f"[metrics] listen: {place}: {error.strerror}; name another port") from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="health", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(PATIENCE_SECONDS)
            self._server = self._thread = None
