"""`vbdaemon notice preview`: what the sender would read, with no trace left."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
import typst
from click.testing import Result
from typer.testing import CliRunner

from vbdaemon.cli.main import options
from vbdaemon.cli.notice import app as commands
from vbdaemon.errors import ActRefused, ConfigurationError, UnknownSubmission
from vbdaemon.model import (
    Box,
    Channel,
    Classification,
    Correspondence,
    CorrespondenceKind,
    Destination,
    DocumentVerdict,
    Envelope,
    Evidence,
    FileRecord,
    FileRole,
    Finding,
    PlacePicture,
    Reason,
    Severity,
    Verdict,
)
from vbdaemon.pipeline.stages.picturing import name_of
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import Decision, SubmissionState
from vbdaemon.state.store import State

pytestmark = pytest.mark.slow

ID = "261101-0800-bbbb"
NOW = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
REPLY = Destination("folder", "phong-noi-vu/ket-qua", "H40.2")


@dataclass(frozen=True)
class Desk:
    """A site that received one PDF."""

    folder: Path
    body: bytes

    @property
    def refusal(self) -> Decision:
        sha256 = hashlib.sha256(self.body).hexdigest()
        place = Evidence("0 signatures", sha256, 1, Box(300, 300, 420, 380))
        wrong = Finding("signature-broken", Severity.ERROR, "Chữ ký số không toàn vẹn.", evidence=place)
        verdict = Verdict.reject(Reason.of(wrong))
        shown = (PlacePicture(sha256, 1, place.box),)
        document = DocumentVerdict("15.pdf", sha256, (sha256,), Classification(), (), (wrong,), verdict, pictures=shown)
        record = FileRecord("15.pdf", FileRole.MAIN, sha256, "application/pdf", len(self.body))
        return Decision((document,), files=(record,), reply=REPLY)

    def decide(self, decision: Decision | None, state: SubmissionState) -> None:
        store = State(f"sqlite:///{self.folder / 'spool' / 'state.sqlite3'}")
        store.admit(ID, "gui", ID, NOW).result()
        if decision is not None:
            store.write(lambda c: decisions.write(c, ID, 1, NOW, "test", decision))
            store.write(lambda c: submissions.move(c, ID, state, None))
        store.close()

    def everything(self) -> dict[str, bytes]:
        """All files of the site but the database's own, which readers touch."""
        files = (p for p in self.folder.rglob("*") if p.is_file() and ".sqlite3-" not in p.name)
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in files}


@pytest.fixture
def notice(site) -> Callable[..., Result]:
    """The command alone, on the site."""
    app = typer.Typer()
    app.callback()(options)
    app.add_typer(commands, name="notice")
    config = str(site.folder / "config" / "vbdaemon.toml")
    return lambda *words: CliRunner().invoke(app, ["--config", config, "notice", *words])


@pytest.fixture
def desk(site) -> Desk:
    desk = Desk(site.folder, typst.compile(b"#set page(width: 595pt, height: 842pt)\nSo: 15/UBND", format="pdf"))
    spool = Spool(site.folder / "spool")
    spool.prepare()
    draft = spool.begin(ID)
    (site.folder / "15.pdf").write_bytes(desk.body)
    with (site.folder / "15.pdf").open("rb") as file:
        draft.add("15.pdf", file.fileno())
    folder = draft.seal(Envelope("gui", Channel.FOLDER, NOW, "H40.2", None))
    (picture,) = desk.refusal.documents[0].pictures
    (folder / name_of(picture)).write_bytes(typst.compile(b"#set page(width: 90pt, height: 30pt)\nx", format="png"))
    return desk


def test_the_notice_is_shown_as_text_and_nothing_is_left_behind(notice, desk):
    desk.decide(desk.refusal, SubmissionState.REJECTED)
    before = desk.everything()
    done = notice("preview", ID)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("VĂN PHÒNG MẪU\n\nPHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ")
    assert "Kính gửi: Phòng Nội vụ huyện Bến Lam" in done.stdout
    assert desk.everything() == before


def test_the_page_has_the_picture_of_the_place(notice, desk, tmp_path):
    desk.decide(desk.refusal, SubmissionState.REJECTED)
    out = tmp_path / "phieu.html"
    assert "written to" in notice("preview", ID, "--html", str(out)).output
    assert out.read_text("utf-8").count('<img src="data:image/png;base64,') == 1
    absent = notice("preview", ID, "--html", str(tmp_path / "absent" / "x.html"))
    assert isinstance(absent.exception, ConfigurationError)


def test_the_pdf_is_what_would_go_out_unsigned(notice, desk, tmp_path):
    desk.decide(desk.refusal, SubmissionState.REJECTED)
    out = tmp_path / "phieu.pdf"
    assert "written to" in notice("preview", ID, "--pdf", str(out)).output
    assert out.read_bytes().startswith(b"%PDF-1.7")


def test_what_is_no_answer_yet_has_no_pdf(notice, desk, tmp_path):
    (document,) = desk.refusal.documents
    held = replace(document, verdict=Verdict.hold(*document.verdict.reasons))
    desk.decide(replace(desk.refusal, documents=(held,)), SubmissionState.HELD)
    assert "has no PDF" in str(notice("preview", ID, "--pdf", str(tmp_path / "x.pdf")).exception)


def test_a_notice_that_nobody_would_get_says_so(notice, desk):
    refusal = desk.refusal
    desk.decide(Decision(refusal.documents, files=refusal.files), SubmissionState.HELD)
    assert "would not leave" in notice("preview", ID).stderr


def test_a_broken_template_of_the_site_is_told_and_the_built_in_words_are_shown(site, notice, desk):
    desk.decide(desk.refusal, SubmissionState.REJECTED)
    settings = site.folder / "config" / "vbdaemon.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[notices]\ntemplates = "words"\n', encoding="utf-8")
    (site.folder / "config" / "words").mkdir()
    (site.folder / "config" / "words" / "refusal.j2").write_text("{{ nothing.there }}", encoding="utf-8")
    done = notice("preview", ID)
    assert "in the built-in words" in done.stderr
    assert "PHIẾU TỪ CHỐI" in done.stdout


def test_what_has_no_notice_says_why(notice, desk):
    desk.decide(None, SubmissionState.WAITING)
    assert "not decided yet" in str(notice("preview", ID).exception)
    assert isinstance(notice("preview", "261101-0800-cccc").exception, UnknownSubmission)


def test_a_message_that_hands_in_no_document_is_not_answered(notice, desk):
    told = Correspondence(next(iter(CorrespondenceKind)), "d-1")
    desk.decide(Decision((), correspondence=told), SubmissionState.FILED)
    done = notice("preview", ID)
    assert isinstance(done.exception, ActRefused)
    assert "hands in no document" in str(done.exception)
