"""`vbdaemon paper` and `vbdaemon alarms`, as the clerk types them."""

import json
from datetime import timedelta

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from vbdaemon.cli import alarms as alarms_command
from vbdaemon.cli import check, main, paper, status
from vbdaemon.clock import system_clock
from vbdaemon.errors import ActRefused, ConfigurationError, UnknownSubmission
from vbdaemon.model import DocumentVerdict, Finding, RegisterNumber, Severity, Verdict, WorkingDays
from vbdaemon.spool.store import Spool
from vbdaemon.state import alarms, decisions, events, papers, submissions
from vbdaemon.state.alarms import Alarm, AlarmKind
from vbdaemon.state.records import Decision, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import make_classification

pytestmark = pytest.mark.slow
DUE = Finding("paper-also-due", Severity.NOTE, "bản giấy")


class Clerk:
    """A site, the commands, and accepted documents."""

    def __init__(self, folder) -> None:
        self.folder = folder
        Spool(folder / "spool").prepare()
        self.state = State(f"sqlite:///{folder / 'spool' / 'state.sqlite3'}")
        self.made = 0
        self.app = typer.Typer()
        self.app.callback()(main.options)
        for commands in (status, check):
            commands.register(self.app)
        self.app.add_typer(paper.app, name="paper")
        self.app.add_typer(alarms_command.app, name="alarms")

    def accept(self, count: int = 1, days: int = 0, **known: object) -> str:
        self.made += 1
        id_, at = f"260302-{self.made:08d}", system_clock() - timedelta(days=days)
        self.state.admit(id_, "gui", id_, at).result()
        self.state.write(lambda c: self._settle(c, id_, count, at, known))
        return id_

    def _settle(self, connection, id_, count, at, known) -> None:
        documents = tuple(
            DocumentVerdict(
                "qd.pdf",
                f"{self.made:032x}{n:032x}",
                (),
                make_classification(number=str(self.made), **known),
                (),
                (DUE,),
                Verdict.accept(),
                register=RegisterNumber("den", 2026, self.made * 10 + n, at.date()),
            )
            for n in range(count)
        )
        decisions.write(connection, id_, 1, at, "test", Decision(documents))
        decisions.write_documents(connection, id_, documents)
        papers.expect(connection, id_, documents, WorkingDays(), at, unit="H40.2")
        submissions.move(connection, id_, SubmissionState.ACCEPTED, decided_at=at)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(self.app, ["--config", str(self.folder / "config" / "vbdaemon.toml"), *words])

    def states(self) -> list[str]:
        return [row.state.value for row in self.state.read(papers.listed)]


@pytest.fixture
def clerk(site):
    made = Clerk(site.folder)
    yield made
    made.state.close()


def test_of_a_complaint_neither_number_nor_date_is_listed_nor_reported(clerk):
    clerk.accept(days=30, restricted=True)
    assert "(hạn chế)" in clerk.run("paper", "list").stdout
    for words in (("list",), ("list", "--json")):
        assert "PNV-TCCC" not in clerk.run("paper", *words).stdout
    (row,) = json.loads(clerk.run("paper", "list", "--json").stdout)
    assert (row["designation"], row["issued_on"], row["restricted"]) == ("(hạn chế)", None, True)


def test_papers_are_listed_those_overdue_apart(clerk):
    late, fresh = clerk.accept(days=30), clerk.accept()
    told = clerk.run("paper", "list").stdout
    assert [line.split()[0] for line in told.splitlines()] == [late, fresh, "2"]
    assert "OVERDUE" in told.splitlines()[0]
    assert told.endswith("2 papers, 1 overdue\n")
    assert [row["submission"] for row in json.loads(clerk.run("paper", "list", "--overdue", "--json").stdout)] == [late]
    assert clerk.run("paper", "list", "--unit", "H40.1").stdout == "no such paper\n"


def test_a_paper_is_received_by_the_arrival_number_written_on_it(clerk):
    id_ = clerk.accept()
    done = clerk.run("paper", "received", "10/2026", "--by", "Lê Thị Mẫu", "--note", "kẹp số 3")
    assert (done.exit_code, done.stdout) == (0, f"{id_}: applied: the paper of document 1 is here\n")
    assert clerk.states() == ["RECEIVED"]
    story = clerk.state.read(lambda c: events.of_submission(c, id_))
    assert story[-1].words == "Lê Thị Mẫu: kẹp số 3"


def test_one_of_two_or_all_that_are_awaited(clerk):
    id_ = clerk.accept(2)
    clerk.run("paper", "received", id_, "--document", "2")
    assert clerk.states() == ["DUE", "RECEIVED"]
    assert clerk.run("paper", "waive", id_, "--reason", "chỉ cần bản điện tử").exit_code == 0
    assert clerk.states() == ["WAIVED", "RECEIVED"]
    assert clerk.run("paper", "await", id_, "--document", "2", "--reason", "nhầm").exit_code == 0
    assert clerk.states() == ["WAIVED", "DUE"]


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("received", "99/2026"), ActRefused, "no paper is awaited of 99/2026"),
        (("received", "260302-00000009"), UnknownSubmission, "no submission has the id"),
        (("received", "260302-00000001", "--document", "4"), ActRefused, "no paper is awaited"),
        (("waive", "260302-00000001", "--reason", " "), ConfigurationError, "--reason is empty"),
        (("await", "260302-00000001", "--reason", "x"), ActRefused, "is awaited already"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(clerk, words, error, told):
    clerk.accept()
    done = clerk.run("paper", *words)
    assert isinstance(done.exception, error)
    assert told in str(done.exception)
    assert clerk.states() == ["DUE"]


def test_alarms_are_listed_shown_by_status_and_cleared_by_a_person(clerk):
    id_ = clerk.accept(days=30)
    alarm = Alarm(AlarmKind.PROMISE, id_, system_clock(), "hoa-toc: promised in 15 minutes")
    clerk.state.write(lambda c: alarms.raise_alarm(c, alarm))
    assert "hoa-toc: promised in 15 minutes" in clerk.run("alarms", "list").stdout
    assert [row["kind"] for row in json.loads(clerk.run("alarms", "list", "--json").stdout)] == ["promise"]
    screen = clerk.run("status").stdout
    assert "alarms: 1 promise" in screen
    assert "papers awaited: 1, 1 overdue" in screen
    told = json.loads(clerk.run("status", "--json").stdout)
    assert (told["alarms"][0]["submission"], told["papers"]) == (id_, {"awaited": 1, "overdue": 1})
    assert clerk.run("alarms", "clear", id_, "--reason", "đã chuyển tay").stdout == f"{id_}: 1 alarms cleared\n"
    assert clerk.run("alarms", "list").stdout == "no alarm\n"
    again = clerk.run("alarms", "clear", id_, "--reason", "x")
    assert "has no open alarm" in str(again.exception)


def test_check_wants_the_holidays_of_this_year_and_somebody_who_can_be_written_to(clerk):
    problems = json.loads(clerk.run("check", "--json").stdout)
    assert any("no holiday of" in problem["what"] for problem in problems)
    config = clerk.folder / "config" / "vbdaemon.toml"
    config.write_text(config.read_text("utf-8") + '[alarms]\nmail = ["truc"]\n', "utf-8")
    words = [problem["what"] for problem in json.loads(clerk.run("check", "--json").stdout)]
    assert "[alarms] mail: no mail leaves without a [smarthost]" in words
    assert "[alarms] mail: 'truc' is no mail address" in words
