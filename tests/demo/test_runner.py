import io
from dataclasses import replace
from pathlib import Path

import pytest

from vbdaemon.demo import runner
from vbdaemon.demo.cases import DemoCase, Expectation
from vbdaemon.demo.listing import Listed
from vbdaemon.demo.papers import DemoFile
from vbdaemon.demo.program import DemoFailed, InstalledProgram
from vbdaemon.demo.runner import run_demo
from vbdaemon.model import VerdictKind
from vbdaemon.testing import FrozenClock

STATES = {"good": "ACCEPTED", "bad": "REJECTED", "dubious": "HELD"}


def fixed(name: str, words: str):
    return lambda _agency: (DemoFile(name, words.encode()), DemoFile(name + ".docx", words.encode() + b" docx"))


GOOD = DemoCase(
    "good", "a good one", "văn bản tốt", "phong-noi-vu/gui", fixed("a.pdf", "good"), Expectation(VerdictKind.ACCEPT)
)
BAD = DemoCase(
    "bad",
    "a bad one",
    "văn bản [lỗi]",
    "phong-giao-duc/gui",
    fixed("b.pdf", "bad"),
    Expectation(VerdictKind.REJECT, frozenset({"unsigned"})),
)
DUBIOUS = DemoCase(
    "dubious",
    "a bundle",
    "văn bản chờ",
    "xa-ha-lam/gui",
    fixed("c.pdf", "dubious"),
    Expectation(VerdictKind.HOLD),
    bundle="ho-so",
)
CASES = (GOOD, BAD, DUBIOUS)


class FakeDaemon:
    """Judges a dropped file by its words, at the second asking; delivers by writing into the folders."""

    def __init__(self, settings: Path, log: Path) -> None:
        self.exchange = settings.parent.parent / "exchange"
        self.asked = 0
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> int:
        self.running = False
        return 0

    def listing(self) -> tuple[Listed, ...]:
        assert self.running
        self.asked += 1
        return tuple(self.judge(main) for main in sorted(self.exchange.rglob("*.pdf"))) if self.asked > 1 else ()

    def judge(self, main: Path) -> Listed:
        files = [hash_of(path.read_bytes()) for path in (main, main.with_name(main.name + ".docx"))]
        verdict = main.read_text()
        reason = {"code": "unsigned", "message": "Không có [chữ ký]", "clause": "điểm 1"}
        return Listed.of(
            {
                "id": main.name,
                "state": STATES[verdict],
                "verdict": verdict,
                "reasons": ["unsigned"] if verdict == "bad" else [],
                "files": files,
                "deliveries": [self.deliver("forward" if verdict == "good" else "notice", main.name)],
                "documents": [{"main_sha256": files[0], "reasons": [reason] if verdict == "bad" else []}],
            }
        )

    def deliver(self, kind: str, name: str) -> dict:
        destination = "van-phong/nhan" if kind == "forward" else "phong-giao-duc/ket-qua"
        (self.exchange / destination / name).mkdir(exist_ok=True)
        return {"kind": kind, "state": "DELIVERED", "destination": destination, "name": name}


class LyingDaemon(FakeDaemon):
    """Says that it delivered, and did not."""

    def deliver(self, kind: str, name: str) -> dict:
        return {"kind": kind, "state": "DELIVERED", "destination": "van-phong/nhan", "name": name}


class SlowDaemon(FakeDaemon):
    """Never comes to a verdict."""

    def listing(self) -> tuple[Listed, ...]:
        return ()


def hash_of(body: bytes) -> str:
    return runner.hashlib.sha256(body).hexdigest()


@pytest.fixture(autouse=True)
def _agency_at_once(agency, monkeypatch):
    monkeypatch.setattr(runner, "found_agency", lambda _now: agency)
    monkeypatch.setattr(runner, "_PAUSE_SECONDS", 0.0)


