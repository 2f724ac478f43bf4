"""Whatever lies in the folders: each thing ends in a verdict or stays visibly pending, and the daemon lives."""

import os

import pypdf
import pytest

pytestmark = pytest.mark.journey

TAIL = b"\n%%EOF\n"
GIANT = 2_147_483_648
"""Points: a page of this height has no picture that fits anywhere."""


def locked(tmp_path, body):
    (tmp_path / "open.pdf").write_bytes(body)
    writer = pypdf.PdfWriter(clone_from=tmp_path / "open.pdf")
    writer.encrypt("mật khẩu", algorithm="AES-256-R5")
    writer.write(tmp_path / "locked.pdf")
    return (tmp_path / "locked.pdf").read_bytes()


def giant(tmp_path):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=GIANT)
    writer.write(tmp_path / "giant.pdf")
    return (tmp_path / "giant.pdf").read_bytes()


@pytest.fixture
def drops(papers, tmp_path):
    """Hostile and damaged files under the names that they are dropped with, and the states each may end in."""
    plain = papers("unsigned")[0].body
    odd = (
        "dòng một\ndòng hai.pdf",
        "\"nháy\" 'đơn' $(id) `id` %s.pdf",
        "Thông báo số 27 – bản ký.pdf",
        "x" * 251 + ".pdf",
    )
    return {name: (plain + b"%" + name.encode() + TAIL, ["REJECTED"]) for name in odd} | {
        "khóa.pdf": (locked(tmp_path, plain), ["REJECTED"]),
        "khổng lồ.pdf": (giant(tmp_path), ["HELD", "REJECTED"]),
        "rác.pdf": (b"\x00\xff" * 4000 + TAIL, ["HELD", "REJECTED"]),
        "quá cỡ.pdf": (b"%PDF-1.7\n" + b"x" * 1_100_000 + TAIL, ["HELD"]),
    }


def test_every_bad_file_ends_in_a_verdict_and_its_bytes_are_kept(station, drops):
    station.change("limits", file_megabytes=1)
    station.change("exchange", give_up_after_seconds=2)
    station.start()
    hashes = {station.drop("phong-noi-vu/gui", name, body): name for name, (body, _) in drops.items()}
    station.settled(len(hashes))
    told = {hashes[sha]: row for row in station.answer("list") for sha in row["files"]}
    states = {name: (row["state"], row["reasons"]) for name, row in told.items()}
    assert all(states[name][0] in wanted for name, (_, wanted) in drops.items()), states
    assert states["khóa.pdf"][1] == ["unreadable-file"]
    assert states["quá cỡ.pdf"][1] == ["unreadable-file-held"]
    assert all(states[name][1] for name in drops)
    for name, (body, _) in drops.items():
        stored = list((station.spool / "submissions").glob(f"*/{told[name]['id']}/001"))
        assert [path.read_bytes() for path in stored] == [body]
    assert station.alive
    assert b"Traceback" not in station.said()
    assert station.stop() == 0


def test_an_empty_file_waits_visibly_and_is_then_refused(station):
    station.change("exchange", give_up_after_seconds=3)
    station.start()
    station.drop("phong-noi-vu/gui", "trống.pdf", b"")
    station.until(lambda: list((station.exchange / "phong-noi-vu/ket-qua").glob("chua-hoan-chinh*.txt")), "the note")
    station.settled(1)
    (state,) = station.states().values()
    assert state == "REJECTED"
    assert station.stop() == 0


def test_a_folder_that_is_called_like_a_file_is_read_as_a_folder(station, papers):
    station.start()
    folder = station.exchange / "phong-giao-duc/gui/x.pdf"
    folder.mkdir()
    (folder / "thong-bao.pdf").write_bytes(papers("unsigned")[0].body)
    (folder / "xong").touch()
    station.settled(1)
    assert list(station.states().values()) == ["REJECTED"]
    assert station.stop() == 0


def test_links_that_are_planted_everywhere_lead_nowhere(station, papers, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    precious = outside / "quý giá.pdf"
    precious.write_bytes(papers("letter")[0].body)
    precious.chmod(0o640)
    before = {p: (p.read_bytes(), p.stat().st_mode, p.stat().st_mtime_ns) for p in outside.iterdir()}
    unit = station.exchange / "phong-noi-vu"
    (unit / "gui" / "liên kết.pdf").symlink_to(precious)
    (unit / "gui" / "thư mục").symlink_to(outside)
    (unit / "gui" / "vòng").symlink_to(unit / "gui")
    (unit / "gui-lanh-dao" / ".vbdaemon").symlink_to(outside)
    (station.exchange / "xa-ha-lam" / "nhan" / "0001").symlink_to(outside)
    inbox = station.exchange / "thi-tran-ben-lam" / "nhan"
    inbox.rmdir()
    inbox.symlink_to(outside)
    results = station.exchange / "phong-giao-duc" / "ket-qua"
    results.rmdir()
    results.symlink_to(outside)
    station.start()
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    station.drop("phong-noi-vu/gui-lanh-dao", "tt.pdf", papers("submission")[0].body)
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    _decided(station, 3)
    station.until(lambda: len(list(station.exchange.glob("*/nhan/0*/vbdaemon.json"))) >= 4, "what can be delivered")
    after = {p: (p.read_bytes(), p.stat().st_mode, p.stat().st_mtime_ns) for p in outside.iterdir()}
    assert after == before
    failed = "SELECT address, words FROM deliveries WHERE state = 'DUE' AND words IS NOT NULL"
    station.until(lambda: len(station.rows(failed)) == 2, "the deliveries that a link keeps from arriving")
    assert {address for address, _ in station.rows(failed)} == {"phong-giao-duc/ket-qua", "thi-tran-ben-lam/nhan"}
    assert all("link" in words for _, words in station.rows(failed))
    inbox.unlink()
    inbox.mkdir()
    results.unlink()
    results.mkdir()
    station.until(lambda: not station.rows("SELECT 1 FROM deliveries WHERE state = 'DUE'"), "the rest to arrive", 40)
    assert len(list(inbox.iterdir())) == 1
    assert len(list(results.glob("*.html"))) == 1
    assert station.alive
    assert b"Traceback" not in station.said()
    assert station.stop() == 0
    assert (unit / "gui" / "liên kết.pdf").is_symlink()


def test_pipes_and_sockets_do_not_stop_the_daemon(station, papers):
    os.mkfifo(station.exchange / "phong-giao-duc/gui/ống.pdf")
    station.start()
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    _decided(station, 1)
    assert station.alive
    assert station.stop() == 0


def test_a_file_that_only_its_owner_may_read_waits_and_holds_up_nobody(station, papers):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    station.start()
    closed = station.exchange / "phong-giao-duc/gui/đóng.pdf"
    closed.touch(mode=0o000)
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    _decided(station, 1)
    assert station.stop() == 0


def _decided(station, count):
    station.until(
        lambda: (
            list(station.states().values()).count("WAITING") == 0
            and len(station.states()) == count
            and "DECIDING" not in station.states().values()
        ),
        f"{count} decisions",
    )
