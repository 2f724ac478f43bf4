"""A small site on disk, without a daemon: spool, state, settings, and submissions in any state."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from vbdaemon.config import Settings, load_settings
from vbdaemon.model import (
    Act,
    ActKind,
    Channel,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    Envelope,
    Outcome,
    Reason,
    RegisterNumber,
    Snapshot,
    Verdict,
    VerdictKind,
)
from vbdaemon.model.register import Books
from vbdaemon.operation.acts import Bench, apply
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.spool.store import Spool, sha256_of
from vbdaemon.state import acts, decisions, deliveries, events, submissions
from vbdaemon.state.records import ActRow, Decision, DeliveryState, HoldKind, NewDelivery, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, make_snapshot, make_unit

VERDICTS = {
    SubmissionState.ACCEPTED: VerdictKind.ACCEPT,
    SubmissionState.REJECTED: VerdictKind.REJECT,
    SubmissionState.HELD: VerdictKind.HOLD,
    SubmissionState.QUARANTINED: VerdictKind.QUARANTINE,
}


class SmallSite:
    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        config = folder / "config"
        config.mkdir(parents=True)
        (config / "vbdaemon.toml").write_text('[office]\nname = "Văn phòng mẫu"\n', "utf-8")
        (config / "units.toml").write_text("", "utf-8")
        (folder / "plugins").mkdir()
        (folder / "plugins" / "mau.py").write_text('"""A plugin."""\n', "utf-8")
        self.settings: Settings = load_settings(config / "vbdaemon.toml")
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        shutil.copy(template, folder / "spool" / "state.sqlite3")
        self.state = State(self.settings.state_url)
        self.made = 0

    def seal(self, id_: str, body: bytes = b"%PDF-1.7 one") -> None:
        incoming = self.spool.begin(id_)
        (self.folder / "in").write_bytes(body)
        with (self.folder / "in").open("rb") as file:
            incoming.add("van-ban.pdf", file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))

    def receive(
        self,
        state: SubmissionState = SubmissionState.WAITING,
        hold: HoldKind | None = None,
        *,
        at: datetime = NOON,
        source: str = "phong-noi-vu/gui",
        codes: tuple[str, ...] = (),
        number: int | None = None,
        body: bytes | None = None,
    ) -> str:
        """A submission as it stands after it got into this state."""
        self.made += 1
        id_ = f"260302-{self.made:08d}"
        self.seal(id_, body or b"%PDF-1.7 " + id_.encode())
        self.state.admit(id_, source, id_, at).result()
        if state in VERDICTS:
            self.state.write(partial(self._settle, id_=id_, state=state, hold=hold, at=at, codes=codes, number=number))
        if state is SubmissionState.QUARANTINED:
            self.spool.quarantine(id_)
        return id_

    def _settle(
        self,
        connection: Any,
        id_: str,
        state: SubmissionState,
        hold: HoldKind | None,
        at: datetime,
        codes: tuple[str, ...],
        number: int | None,
    ) -> None:
        verdict = Verdict(VERDICTS[state], tuple(Reason(code, "Lý do.") for code in codes))
        register = RegisterNumber("den", 2026, number, NOON.date()) if number else None
        sha256 = sha256_of(self.spool.folder_of(id_) / "001")
        document = DocumentVerdict("van-ban.pdf", sha256, (sha256,), None, (), (), verdict, register=register)
        if number:
            decisions.next_number(connection, "den", 2026)
        decisions.write(connection, id_, 1, at, "test", Decision((document,)))
        decisions.write_documents(connection, id_, (document,))
        submissions.move(connection, id_, state, hold, verdict=verdict.kind, decided_at=at)

    def deliver(self, id_: str, outcome: Outcome | None, *, unit: str = "H40.1", at: datetime = NOON) -> str:
        """A notice: delivered, deferred, failed, or due when `outcome` is None."""
        known = self.state.read(lambda c: deliveries.of_submission(c, id_))
        new = NewDelivery(DeliveryKind.NOTICE, f"notice {len(known)}", "folder", "ket-qua", unit, id_)
        self.state.write(partial(deliveries.write, submission_id=id_, version=1, at=at, wanted=[new]))
        before = {each.id for each in known}
        row = next(r for r in self.state.read(lambda c: deliveries.of_submission(c, id_)) if r.id not in before)
        if outcome is not None:
            self.state.write(partial(deliveries.start_attempt, delivery_id=row.id, at=at))
            later = at + timedelta(minutes=1)
            self.state.write(partial(deliveries.end_attempt, row=row, at=at, outcome=outcome, retry_at=later))
            rendered = self.spool.outgoing(row.id)
            rendered.mkdir()
            (rendered / "phieu.html").write_bytes(b"<p>")
        return row.id

    def row(self, id_: str) -> Any:
        return self.state.read(lambda c: submissions.get(c, id_))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to be copied: quicker than to migrate anew."""
    path = tmp_path_factory.mktemp("template") / "state.sqlite3"
    State(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is any: every step is synced to disk, and no test here cuts the power."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="vbdaemon-", dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture
def site_in(memory: Path, migrated: Path) -> Iterator[Callable[[str], SmallSite]]:
    """Makes sites side by side."""
    made: list[SmallSite] = []

    def make(name: str) -> SmallSite:
        made.append(SmallSite(memory / name, migrated))
        return made[-1]

    yield make
    for site in made:
        site.state.close()


@pytest.fixture
def site(site_in: Callable[[str], SmallSite]) -> SmallSite:
    return site_in("site")


REPLY = Destination("folder", "phong-noi-vu/ket-qua", "H1")


class Office:
    """Submissions in a real spool and state, and people who act on them."""

    def __init__(self, folder: Path, template: Path, rules: Snapshot) -> None:
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.state = State(f"sqlite:///{shutil.copy(template, folder / 'state.sqlite3')}")
        self.desk = Desk(rules, Books())
        self.made = 0

    def admit(self, name: str = "phuong-an.pdf") -> str:
        self.made += 1
        id_ = f"260302-{self.made:08d}"
        incoming = self.spool.begin(id_)
        read, write = os.pipe()
        os.write(write, b"%PDF")
        os.close(write)
        incoming.add(name, read)
        os.close(read)
        incoming.seal(Envelope("phong-noi-vu/gui", Channel.FOLDER, NOON, "H1", "vt"))
        self.state.admit(id_, "phong-noi-vu/gui", id_, NOON).result()
        return id_

    def start(self, id_: str) -> int | None:
        return self.state.write(lambda c: submissions.start_attempt(c, id_, NOON))

    def settle(self, id_: str, *documents: DocumentVerdict, version: int | None = None, **more) -> None:
        version = self.start(id_) if version is None else version
        decision = Decision(documents, **{"reply": REPLY} | more)
        self.state.write(
            partial(settle, submission_id=id_, version=version, decision=decision, desk=self.desk, at=NOON)
        )

    def send(self, id_: str, outcome: Outcome | None) -> None:
        """The forward is attempted; None = it is still under way."""
        row = next(r for r in self.outbox(id_) if r.kind == "forward" and r.state is DeliveryState.DUE)
        self.state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
        if outcome is not None:
            self.state.write(lambda c: deliveries.end_attempt(c, row, NOON, outcome, NOON))

    def act(
        self, kind: ActKind, id_: str, why: str = "theo ý kiến lãnh đạo", version: int | None = None, **more
    ) -> ActRow:
        expected = self.row(id_).version if version is None else version
        act_id = self.state.write(lambda c: acts.queue(c, Act(kind, id_, "chị An", why, NOON, expected, **more)))
        queued = self.state.read(lambda c: acts.get(c, act_id))
        bench = Bench(self.spool, self.desk)
        outcome = self.state.write(partial(apply, act=queued, bench=bench, at=NOON))
        answered = self.state.read(lambda c: acts.get(c, act_id))
        assert answered.state is outcome
        return answered

    def row(self, id_: str):
        return self.state.read(lambda c: submissions.get(c, id_))

    def outbox(self, id_: str):
        return self.state.read(lambda c: deliveries.of_submission(c, id_))

    def due(self, id_: str) -> list[str]:
        return [r.name for r in self.outbox(id_) if r.state is DeliveryState.DUE]

    def decision(self, id_: str) -> Decision | None:
        return self.state.read(lambda c: decisions.latest(c, id_))

    def story(self, id_: str) -> list[tuple[str, str]]:
        return [(e.kind, e.words) for e in self.state.read(lambda c: events.of_submission(c, id_))]


@pytest.fixture(scope="session")
def rules() -> Snapshot:
    units = (make_unit("H1", folder="phong-noi-vu"), make_unit("H2", folder="phong-y-te"), make_unit("H3"))
    return make_snapshot(*units)


@pytest.fixture
def office(in_memory: Path, template: Path, rules: Snapshot) -> Iterator[Office]:
    office = Office(in_memory, template, rules)
    yield office
    office.state.close()
