"""Reports that are sent when a period has turned: once, also after restarts, with the bytes that were made."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from vbdaemon.config.report import ReportsSection, SendSection
from vbdaemon.delivery.letters import letter_parcel
from vbdaemon.delivery.parcel import Parcel
from vbdaemon.delivery.report import report_parcel
from vbdaemon.delivery.task import _delivery
from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import DocumentVerdict, MailRules, Security, Smarthost, Verdict
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.mail import compose
from vbdaemon.rounds.facts import FactsBackfill
from vbdaemon.rounds.reports import Reports
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries, events, facts, letters, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, DeliveryRow, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import FrozenClock, make_classification, make_snapshot, make_unit

MIDNIGHT = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
"""31 March turns to 1 April in Vietnam."""
DAILY = SendSection(report="daily", every="day", to=("vp@mau.example.vn", "ct@mau.example.vn"), formats=("csv",))
SIGNING = SendSection(report="signing", every="month", to=("vp@mau.example.vn",))
SNAPSHOT = replace(
    make_snapshot(make_unit("H1")),
    mail=MailRules(smarthost=Smarthost("127.0.0.1", 25, Security.PLAIN, "vt@mau.example.vn", "mau.example.vn")),
)


class Desk:
    """A state, a spool, and the round that is asked to look."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.clock = FrozenClock(MIDNIGHT - timedelta(days=1))
        self.wanted = ReportsSection(send=(DAILY, SIGNING))
        self.woken = 0
        self.made = 0
        self.open()

    def open(self) -> None:
        """As at every start."""
        self.state = State(self.url)
        self.round = Reports(self.state, self.spool.root, lambda: self.wanted, lambda: SNAPSHOT, self.clock, self._wake)

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

    def outbox(self) -> list[DeliveryRow]:
        return self.state.read(lambda c: deliveries.due(c, self.clock(), 100))

    def told(self) -> list[tuple[str, str]]:
        return sorted((row.name, row.address) for row in self.outbox())

    def parcel(self, row: DeliveryRow) -> Parcel:
        details = self.state.read(lambda c: letters.details_of(c, row))
        place = Workplace(None, SNAPSHOT, self.spool.root, self.spool.root / "scratch")  # type: ignore[arg-type]  # no plugin is asked
        return report_parcel(_delivery(row, Decision(())), details or {}, place)

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
    mail = message_from_bytes(
        b"".join(compose(_delivery(row, Decision(())), first.files, SNAPSHOT)), policy=policy.default
    )
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
        b"".join(compose(_delivery(row, Decision(())), parcel.files, SNAPSHOT))


def test_a_letter_of_that_name_is_the_report(desk):
    desk.look()
    desk.accept()
    desk.clock.now = MIDNIGHT
    desk.look()
    row = desk.outbox()[0]
    details = desk.state.read(lambda c: letters.details_of(c, row))
    place = Workplace(None, SNAPSHOT, desk.spool.root, desk.spool.root / "scratch")  # type: ignore[arg-type]  # no plugin is asked
    delivery = _delivery(row, Decision(()))
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


@pytest.mark.parametrize(
    ("send", "words"),
    [
        ({"report": "daily", "to": ["a@x.vn"]}, 'every = "day"'),
        ({"report": "signing", "to": ["no address"]}, "is no mail address"),
        ({"report": "signing", "to": []}, "at least 1"),
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
