"""plugins/clamav.py against a real clamd, and against one that is down, slow or talks nonsense."""

import json
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from vbdaemon.errors import PluginError
from vbdaemon.model import Document, Finding, Severity, VerdictKind
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_document, make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[2] / "plugins"
NAME = "clamav"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
CONFIGURATION = """\
LocalSocket {folder}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/db
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength 1M
"""


def load(**table: object) -> Registry:
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=("vbdaemon.builtin.judge",))


def seen(document: Document) -> dict[str, object]:
    return {
        "submission": make_submission(*document.files),
        "document": document,
        "classification": make_classification(),
        "signatures": (),
        "snapshot": make_snapshot(),
    }


def looked_at(registry: Registry, document: Document) -> tuple[tuple[Finding, ...], VerdictKind]:
    """What was found, and the verdict that follows."""
    (answer,) = registry.all("check", **seen(document))
    (verdict,) = registry.all("judge", findings=answer.value, **seen(document))
    return answer.value, verdict.value.kind


def of(folder: Path, *bodies: bytes) -> Document:
    main, *annexes = (make_file(f"tep-{n}.bin", body, folder=folder) for n, body in enumerate(bodies))
    return make_document(main, annexes=annexes)


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A real clamd that knows one thing, EICAR: its socket, and its address by TCP."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        pytest.skip("needs clamd (Debian package clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n", encoding="ascii")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configuration = folder / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port), encoding="ascii")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "--config-file", configuration], stdout=log, stderr=log)
    end = time.monotonic() + 30
    while not (folder / "clamd.ctl").exists():
        assert process.poll() is None, (folder / "log").read_text("utf-8")
        assert time.monotonic() < end, (folder / "log").read_text("utf-8")
        time.sleep(0.05)
    yield str(folder / "clamd.ctl"), f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.mark.slow
@pytest.mark.parametrize("way", [0, 1], ids=["unix", "tcp"])
def test_a_real_clamd_finds_it_in_any_file_and_everything_is_quarantined(clamd, tmp_path, way):
    registry = load(socket=clamd[way])

    assert looked_at(registry, of(tmp_path, b"%PDF-1.7 harmless", b"")) == ((), VerdictKind.ACCEPT)
    (finding,), verdict = looked_at(registry, of(tmp_path, b"%PDF-1.7 harmless", EICAR))
    assert (finding.code, verdict) == ("malware", VerdictKind.QUARANTINE)
    assert finding.evidence is not None
    assert "Eicar-Test-Signature" in finding.evidence.words


@pytest.mark.slow
def test_more_than_a_real_clamd_takes_is_unchecked_and_held(clamd, tmp_path):
    registry = load(socket=clamd[0])

    findings, verdict = looked_at(registry, of(tmp_path, bytes(3_000_000)))
    assert [finding.code for finding in findings] == ["malware-unchecked"]
    assert verdict is VerdictKind.HOLD


@contextmanager
def talking(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Something on a loopback port that is no clamd."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            answer(self.request)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def says(words: bytes) -> Callable[[socket.socket], None]:
    def answer(line: socket.socket) -> None:
        line.recv(1 << 16)
        line.sendall(words)

    return answer


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(b"INSTREAM size limit exceeded. ERROR\0"), "size limit exceeded"),
        (says(b"stream: OK but not really\0"), "clamd answered"),
        (says(b"HTTP/1.1 200 OK\r\n\r\nstream: OK\0"), "clamd answered"),
        (says(b""), "clamd"),
        (lambda line: time.sleep(0.5), "did not answer within 0.3 s"),
    ],
    ids=["error", "more than OK", "another server", "nothing", "slow"],
)
def test_whatever_is_not_a_plain_ok_holds(tmp_path, answer, why):
    with talking(answer) as address:
        (finding,), verdict = looked_at(load(socket=address, seconds=0.3), of(tmp_path, b"%PDF-1.7"))

    assert (finding.code, finding.severity, verdict) == ("malware-unchecked", Severity.ERROR, VerdictKind.HOLD)
    assert why in finding.english
    assert "mã độc" in finding.message


def test_a_clamd_that_does_not_run_holds_and_each_file_has_its_finding(tmp_path):
    registry = load(socket=str(tmp_path / "nobody.ctl"))

    findings, verdict = looked_at(registry, of(tmp_path, b"one", b"two"))
    assert [finding.code for finding in findings] == ["malware-unchecked"] * 2
    assert len({finding.evidence.file for finding in findings if finding.evidence}) == 2
    assert verdict is VerdictKind.HOLD


def test_a_file_over_the_limit_is_not_sent_and_held(tmp_path):
    document = make_document(replace(make_file(), size=6_000_000))

    (finding,), verdict = looked_at(load(socket=str(tmp_path / "nobody.ctl"), limit_megabytes=5), document)
    assert "larger than 5 MB" in finding.english
    assert verdict is VerdictKind.HOLD


@pytest.mark.parametrize("address", ["192.0.2.7:3310", "clamd.example.vn:3310", "clamd.ctl", "127.0.0.1"])
def test_a_clamd_on_another_machine_is_refused(address):
    with pytest.raises(PluginError, match=r"plugins\.clamav\.socket: .*on this machine"):
        load(socket=address)


class Alarms(ThreadingHTTPServer):
    """Where alarms are posted to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.kinds: list[str] = []


class Taking(BaseHTTPRequestHandler):
    server: Alarms

    def do_POST(self) -> None:
        self.server.kinds.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["kind"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Quiet."""


@pytest.fixture
def alarms() -> Iterator[Alarms]:
    with Alarms() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.journey
def test_a_daemon_with_every_ready_plugin_archives_alarms_and_locks_malware_away(station, papers, clamd, alarms):
    archive = station.folder / "luu-tru"
    archive.mkdir()
    for path in FOLDER.glob("*.py"):
        shutil.copy(path, station.folder / "plugins")
    station.change("plugins", enabled=sorted(path.stem for path in FOLDER.glob("*.py")))
    station.change("plugins.clamav", socket=clamd[0])
    station.change("plugins.archive_copy", folder=str(archive))
    station.change("plugins.alarm_webhook", url=f"http://127.0.0.1:{alarms.server_port}/", kinds=["decided"])
    station.start()

    drop = station.exchange / "phong-noi-vu" / "gui"
    (station.folder / "cv").mkdir()
    for file in papers("letter"):
        (station.folder / "cv" / file.name).write_bytes(file.body)
    (station.folder / "cv").rename(drop / "cv")
    station.settled(1)
    station.drop("phong-noi-vu/gui", "doc-hai.txt", EICAR)
    states = station.settled(2)
    station.until(lambda: len(alarms.kinds) >= 2, "both alarms")
    assert station.stop() == 0

    assert sorted(states.values()) == ["ACCEPTED", "QUARANTINED"]
    (target,) = archive.glob("*/*")
    copied = {path.read_bytes() for path in target.iterdir()}
    assert {file.body for file in papers("letter")} <= copied
    assert set(alarms.kinds) == {"decided"}
