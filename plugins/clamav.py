"""Has clamd look at every file of a document. Off by default.

    [plugins]
    enabled = ["clamav"]

    [plugins.clamav]
    socket = "/run/clamav/clamd.ctl"   # or "127.0.0.1:3310"; clamd must run on this machine
    seconds = 8                        # for all files of a document; less than [workers] call_seconds
    limit_megabytes = 100              # not more than clamd's StreamMaxLength

What clamd finds is the finding `malware`: the whole submission is locked away. What clamd could not look at (it does
not run, is too slow, answers with an error, or the file is too large) is the finding `malware-unchecked`: a person
decides, and `vbdaemon retry` has it looked at again. Nothing is let through unseen.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, Evidence, Finding, Severity, Snapshot

__version__ = "1"
UNCHECKED = "malware-unchecked"
CHUNK = 1 << 16
MEGABYTE = 1_000_000
ANSWER_BYTES = 4096


def _on_this_machine(address: str) -> str:
    """An absolute path, or a loopback address with its port: the files go over the line in the clear."""
    if address.startswith("/"):
        return address
    host, _, port = address.rpartition(":")
    try:
        local = ip_address(host.strip("[]")).is_loopback
    except ValueError:
        local = False
    if not local or not port.isdigit():
        raise ValueError('give the path of clamd\'s socket, or "127.0.0.1:PORT"; clamd must run on this machine')
    return address


class Settings(BaseModel):
    """`[plugins.clamav]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    socket: Annotated[str, AfterValidator(_on_this_machine)] = "/run/clamav/clamd.ctl"
    """`LocalSocket` of clamd.conf, or its `TCPAddr:TCPSocket`."""
    seconds: float = Field(default=8.0, gt=0)
    """For all files of one document together."""
    limit_megabytes: float = Field(default=100.0, gt=0)
    """Larger files are not sent; 1 megabyte = 1,000,000 bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What clamd said of one file; both empty = nothing was found."""

    virus: str = ""
    unchecked: str = ""
    """Why it could not be looked at, in the operator's words."""


class ClamAV:
    """The plugin with its settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def check(self, document: Document, snapshot: Snapshot) -> tuple[Finding, ...]:
        """`malware` for every file in which clamd finds something, `malware-unchecked` for what it did not see."""
        until = time.monotonic() + self._settings.seconds
        findings = []
        for file in {file.sha256: file for file in document.files}.values():
            if file.size > self._settings.limit_megabytes * MEGABYTE:
                answer = Answer(unchecked=f"larger than {self._settings.limit_megabytes:g} MB")
            else:
                answer = self._look(str(file.path), until)
            if answer.virus:
                evidence = Evidence(answer.virus, file=file.sha256, rule="clamav")
                findings.append(snapshot.policy.finding("malware", evidence))
            elif answer.unchecked:
                findings.append(_unchecked(Evidence(answer.unchecked, file=file.sha256, rule="clamav")))
        return tuple(findings)

    def _look(self, path: str, until: float) -> Answer:
        """Send one file. Whatever goes wrong on the way is no answer."""
        try:
            with self._line(until) as line:
                return _read_answer(_sent(path, line, until))
        except TimeoutError:
            return Answer(unchecked=f"clamd did not answer within {self._settings.seconds:g} s")
        except OSError as error:
            return Answer(unchecked=f"clamd at {self._settings.socket}: {error.strerror or type(error).__name__}")

    @contextmanager
    def _line(self, until: float) -> Iterator[socket.socket]:
        address = self._settings.socket
        host, _, port = address.rpartition(":")
        local = address.startswith("/")
        family = socket.AF_UNIX if local else socket.AF_INET6 if "[" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(_left(until))
            line.connect(address if local else (host.strip("[]"), int(port)))
            yield line


def _sent(path: str, line: socket.socket, until: float) -> bytes:
    """The answer of clamd to the bytes of a file (INSTREAM: each chunk after its length, an empty one at the end)."""
    try:
        line.sendall(b"zINSTREAM\0")
        with open(path, "rb") as file:  # noqa: PTH123 - a path as it was given
            while chunk := file.read(CHUNK):
                line.settimeout(_left(until))
                line.sendall(len(chunk).to_bytes(4, "big") + chunk)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # clamd hung up; what it said before tells why
    answer = b""
    while len(answer) < ANSWER_BYTES and not answer.endswith(b"\0"):
        line.settimeout(_left(until))
        more = line.recv(ANSWER_BYTES)
        if not more:
            break
        answer += more
    return answer


def _read_answer(answer: bytes) -> Answer:
    """Only "stream: OK" is a good answer; anything unknown is none."""
    words = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if words == "stream: OK":
        return Answer()
    if words.startswith("stream: ") and words.endswith(" FOUND"):
        return Answer(virus=words.removeprefix("stream: ").removesuffix(" FOUND") or "?")
    return Answer(unchecked=f"clamd answered {words[:80]!r}" if words else "clamd hung up without an answer")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _unchecked(evidence: Evidence) -> Finding:
    return Finding(
        code=UNCHECKED,
        severity=Severity.ERROR,
        message="Chưa kiểm tra được mã độc đối với tệp gửi đến, cần người phụ trách xem xét.",
        english=f"A file could not be checked for malicious code ({evidence.words}); a person must look.",
        remedy="Văn thư kiểm tra chương trình quét mã độc rồi xử lý lại văn bản; người gửi chưa cần làm gì.",
        remedy_english="The document office checks its scanner and tries again; the sender need not do anything.",
        evidence=evidence,
    )


def plugin(settings: Settings) -> ClamAV:
    """What vbdaemon calls with the settings from `[plugins.clamav]`."""
    return ClamAV(settings)
