"""A drop folder on disk, the real spool, an admission without a database, and time that tests move by hand."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vbdaemon.errors import StateError
from vbdaemon.intake.admission import SourceKey
from vbdaemon.intake.folder import FolderSource
from vbdaemon.intake.folder_settings import FolderSettings
from vbdaemon.model import Envelope
from vbdaemon.spool.incoming import Incoming
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import Admitted


class Killed(BaseException):
    """A failpoint ends the program here."""


@dataclass
class Time:
    """Both clocks; files that are made get the present date unless told otherwise."""

    monotonic: float = 1000.0

    def __call__(self) -> float:
        return self.monotonic

    def wall(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.monotonic)

    def pass_(self, seconds: float) -> None:
        self.monotonic += seconds


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


@dataclass
class FakeAdmission:
    """Admission's contract over the real spool; rows live in this value, and so survive a killed source."""

    spool: Spool
    time: Time
    rows: dict[str, SourceKey] = field(default_factory=dict)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    refuse: Exception | None = None
    commit_then_fail: bool = False
    slow: list[Callable[[], None]] | None = None
    begun: int = 0

    def now(self) -> datetime:
        return self.time.wall()

    def new_id(self) -> str:
        self.begun += 1
        return f"260302-{self.begun:08d}"

    def begin(self, submission_id: str | None = None) -> Incoming:
        return self.spool.begin(submission_id or self.new_id())

    def admit(self, incoming: Incoming, envelope: Envelope, key: SourceKey) -> "Future[Admitted]":
        incoming.seal(envelope)
        answer: Future[Admitted] = Future()
        if self.slow is not None:
            self.slow.append(lambda: self._commit(incoming, envelope, key, answer))
        else:
            self._commit(incoming, envelope, key, answer)
        return answer

    def _commit(self, incoming: Incoming, envelope: Envelope, key: SourceKey, answer: "Future[Admitted]") -> None:
        if self.refuse is not None and not self.commit_then_fail:
            answer.set_exception(self.refuse)
            return
        earlier = self.seen(key)
        if earlier is not None:
            self.spool.orphan(incoming.id)
            answer.set_result(Admitted(earlier, new=False))
            return
        self.rows[incoming.id] = key
        self.envelopes[incoming.id] = envelope
        if self.commit_then_fail:
            answer.set_exception(StateError("the connection broke during COMMIT"))
            return
        answer.set_result(Admitted(incoming.id, new=True))

    def known(self, submission_id: str) -> bool:
        return submission_id in self.rows

    def seen(self, key: SourceKey) -> str | None:
        return next((i for i, k in self.rows.items() if k == key), None)

    def acknowledge(self, submission_id: str) -> None:
        self.acknowledged.append(submission_id)


class Site:
    """One drop folder with its source; `restart` is what a new process would find."""

    def __init__(self, tmp_path: Path) -> None:
        self.drop = tmp_path / "gui"
        self.drop.mkdir()
        self.results = tmp_path / "ket-qua"
        self.time = Time()
        self.spool = Spool(tmp_path / "spool")
        self.spool.prepare()
        self.admission = FakeAdmission(self.spool, self.time)
        self.log = Words()
        self.notes: list[tuple[str, str, datetime]] = []
        self.kill_at: str | None = None
        self.changes: dict[str, object] = {"quiet": 2.0, "settle": 10.0}
        self.source = self._build()

    def restart(self, **changes: object) -> FolderSource:
        self.changes |= changes
        for draft in list(self.spool.drafts()):
            self.spool.discard_draft(draft)
        self.source = self._build()
        return self.source

    def _build(self) -> FolderSource:
        settings = FolderSettings("stnmt/gui", self.drop, self.results, "H48.1", "stnmt/gui", **self.changes)
        return FolderSource(
            settings,
            self.admission,
            self.time.wall,
            self.time,
            self.log,
            self._failpoint,
            lambda source, name, since: self.notes.append((source, name, since)),
        )

    def _failpoint(self, step: str) -> None:
        if step == self.kill_at:
            self.kill_at = None
            raise Killed(step)

    def put(self, name: str | bytes, body: bytes = b"Kinh gui\n", age: float = 0.0) -> Path:
        path = self.drop / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        moment = self.time.wall().timestamp() - age
        os.utime(path, (moment, moment))
        return path

    def sweep(self, after: float = 0.0) -> float:
        self.time.pass_(after)
        return self.source.sweep()

    def run(self, seconds: float, step: float = 1.0) -> None:
        ends = self.time.monotonic + seconds
        while self.time.monotonic < ends:
            self.sweep()
            self.time.pass_(step)
        self.sweep()

    def left(self) -> list[str]:
        """Everything in the drop folder, the claims too."""
        found = [
            path for path in self.drop.rglob("*") if not path.is_dir() or path.is_symlink() or not any(path.iterdir())
        ]
        return sorted(str(path.relative_to(self.drop)) for path in found if path.name != ".vbdaemon")

    def admitted(self) -> list[list[tuple[str, bytes]]]:
        """Names and bytes of each submission that has a row, in the order of the rows."""
        return [
            [(f.name, (self.spool.folder_of(i) / f.stored).read_bytes()) for f in self.spool.verify(i).files]
            for i in self.admission.rows
        ]

    def names(self) -> list[list[str]]:
        return [[name for name, _ in files] for files in self.admitted()]

    def why(self) -> dict[str, str]:
        return {drop.name: str(drop.why) for drop in self.source.pending()}


@pytest.fixture(autouse=True)
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that waits teaches nothing here; that renames are synced before a row is committed has its own test."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def killed() -> type[BaseException]:
    return Killed


@pytest.fixture
def refuse_renames(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Root may rename everywhere: here the share says no, as a read-only one would."""
    real = os.rename

    def make(code: int = errno.EACCES) -> None:
        def rename(source: str, target: str, **folders: int) -> None:
            if "src_dir_fd" in folders:
                raise OSError(code, os.strerror(code))
            real(source, target)

        monkeypatch.setattr("vbdaemon.intake.shared_folder.os.rename", rename)

    return make
