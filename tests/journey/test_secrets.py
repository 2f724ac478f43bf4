"""What is found to be secret only later leaves no trace outside quarantine."""

import os
import shutil
from pathlib import Path

import pytest

from vbdaemon.demo.papers import scanned

pytestmark = pytest.mark.journey

WORDS = ("bao-cao-rat-kin", "Nội dung minh họa của tài liệu", "02/BC-UBND", "BC-UBND")


def traces(station, words):
    """Where the words stand outside quarantine: every file of the site but those in which people were told before."""
    looked_at = [p for p in station.spool.rglob("*") if p.is_file() and "quarantine" not in p.parts]
    looked_at += [station.log, *(p for p in station.exchange.glob("*/ket-qua/*_cach-ly*"))]
    assert any(path.name == "state.sqlite3" for path in looked_at)
    needles = [word.encode() for word in words]
    return {(path.name, n.decode()) for path in looked_at for n in needles if n in path.read_bytes()}


@pytest.fixture
def without_ocr(tmp_path):
    """An environment in which no tesseract is found."""
    programs = tmp_path / "bin"
    programs.mkdir()
    return {**os.environ, "PATH": str(programs)}


def test_a_mark_that_only_a_later_reading_sees_locks_the_document_away(ocr, station, agency, without_ocr):
    body = scanned("xa-ha-lam", "secret-report")(agency)[0].body
    station.start(env=without_ocr)
    sha256 = station.drop("xa-ha-lam/gui", "bao-cao-rat-kin.pdf", body)
    station.settled(1)
    id_ = station.submission_of(sha256)
    assert "ocr-unavailable" in station.answer("show", id_)["documents"][0]["reasons"]
    assert station.stop() == 0
    station.start()
    assert station.ask("retry", id_, "--reason", "đã cài nhận dạng chữ").returncode == 0
    station.until(lambda: station.states()[id_] == "QUARANTINED", "the document to be locked away")
    station.settled(1)
    station.until(lambda: not traces(station, WORDS), "its traces to go", 5)
    assert station.stop() == 0
    assert not traces(station, WORDS)
    assert (station.spool / "quarantine" / id_ / "001").read_bytes() == body


def test_what_a_person_locks_away_is_forgotten_while_the_daemon_runs(station, papers):
    words = ("to-trinh-rat-kin", "điều chỉnh vị trí việc làm", "21/TTr-PNV", "TTr-PNV")
    station.start()
    sha256 = station.drop("phong-noi-vu/gui", "to-trinh-rat-kin.pdf", papers("submission")[0].body)
    station.settled(1)
    id_ = station.submission_of(sha256)
    assert traces(station, words)
    said = "nói về điều chỉnh nhân sự chủ chốt"
    done = station.ask("quarantine", id_, "--reason", said, "--by", "Cán bộ bảo mật")
    assert done.returncode == 0, done.stderr + done.stdout
    words += (said,)
    assert station.states()[id_] == "QUARANTINED"
    station.until(lambda: not traces(station, words), "its traces to go", 5)
    for told in (station.ask("show", id_), station.ask("list", "--json")):
        assert told.returncode == 0
        assert not [word for word in words if word in told.stdout]


def test_what_a_person_locks_away_without_a_daemon_is_forgotten(station, papers):
    words = ("cong-van-rat-kin", "rà soát đội ngũ", "15/PNV-TCCC", "PNV-TCCC")
    station.start()
    sha256 = station.drop("phong-noi-vu/gui", "cong-van-rat-kin.pdf", papers("letter")[0].body)
    station.settled(1)
    id_ = station.submission_of(sha256)
    assert station.stop() == 0
    assert station.ask("quarantine", id_, "--reason", "phát hiện muộn").returncode == 0
    assert not traces(station, words)
    assert (station.spool / "quarantine" / id_).is_dir()


def test_the_operator_is_told_which_copies_went_out_before(station, papers):
    station.start()
    sha256 = station.drop("phong-noi-vu/gui", "cong-van.pdf", papers("letter")[0].body)
    station.settled(1)
    done = station.ask("quarantine", station.submission_of(sha256), "--reason", "phát hiện muộn")
    assert "forwarded already" in done.stdout
    inboxes = list(Path(station.exchange).glob("*/nhan"))
    copies = [path for inbox in inboxes for path in inbox.iterdir() if path.is_dir() and path.name[0] != "."]
    assert len(copies) == 3
    station.until(lambda: len(list(Path(station.exchange).glob("*/nhan/*ngung-su-dung*.txt"))) == 3, "a word to each")
    for letter in Path(station.exchange).glob("*/nhan/*ngung-su-dung*"):
        assert not any(word in letter.read_text("utf-8") for word in ("15/PNV-TCCC", "rà soát", "Phòng Nội vụ"))
    shutil.rmtree(station.exchange)
