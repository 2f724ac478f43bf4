"""Whom a document reaches while the directory changes beside the daemon, and who is told about the others."""

from dataclasses import replace

import pytest

pytestmark = pytest.mark.journey

POLICY = """
[[finding]]
code = "person-signature-or-scan-missing"
severity = "note"
verdict = "none"

[[finding]]
code = "scan-evidence-unclear"
severity = "note"
verdict = "none"
"""
"""These letters carry the organisation's signature alone."""
GROUP = """
[[group]]
code = "xa-thi-tran"
name = "UBND các xã, thị trấn"
"""
CHAIR = """
[[unit.account]]
name = "chu-tich"
role = "leader"
drop = "gui-lanh-dao"
inbox = "nhan-chu-tich"
"""
REMOTE = """
[[unit]]
code = "H40.15.90"
name = "Ủy ban nhân dân xã Thượng Lam"
parent = "H40.15"
groups = ["huyen", "xa-thi-tran"]
served = true
folder = "xa-thuong-lam"
channels = ["paper"]
channels_note = "chưa có đường truyền"
"""
ROUTE = """
[[route]]
to = ["H40.15/chu-tich"]
subject_words = ["cán bộ"]
"""
RECIPIENTS = ("CT, các PCT UBND huyện (để b/c)", "Sở Nội vụ", "Hội Người cao tuổi", "Lưu: VT")


@pytest.fixture
def letter(agency):
    """A letter of the Phòng Nội vụ to all communes, with a number of its own."""
    from vbdaemon.demo.papers import written  # noqa: PLC0415 - collected with all other tests
    from vbdaemon.demo.stamping import SigningMoment, sign_as_organisation  # noqa: PLC0415 - collected with all other tests
    from vbdaemon.demo.typesetting import typeset  # noqa: PLC0415 - collected with all other tests

    unit, by = agency.unit("phong-noi-vu"), agency.signatories["phong-noi-vu"]
    moment = SigningMoment(agency.signed_at, by.timestamper)
    plain = written(agency, "phong-noi-vu", "review-letter")
    words = {"addressees": ("UBND các xã, thị trấn",), "recipients": RECIPIENTS, "electronic_recipients": ()}

    def make(number: int) -> bytes:
        laid = typeset(replace(plain, number=str(number), **words))
        return sign_as_organisation(laid.pdf, by.organisation, laid.seal, laid.page, moment, unit.heading, unit.place)

    return make


def handed_in(station, letter, number):
    """The verdict and the notes of one more letter."""
    known = set(station.states())
    station.drop("phong-noi-vu/gui", f"{number}.pdf", letter(number))
    station.until(lambda: sent(station, len(known) + 1), "the letter to be decided and sent")
    (new,) = set(station.states()) - known
    (document,) = station.answer("show", new)["documents"]
    return document["verdict"], {each["code"]: each["message"] for each in document["findings"]}


def sent(station, count):
    """So many submissions are accepted, and nothing is on its way."""
    states = list(station.states().values())
    return states == ["ACCEPTED"] * count and not station.rows("SELECT 1 FROM deliveries WHERE state = 'DUE'")


def folders(station):
    """How many documents lie in each inbox."""
    inboxes = [path for name in ("nhan", "nhan-chu-tich") for path in station.exchange.glob(f"*/{name}")]
    return {f"{p.parent.name}/{p.name}": len(list(p.iterdir())) for p in inboxes if any(p.iterdir())}


def test_a_mistaken_directory_keeps_the_old_and_the_mended_one_sends_further(station, letter):
    (station.config.parent / "policy.toml").write_text(POLICY, "utf-8")
    station.change("rules", policy="policy.toml")
    units = station.config.parent / "units.toml"
    (station.exchange / "ubnd-huyen" / "nhan-chu-tich").mkdir()
    station.start()
    verdict, notes = handed_in(station, letter, 101)
    assert verdict == "ACCEPT"
    assert folders(station) == {"ubnd-huyen/nhan": 1}
    assert "UBND các xã, thị trấn; Sở Nội vụ; Hội Người cao tuổi" in notes["recipients-unresolved"]

    good = units.read_text("utf-8")
    units.write_text(good + REMOTE.replace('"H40.15"', '"H77"'), "utf-8")
    station.until(lambda: b"H40.15.90: parent 'H77' is no unit" in station.said(), "the mistake to be told")
    assert b"the former ones stay in force" in station.said()
    assert station.rows("SELECT 1 FROM events WHERE kind = 'snapshot'") == []
    handed_in(station, letter, 102)
    assert folders(station) == {"ubnd-huyen/nhan": 2}

    committee = 'folder = "ubnd-huyen"\nsignature_issued = true\n'
    assert committee in good
    mended = GROUP + good.replace(committee, committee + CHAIR) + REMOTE
    units.write_text(mended, "utf-8")
    routes = station.config.parent / "routes.toml"
    station.until((station.exchange / "xa-thuong-lam" / "gui").is_dir, "the mended directory")
    routes.write_text(routes.read_text("utf-8") + ROUTE, "utf-8")
    station.until(lambda: station.rows("SELECT 1 FROM events WHERE kind = 'snapshot' LIMIT 1 OFFSET 1"), "the route")

    verdict, notes = handed_in(station, letter, 103)
    assert verdict == "ACCEPT"
    assert folders(station) == {
        "ubnd-huyen/nhan": 3,
        "ubnd-huyen/nhan-chu-tich": 1,
        "xa-ha-lam/nhan": 1,
        "thi-tran-ben-lam/nhan": 1,
    }
    assert "Ủy ban nhân dân xã Thượng Lam: chưa có đường truyền" in notes["recipients-on-paper"]
    assert "(Sở Nội vụ; Hội Người cao tuổi)" in notes["recipients-unresolved"]
    assert "paper only: chưa có đường truyền" in station.ask("units", "list").stdout
    assert station.stop() == 0
