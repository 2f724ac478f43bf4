"""What follows an accepted document, by the installed program: assigned, recalled, refused under a name, told 04."""

import json
from datetime import timedelta

import pytest

from vbdaemon.clock import VIETNAM, system_clock

pytestmark = pytest.mark.journey

RECIPIENTS = ("xa-ha-lam", "thi-tran-ben-lam", "phong-tai-chinh-ke-hoach")
SENDER = "phong-noi-vu"


def drop(station, papers, case, where):
    """The id of the submission that the case's files are, once it is decided."""
    hashes = [station.drop(where, file.name, file.body) for file in papers(case)]
    station.settled(1)
    return station.submission_of(hashes[0])


def statuses(station, unit):
    return sorted(notice["status"] for notice in station.notices(unit))


@pytest.fixture
def brisk(station):
    """A station that tells everything it can."""
    station.change("exchange", settle_seconds=0.5)
    station.change("notices", receipts=["01", "03", "04"], pdf=False)
    return station


def test_every_recipient_has_it_and_then_the_sender_is_told_so_once(brisk, papers):
    brisk.start()
    drop(brisk, papers, "letter", "phong-noi-vu/gui")
    brisk.until(lambda: statuses(brisk, SENDER) == ["03", "04"], "receipt and word of the forwarding")
    (last,) = [notice for notice in brisk.notices(SENDER) if notice["status"] == "04"]
    assert len(last["units"]) == len(RECIPIENTS)
    page = (brisk.exchange / SENDER / "ket-qua" / f"{last['stem']}.txt").read_text("utf-8")
    assert "Ủy ban nhân dân xã Hạ Lam" in page


def test_presented_first_it_goes_where_a_person_says_with_their_note(brisk, papers):
    brisk.change("forwarding", route="present-first")
    brisk.start()
    id_ = drop(brisk, papers, "letter", "phong-noi-vu/gui")
    assert not list(brisk.exchange.glob("*/nhan/*"))
    (waiting,) = brisk.answer("assign")
    assert (waiting["id"], waiting["number"]) == (id_, 1)

    code = {u["folder"]: u["code"] for u in brisk.answer("units", "list")}
    due = (system_clock().astimezone(VIETNAM) + timedelta(days=7)).date()
    words = ("--note", "Khẩn trương tham mưu, báo cáo trước thời hạn.", "--due", due.isoformat())
    who = ("--by", "Trần Thị Mẫu", "--title", "Chánh Văn phòng")
    to = ("--lead", code["xa-ha-lam"], "--support", code["thi-tran-ben-lam"])
    done = brisk.ask("assign", id_, *to, *words, *who)
    assert done.returncode == 0, done.stderr
    brisk.settled(1)

    ((folder, files),) = brisk.delivered("xa-ha-lam").items()
    slip = json.loads((folder / "phieu-chuyen-xu-ly.json").read_text("utf-8"))["assignment"]
    assert (slip["role"], slip["due_on"], slip["who"]) == ("lead", due.isoformat(), "Trần Thị Mẫu")
    assert "Khẩn trương tham mưu" in (folder / "phieu-chuyen-xu-ly.html").read_text("utf-8")
    sheets = json.loads((folder / "vbdaemon.json").read_text("utf-8"))["sheets"]
    assert {sheet["name"]: sheet["sha256"] for sheet in sheets}["phieu-chuyen-xu-ly.html"] == files[
        "phieu-chuyen-xu-ly.html"
    ]
    assert len(brisk.delivered("thi-tran-ben-lam")) == 1
    assert statuses(brisk, SENDER) == ["03", "04"]
    told = "".join(p.read_text("utf-8") for p in (brisk.exchange / SENDER / "ket-qua").glob("*phan-cong*.txt"))
    assert "chủ trì" in told
    assert "Khẩn trương" not in told
    assert brisk.answer("assign") == []
    acts, events = (json.dumps(brisk.answer("show", id_)[part], ensure_ascii=False) for part in ("acts", "events"))
    assert "Khẩn trương" not in acts + events  # quarantine could not take it from there


