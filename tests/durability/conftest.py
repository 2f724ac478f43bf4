"""What is dropped before a kill, and what must be there after it, read from folders and sinks."""

import hashlib
import json
import os
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SOON = 5.0
LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Drop:
    """Files that are dropped together, and what must become of them."""

    case: str
    where: str
    label: str
    """How the sender's notice is called."""
    recipients: tuple[str, ...] = ()
    bundle: str | None = None


DROPS = (
    Drop("letter", "phong-noi-vu/gui", "tiep-nhan", ("xa-ha-lam", "thi-tran-ben-lam", "phong-tai-chinh-ke-hoach")),
    Drop("submission", "phong-noi-vu/gui", "tiep-nhan", ("van-phong", "ubnd-huyen")),
    Drop("no-word-file", "phong-giao-duc/gui", "tiep-nhan", ("phong-van-hoa", "thi-tran-ben-lam"), bundle="lich nghỉ"),
    Drop("unsigned", "phong-giao-duc/gui", "tu-choi"),
    Drop("secret", "xa-ha-lam/gui", "cach-ly"),
)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Trial:
    """A station whose daemon is killed, and the account that is drawn up afterwards."""

    def __init__(self, station: Any, papers: Callable[[str], tuple[Any, ...]]) -> None:
        self.station = station
        self.exchange = station.exchange
        self.spool = station.spool
        self.mark = f"vbdaemon-trial-{uuid.uuid4().hex}"
        self.files = {drop: self._files(drop, papers) for drop in DROPS}

    @staticmethod
    def _files(drop: Drop, papers: Callable[[str], tuple[Any, ...]]) -> dict[str, bytes]:
        made = papers(drop.case)[:1]  # one file: nothing to wait for
        if drop.bundle is None:
            return {file.name: file.body for file in made}
        annex = b"Danh s\xc3\xa1ch k\xc3\xa8m theo\n"
        return {**{file.name: file.body for file in made}, "phu-luc.txt": annex}

    def drop_all(self) -> None:
        for drop, files in self.files.items():
            self.drop(drop, files)

    def drop(self, drop: Drop, files: dict[str, bytes]) -> None:
        if drop.bundle is None:
            for name, body in files.items():
                self.station.drop(drop.where, name, body)
            return
        folder = self.exchange / drop.where / f".{drop.bundle}.part"
        folder.mkdir(parents=True)
        for name, body in files.items():
            (folder / name).write_bytes(body)
        (folder / "xong").touch()
        folder.rename(folder.with_name(drop.bundle))

    @property
    def environment(self) -> dict[str, str]:
        """Known by its mark: whoever inherits it was started by this trial's daemon."""
        return {**os.environ, "PATH": f"{os.environ['PATH']}:/{self.mark}"}

    def start(self) -> None:
        self.station.start(env=self.environment)

    def start_to_be_killed(self, step: str, passage: int) -> None:
        words = (sys.executable, str(LAUNCHER), str(self.station.config), step, str(passage))
        self.station.start(*words, env=self.environment)

    def await_death(self) -> bool:
        """True when the failpoint struck, False when all was done without passing it so often."""
        station = self.station
        station.until(lambda: not station.alive or station.is_settled(len(DROPS)), "the kill", 60)
        if station.alive:
            station.stop()
            return False
        code = station.process.returncode
        assert code == -signal.SIGKILL, f"ended by itself with {code}: {station.said().decode()[-3000:]}"
        station.kill()
        return True

    def finish(self) -> None:
        """Start as always, wait until all is settled, stop."""
        self.start()
        self.station.settled(len(DROPS))
        end = time.monotonic() + SOON
        while (faults := self.faults()) and time.monotonic() < end:
            time.sleep(0.1)
        assert not faults
        assert self.station.stop() == 0

    def processes(self) -> list[int]:
        """Everything alive that this trial's daemons started."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    marked = self.mark.encode() in (entry / "environ").read_bytes()
                    state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                except OSError:
                    continue
                if marked and state != "Z":
                    found.append(int(entry.name))
        return found

    def faults(self) -> list[str]:
        """Everything that is not as it must be."""
        return [*self._inbox_faults(), *self._notice_faults(), *self._spool_faults(), *self._book_faults()]

    def _inbox_faults(self) -> Iterator[str]:
        wanted = Counter(
            (unit, sha256(body))
            for drop, files in self.files.items()
            for unit in drop.recipients
            for body in files.values()
        )
        ours = {sha256(body) for files in self.files.values() for body in files.values()}
        found = Counter(
            (path.parts[-4], digest)
            for path in self.exchange.glob("*/nhan/*/*")
            if (digest := sha256(path.read_bytes())) in ours
        )
        if found != wanted:
            yield f"inboxes: missing {wanted - found}, too many {found - wanted}"
        for path in self.exchange.glob("*/nhan/*"):
            if path.name.startswith(".") or not (path / "vbdaemon.json").exists():
                yield f"left in an inbox: {path}"

    def _notice_faults(self) -> Iterator[str]:
        wanted = Counter((drop.where.split("/")[0], drop.label) for drop in DROPS)
        for ending in ("html", "txt", "json"):
            paths = [p for p in self.exchange.glob("*/ket-qua/*") if p.suffix == f".{ending}"]
            found = Counter((p.parts[-3], p.stem.partition("_")[2]) for p in paths)
            if found != wanted:
                yield f"notices as {ending}: missing {wanted - found}, too many {found - wanted}"
        printed = Counter((p.parts[-3], p.stem.partition("_")[2]) for p in self.exchange.glob("*/ket-qua/*.pdf"))
        if printed - wanted:
            yield f"notices as pdf: too many {printed - wanted}"
        odd = [p for p in self.exchange.glob("*/ket-qua/*") if p.suffix not in (".html", ".txt", ".json", ".pdf")]
        if odd:
            yield f"left among the results: {odd}"

    def _spool_faults(self) -> Iterator[str]:
        secret = {sha256(b) for d, files in self.files.items() if d.label == "cach-ly" for b in files.values()}
        kept = self._stored("submissions")
        wanted = Counter(sha256(b) for files in self.files.values() for b in files.values() if sha256(b) not in secret)
        if kept != wanted:
            yield f"submissions in the spool: missing {wanted - kept}, too many {kept - wanted}"
        if set(self._stored("quarantine")) != secret:
            yield f"quarantine holds {self._stored('quarantine')}"
        if set(self._stored("orphaned")) & secret:
            yield "a secret document lies among the orphans"
        if left := list((self.spool / "tmp").iterdir()):
            yield f"drafts: {left}"
        if left := self.station.waiting() + list(self.exchange.glob("*/*/.vbdaemon/*")):
            yield f"left in drop folders: {left}"

    def _stored(self, place: str) -> Counter[str]:
        return Counter(sha256(path.read_bytes()) for path in (self.spool / place).rglob("0*") if path.is_file())

    def _book_faults(self) -> Iterator[str]:
        """Register numbers as the recipients see them; one row and one decision each."""
        seen: dict[int, set[str]] = {}
        for path in self.exchange.glob("*/nhan/*/vbdaemon.json"):
            facts = json.loads(path.read_text("utf-8"))
            seen.setdefault(facts["register"]["number"], set()).add(facts["submission"])
        accepted = sum(1 for drop in DROPS if drop.recipients)
        if sorted(seen) != list(range(1, accepted + 1)) or any(len(ids) != 1 for ids in seen.values()):
            yield f"register numbers at the recipients: {seen}"
        rows = self.station.rows
        if (count := rows("SELECT count(*) FROM submissions")) != [(len(DROPS),)]:
            yield f"rows: {count}"
        decided = rows("SELECT submission_id, count(*) FROM events WHERE kind = 'decided' GROUP BY 1")
        if len(decided) != len(DROPS) or any(times != 1 for _, times in decided):
            yield f"decided: {decided}"


@pytest.fixture
def trial(station_in: Callable[..., Any], papers: Any, tmp_path: Path) -> Iterator[Trial]:
    station = station_in(tmp_path / "site")
    station.change("workers", decisions=1)
    made = Trial(station, papers)
    made.drop_all()
    yield made
    station.kill()
