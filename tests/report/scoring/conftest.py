"""A quarter of documents in the tables, and the commands of scoring on them."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from sqlalchemy import func, insert, select, update
from typer.testing import CliRunner

from vbdaemon.cli import main, report_score, score_scene
from vbdaemon.cli.score_scene import write_new
from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings, load_settings
from vbdaemon.model import Snapshot
from vbdaemon.report.ceremony import Announcement, commit_secret, make_population
from vbdaemon.report.drawing import draw_sample
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample_file import sample_bytes
from vbdaemon.report.scene import Scene
from vbdaemon.report.seed import ValueForm
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state.store import State
from vbdaemon.state.tables import decisions, documents, submissions
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_entries
from vbdaemon.testing import FrozenClock

SETTINGS = """\
[office]
name = "Văn phòng HĐND và UBND huyện Mẫu"
parent = "Ủy ban nhân dân huyện Mẫu"
unit = "H99"
"""
UNITS = """\
[[unit]]
code = "H99"
name = "Ủy ban nhân dân huyện Mẫu"
groups = ["huyen"]

[[unit]]
code = "H99.1"
name = "Phòng Nội vụ huyện Mẫu"
parent = "H99"
groups = ["huyen"]

[[unit]]
code = "H99.2"
name = "Ủy ban nhân dân xã Mẫu Thượng"
parent = "H99"
groups = ["huyen"]
signature_issued = false

[[unit]]
code = "H99.3"
name = "Trường Trung học cơ sở Mẫu Hạ"
parent = "H99"
groups = ["huyen"]

