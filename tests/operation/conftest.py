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
    Channel,
    DeliveryKind,
    DocumentVerdict,
    Envelope,
    Outcome,
    Reason,
    RegisterNumber,
    Verdict,
    VerdictKind,
)
from vbdaemon.spool.store import Spool, sha256_of
from vbdaemon.state import decisions, deliveries, submissions
from vbdaemon.state.records import Decision, HoldKind, NewDelivery, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

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
