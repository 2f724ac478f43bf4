"""A state and a spool with admitted submissions, and decisions about them as a worker would make them."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import (
    Channel,
    Classification,
    Destination,
    DocumentVerdict,
    Envelope,
    Finding,
    Reason,
    Severity,
    Snapshot,
    Verdict,
)
from vbdaemon.model.register import Books
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, deliveries, events, submissions
from vbdaemon.state.records import Decision, DeliveryRow, SubmissionRow, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, make_classification, make_snapshot

REPLY = Destination("folder", "phong-noi-vu/ket-qua", "H1")
TO = Destination("folder", "phong-y-te/nhan", "H2")


class Office:
    """One state, one spool, one desk; each call does one step of a submission's life."""

    def __init__(self, folder: Path, template: Path, snapshot: Snapshot) -> None:
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.database = Path(shutil.copy(template, folder / "state.sqlite3"))
        self.state = State(f"sqlite:///{self.database}")
        self.desk = Desk(snapshot, Books())
        self.made = 0

    def admit(
        self, *bodies: bytes, names: tuple[str, ...] = ("cong-van.pdf",), source: str = "phong-noi-vu/gui"
    ) -> str:
        self.made += 1
        name = f"260302-{self.made:08d}"
        incoming = self.spool.begin(name)
        for body, file in zip(bodies or (b"%PDF",), names, strict=True):
            read, write = os.pipe()
            os.write(write, body)
            os.close(write)
            incoming.add(file, read)
            os.close(read)
        incoming.seal(Envelope(source, Channel.FOLDER, NOON, "H1", source))
        self.state.admit(name, source, name, NOON).result()
        return name

    def start(self, name: str) -> int | None:
        return self.state.write(lambda c: submissions.start_attempt(c, name, NOON))

    def settle(
        self,
        name: str,
        *documents: DocumentVerdict,
        at: datetime = NOON,
        reply: Destination | None = REPLY,
        **more: object,
    ) -> SubmissionState:
        version = self.start(name)
        decision = Decision(documents, reply=reply, **more)
        return self.state.write(
            partial(settle, submission_id=name, version=version, decision=decision, desk=self.desk, at=at)
        )

    def again(self, name: str) -> None:
        """It waits to be judged once more."""
        self.state.write(lambda c: submissions.move(c, name, SubmissionState.WAITING))

    def row(self, name: str) -> SubmissionRow:
        return self.state.read(lambda c: submissions.get(c, name))

    def decision(self, name: str) -> Decision | None:
        return self.state.read(lambda c: decisions.latest(c, name))

    def outbox(self, name: str) -> tuple[DeliveryRow, ...]:
        return self.state.read(lambda c: deliveries.of_submission(c, name))

    def story(self, name: str) -> list[str]:
        return [event.kind for event in self.state.read(lambda c: events.of_submission(c, name))]

    def bytes_kept(self) -> bytes:
        """Everything that the database's files hold."""
        return b"".join(path.read_bytes() for path in self.database.parent.glob("state.sqlite3*"))


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture(scope="session")
def rules() -> Snapshot:
    return make_snapshot()


@pytest.fixture
def office(tmp_path: Path, template: Path, rules: Snapshot) -> Iterator[Office]:
    office = Office(tmp_path, template, rules)
    yield office
    office.state.close()


@pytest.fixture
def judged() -> Callable[..., DocumentVerdict]:
    """A document's verdict as a worker answers it: ACCEPT to one unit, or HOLD and so on with these codes."""

    def judged(
        *codes: str,
        sha256: str = "a" * 64,
        kind: Callable[..., Verdict] | None = None,
        first_page: int = 1,
        classification: Classification | None = None,
        to: tuple[Destination, ...] = (TO,),
        **known: object,
    ) -> DocumentVerdict:
        findings = tuple(Finding(code, Severity.ERROR, code) for code in codes)
        make = kind or (Verdict.hold if codes else Verdict.accept)
        return DocumentVerdict(
            "cong-van.pdf",
            sha256,
            (sha256,),
            classification or make_classification(**known),
            (),
            findings,
            make(*map(Reason.of, findings)) if codes else make(),
            to if make is not Verdict.hold or not codes else (),
            first_page=first_page,
        )

    return judged
