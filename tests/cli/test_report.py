"""`vbdaemon report …`, as people type it."""

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import insert
from typer.testing import CliRunner

from vbdaemon.cli import report_options
from vbdaemon.cli.main import app
from vbdaemon.errors import VbdaemonError
from vbdaemon.model import DocumentVerdict, Finding, Reason, Severity, SignerRole, Verdict
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, facts, papers, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision
from vbdaemon.state.store import State
from vbdaemon.state.tables_register import register_entries
from vbdaemon.testing import make_classification, make_signature, make_snapshot

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SETTINGS = '[office]\nname = "Văn phòng mẫu"\nparent = "UBND huyện Mẫu"\n'
UNITS = """
[[unit]]
code = "H1"
name = "Phòng Nội vụ"
folder = "phong-noi-vu"

[[unit]]
code = "H2"
name = "Ủy ban nhân dân xã Đông Hưng"
"""


class Desk:
    """A site with documents of this November, and the command."""

    entered = 0

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        (folder / "config").mkdir()
        (folder / "config" / "vbdaemon.toml").write_text(SETTINGS, "utf-8")
        (folder / "config" / "units.toml").write_text(UNITS, "utf-8")
        Spool(folder / "spool").prepare()
        database = shutil.copy(template, folder / "spool" / "state.sqlite3")
        self.state = State(f"sqlite:///{database}")
        self.state.write(self._fill)

    def _fill(self, connection: Connection) -> None:
        signed = (make_signature(), make_signature(role=SignerRole.PERSON))
        refused = Verdict.reject(Reason("organisation-signature-missing", "…"))
        paper = (Finding("paper-also-due", Severity.NOTE, "…"),)
        for place in range(6):
            at = NOW - timedelta(days=place)
            name = f"2611{at.day:02}-{place:08d}"
            sha256 = f"{place:064x}"
            submissions.admit(connection, name, "drop", name, at)
            kind = make_classification("quyet-dinh" if place else "cong-van", number=str(place))
            verdict = refused if place == 3 else Verdict.accept()
            document = DocumentVerdict("a.pdf", sha256, (sha256,), kind, signed if place % 2 else (), paper, verdict)
            decision = Decision((document,), unit="H1" if place < 4 else "H2")
            decisions.write_documents(connection, name, decision.documents)
            facts.write(connection, submissions.get(connection, name), decision, at + timedelta(seconds=30))
            days = make_snapshot().working_days
            papers.expect(connection, name, decision.documents, days, at, unit=decision.unit, days=1)

    def enter(self, at: datetime) -> None:
        """One more line of the incoming book."""
        self.entered += 1
        row = {"direction": "incoming", "book": "den", "year": at.year, "arrival_number": self.entered}
        row |= {"registered_on": at.date(), "arrived_at": at, "medium": "paper", "restricted": False}
        self.state.write(lambda c: c.execute(insert(register_entries).values(row)) and None)

    def run(self, *words: str) -> Result:
        config = str(self.folder / "config" / "vbdaemon.toml")
        return CliRunner().invoke(app, ["--config", config, "report", *words])

    def refused(self, *words: str) -> str:
        """The one line of an expected mistake."""
        result = self.run(*words)
        assert isinstance(result.exception, VbdaemonError), result.output
        (line,) = str(result.exception).splitlines()
        return line


