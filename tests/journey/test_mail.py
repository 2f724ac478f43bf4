"""Two offices with a vbdaemon each: documents go by mail and by folder, and what the receiver says comes back."""

import hashlib
import smtplib
from email.message import EmailMessage

import pytest

from vbdaemon.demo.papers import DemoFile
from vbdaemon.demo.post import free_port

pytestmark = pytest.mark.journey

HERE = "127.0.0.1"
DISTRICT, COMMUNE = "vanthu@huyen.example", "vanthu@phulam.example"


class Offices:
    """The district, which forwards everything to the commune; the commune forwards to one unit of its own."""

    def __init__(self, district, commune):
        self.district, self.commune = district, commune
        ports = {DISTRICT: free_port(), COMMUNE: free_port()}
        for station, own, other in ((district, DISTRICT, COMMUNE), (commune, COMMUNE, DISTRICT)):
            station.change("notices", pdf=True)  # it comes along with a coded status, and is no document
            station.change("smtp", listen=[f"{HERE}:{ports[own]}"], hostname=own.partition("@")[2])
            station.change("mail", addresses=[own], preflight=[own.replace("vanthu", "kiemtra")])
            station.change("smarthost", host=HERE, port=ports[other], security="plain", sender=own)
        self.ports = ports
        district.add_unit("H40.77", "Ủy ban nhân dân xã Phú Lam", COMMUNE, served=True)
        district.add_unit("H40.15.01M", "Phòng Tư pháp huyện Sông Lam", "vanthu@tuphap.example")
        district.add("routes.toml", "route", to=["H40.77"])
        commune.add_unit("H40.88", "Văn phòng huyện Sông Lam (liên thông)", DISTRICT)
        commune.add("routes.toml", "route", to=["H40.15.04"])

    def send(self, to, sender, *files, subject="Gửi văn bản"):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, "<thu-1@tuphap.example>"
        mail.set_content("Kính gửi Quý cơ quan văn bản kèm theo.")
        for file in files:
            mail.add_attachment(file.body, maintype="application", subtype="octet-stream", filename=file.name)
        with smtplib.SMTP(HERE, self.ports[DISTRICT], timeout=30) as client:
            client.send_message(mail, sender, [to])

    def answers(self):
        """What receivers said of the district's forwards by mail."""
        return self.district.rows("SELECT answer FROM deliveries WHERE kind = 'forward' AND scheme = 'smtp'")


@pytest.fixture
def offices(station_in, tmp_path):
    made = Offices(station_in(tmp_path / "huyen"), station_in(tmp_path / "xa"))
    yield made
    made.district.kill()
    made.commune.kill()


def test_a_document_goes_on_by_mail_and_the_receivers_acceptance_comes_back(offices, papers):
    letter = papers("letter")
    offices.district.change("exchange", settle_seconds=0.5)
    offices.district.start()
    offices.commune.start()
    for file in letter:
        offices.district.drop("phong-noi-vu/gui", file.name, file.body)

    offices.district.until(lambda: offices.answers() == [("03",)], "the commune's acceptance")
    (id_,) = [row[0] for row in offices.district.rows("SELECT id FROM submissions WHERE source != 'smtp'")]
    assert "the receiver: 03 đã tiếp nhận  1/2026 (den)" in offices.district.ask("show", id_).stdout
    ((_folder, files),) = offices.commune.delivered("phong-van-hoa").items()
    assert {file.name for file in letter} <= set(files)
    states = offices.district.settled(2)
    assert sorted(states.values()) == ["ACCEPTED", "FILED"]
    assert list(offices.commune.settled(1).values()) == ["ACCEPTED"]


