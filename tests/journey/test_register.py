"""The register beside a running daemon: electronic and paper in one series, corrected, found, printed."""

import io

import pypdf
import pytest

pytestmark = pytest.mark.journey

WHY = ("--reason", "theo bản gốc", "--by", "Nguyễn Thị Văn Thư")


def test_paper_and_electronic_documents_share_one_series_beside_a_running_daemon(station, papers):
    station.start()
    station.drop("phong-noi-vu/gui", "a.pdf", papers("letter")[0].body)
    station.settled(1)
    (first,) = station.answer("register", "list")
    added = station.ask(
        "register", "add", *WHY, "--issuer", "Huyện ủy Sông Lam", "--number", "12/TB-HU", "--date", "20/11/2026",
        "--form", "thong-bao", "--subject", "kết luận hội nghị",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    typed = ("--issuer", "Phòng Nội vụ", "--number", "21/TTr-PNV", "--date", first["issued_on"], "--subject", "x")
    assert station.ask("register", "add", *WHY, *typed).returncode == 0
    station.drop("phong-noi-vu/gui", "b.pdf", papers("submission")[0].body)  # the same document, electronically
    station.settled(2)
    lines = station.answer("register", "list")
    year = first["year"]
    assert [line["name"] for line in lines] == [f"den/{year}/{number}" for number in (3, 2, 1)]
    assert [line["medium"] for line in lines] == ["paper", "paper", "electronic"]
    assert [bool(line["submission"]) for line in lines] == [True, False, True]
    assert (lines[0]["subject"], lines[0]["form"], lines[0]["pages"]) == ("x", "to-trinh", 1)
    assert [line["key"] for line in station.answer("register", "search", "huyen uy", "12/tb-hu")] == [f"den/{year}/2"]
    _corrected(station, first)
    _printed(station, first, year)
    assert station.stop() == 0
    assert station.ask("fsck").returncode == 0


def _corrected(station, first):
    """The daemon's own act and the register's change the same line, each under its name."""
    corrected = station.ask("correct", first["submission"], "--subject", "rà soát biên chế", *WHY)
    assert corrected.returncode == 0, corrected.stderr
    told = station.ask("register", "correct", first["key"], "--file-code", "12/VX", *WHY)
    assert told.returncode == 0, told.stderr
    (line,) = station.answer("register", "show", first["key"])
    assert (line["subject"], line["file_code"]) == ("rà soát biên chế", "12/VX")
    assert {change["who"] for change in line["changes"] if change["field"] in {"subject", "file_code"}} == {WHY[-1]}


def _printed(station, first, year):
    copy, book = station.folder / "ban-sao.pdf", station.folder / "so.pdf"
    assert station.ask("print", first["key"], "--out", str(copy)).returncode == 0
    stamp = " ".join(pypdf.PdfReader(io.BytesIO(copy.read_bytes())).pages[0].extract_text().split())
    assert "ĐẾN" in stamp
    assert "12/VX" in stamp
    done = station.ask("register", "print", "--year", str(year), "--format", "pdf", "--out", str(book))
    assert done.returncode == 0, done.stderr
    words = " ".join(pypdf.PdfReader(io.BytesIO(book.read_bytes())).pages[0].extract_text().split())
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in words
    assert "kết luận hội nghị" in words
