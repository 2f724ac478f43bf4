"""Results of a quarter leave by themselves: once they are final, and again when an appeal changed them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from vbdaemon.config.report import ReportsSection, SendSection
from vbdaemon.errors import StateError
from vbdaemon.model import Delivery, Destination, Notice
from vbdaemon.model.register import Books
from vbdaemon.rendering.letters.report import render_report
from vbdaemon.report.fault import Mark
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal, appeal_occurrence, confirm
from vbdaemon.report.staff import occurrences
from vbdaemon.report.standing import late_results
from vbdaemon.rounds.report_terms import ReportTerms
from vbdaemon.rounds.reports import Reports
from vbdaemon.state import deliveries, events, letters

Q1 = Quarter(2026, 1)
QUARTER = SendSection(report="quarter", to=("noi-vu@mau.example.vn",), formats=("csv",))
STAFF = SendSection(report="staff", to=("noi-vu@mau.example.vn",), formats=("csv",))
RUNNING = datetime(2026, 2, 20, 2, 0, tzinfo=UTC)
MAKE_IT = "make its secret before 31/03/2026 is over: vbdaemon report commit-secret --period 2026-Q1"
MAY = datetime(2026, 5, 2, 2, 0, tzinfo=UTC)


class Post:
    """The round of reports on a ledger's tables."""

    def __init__(self, ledger, *send: SendSection) -> None:
        self.ledger, self.send = ledger, send
        self.restart()

    def restart(self) -> None:
        self.round = Reports(
            self.ledger.state, self.ledger.folder / "spool", self.terms, self.ledger.clock, lambda: None
        )

    def terms(self) -> ReportTerms:
        scene = self.ledger.scene()
        return ReportTerms(ReportsSection(send=self.send), scene.rule, Books(), scene.snapshot)

    def look(self, at: datetime | None = None) -> list[str]:
        """Names of what lies in the outbox after a look."""
        self.ledger.clock.now = at or self.ledger.clock.now
        self.round.look(self.ledger.clock())
        return sorted(row.name.removesuffix("_thu") for row in self.outbox())

    def outbox(self):
        return self.ledger.state.read(lambda c: deliveries.due(c, self.ledger.clock(), 100))

    def details(self, name: str) -> dict[str, str]:
        row = next(row for row in self.outbox() if row.name == f"{name}_thu")
        return self.ledger.state.read(lambda c: letters.details_of(c, row))

    def letter(self, name: str) -> Notice:
        row = next(row for row in self.outbox() if row.name == f"{name}_thu")
        to = Destination(row.scheme, row.address, row.unit)
        delivery = Delivery(row.id, row.submission, row.kind, to, row.name, row.created_at)
        return render_report(delivery, None, self.ledger.scene().snapshot, self.details(name))

    def file(self, name: str) -> str:
        return Path(self.ledger.folder / "spool" / "reports" / name / f"{name}.csv").read_text("utf-8-sig")

    def story(self) -> list[tuple[str, str]]:
        told = self.ledger.state.read(lambda c: events.after(c, 0, 500))
        return [(each.kind, each.words) for each in told if each.kind.startswith("report-")]


@pytest.fixture
def post(drawn) -> Iterator[Post]:
    """A site that has had its timers since February, and was drawn in April."""
    at = drawn.clock.now
    made = Post(drawn, QUARTER, STAFF)
    made.look(RUNNING)
    drawn.clock.now = at
    return made


def confirm_all(ledger, mark: Mark = Mark.DEDUCT) -> None:
    for number in range(1, 9):
        confirm(ledger.scene(), number, mark, "đã xem")


def test_results_are_sent_once_every_drawn_document_was_looked_at(post):
    assert post.look() == []
    for number in range(1, 8):
        confirm(post.ledger.scene(), number, Mark.DEDUCT, "đã xem")
    post.ledger.clock.advance(hours=2)
    assert post.look() == []
    confirm(post.ledger.scene(), 8, Mark.OK, "đã xem")
    post.ledger.clock.advance(minutes=59)
    assert post.look() == []  # whoever confirmed may still mend a slip
    post.ledger.clock.advance(minutes=1)
    assert post.look() == ["cham-diem-quy_2026-q1", "luot-tru-diem_2026-q1"]
    assert "Phòng Nội vụ huyện Mẫu;2;2;2;2;4" in post.file("cham-diem-quy_2026-q1")
    assert post.details("cham-diem-quy_2026-q1")["title"] == "Kết quả kiểm tra, chấm điểm quý I năm 2026"