def test_a_document_goes_on_by_folder_and_the_receivers_acceptance_comes_back(station_in, papers, tmp_path):
    district, commune = station_in(tmp_path / "huyen", settle_seconds=0.5), station_in(tmp_path / "xa")
    links = ((district, "xa-phu-lam", commune, "huyen"), (commune, "huyen", district, "xa-phu-lam"))
    for station, partner, other, us in links:
        station.change("notices", pdf=True)
        served = {"served": True} if station is district else {}
        station.add_unit("H40.77", f"Cơ quan liên thông {partner}", "x@y.example", folder=partner, **served)
        box = "nhan" if station is commune else "ket-qua"
        watched = str(other.exchange / us / box)
        station.add("vbdaemon.toml", "folder", name=f"{partner}-gui-den", path=watched, unit="H40.77")
    district.add("routes.toml", "route", to=["H40.77"])
    commune.add("routes.toml", "route", to=["H40.15.04"])
    try:
        district.start()
        commune.start()
        for file in papers("letter"):
            district.drop("phong-noi-vu/gui", file.name, file.body)
        told = "SELECT answer, answer_words FROM deliveries WHERE kind = 'forward' AND unit = 'H40.77'"
        district.until(lambda: district.rows(told) == [("03", "1/2026 (den)")], "the commune's acceptance")
        assert len(commune.delivered("phong-van-hoa")) == 1
        assert not list((commune.exchange / "huyen" / "ket-qua").glob("[!.]*"))
    finally:
        district.kill()
        commune.kill()


def test_a_mail_is_taken_in_judged_and_answered_by_mail_once(offices, papers):
    station = offices.district
    station.start()
    offices.commune.start()  # its listener takes the answer, as any mail server would
    offices.send(DISTRICT, "vanthu@tuphap.example", *papers("unsigned"))
    (state,) = station.settled(1).values()

    assert state == "REJECTED"
    notices = station.rows("SELECT scheme, address, state FROM deliveries WHERE kind = 'notice'")
    assert [row[:2] for row in notices] == [("smtp", "vanthu@tuphap.example")]


def test_a_check_before_sending_is_answered_and_nothing_of_it_is_taken_over(offices, papers):
    station = offices.district
    station.start()
    offices.commune.start()  # its listener takes the answer
    for to in ("kiemtra@huyen.example", DISTRICT):
        offices.send(to, "vanthu@tuphap.example", *papers("letter"))
    station.drop("xa-ha-lam/kiem-tra", "van-ban.pdf", papers("unsigned")[0].body)
    states = station.settled(3)

    assert sorted(states.values()) == ["ACCEPTED", "CHECKED", "CHECKED"]
    assert station.rows("SELECT count(*) FROM documents") == [(1,)]
    assert {
        (row[0], row[1]) for row in station.rows("SELECT scheme, address FROM deliveries WHERE name LIKE '%kiem-tra%'")
    } == {
        ("smtp", "vanthu@tuphap.example"),
        ("folder", "xa-ha-lam/ket-qua"),
    }
    (told,) = station.notices("xa-ha-lam")
    assert told["status"] is None
    assert "organisation-signature-missing" in {reason["code"] for reason in told["documents"][0]["reasons"]}


def test_a_document_sent_in_two_mails_is_joined_and_goes_on_whole(offices, papers):
    station, letter = offices.district, papers("letter")[0]
    station.start()
    offices.commune.start()
    half = len(letter.body) // 2
    for number, body in enumerate((letter.body[:half], letter.body[half:]), 1):
        piece = DemoFile(f"{letter.name}.00{number}", body)
        offices.send(DISTRICT, "vanthu@tuphap.example", piece, subject=f"Gửi văn bản (phần {number}/2)")
    states = station.settled(2)

    assert sorted(states.values()) == ["ACCEPTED", "FILED"]
    whole = hashlib.sha256(letter.body).hexdigest()
    assert all(whole in files.values() for files in station.delivered("xa-ha-lam").values())
    assert len(station.delivered("xa-ha-lam")) == 1


def test_a_mail_of_nobody_known_is_held_and_answered_by_nothing(offices, papers):
    station = offices.district
    station.change("smtp", accept="anyone")
    station.start()
    offices.send(DISTRICT, "ai-do@nowhere.example", *papers("letter"))
    (state,) = station.settled(1).values()

    assert state == "HELD"
    assert station.rows("SELECT 1 FROM deliveries") == []