def play(folder: Path, cases=CASES, program=FakeDaemon, **options) -> tuple[int, str]:
    out = io.StringIO()
    settings = {"ocr": True, "patience_seconds": 0.2, **options}
    return run_demo(folder, out, FrozenClock(), cases=cases, program=program, **settings), out.getvalue()


def test_the_demo_ends_well_when_every_case_comes_out_as_it_should(tmp_path):
    code, told = play(tmp_path / "demo")
    assert code == 0, told
    assert "3/3" in told
    assert "Từ chối tiếp nhận" in told
    assert "REJECT" in told
    assert "Không có [chữ ký]" in told
    assert "điểm 1" in told
    assert "exchange/van-phong/nhan/a.pdf" in told


def test_swapping_the_files_of_two_cases_swaps_their_verdicts_and_fails_the_demo(tmp_path):
    swapped = (replace(GOOD, files=BAD.files), replace(BAD, files=GOOD.files))
    results, _ = runner.play(tmp_path / "demo", FrozenClock(), swapped, True, 0.2, FakeDaemon)
    assert [result.submission.verdict for result in results] == [VerdictKind.REJECT, VerdictKind.ACCEPT]
    assert play(tmp_path / "demo", swapped)[0] == 1


def test_a_case_that_misses_an_expected_reason_fails_the_demo(tmp_path):
    strict = replace(BAD, expected=Expectation(VerdictKind.REJECT, frozenset({"altered-after-signing"})))
    code, told = play(tmp_path / "demo", (strict,))
    assert code == 1
    assert "expected altered-after-signing" in told


def test_a_delivery_that_is_not_on_disk_fails_the_demo(tmp_path):
    code, told = play(tmp_path / "demo", program=LyingDaemon)
    assert code == 1
    assert "forwarded to nobody" in told
    assert "refused without a notice" in told


def test_waiting_ends_and_says_what_never_came(tmp_path):
    code, told = play(tmp_path / "demo", program=SlowDaemon)
    assert code == 1
    assert "never listed" in told


def test_without_ocr_the_other_expectation_holds_and_the_table_says_so(tmp_path):
    scan = replace(DUBIOUS, expected=Expectation(VerdictKind.ACCEPT), without_ocr=Expectation(VerdictKind.HOLD))
    code, told = play(tmp_path / "demo", (scan,), ocr=False)
    assert code == 0
    assert "ocr-unavailable" in told
    assert play(tmp_path / "demo", (scan,), ocr=True)[0] == 1


def test_the_demo_clears_what_it_made_itself_and_nothing_else(tmp_path):
    folder = tmp_path / "demo"
    assert play(folder)[0] == 0
    assert play(folder)[0] == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("precious")
    with pytest.raises(DemoFailed):
        play(other)
    assert (other / "thesis.txt").read_text() == "precious"


def test_a_bundle_arrives_whole_with_the_word_that_it_is_complete(tmp_path):
    play(tmp_path / "demo", (DUBIOUS,))
    dropped = tmp_path / "demo" / "exchange" / DUBIOUS.drop / "ho-so"
    assert sorted(path.name for path in dropped.iterdir()) == ["c.pdf", "c.pdf.docx", "xong"]


def test_the_daemon_is_stopped_when_a_file_cannot_be_built(tmp_path):
    seen = []

    def remember(settings: Path, log: Path) -> FakeDaemon:
        seen.append(FakeDaemon(settings, log))
        return seen[-1]

    def broken(_agency):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        play(tmp_path / "demo", (replace(GOOD, files=broken),), remember)
    assert [daemon.running for daemon in seen] == [False]


@pytest.mark.journey
def test_a_daemon_that_ends_by_itself_is_told_with_its_last_words(tmp_path):
    log = tmp_path / "daemon.log"
    program = InstalledProgram(tmp_path / "missing.toml", log)
    program.start()
    program._process.wait(30)
    with pytest.raises(DemoFailed, match=r"daemon\.log"):
        program.listing()
    program.stop()
