"""Reports that are sent when a period has turned: once, also after restarts, with the bytes that were made."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from vbdaemon.clock import VIETNAM
from vbdaemon.config.report import ReportsSection, SendSection
from vbdaemon.config.scoring import ScoringSection
from vbdaemon.delivery.letters import letter_parcel
from vbdaemon.delivery.parcel import Parcel
from vbdaemon.delivery.report import report_parcel
from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import Delivery, Destination, DocumentVerdict, MailRules, Security, Smarthost, Verdict
from vbdaemon.model.register import Book, Books
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.mail import compose
from vbdaemon.report import output, register_book
from vbdaemon.report.output import OutputForm
from vbdaemon.rounds.facts import FactsBackfill
from vbdaemon.rounds.report_terms import ReportTerms
from vbdaemon.rounds.reports import Reports
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries, events, facts, letters, report_letters, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, DeliveryRow, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.state.tables_register import register_entries
from vbdaemon.testing import FrozenClock, make_classification, make_snapshot, make_unit

MIDNIGHT = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
"""31 March turns to 1 April in Vietnam."""
DAILY = SendSection(report="daily", every="day", to=("vp@mau.example.vn", "ct@mau.example.vn"), formats=("csv",))
SIGNING = SendSection(report="signing", every="month", to=("vp@mau.example.vn",))
SNAPSHOT = replace(
    make_snapshot(make_unit("H1")),
    mail=MailRules(smarthost=Smarthost("127.0.0.1", 25, Security.PLAIN, "vt@mau.example.vn", "mau.example.vn")),
)


def delivery_of(row: DeliveryRow) -> Delivery:
    """What the agent makes of the row of a letter."""
    to = Destination(row.scheme, row.address, row.unit)
    return Delivery(row.id, row.submission, row.kind, to, row.name, row.created_at)


class Desk:
    """A state, a spool, and the round that is asked to look."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.clock = FrozenClock(MIDNIGHT - timedelta(days=1))
        self.wanted = ReportsSection(send=(DAILY, SIGNING))
        self.books = Books()
        self.woken = 0
        self.made = 0
        self.open()

    def open(self) -> None:
        """As at every start."""
        self.state = State(self.url)
        terms = lambda: ReportTerms(self.wanted, ScoringSection(), self.books, SNAPSHOT)  # noqa: E731 - as it is then
        self.round = Reports(self.state, self.spool.root, terms, self.clock, self._wake)

    def look(self) -> None:
        self.round.look(self.clock())

    def accept(self) -> str:
        self.made += 1
        name = f"260330-{self.made:08d}"
        self.state.admit(name, "drop", name, self.clock()).result()
        self.state.write(lambda c: self._settle(c, name))
        return name

    def _settle(self, connection: Connection, name: str) -> None:
        document = DocumentVerdict("a.pdf", "a" * 64, ("a" * 64,), make_classification(), (), (), Verdict.accept())
        facts.write(connection, submissions.get(connection, name), Decision((document,), unit="H1"), self.clock())
        submissions.move(connection, name, SubmissionState.ACCEPTED)

    def enter(self, number: int, **line: Any) -> None:
        """One more line of a book, of today."""
        on = self.clock().astimezone(VIETNAM).date()
        row = {"direction": "incoming", "book": "den", "year": on.year, "arrival_number": number, "registered_on": on}
        row |= {"arrived_at": self.clock(), "medium": "paper", "restricted": False, "subject": f"việc {number}"}
        self.state.write(lambda c: c.execute(insert(register_entries).values(row | line)) and None)

    def story(self) -> list[tuple[str, str]]:
        told = self.state.read(lambda c: events.after(c, 0, 100))
        return [(each.kind, each.words) for each in told if each.kind.startswith("report-")]

    def outbox(self) -> list[DeliveryRow]:
        return self.state.read(lambda c: deliveries.due(c, self.clock(), 100))

    def told(self) -> list[tuple[str, str]]:
        return sorted((row.name, row.address) for row in self.outbox())

    def parcel(self, row: DeliveryRow) -> Parcel:
        details = self.state.read(lambda c: letters.details_of(c, row))
        place = Workplace(None, SNAPSHOT, self.spool.root, self.spool.root / "scratch")  # type: ignore[arg-type]  # no plugin is asked
        return report_parcel(delivery_of(row), details or {}, place)

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def desk(in_memory: Path, template: Path) -> Iterator[Desk]:
    database = in_memory / "state.sqlite3"
    database.write_bytes(template.read_bytes())
    desk = Desk(in_memory, f"sqlite:///{database}")
    yield desk
    desk.state.close()


