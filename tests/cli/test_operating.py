"""What the person on duty types: status, list with filters, acts in bulk, backup, fsck, retention."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from vbdaemon.claim import Ownership
from vbdaemon.cli import act, backup, fsck, listing, main, retention, show, status
from vbdaemon.clock import system_clock
from vbdaemon.errors import ConfigurationError, StateLocked, UnknownSubmission
from vbdaemon.model import Channel, DocumentVerdict, Envelope, Reason, Verdict
from vbdaemon.operation.backup_manifest import BackupError
from vbdaemon.operation.retention import RetentionError
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.store import State

pytestmark = pytest.mark.slow

HELD = Verdict.hold(Reason("certificate-untrusted", "Chứng thư số chưa được tin cậy."))


class Duty:
    """A site, the commands, and submissions that are held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.state = State(f"sqlite:///{folder / 'spool' / 'state.sqlite3'}")
        self.made = 0
        self.app = typer.Typer()
        self.app.callback()(main.options)
        for commands in (act, backup, fsck, listing, show, status):
            commands.register(self.app)
        self.app.add_typer(retention.app, name="retention")

    def hold(self, verdict: Verdict = HELD, state: SubmissionState = SubmissionState.HELD, days: int = 0) -> str:
        self.made += 1
        id_, at = f"260302-{self.made:08d}", system_clock() - timedelta(days=days)
        incoming = self.spool.begin(id_)
        (self.folder / "in").write_bytes(id_.encode())
        with (self.folder / "in").open("rb") as file:
            stored = incoming.add("van-ban.pdf", file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, at))
        document = DocumentVerdict("van-ban.pdf", stored.sha256, (stored.sha256,), None, (), (), verdict)
        self.state.admit(id_, "gui", id_, at).result()
        self.state.write(lambda c: decisions.write(c, id_, 1, at, "test", Decision((document,))))
        hold = HoldKind.EVIDENCE if state is SubmissionState.HELD else None
        self.state.write(lambda c: submissions.move(c, id_, state, hold, decided_at=at))
        return id_

    def run(self, *words: str, **options: object) -> Result:
        config = str(self.folder / "config" / "vbdaemon.toml")
        return CliRunner().invoke(self.app, ["--config", config, *words], **options)

    def states(self) -> list[str]:
        return [row.state.value for row in self.state.read(submissions.listed)][::-1]


@pytest.fixture
def duty(site):
    made = Duty(site.folder)
    yield made
    made.state.close()


def test_status_is_one_screen_and_one_object(duty):
    duty.hold()
    done = duty.run("status")
    assert done.exit_code == 0, done.exception
    for words in ("no daemon runs", "certificate-untrusted", "last backup: never", "GB free", "nothing is trusted"):
        assert words in done.stdout
    told = json.loads(duty.run("status", "--json").stdout)
    assert (told["running"], told["counts"], told["held"][0]["count"]) == (False, {"HELD": 1}, 1)


def test_a_page_of_the_list_says_how_to_go_on(duty):
    first, second, third = (duty.hold() for _ in range(3))
    done = duty.run("list", "--limit", "2")
    assert [line.split()[0] for line in done.stdout.splitlines()] == [third, second]
    assert f"--after {second}" in done.stderr
    rows = json.loads(duty.run("list", "--after", second, "--json").stdout)
    assert [row["id"] for row in rows] == [first]
    assert json.loads(duty.run("list", "--reason", "form-unknown", "--json").stdout) == []
    assert isinstance(duty.run("list", "--unit", "H99").exception, ConfigurationError)
    assert isinstance(duty.run("list", "--since", "yesterday").exception, ConfigurationError)


def test_a_dry_run_tells_the_truth_and_changes_nothing(duty):
    id_ = duty.hold()
    done = duty.run("release", id_, "--reason", "đã xem", "--dry-run")
    assert done.exit_code == 0, done.exception
    assert (
        done.stdout == f"{id_}: would be applied: released, 1 findings waived; it is judged again now, and new "
        "findings hold it again\n"
    )
    assert duty.states() == ["HELD"]
    assert json.loads(duty.run("show", id_, "--json").stdout)["acts"] == []


def test_a_bulk_act_is_confirmed_and_does_exactly_what_fits(duty):
    duty.hold()
    duty.hold(Verdict.hold(Reason("form-unknown", "Chưa rõ hình thức.")))
    duty.hold(state=SubmissionState.REJECTED)
    words = ("release", "--where", "state=held", "--where", "reason=certificate-untrusted", "--reason", "đã có CRL")
    refused = duty.run(*words)
    assert isinstance(refused.exception, ConfigurationError)
    assert "--yes" in str(refused.exception)
    assert duty.states() == ["HELD", "HELD", "REJECTED"]
    done = duty.run(*words, "--yes")
    assert done.exit_code == 0, done.exception
    assert duty.states() == ["WAITING", "HELD", "REJECTED"]