def test_a_restart_repeats_nothing(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    for _ in range(3):
        assert len(post.look()) == 2
        post.restart()
        post.ledger.clock.advance(days=1)
    assert [kind for kind, _ in post.story()] == ["report-sent"] * 2


def test_a_crash_before_the_commit_makes_the_result_again_and_sends_it_once(post, monkeypatch):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)

    def crash(*_: object, **__: object) -> None:
        raise StateError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("vbdaemon.state.report_results.markers.mark", crash)
        assert post.look() == []
    assert (post.ledger.folder / "spool" / "reports" / "cham-diem-quy_2026-q1").is_dir()
    assert len(post.look()) == 2
    assert len(post.look()) == 2


def test_an_appeal_that_changes_the_result_sends_it_again_and_says_what_it_replaces(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    post.look()
    post.ledger.clock.advance(days=5)
    appeal(post.ledger.scene(), 1, Mark.OK, "theo mẫu của ngành")
    assert len(post.look()) == 2
    post.ledger.clock.advance(hours=1)
    found = post.look()
    assert "cham-diem-quy_2026-q1_lan-2" in found
    letter = post.letter("cham-diem-quy_2026-q1_lan-2")
    assert "chấm điểm quý I năm 2026 (thay thế bản gửi ngày 10/04/2026)" in letter.machine  # the mail's subject
    assert "Bản gửi kèm thư này thay thế bản đã gửi ngày 10/04/2026, do kết quả đã thay đổi" in letter.text
    body = post.file("cham-diem-quy_2026-q1_lan-2")
    assert "; thay thế bản đã gửi lúc 10/04/2026 19:00" in body.splitlines()[1]
    assert "Phòng Nội vụ huyện Mẫu;2;1;2;2;3" in body
    assert "Phòng Nội vụ huyện Mẫu;2;2;2;2;4" in post.file("cham-diem-quy_2026-q1")  # what was sent stays
    assert "issue 2" in post.story()[-1][1]


def test_an_appeal_that_changes_nothing_sends_nothing(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    post.look()
    appeal(post.ledger.scene(), 1, Mark.DEDUCT, "không có căn cứ")
    post.ledger.clock.advance(days=1)
    assert len(post.look()) == 2


def test_a_result_that_changes_back_and_forth_is_told_each_time(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    post.look()
    for mark in (Mark.OK, Mark.DEDUCT):
        appeal(post.ledger.scene(), 8, mark, "xem lại")
        post.ledger.clock.advance(days=1)
        post.restart()
        post.look()
    names = [name for name in post.look() if name.startswith("cham")]
    assert names == [f"cham-diem-quy_2026-q1{again}" for again in ("", "_lan-2", "_lan-3")]
    assert post.details("cham-diem-quy_2026-q1_lan-3")["replaces"] == "2026-04-11T12:00:00+00:00"


def test_an_occurrence_that_an_appeal_takes_away_changes_the_report_on_staff_alone(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    post.look()
    entry = occurrences(post.ledger.scene(), Q1)[-1].entry
    appeal_occurrence(post.ledger.scene(), Q1, entry, Mark.OK, "gửi thay đơn vị khác")
    post.ledger.clock.advance(hours=1)
    assert post.look() == ["cham-diem-quy_2026-q1", "luot-tru-diem_2026-q1", "luot-tru-diem_2026-q1_lan-2"]
    assert f"Đã bỏ sau kiến nghị: {entry}" in post.file("luot-tru-diem_2026-q1_lan-2")


def test_a_document_that_is_decided_otherwise_later_changes_the_report_on_staff(post):
    confirm_all(post.ledger)
    post.ledger.clock.advance(hours=1)
    post.look()
    post.ledger.add("H99.3", format_findings=2)
    assert len(post.look()) == 2
    post.ledger.clock.advance(days=1)
    assert "luot-tru-diem_2026-q1_lan-2" in post.look()


def test_staff_does_not_wait_for_a_draw_that_nobody_announced(ledger):
    ledger.add("H99.1", format_findings=1)
    post = Post(ledger, STAFF)
    assert post.look(RUNNING) == []
    assert (
        post.look(datetime(2026, 3, 31, 18, 0, tzinfo=UTC)) == []
    )  # paper of the last day may come electronically yet
    assert post.look(datetime(2026, 4, 2, 2, 0, tzinfo=UTC)) == ["luot-tru-diem_2026-q1"]


def test_staff_waits_for_a_draw_that_was_announced_but_not_for_ever(quarter):
    post = Post(quarter, STAFF)
    assert post.look(RUNNING) == []
    assert post.look(datetime(2026, 4, 20, 2, 0, tzinfo=UTC)) == []
    assert post.look(MAY) == ["luot-tru-diem_2026-q1"]


def test_a_quarter_without_a_secret_is_told_in_time_and_when_it_is_too_late(ledger):
    ledger.add("H99.1")
    post = Post(ledger, QUARTER)
    assert post.look(RUNNING) == []
    assert post.story() == []
    with capture_logs() as logged:
        for day in (18, 19):
            post.look(datetime(2026, 3, day, 2, 0, tzinfo=UTC))
        for day in (1, 2):
            post.look(datetime(2026, 4, day, 2, 0, tzinfo=UTC))
    assert post.story() == [
        (
            "report-waits",
            f"quarter 2026-Q1: {MAKE_IT}",
        ),
        (
            "report-skipped",
            (
                "quarter 2026-Q1: it has no secret, which had to be made before 31/03/2026 was over: "
                "no sample of it can be drawn"
            ),
        ),
    ]
    assert [line["log_level"] for line in logged] == ["warning"] * 2


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ("quarter", "quarter 2026-Q1: it was not drawn: vbdaemon report population --period 2026-Q1"),
        (
            "drawn",
            (
                "quarter 2026-Q1: documents of it wait for a person's look: "
                "vbdaemon report findings --period 2026-Q1 --waiting"
            ),
        ),
    ],
)
def test_a_result_that_is_long_in_coming_is_told_once(request, site, words):
    post = Post(request.getfixturevalue(site), QUARTER)
    post.look(RUNNING)
    post.look(datetime(2026, 4, 29, 2, 0, tzinfo=UTC))
    assert post.story() == []
    for day in range(1, 4):
        post.look(MAY + timedelta(days=day))
        post.restart()
    assert post.story() == [("report-waits", words)]


def test_the_status_says_what_keeps_the_score_from_coming(ledger):
    ledger.change('[[reports.send]]\nreport = "quarter"\nto = ["a@mau.example.vn"]\n[smarthost]\nhost = "m.example"\n')
    ledger.change('sender = "a@b.example"\n')
    post = Post(ledger, QUARTER)
    post.look(RUNNING)

    def told(month: int, day: int) -> list[str]:
        at = datetime(2026, month, day, 2, 0, tzinfo=UTC)
        return ledger.state.read(lambda c: list(late_results(c, ledger.settings(), at)))

    assert told(3, 10) == []
    assert told(3, 20) == [f"no score of 2026-Q1: {MAKE_IT}"]
    assert told(4, 20)[0].startswith("no score of 2026-Q1: it has no secret, which had to be made before")
    assert told(5, 20) == []


def test_a_quarter_in_which_nothing_came_is_left_out_and_said_so(ledger):
    post = Post(ledger, STAFF)
    post.look(RUNNING)
    for day in (2, 3):
        post.look(datetime(2026, 4, day, 2, 0, tzinfo=UTC))
        post.restart()
    assert post.story() == [
        (
            "report-skipped",
            "staff 2026-Q1: in 2026-Q1 no document of a scored unit came in; there is nothing to report",
        )
    ]


def test_a_timer_that_is_configured_during_the_review_sends_that_quarter_too(drawn):
    post = Post(drawn, QUARTER)
    post.look()
    confirm_all(drawn)
    drawn.clock.advance(hours=1)
    assert post.look() == ["cham-diem-quy_2026-q1"]


def test_without_addresses_results_go_to_whom_the_settings_name(post):
    ledger = post.ledger
    ledger.change('[scoring]\nresults_to = "H99.1"\n')
    post.send = (SendSection(report="quarter", formats=("csv",)),)
    confirm_all(ledger)
    ledger.clock.advance(hours=1)
    with capture_logs() as logged:
        for _ in range(3):
            assert post.look() == []
            ledger.clock.advance(minutes=1)
    assert [line["error"] for line in logged] == [
        (
            "[scoring] results_to: unit H99.1 has no mail address; give it one in units.toml (addresses), "
            "or write an address here"
        )
    ]
    units = ledger.folder / "config" / "units.toml"
    whole = units.read_text("utf-8")
    units.write_text(whole.replace('code = "H99.1"', 'code = "H99.7"'), "utf-8")
    with capture_logs() as logged:
        post.look()
    assert "'H99.1' is neither a mail address nor the code of a unit" in logged[0]["error"]
    units.write_text(whole.replace('code = "H99.1"', 'code = "H99.1"\naddresses = ["nv@mau.example.vn"]'), "utf-8")
    assert post.look() == ["cham-diem-quy_2026-q1"]
    assert [row.address for row in post.outbox()] == ["nv@mau.example.vn"]
    assert post.details("cham-diem-quy_2026-q1")["addressee"] == "Phòng Nội vụ huyện Mẫu"
