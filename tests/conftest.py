"""A site on disk with the installed program on it: shared by journeys, kill tests and measurements."""

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60.0
BRISK = {"quiet_seconds": 0, "settle_seconds": 0, "sweep_seconds": 0.2}
"""For single files that appear whole."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes do not name a test: those made anew carry the moment, and two workers would collect different tests."""
    return argname if isinstance(val, bytes) else None


class Station:
    """A site, the daemon that runs on it, and the commands that people give beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config" / "vbdaemon.toml"
        self.exchange = folder / "exchange"
        self.spool = folder / "spool"
        self.log = folder / "daemon.log"
        self.process: subprocess.Popen[bytes] | None = None

    def change(self, section: str, **values: Any) -> None:
        """Set keys of a section of the settings."""
        text = self.config.read_text("utf-8")
        if f"[{section}]\n" not in text:
            text += f"\n[{section}]\n"
        head, tail = text.split(f"[{section}]\n", 1)
        body, *rest = re.split(r"^(?=\[)", tail, maxsplit=1, flags=re.MULTILINE)
        for key, value in values.items():
            body = re.sub(rf"^{key} = .*\n", "", body, flags=re.MULTILINE)
            body = f"{key} = {json.dumps(value)}\n" + body
        self.config.write_text(f"{head}[{section}]\n{body}{''.join(rest)}", "utf-8")

    def add(self, file: str, table: str, **rows: Any) -> None:
        """One more [[table]] at the end of a file in config/."""
        path = self.folder / "config" / file
        lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rows.items())
        path.write_text(f"{path.read_text('utf-8')}\n[[{table}]]\n{lines}", "utf-8")

    def add_unit(self, code: str, name: str, address: str, **rows: Any) -> None:
        """One more unit, whose mail comes from this machine."""
        self.add("units.toml", "unit", code=code, name=name, addresses=[address], networks=["127.0.0.0/8"], **rows)

    def start(self, *command: str, **popen: Any) -> "Station":
        """Run the daemon (or another launcher of it) and wait until it takes documents in."""
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command or self.command("run"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **popen
            )
        self.until(lambda: b"Drop a document into" in self.said(before) or not self.alive, "the daemon to start")
        return self

    def command(self, *words: str) -> tuple[str, ...]:
        return sys.executable, "-m", "vbdaemon", "--config", str(self.config), *words

    def ask(self, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """One command of a person's, waited for."""
        return subprocess.run(
            self.command(*words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            timeout=PATIENCE,
            **options,
        )

    def answer(self, *words: str) -> Any:
        """What a command answers as JSON."""
        asked = self.ask(*words, "--json")
        assert asked.stdout, asked.stderr
        return json.loads(asked.stdout)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def said(self, since: int = 0) -> bytes:
        return self.log.read_bytes()[since:] if self.log.exists() else b""

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process is not None:
            if self.alive:
                self.process.send_signal(signal.SIGKILL)
            self.process.wait(PATIENCE)
            self.process = None

    def drop(self, where: str, name: str, body: bytes) -> str:
        """A file appears whole in a drop folder; the answer is its SHA-256."""
        target = self.exchange / where
        target.mkdir(parents=True, exist_ok=True)
        waiting = target / f".{hashlib.sha256(name.encode()).hexdigest()[:8]}.part"
        waiting.write_bytes(body)
        waiting.rename(target / name)
        return hashlib.sha256(body).hexdigest()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the state holds, past the program: for waiting, and to compare with what lies on disk."""
        path = self.spool / "state.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            try:
                return connection.execute(query, values).fetchall()
            except sqlite3.OperationalError:
                return []

    def until(self, holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
        """Wait until something is so; the answer is what `holds` answered."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            if time.monotonic() > end:
                told = self.said().decode("utf-8", "replace")[-4000:]
                pytest.fail(f"waited {seconds:g} s in vain for {what}; states {self.states()}\n{told}")
            time.sleep(0.05)
        return found

    def states(self) -> dict[str, str]:
        return dict(self.rows("SELECT id, state FROM submissions"))

    def settled(self, count: int, seconds: float = PATIENCE) -> dict[str, str]:
        """Wait until so many submissions are decided and nothing is on its way; states by id."""
        self.until(lambda: self.is_settled(count), f"{count} settled submissions", seconds)
        return self.states()

    def is_settled(self, count: int) -> bool:
        states = self.states()
        if len(states) < count or set(states.values()) & {"WAITING", "DECIDING"}:
            return False
        return not self.rows("SELECT 1 FROM deliveries WHERE state = 'DUE'") and not self.waiting()

    def waiting(self) -> list[Path]:
        """Files in drop folders, taken or not."""
        drops = [p for p in self.exchange.glob("*/*") if p.name not in ("nhan", "ket-qua")]
        return [p for drop in drops for p in drop.rglob("*") if not p.is_dir()]

    def submission_of(self, sha256: str) -> str:
        """Id of the submission that holds these bytes."""
        return next(row["id"] for row in self.answer("list") if sha256 in row["files"])

    def delivered(self, unit: str) -> dict[Path, dict[str, str]]:
        """What lies in a unit's inbox: folder, and SHA-256 of each file by name."""
        inbox = self.exchange / unit / "nhan"
        return {
            folder: {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}
            for folder in sorted(inbox.iterdir())
        }

    def notices(self, unit: str) -> list[dict[str, Any]]:
        """The machine-readable part of every notice in a unit's results, with its stem as "stem"."""
        found = sorted((self.exchange / unit / "ket-qua").glob("*.json"))
        return [{**json.loads(path.read_text("utf-8")), "stem": path.stem} for path in found]


@pytest.fixture
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is any: steps are synced to disk, and few tests cut the power."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(prefix="vbdaemon-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, to be copied: quicker than to migrate anew."""
    from vbdaemon.state.store import State  # noqa: PLC0415 - most tests need no state

    path = tmp_path_factory.mktemp("template") / "state.sqlite3"
    State(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def agency() -> Any:
    """The demo agency as it stands now; made once, its keys take a second."""
    from vbdaemon.clock import system_clock  # noqa: PLC0415 - unit tests need not load the demo
    from vbdaemon.demo.agency import found_agency  # noqa: PLC0415 - unit tests need not load the demo

    return found_agency(system_clock())


@pytest.fixture(scope="session")
def papers(agency: Any) -> Callable[[str], tuple[Any, ...]]:
    """Files of a case of the demo, made once."""
    from vbdaemon.demo.cases import CASES  # noqa: PLC0415 - unit tests need not load the demo

    cases = {case.name: case for case in CASES}
    made: dict[str, tuple[Any, ...]] = {}

    def files(name: str) -> tuple[Any, ...]:
        if name not in made:
            made[name] = cases[name].files(agency)
        return made[name]

    return files


@pytest.fixture(scope="session")
def station_in(agency: Any) -> Callable[..., Station]:
    """Writes the demo agency's site into a folder; further words are keys of [exchange]."""
    from vbdaemon.demo.site import write_site  # noqa: PLC0415 - unit tests need not load the demo

    def write(folder: Path, **exchange: Any) -> Station:
        write_site(agency, folder)
        station = Station(folder)
        station.change("exchange", **{**BRISK, **exchange})
        # one answer to each decision, so that they can be counted; to typeset each would cost minutes in all
        station.change("notices", receipts=["01", "03"], pdf=False)
        return station

    return write


@pytest.fixture
def station(station_in: Callable[..., Station], tmp_path: Path) -> Iterator[Station]:
    """The demo agency's site; whatever runs on it is ended."""
    made = station_in(tmp_path / "site")
    yield made
    made.kill()


@pytest.fixture(scope="session")
def ocr() -> None:
    """Skips where no OCR is installed; with CI=true that is a failure."""
    from vbdaemon.demo.runner import ocr_installed  # noqa: PLC0415 - unit tests need not load the demo

    if not ocr_installed():
        words = "needs tesseract with Vietnamese"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)


@pytest.fixture(scope="session")
def as_root() -> None:
    """Skips where tests do not run as root."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv")
