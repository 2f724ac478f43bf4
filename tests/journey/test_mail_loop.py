"""Two offices wired to each other with wrong settings: mails are counted, and they stop by themselves."""

import smtplib
import time
from email.message import EmailMessage

import pytest

from vbdaemon.demo.post import free_port

pytestmark = pytest.mark.journey

HERE = "127.0.0.1"
DISTRICT, COMMUNE = "vanthu@huyen.example", "vanthu@phulam.example"
CLERK = "vanthu@tuphap.example"
QUIET_SECONDS = 4.0
"""Longer than the first pause before a repeat would show."""


class Pair:
    """Each knows the other as a served unit and sends everything on to it; both smarthosts are the other's listener."""

    def __init__(self, district, commune):
        self.stations = {DISTRICT: district, COMMUNE: commune}
        self.ports = {DISTRICT: free_port(), COMMUNE: free_port()}
        for own, other in ((DISTRICT, COMMUNE), (COMMUNE, DISTRICT)):
            station = self.stations[own]
            station.change("smtp", listen=[f"{HERE}:{self.ports[own]}"], hostname=own.partition("@")[2])
            station.change("mail", addresses=[own])
            station.change("smarthost", host=HERE, port=self.ports[other], security="plain", sender=own)
            station.add_unit("H40.77", "Cơ quan liên thông", other, served=True)
            station.add_unit("H40.78", "Phòng Tư pháp", CLERK)
            station.add("routes.toml", "route", to=["H40.77"])
            station.start()

    def send(self, to, sender, files):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, "Gửi văn bản", "<1@thu.example>"
        mail.set_content("Kính gửi.")
        for file in files:
            mail.add_attachment(file.body, maintype="application", subtype="octet-stream", filename=file.name)
        with smtplib.SMTP(HERE, self.ports[to], timeout=30) as client:
            client.send_message(mail, sender, [to])

    def taken(self):
        """Messages that each of them took in."""
        return [len(station.states()) for station in self.stations.values()]

    def stand_still(self):
        """Waits until nothing moves any more; how many messages there were by then."""
        last, since, ends = None, time.monotonic(), time.monotonic() + 60
        while time.monotonic() - since < QUIET_SECONDS:
            assert time.monotonic() < ends, f"still going: {self.taken()}"
            now = (self.taken(), [station.states() for station in self.stations.values()])
            if now != last:
                last, since = now, time.monotonic()
            time.sleep(0.1)
        return self.taken()

    def notices(self):
        query = "SELECT address FROM deliveries WHERE kind = 'notice' ORDER BY 1"
        return [[address for (address,) in station.rows(query)] for station in self.stations.values()]


@pytest.fixture
def wired(station_in, tmp_path):
    pairs = []

    def wire():
        pairs.append(Pair(station_in(tmp_path / "huyen"), station_in(tmp_path / "xa")))
        return pairs[0]

    yield wire
    for pair in pairs:
        for station in pair.stations.values():
            station.kill()


def test_a_refusal_between_two_offices_is_answered_at_most_once(wired, papers):
    pair = wired()
    pair.send(DISTRICT, COMMUNE, papers("unsigned"))
    district, commune = pair.stand_still()

    assert (district, commune) == (1, 1)  # the document, and its notice; nothing answers that
    assert pair.notices() == [[COMMUNE], []]


def test_a_document_that_two_offices_send_on_to_each_other_stops_by_itself(wired, papers):
    pair = wired()
    pair.send(DISTRICT, CLERK, papers("letter"))

    assert pair.stand_still() == [2, 1]  # the document, its receipt back at the first office


def test_an_office_that_would_write_in_the_name_of_a_unit_does_not_start(station):
    station.add_unit("H40.77", "Cơ quan liên thông", COMMUNE, served=True)
    station.change("smarthost", host=HERE, port=1, security="plain", sender=COMMUNE)
    refused = station.ask("run")

    assert refused.returncode == 2
    assert f"unit H40.77: address '{COMMUNE}' is this office's own, [smarthost] sender" in refused.stderr