@pytest.fixture
def desk(in_memory: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(report_options, "system_clock", lambda: NOW)
    desk = Desk(in_memory, template)
    yield desk
    desk.state.close()


def test_the_day_is_shown_on_the_screen(desk):
    shown = desk.run("daily").stdout
    assert "Báo cáo tình hình gửi, nhận văn bản điện tử\nNgày 22/11/2026\n" in shown
    assert "Phòng Nội vụ" in shown


def test_the_month_is_written_as_a_workbook_with_its_documents(desk, tmp_path):
    result = desk.run("monthly", "--period", "2026-11", "--format", "xlsx", "--out", str(tmp_path), "--documents")
    assert f"written: {tmp_path / 'bao-cao_2026-11.xlsx'}" in result.stderr
    book = load_workbook(tmp_path / "bao-cao_2026-11.xlsx")
    assert book.sheetnames[:3] == ["I. Tổng hợp", "II. Theo đơn vị gửi", "III. Theo hình thức văn bản"]
    listed = book["Danh sách văn bản"]
    assert [row[1].value for row in listed.iter_rows(min_row=6, max_row=11)] == [
        f"2611{22 - place:02}-{place:08d}" for place in reversed(range(6))
    ]


def test_rates_of_one_unit_are_written_as_pdf(desk, tmp_path):
    out = tmp_path / "ky-so.pdf"
    desk.run("signing", "--period", "2026-q4", "--unit", "phong-noi-vu", "--format", "pdf", "--out", str(out))
    text = pypdfium2.PdfDocument(out)[0].get_textpage().get_text_bounded()
    assert "Đơn vị: Phòng Nội vụ; Quý IV năm 2026" in text
    assert "50,00%" in text


def test_papers_that_are_due_and_overdue_are_listed(desk):
    shown = desk.run("paper", "--period", "2026-11").stdout
    assert "II. Bản giấy quá hạn, chưa nhận được" in shown
    overdue, due = shown.split("II. Bản giấy quá hạn")[1].split("III. Bản giấy còn trong hạn")
    assert overdue.count("PNV-TCCC") + due.count("PNV-TCCC") == 5
    assert overdue.count("PNV-TCCC") > 0


def test_the_register_is_printed_of_a_year_or_of_some_days_of_it(desk):
    desk.enter(NOW)
    desk.enter(NOW - timedelta(days=40))
    assert "từ số 1 đến số 2" in desk.run("register", "--period", "2026").stdout
    extract = desk.run("register", "--period", "2026-11").stdout
    assert "Trích tháng 11 năm 2026 (từ 01/11/2026 đến 30/11/2026), sổ den, từ số 1 đến số 1" in extract
    assert (
        desk.refused("register", "--period", "2026-11-01") == "book den has no line in 2026-11-01; there are: den 2026"
    )
    assert desk.refused("register", "--period", "2025-12-31..2026-01-01") == (
        "a book is of one year: 2025-12-31..2026-01-01 reaches into 2026"
    )


def test_a_number_lists_its_documents(desk):
    body = desk.run("documents", "--period", "2026", "--figure", "person", "--format", "csv").stdout_bytes
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows if row and row[0].isdigit()] == [
        "261117-00000005",
        "261119-00000003",
        "261121-00000001",
    ]
    reason = desk.run("documents", "--reason", "organisation-signature-missing", "--format", "csv").stdout
    assert reason.count("261119-00000003") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("monthly", "--period", "november"), "'november' is no period; write 2026-11-22 (a day), "),
        (("daily", "--period", "2026-11"), '2026-11 is no day; write 2026-11-22, or ask "vbdaemon report monthly"'),
        (("signing", "--period", "2027-q1"), "the period 2027-q1 has not begun yet; today is 2026-11-22"),
        (("monthly", "--unit", "H9"), "'H9' is no unit of the directory; see \"vbdaemon units list\""),
        (("monthly", "--form", "thu"), "'thu' is no form of document; there are: ban-"),
        (("signing", "--period", "2025-q1"), "no document was received in 2025-q1; documents were received from 17/"),
        (("documents", "--reason", "nonsense"), "no document of 2026-11 is counted as: nonsense"),
        (("documents", "--figure", "quarantined"), "no document of 2026-11 is counted as: quarantined"),
        (("daily", "--unit", "H2"), "no document of unit H2 was received in 2026-11-22; "),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_one_clear_line(desk, words, line):
    assert desk.refused(*words).startswith(line)


def test_a_file_that_cannot_be_written_is_one_clear_line(desk):
    words = desk.refused("daily", "--format", "pdf", "--out", str(desk.folder / "absent" / "a.pdf"))
    assert words.endswith("a.pdf: No such file or directory")


def test_a_site_that_received_nothing_yet_says_so(desk):
    (desk.folder / "spool" / "state.sqlite3").unlink()
    assert desk.refused("daily").startswith("nothing was ever received here")