[[unit]]
code = "H99.9"
name = "Công an huyện Mẫu"
groups = ["dong-tren-dia-ban"]
scored = false
"""
BEFORE = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 3, 2, 0, tzinfo=UTC)
DRAWN = datetime(2026, 4, 10, 11, 0, tzinfo=UTC)
DAY = date(2026, 2, 10)
Q1 = Quarter(2026, 1)


_SNAPSHOTS: dict[tuple[str, ...], Snapshot] = {}


class Ledger:
    """A site whose tables are filled by hand, without a daemon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FrozenClock(BEFORE)
        self.state = State(f"sqlite:///{folder / 'spool' / 'state.sqlite3'}")
        self.made = self.number = self.state.read(lambda c: c.scalar(select(func.count()).select_from(document_facts)))
        self.app = typer.Typer()
        self.app.callback()(main.options)
        below = typer.Typer()
        report_score.register(below)
        self.app.add_typer(below, name="report")

    def add(self, unit: str | None, **facts: Any) -> str:
        """A document that came electronically: accepted, unless said otherwise; its entry."""
        self.made += 1
        id_, on = f"260210-{self.made:08d}", facts.pop("on", DAY)
        known = {"number": str(100 + self.made), "symbol": "PNV-TCCC", "issued_on": on} | facts.pop("printed", {})
        numbered = facts.pop("numbered", True)
        row = _facts(id_, on, unit) | facts
        if numbered := numbered and row["verdict"] == "ACCEPT":
            self.number += 1
            row |= {"book": "den", "year": on.year, "arrival_number": self.number}
        self._insert(submissions, _submission(id_, on))
        self._insert(documents, _document(id_, row, known))
        self._insert(document_facts, row)
        return f"den/{on.year}/{self.number}" if numbered else f"{id_}/1"

    def register(self, unit: str | None, medium: str = "paper", **line: Any) -> str:
        """A line of the register alone: paper, or the electronic original of one; its entry."""
        self.number += 1
        on = line.pop("on", DAY)
        row = {
            "direction": "incoming",
            "book": "den",
            "year": on.year,
            "arrival_number": self.number,
            "registered_on": on,
            "arrived_at": _moment(on),
            "medium": medium,
            "form": "cong-van",
            "number": str(500 + self.number),
            "symbol": "UBND-VP",
            "issued_on": on,
            "sender_unit": unit,
            "restricted": False,
        }
        self._insert(register_entries, row | line)
        return f"den/{on.year}/{self.number}"

    def join(self, entry: str, unit: str, on: date, **facts: Any) -> None:
        """The document of this paper came electronically after all, and joined its line."""
        book, year, number = entry.split("/")
        own = {"book": book, "year": int(year), "arrival_number": int(number)}
        self.add(unit, on=on, numbered=False, **own, **facts)
        lines = register_entries.c
        here = update(register_entries).where(lines.book == book, lines.arrival_number == int(number))
        change = here.values(submission_id=f"260210-{self.made:08d}", ordinal=0)
        self.state.write(lambda c: c.execute(change) and None)

    def void(self, entry: str) -> None:
        """A number of the register is void: the line is there for a document that came electronically too."""
        book, year, number = entry.split("/")
        row = {"direction": "incoming", "book": book, "year": int(year), "arrival_number": int(number)}
        row |= {"registered_on": DAY, "arrived_at": _moment(DAY), "medium": "electronic", "restricted": False}
        self._insert(register_entries, row | {"voided_at": BEFORE, "void_reason": "vào nhầm"})

    def accept(self, entry: str, **changes: Any) -> None:
        """A refused document was released by a person, and has the number 900 now."""
        own = {"verdict": "ACCEPT", "book": "den", "year": 2026, "arrival_number": 900} | changes
        change = (
            update(document_facts).where(document_facts.c.submission_id == entry.split("/", maxsplit=1)[0]).values(own)
        )
        self.state.write(lambda c: c.execute(change) and None)

    def decide(self, id_: str, *versions: list[tuple[str, int]]) -> None:
        """The submission was decided so often: each time with these documents, by main file and first page."""
        for version, places in enumerate(versions, start=1):
            told = [{"main_sha256": sha256, "first_page": page} for sha256, page in places]
            row = {"submission_id": id_, "version": version, "decided_at": BEFORE, "snapshot": ""}
            self._insert(decisions, row | {"body": json.dumps({"documents": told})})
        change = update(submissions).where(submissions.c.id == id_).values(version=len(versions))
        self.state.write(lambda c: c.execute(change) and None)

    def lock(self, entry: str) -> None:
        """The document of this number was quarantined."""
        number = int(entry.split("/")[2])
        facts = document_facts.c
        row = self.state.read(lambda c: c.execute(select(facts).where(facts.arrival_number == number)).one())
        own = {"verdict": "QUARANTINE", "unit": None, "arrival_number": None, "book": None, "year": None}
        change = update(document_facts).where(facts.submission_id == row.submission_id).values(own)
        self.state.write(lambda c: c.execute(change) and None)

    def scene(self, at: datetime | None = None, who: str = "Nguyễn Văn An") -> Scene:
        """What the steps start from, as of the clock."""
        config = self.folder / "config"
        settings = load_settings(config / "vbdaemon.toml")
        snapshot = _snapshot(settings, tuple(path.read_text("utf-8") for path in sorted(config.glob("*.toml"))))
        return Scene(self.state, snapshot, settings.scoring, self.folder / "spool", who, at or self.clock.now)

    def settings(self) -> Settings:
        """As they stand now."""
        return load_settings(self.folder / "config" / "vbdaemon.toml")

    def change(self, text: str) -> None:
        """More settings."""
        path = self.folder / "config" / "vbdaemon.toml"
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    def run(self, *words: str, by: str | None = "Nguyễn Văn An") -> Result:
        """A command of a person's."""
        config = str(self.folder / "config" / "vbdaemon.toml")
        acts = {"commit-secret", "population", "draw", "confirm", "appeal"}
        named = ["--by", by] if by and words[0] in acts else []
        return CliRunner().invoke(self.app, ["--config", config, "report", *words, *named])

    def _insert(self, table: Any, row: dict[str, Any]) -> None:
        self.state.write(lambda c: c.execute(insert(table).values(row)) and None)


def _snapshot(settings: Settings, words: tuple[str, ...]) -> Snapshot:
    """Built once for the same words: it reads all shipped rules, and most tests change nothing in it."""
    if words not in _SNAPSHOTS:
        _SNAPSHOTS[words] = build_snapshot(settings)
    return _SNAPSHOTS[words]