def test_recalled_by_number_and_date_everyone_who_has_it_is_told(brisk, papers):
    brisk.start()
    id_ = drop(brisk, papers, "letter", "phong-noi-vu/gui")
    kind = brisk.answer("show", id_)["documents"][0]["classification"]
    number = f"{kind['number']}/{kind['symbol']}"
    done = brisk.ask("recall", "--number", number, "--date", kind["date"], "--reason", "Ban hành nhầm thể thức")
    assert done.returncode == 0, done.stderr
    assert "3 recipients told" in done.stdout
    brisk.settled(1)
    for unit in RECIPIENTS:
        (letter,) = (brisk.exchange / unit / "nhan").rglob("*thu-hoi*.json")
        said = json.loads(letter.read_text("utf-8"))
        assert said["status"] == "13"
        assert (said["withdrawal"]["number"], said["withdrawal"]["kind"]) == (kind["number"], "recall")
    brisk.until(lambda: "15" in statuses(brisk, SENDER), "the sender's word")
    again = brisk.ask("recall", id_, "--reason", "lần nữa")
    assert (again.returncode, "recalled already" in again.stderr) == (1, True)


def test_a_refusal_waits_for_a_person_and_bears_their_name(brisk, papers):
    brisk.change("rules", refusals="confirm")
    brisk.start()
    id_ = drop(brisk, papers, "unsigned", "phong-giao-duc/gui")
    assert brisk.states()[id_] == "HELD"
    assert statuses(brisk, "phong-giao-duc") == ["01"]
    done = brisk.ask("reject", id_, "--reason", "đúng", "--by", "Lê Văn Mẫu", "--title", "Phó Chánh Văn phòng")
    assert "the prepared refusal leaves under your name" in done.stdout
    brisk.settled(1)
    assert brisk.states()[id_] == "REJECTED"
    (page,) = (brisk.exchange / "phong-giao-duc" / "ket-qua").glob("*tu-choi*.txt")
    words = page.read_text("utf-8")
    assert "Lê Văn Mẫu" in words
    assert "Phó Chánh Văn phòng" in words
    assert "552/UBND" in words


def test_another_office_asks_for_its_document_back_and_gets_it(station_in, papers, tmp_path):
    ours, theirs = station_in(tmp_path / "huyen", settle_seconds=0.5), station_in(tmp_path / "xa", settle_seconds=0.5)
    links = ((ours, "xa-phu-lam", theirs, "huyen"), (theirs, "huyen", ours, "xa-phu-lam"))
    for station, partner, other, us in links:
        served = {"served": True} if station is ours else {}
        station.add_unit("H40.77", f"Cơ quan liên thông {partner}", "x@y.example", folder=partner, **served)
        box = "nhan" if station is theirs else "ket-qua"
        station.add(
            "vbdaemon.toml", "folder", name=f"{partner}-den", path=str(other.exchange / us / box), unit="H40.77"
        )
    ours.add("routes.toml", "route", to=["H40.77"])
    theirs.add("routes.toml", "route", to=["H40.15.04"])
    answers = "SELECT answer FROM deliveries WHERE kind = 'forward' AND unit = 'H40.77'"
    try:
        ours.start()
        theirs.start()
        for file in papers("letter"):
            ours.drop("phong-noi-vu/gui", file.name, file.body)
        ours.until(lambda: ours.rows(answers) == [("03",)], "their receipt")
        id_ = next(row["id"] for row in ours.answer("list") if row["state"] == "ACCEPTED")
        assert ours.ask("recall", id_, "--reason", "Ban hành nhầm").returncode == 0

        held = theirs.until(
            lambda: next((r["id"] for r in theirs.answer("list") if r["state"] == "HELD"), None), "the request"
        )
        told = theirs.answer("show", held)["documents"][0]
        assert told["reasons"] == ["recall-requested"]
        assert "Ban hành nhầm" in told["findings"][0]["message"]
        done = theirs.ask("recall", held, "--reason", "theo yêu cầu của nơi gửi")
        assert done.returncode == 0, done.stderr
        inbox = theirs.exchange / "phong-van-hoa" / "nhan"
        theirs.until(lambda: list(inbox.rglob("*thu-hoi*.txt")), "the letter to who has it")
        ours.until(lambda: ours.rows(answers) == [("15",)], "their word that it is done")
        assert theirs.states()[held] == "FILED"
    finally:
        ours.kill()
        theirs.kill()
