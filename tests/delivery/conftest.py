"""A decided submission in a real spool and state, and a workplace to send its deliveries from."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import (
    Channel,
    Destination,
    DocumentVerdict,
    Envelope,
    FileRecord,
    FileRole,
    Snapshot,
    Urgency,
    Verdict,
)
from vbdaemon.model.register import Books
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.registry import load_registry
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, deliveries, events, submissions
from vbdaemon.state.records import Decision, DeliveryRow
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, found, make_classification, make_snapshot, make_unit

BUILTINS = ("vbdaemon.builtin.notice", "vbdaemon.builtin.deliver_folder")
URGENCIES = (None, *(found(urgency) for urgency in Urgency))
HEAD = "from vbdaemon.hookspecs import hookimpl\nfrom vbdaemon.model import *\n"


class Outbox:
    """One submission of Phòng Nội vụ to Phòng Y tế, decided, with a forward and a notice to be sent."""

    def __init__(self, folder: Path, template: Path, rules: Snapshot) -> None:
        self.folder = folder
        self.exchange = folder / "exchange"
        for name in ("phong-noi-vu/ket-qua", "phong-y-te/nhan"):
            (self.exchange / name).mkdir(parents=True)
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.state = State(f"sqlite:///{shutil.copy(template, folder / 'state.sqlite3')}")
        self.snapshot = replace(rules, exchange=self.exchange)
        self.made = 0

    def decide(
        self, verdict: Verdict | None = None, to: str = "phong-y-te/nhan", scheme: str = "folder", urgency: int = 0
    ) -> str:
        """Admit and settle a submission; its deliveries are due."""
        self.made += 1
        name, body = f"260302-{self.made:08d}", b"%PDF-1.7 " + str(self.made).encode()
        incoming = self.spool.begin(name)
        read, write = os.pipe()
        os.write(write, body)
        os.close(write)
        file = incoming.add("công văn 15.pdf", read)
        os.close(read)
        incoming.seal(Envelope("phong-noi-vu/gui", Channel.FOLDER, NOON, "H1", "phong-noi-vu/gui"))
        self.state.admit(name, "phong-noi-vu/gui", name, NOON).result()
        version = self.state.write(lambda c: submissions.start_attempt(c, name, NOON))
        document = DocumentVerdict(
            main=file.name,
            main_sha256=file.sha256,
            files=(file.sha256,),
            classification=make_classification(number=str(self.made), urgency=URGENCIES[urgency]),
            signatures=(),
            findings=(),
            verdict=verdict or Verdict.accept(),
            destinations=(Destination(scheme, to, "H2"),) if verdict is None else (),
        )
        record = FileRecord(file.name, FileRole.MAIN, file.sha256, "application/pdf", file.size)
        decision = Decision((document,), files=(record,), reply=Destination("folder", "phong-noi-vu/ket-qua", "H1"))
        desk = Desk(self.snapshot, Books())
        change = partial(settle, submission_id=name, version=version, decision=decision, desk=desk, at=NOON)
        self.state.write(change)
        return name

    def rows(self, name: str) -> tuple[DeliveryRow, ...]:
        return self.state.read(lambda c: deliveries.of_submission(c, name))

    def body(self, row: DeliveryRow) -> str:
        return self.state.read(lambda c: decisions.body_at(c, row.submission, row.version))

    def place(self, builtins: tuple[str, ...] = BUILTINS, **plugins: str) -> Workplace:
        """A workplace with these plugins, given as source, before the built-in ones."""
        for name, source in plugins.items():
            (self.folder / f"{name}.py").write_text(HEAD + source, encoding="utf-8")
        registry = load_registry(self.folder, tuple(plugins), {}, builtins=builtins)
        (self.folder / "scratch").mkdir(exist_ok=True)
        return Workplace(registry, self.snapshot, self.spool.root, self.folder / "scratch")

    def arrived(self) -> dict[str, bytes]:
        """Everything that lies in the units' folders."""
        files = (p for p in self.exchange.rglob("*") if p.is_file())
        return {str(p.relative_to(self.exchange)): p.read_bytes() for p in files}

    def story(self, name: str) -> list[tuple[str, str]]:
        return [(e.kind, e.words) for e in self.state.read(lambda c: events.of_submission(c, name))]


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture(scope="session")
def rules() -> Snapshot:
    sender = make_unit("H1", "Phòng Nội vụ", folder="phong-noi-vu")
    return make_snapshot(sender, make_unit("H2", "Phòng Y tế", folder="phong-y-te"))


@pytest.fixture
def outbox(tmp_path: Path, template: Path, rules: Snapshot) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path, template, rules)
    yield outbox
    outbox.state.close()
    for name in [name for name in sys.modules if name.startswith("vbdaemon_site_plugin")]:
        del sys.modules[name]