def test_a_report_is_made_once_its_period_has_turned_and_goes_to_every_address(desk):
    desk.look()  # configured now: the periods that run are the first to be sent
    desk.accept()
    desk.look()
    assert desk.told() == []
    desk.clock.now = MIDNIGHT
    desk.look()
    assert desk.told() == [
        ("bao-cao-ngay_2026-03-31_thu", "ct@mau.example.vn"),
        ("bao-cao-ngay_2026-03-31_thu", "vp@mau.example.vn"),
        ("ky-so_2026-03_thu", "vp@mau.example.vn"),
    ]
    assert desk.woken == 2
    desk.look()
    assert len(desk.told()) == 3


def test_a_report_waits_for_what_came_in_before_midnight_but_not_for_ever(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT - timedelta(seconds=1)
    desk.state.admit("260331-0000000a", "drop", "late", desk.clock()).result()
    desk.clock.now = MIDNIGHT + timedelta(minutes=3)
    desk.look()
    assert desk.told() == []
    desk.clock.advance(minutes=60)
    desk.look()
    assert len(desk.told()) == 3


def test_a_restart_neither_repeats_nor_forgets(desk):
    desk.look()
    for _ in range(3):
        desk.accept()
        desk.clock.advance(days=1)
    desk.state.close()
    desk.open()
    for _ in range(5):
        desk.look()
    names = [name for name, address in desk.told() if address.startswith("vp")]
    assert names == [f"bao-cao-ngay_2026-{day}_thu" for day in ("03-31", "04-01", "04-02")] + ["ky-so_2026-03_thu"]


def test_a_crash_before_the_commit_makes_the_report_again_and_sends_it_once(desk, monkeypatch):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT

    def crash(*_: object, **__: object) -> None:
        raise SpoolDamaged("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("vbdaemon.state.report_letters.send", crash)
        desk.look()
    assert desk.told() == []
    assert (desk.spool.root / "reports" / "bao-cao-ngay_2026-03-31").is_dir()
    desk.look()
    assert len(desk.told()) == 3
    assert sorted(path.name for path in (desk.spool.root / "reports").iterdir()) == [
        "bao-cao-ngay_2026-03-31", "ky-so_2026-03",
    ]  # fmt: skip


def test_a_period_without_documents_is_left_out_and_said_so(desk):
    desk.look()
    desk.clock.now = MIDNIGHT
    desk.look()
    assert desk.told() == []
    story = desk.state.read(lambda c: events.after(c, 0, 100))
    assert [event.kind for event in story] == ["report-skipped"] * 2
    desk.look()
    assert len(desk.state.read(lambda c: events.after(c, 0, 100))) == 2


def test_one_report_that_cannot_be_stored_holds_up_no_other(desk, monkeypatch):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    (desk.spool.root / "reports").mkdir()
    (desk.spool.root / "reports" / ".bao-cao-ngay_2026-03-31").write_text("in the way")
    desk.look()
    assert [name for name, _ in desk.told()] == ["ky-so_2026-03_thu"]


def test_the_mail_carries_the_files_as_they_were_made_and_names_no_submission_document(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    row = next(row for row in desk.outbox() if row.name.startswith("ky-so"))
    first = desk.parcel(row)
    mail = message_from_bytes(b"".join(compose(delivery_of(row), first.files, SNAPSHOT)), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    words = "Báo cáo tình hình ký số văn bản điện tử, tháng 3 năm 2026 (từ 01/03/2026 đến 31/03/2026)"
    assert mail["Subject"] == words  # and not the id of the submission that the letter hangs on
    assert mail["In-Reply-To"] is None
    attached = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    folder = desk.spool.root / "reports" / "ky-so_2026-03"
    for path in folder.iterdir():
        assert attached[path.name] == path.read_bytes()
    text = mail.get_body(("plain",)).get_content()
    assert "báo cáo tình hình ký số văn bản điện tử, tháng 3 năm 2026" in text
    assert "ky-so_2026-03.pdf, ky-so_2026-03.xlsx" in text
    again = desk.parcel(row)
    assert again == first
    assert {file.sha256 for file in again.files if file.path} == {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }


def test_a_file_that_changed_since_is_never_sent(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    row = desk.outbox()[0]
    parcel = desk.parcel(row)
    for path in desk.spool.root.glob("reports/*/*"):
        path.write_bytes(b"other")
    with pytest.raises(SpoolDamaged):
        b"".join(compose(delivery_of(row), parcel.files, SNAPSHOT))


def test_a_letter_of_that_name_is_the_report(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    row = desk.outbox()[0]
    details = desk.state.read(lambda c: letters.details_of(c, row))
    place = Workplace(None, SNAPSHOT, desk.spool.root, desk.spool.root / "scratch")  # type: ignore[arg-type]  # no plugin is asked
    delivery = delivery_of(row)
    assert letter_parcel("report", delivery, Decision(()), details, place) == report_parcel(delivery, details, place)


def test_a_tick_looks_in_a_thread_of_its_own_and_once_a_minute(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.round.tick()
    desk.round._work.join()
    assert len(desk.told()) == 3
    desk.round.tick()
    assert not desk.round._work.is_alive()


def test_documents_of_an_earlier_version_are_counted_in_the_background(desk):
    catching_up = FactsBackfill(desk.state)
    catching_up.tick()
    catching_up.tick()
    assert FactsBackfill(desk.state)._after is None


def extracts(desk, *every, **more):
    desk.wanted = ReportsSection(
        send=[SendSection(report="register", every=each, to=("vp@mau.example.vn",), **more) for each in every]
    )
    desk.look()
    desk.accept()


def test_the_lines_of_a_period_are_sent_as_an_extract_of_the_book(desk):
    extracts(desk, "day", "month", formats=("csv", "xlsx"))
    desk.enter(1)
    desk.clock.advance(days=-9)
    desk.enter(2, restricted=True, subject=None, form="don")
    desk.enter(3, book="den-don")
    desk.clock.now = MIDNIGHT
    desk.enter(4)
    desk.look()
    assert desk.told() == [
        ("so-van-ban-den_den_2026-03-31_thu", "vp@mau.example.vn"),
        ("so-van-ban-den_den_2026-03_thu", "vp@mau.example.vn"),
    ]
    day, month = (
        (desk.spool.root / "reports" / name / f"{name}.csv").read_text("utf-8-sig")
        for name in ("so-van-ban-den_den_2026-03-31", "so-van-ban-den_den_2026-03")
    )
    assert "Trích tháng 3 năm 2026 (từ 01/03/2026 đến 31/03/2026), sổ den, từ số 1 đến số 2" in month
    assert "việc 1" in month
    assert "don (hạn chế)" in month
    assert "việc 3" not in month
    assert "việc 4" not in month
    assert "việc 1" in day
    assert "don" not in day
    details = desk.state.read(lambda c: letters.details_of(c, desk.outbox()[0]))
    assert details["title"] == "Sổ đăng ký văn bản đến"


def test_an_extract_is_taken_back_when_a_document_in_it_is_locked_away(desk):
    extracts(desk, "day", formats=("csv",))
    locked = desk.accept()
    desk.enter(1, submission_id=locked, ordinal=0, medium="electronic")
    desk.clock.now = MIDNIGHT
    desk.look()
    folder = desk.spool.root / "reports" / "so-van-ban-den_den_2026-03-31"
    (sent,) = desk.outbox()
    desk.clock.advance(hours=1)
    desk.look()
    assert folder.is_dir()
    quarantined = {"verdict": "QUARANTINE", "decided_at": desk.clock()}
    desk.state.write(lambda c: submissions.move(c, locked, SubmissionState.QUARANTINED, **quarantined))
    for _ in range(2):
        desk.look()
    assert not folder.exists()
    assert sent.id not in [row.id for row in desk.outbox()]
    kind, words = desk.story()[-1]
    assert (kind, words.partition(":")[0]) == ("report-withdrawn", "so-van-ban-den_den_2026-03-31")
    folder.mkdir()  # made after that: the book says no word of it
    desk.look()
    assert folder.is_dir()


def test_a_year_is_the_whole_book_and_a_long_one_comes_in_volumes_on_paper(desk, monkeypatch):
    monkeypatch.setitem(register_book.VOLUMES, OutputForm.PDF, 2)
    extracts(desk, "year", book="den")
    for number in range(3):
        desk.enter(number + 1)
    desk.clock.now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    desk.look()
    names = {path.name for path in (desk.spool.root / "reports" / "so-van-ban-den_den_2026").iterdir()}
    assert names == {
        "so-van-ban-den_den_2026_quyen-1.pdf", "so-van-ban-den_den_2026_quyen-2.pdf", "so-van-ban-den_den_2026.xlsx",
    }  # fmt: skip


def test_days_without_a_line_are_left_out_and_said_so(desk):
    extracts(desk, "day", book="di")
    desk.clock.now = MIDNIGHT
    for _ in range(3):
        desk.look()
    assert desk.story() == [("report-skipped", "register/day/di: book di has no line of 2026-03-31")]


def test_a_book_that_is_gone_is_an_error_until_somebody_mends_it_and_nothing_is_lost(desk):
    extracts(desk, "day", book="den", formats=("csv",))
    desk.enter(1)
    desk.clock.now = MIDNIGHT
    desk.books = Books(incoming=Book("vao"))
    with capture_logs() as logged:
        desk.look()
        desk.clock.advance(minutes=1)
        desk.look()
    assert [line["error"] for line in logged] == [
        "'den' is no book of [register] any more; name another in [[reports.send]]"
    ]
    assert desk.told() == []
    desk.books = Books()
    desk.look()
    assert desk.told() == [("so-van-ban-den_den_2026-03-31_thu", "vp@mau.example.vn")]


def test_a_report_waits_for_something_to_hang_on(desk):
    """The books can be begun with paper, before anything was handed in; letters hang on a submission."""
    desk.wanted = ReportsSection(send=[SendSection(report="register", every="day", to=("a@mau.example.vn",))])
    desk.look()
    desk.enter(1)
    desk.clock.now = MIDNIGHT
    desk.look()
    assert desk.story() == []
    desk.accept()
    desk.look()
    assert len(desk.told()) == 1


def test_a_list_that_is_too_long_for_paper_leaves_the_numbers(desk, monkeypatch):
    monkeypatch.setattr(output, "MOST_ROWS_ON_PAGES", 60)
    daily = SendSection(report="daily", to=("a@mau.example.vn",), formats=("html",), documents=True)
    desk.wanted = ReportsSection(send=[daily])
    desk.look()
    for _ in range(50):
        desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    assert desk.told() == [("bao-cao-ngay_2026-03-31_thu", "a@mau.example.vn")]


@pytest.mark.parametrize(
    ("send", "words"),
    [
        ({"report": "daily", "every": "month", "to": ["a@x.vn"]}, 'every = "day"'),
        ({"report": "signing", "to": ["no address"]}, "is no mail address"),
        ({"report": "signing", "to": []}, r"signing says not to whom: add mail addresses, to = \[...\]"),
        ({"report": "register"}, "register says not to whom"),
        ({"report": "quarter", "every": "month"}, 'quarter is about a quarter: write every = "quarter", or leave it'),
        ({"report": "staff", "every": "day", "to": ["a@x.vn"]}, "staff is about a quarter"),
        ({"report": "monthly", "to": ["a@x.vn"], "book": "den"}, "only report = .register. is about a book"),
        ({"report": "register", "to": ["a@x.vn"], "documents": True}, "register lists documents without it"),
        ({"report": "other", "to": ["a@x.vn"]}, "daily"),
    ],
)
def test_settings_that_cannot_be_meant_are_mistakes(send, words):
    with pytest.raises(ValueError, match=words):
        ReportsSection.model_validate({"send": [send]})


def test_the_same_report_twice_is_a_mistake():
    send = {"report": "signing", "every": "month", "to": ["a@x.vn"]}
    with pytest.raises(ValueError, match="signing every month stands twice"):
        ReportsSection.model_validate({"send": [send, send]})


def test_an_extract_is_as_old_as_what_it_tells_and_not_as_its_files(desk):
    extracts(desk, "day", formats=("csv",))
    desk.enter(1)
    desk.clock.now = MIDNIGHT
    desk.look()
    folder = desk.spool.root / "reports" / "so-van-ban-den_den_2026-03-31"
    assert folder.stat().st_mtime == MIDNIGHT.timestamp()


def test_a_clock_that_was_ahead_for_a_while_keeps_no_later_report_back(desk):
    desk.wanted = ReportsSection(send=(DAILY,))
    desk.state.write(lambda c: report_letters.mark(c, "daily/day", date(2027, 6, 1)))
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    assert desk.story() == [("report-sent", "daily/day bao-cao-ngay_2026-03-31: 2 letters")]


def test_a_clock_that_is_set_back_keeps_no_look_waiting(desk):
    desk.round.tick()
    desk.round._work.join()
    desk.clock.now = MIDNIGHT - timedelta(days=3)
    desk.accept()
    desk.round.tick()
    desk.round._work.join()
    assert desk.clock.now < desk.round._next <= desk.clock.now + timedelta(minutes=1)