def new_site(folder: Path, template: Path) -> Path:
    """Settings, units and empty tables."""
    (folder / "config" / "trust").mkdir(parents=True)
    (folder / "spool").mkdir()
    (folder / "config" / "vbdaemon.toml").write_text(SETTINGS, "utf-8")
    (folder / "config" / "units.toml").write_text(UNITS, "utf-8")
    shutil.copy(template, folder / "spool" / "state.sqlite3")
    return folder


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), VIETNAM)


def _submission(id_: str, on: date) -> dict[str, Any]:
    return {
        "id": id_,
        "source": "gui",
        "source_key": id_,
        "received_at": _moment(on),
        "acknowledged": True,
        "state": "ACCEPTED",
        "version": 1,
        "failures": 0,
    }


def _document(id_: str, row: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    return {
        "submission_id": id_,
        "ordinal": 0,
        "main_sha256": id_.ljust(64, "0"),
        "first_page": 1,
        "verdict": row["verdict"],
        "accepted": row["verdict"] == "ACCEPT",
        "restricted": row["restricted"],
        **known,
    }


def _facts(id_: str, on: date, unit: str | None) -> dict[str, Any]:
    flags = {
        column.name: False
        for column in document_facts.columns
        if column.type.python_type is bool and not column.nullable
    }
    return flags | {
        "submission_id": id_,
        "ordinal": 0,
        "received_at": _moment(on),
        "received_on": on,
        "decided_at": _moment(on),
        "verdict": "ACCEPT",
        "reasons": "",
        "unit": unit,
        "account": f"{unit}/gui" if unit else None,
        "issuer_unit": unit,
        "form": "cong-van",
        "format_findings": 0,
    }


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture
def ledger(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    made = Ledger(new_site(tmp_path / "site", template))
    monkeypatch.setattr(score_scene, "system_clock", made.clock)
    yield made
    made.state.close()


@pytest.fixture(scope="session")
def counted_site(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Three units with documents of every kind; the secret is made. Made once, to be copied."""
    made = Ledger(new_site(tmp_path_factory.mktemp("counted") / "site", template))
    for number in range(12):
        made.add("H99.1", format_findings=3 if number % 3 == 0 else 0, editable_missing=number % 4 == 0)
    made.add("H99.1", verdict="REJECT", reasons=" organisation-signature-missing ")
    made.register("H99.1")
    for _ in range(3):
        made.add("H99.2")
    made.add("H99.3")
    commit_secret(made.scene(), Q1, lambda count: bytes(range(count)))
    made.state.close()
    return made.folder


@pytest.fixture(scope="session")
def drawn_site(tmp_path_factory: pytest.TempPathFactory, counted_site: Path) -> Path:
    """The same, drawn."""
    made = Ledger(shutil.copytree(counted_site, tmp_path_factory.mktemp("drawn") / "site"))
    told = Announcement("giải đặc biệt xổ số miền Bắc mở thưởng", ValueForm.parse("digits:5"), date(2026, 4, 10))
    make_population(made.scene(AFTER), Q1, told)
    sample = draw_sample(made.scene(DRAWN), Q1, "12 345", "Trần Thị Bình")
    write_new(made.folder / "sample.json", sample_bytes(sample))
    made.state.close()
    return made.folder


@pytest.fixture
def quarter(counted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A copy of the counted site, after the quarter."""
    yield from _opened(shutil.copytree(counted_site, tmp_path / "site"), AFTER, monkeypatch)


@pytest.fixture
def drawn(drawn_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A copy of the drawn site."""
    yield from _opened(shutil.copytree(drawn_site, tmp_path / "site"), DRAWN, monkeypatch)


def _opened(folder: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    made = Ledger(folder)
    made.clock.now = at
    monkeypatch.setattr(score_scene, "system_clock", made.clock)
    yield made
    made.state.close()


@pytest.fixture
def fails() -> Callable[[Result], str]:
    """The one line of a command that is refused."""

    def words(result: Result) -> str:
        assert result.exit_code != 0, result.output
        assert result.exception is not None
        line = str(result.exception)
        assert "\n" not in line
        return line

    return words