def test_ids_are_read_from_another_command(duty):
    duty.hold()
    listed = duty.run("list", "--state", "HELD").stdout
    done = duty.run("retry", "-", "--reason", "đã sửa plugin", "--yes", input=listed)
    assert done.exit_code == 0, done.exception
    assert duty.states() == ["WAITING"]


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (("--reason", "x"), "name submissions"),
        (("260302-00000001", "--reason", "  "), "--reason is empty"),
        (("--where", "colour=red", "--reason", "x"), "KEY=VALUE"),
        (("--where", "state=GONE", "--reason", "x"), "is none of WAITING"),
        (("--where", "since=3d", "--where", "since=4d", "--reason", "x"), "give it once"),
    ],
)
def test_what_is_not_clear_is_not_done(duty, words, mistake):
    duty.hold()
    done = duty.run("hold", *words)
    assert isinstance(done.exception, ConfigurationError)
    assert mistake in str(done.exception)
    assert duty.states() == ["HELD"]


def test_an_unknown_id_among_others_stops_everything_before_it_begins(duty):
    id_ = duty.hold()
    done = duty.run("retry", id_, "260101-00000000", "--reason", "x")
    assert isinstance(done.exception, UnknownSubmission)
    assert duty.states() == ["HELD"]


def test_nothing_that_fits_is_no_success(duty):
    done = duty.run("hold", "--where", "state=WAITING", "--reason", "x", "--yes")
    assert (done.exit_code, done.stderr) == (1, "no submission fits\n")


def test_the_whole_story_tells_acts_waivers_and_who_decided(duty):
    id_ = duty.hold()
    duty.run("release", id_, "--reason", "đã xem", "--by", "Lê Thị Mẫu")
    duty.run("release", id_, "--reason", "lần nữa", "--by", "Người Khác")
    text = duty.run("show", id_).stdout
    assert "release by Lê Thị Mẫu: đã xem -> applied: released, 1 findings waived" in text
    assert "release by Người Khác: lần nữa -> refused" in text
    assert "waived: certificate-untrusted by Lê Thị Mẫu" in text
    story = json.loads(duty.run("show", id_, "--json").stdout)
    assert [act["state"] for act in story["acts"]] == ["APPLIED", "REFUSED"]
    assert story["decisions"][0]["version"] == 1
    assert "act-release" in [event["kind"] for event in story["events"]]


def test_backup_restore_and_fsck_from_end_to_end(duty, tmp_path):
    duty.hold(state=SubmissionState.REJECTED)
    done = duty.run("backup", str(tmp_path / "backups"), "--verify")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "1 submissions, 4 files copied" in done.stdout
    assert "verified" in done.stdout
    assert "last backup: " in duty.run("status").stdout
    assert isinstance(duty.run("restore", str(tmp_path / "backups"), "--to", str(duty.folder)).exception, BackupError)
    done = duty.run("restore", str(tmp_path / "backups"), "--to", str(tmp_path / "new"))
    assert done.exit_code == 0, (done.output, done.exception)
    again = Duty(tmp_path / "new")
    assert again.run("fsck").stdout == "spool and state agree\n"
    again.spool.orphan("260302-00000001")
    wrong = again.run("fsck")
    assert wrong.exit_code == 1
    assert "1 of them can be mended: vbdaemon fsck --repair" in wrong.stdout
    mended = again.run("fsck", "--repair")
    assert (mended.exit_code, "0 wrong, 1 mended" in mended.stdout) == (0, True)
    assert json.loads(again.run("fsck", "--json", "--quick").stdout) == []
    again.state.close()


def test_repairs_wait_until_the_daemon_is_stopped(duty):
    owner = Ownership(duty.spool.root)
    owner.take()
    assert isinstance(duty.run("fsck", "--repair").exception, StateLocked)
    assert duty.run("fsck").exit_code == 0
    owner.release()


def test_a_disposal_is_listed_approved_and_recorded(duty, tmp_path):
    id_ = duty.hold(state=SubmissionState.REJECTED, days=40)
    duty.hold(state=SubmissionState.REJECTED, days=1)
    out = str(tmp_path / "list.json")
    assert isinstance(duty.run("retention", "list").exception, ConfigurationError)
    done = duty.run("retention", "list", "--rejected", "30", "--out", out)
    assert done.exit_code == 0, done.exception
    assert done.stdout.startswith(f"{id_}  REJECTED")
    assert "1 submissions" in done.stdout
    refused = duty.run("retention", "approve", out, "--reason", "QĐ 12", "--by", "Lê Thị Mẫu")
    assert isinstance(refused.exception, RetentionError)
    assert duty.spool.folder_of(id_).exists()
    done = duty.run("retention", "approve", out, "--reason", "QĐ 12", "--by", "Lê Thị Mẫu", "--yes")
    assert "disposed of 1 submissions, kept 0; approved by Lê Thị Mẫu" in done.stdout
    assert not duty.spool.folder_of(id_).exists()
    assert "disposed: Lê Thị Mẫu: QĐ 12" in duty.run("show", id_).stdout
    assert duty.run("fsck").exit_code == 0


def test_root_alone_is_no_name_for_an_approval(duty, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUDO_USER", "root")
    done = duty.run("retention", "approve", str(tmp_path / "x"), "--reason", "QĐ 12")
    assert isinstance(done.exception, ConfigurationError)
    assert "--by" in str(done.exception)
