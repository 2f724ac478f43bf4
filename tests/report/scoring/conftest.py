"""A quarter of documents in the tables, and the commands of scoring on them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from sqlalchemy import insert
from typer.testing import CliRunner

from vbdaemon.cli import main, report_score, score_scene
from vbdaemon.clock import VIETNAM
from vbdaemon.config import load_settings
from vbdaemon.report.scene import Scene
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state.store import State
from vbdaemon.state.tables import documents, submissions
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


class Ledger:
    """A site whose tables are filled by hand, without a daemon."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        config, spool = folder / "config", folder / "spool"
        (config / "trust").mkdir(parents=True)
        spool.mkdir()
        (config / "vbdaemon.toml").write_text(SETTINGS, "utf-8")
        (config / "units.toml").write_text(UNITS, "utf-8")
        shutil.copy(template, spool / "state.sqlite3")
        self.clock = FrozenClock(BEFORE)
        self.state = State(f"sqlite:///{spool / 'state.sqlite3'}")
        self.made = 0
        self.number = 0
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
        row = _facts(id_, on, unit) | facts
        if row["verdict"] == "ACCEPT":
            self.number += 1
            row |= {"book": "den", "year": on.year, "arrival_number": self.number}
        self._insert(submissions, _submission(id_, on))
        self._insert(documents, _document(id_, row, known))
        self._insert(document_facts, row)
        return f"den/{on.year}/{self.number}" if row["verdict"] == "ACCEPT" else f"{id_}/1"

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

    def void(self, entry: str) -> None:
        """A number of the register is void: the line is there for a document that came electronically too."""
        book, year, number = entry.split("/")
        row = {"direction": "incoming", "book": book, "year": int(year), "arrival_number": int(number)}
        row |= {"registered_on": DAY, "arrived_at": _moment(DAY), "medium": "electronic", "restricted": False}
        self._insert(register_entries, row | {"voided_at": BEFORE, "void_reason": "vào nhầm"})

    def scene(self, at: datetime | None = None, who: str = "Nguyễn Văn An") -> Scene:
        """What the steps start from, as of the clock."""
        settings = load_settings(self.folder / "config" / "vbdaemon.toml")
        return Scene(
            self.state, build_snapshot(settings), settings.scoring, self.folder / "spool", who, at or self.clock.now
        )

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
    made = Ledger(tmp_path / "site", template)
    monkeypatch.setattr(score_scene, "system_clock", made.clock)
    yield made
    made.state.close()


@pytest.fixture
def quarter(ledger: Ledger) -> Ledger:
    """Two units with documents of every kind; the secret is made."""
    for number in range(12):
        ledger.add("H99.1", format_findings=3 if number % 3 == 0 else 0, editable_missing=number % 4 == 0)
    ledger.add("H99.1", verdict="REJECT", reasons=" organisation-signature-missing ")
    ledger.register("H99.1")
    for _ in range(3):
        ledger.add("H99.2")
    ledger.add("H99.3")
    assert ledger.run("commit-secret", "--period", "2026-Q1").exit_code == 0
    ledger.clock.now = AFTER
    return ledger


@pytest.fixture
def drawn(quarter: Ledger) -> Ledger:
    """The same, drawn."""
    out = quarter.folder
    told = ("--value-from", "giải đặc biệt xổ số miền Bắc mở thưởng ngày 10/4/2026")
    made = quarter.run("population", "--period", "2026-Q1", "--out", str(out / "population.json"), *told)
    assert made.exit_code == 0, made.output
    quarter.clock.now = DRAWN
    value = ("--public-value", "12 345", "--witness", "Trần Thị Bình")
    done = quarter.run("draw", "--period", "2026-Q1", *value, "--out", str(out / "sample.json"))
    assert done.exit_code == 0, done.output
    return quarter


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
