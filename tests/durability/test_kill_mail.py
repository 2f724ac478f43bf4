"""Killed while mail comes in and goes out: nothing is lost; a repeat has the same Message-ID and the same bytes."""

import smtplib
import sys
import threading
import time
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from vbdaemon.demo.post import free_port

pytestmark = [pytest.mark.durability, pytest.mark.timeout(240)]

LAUNCHER = Path(__file__).with_name("launcher.py")
HERE, OURS = "127.0.0.1", "vanthu@huyen.example"
STEPS = (
    "smtp.written",
    "smtp.admitted",
    "smtp.answered",
    "delivery.started",
    "delivery.sent",
)
CASES = {"letter": "vanthu@noivu.example", "unsigned": "vanthu@giaoduc.example"}
FORWARDED, NOTICES = 1, 2


class Sink:
    """A mail server that keeps everything, and takes its time after the last byte."""

    def __init__(self):
        self.mails = []
        self.port = free_port()
        self.controller = Controller(self, hostname=HERE, port=self.port)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        self.mails.append(envelope.content)
        return "250 2.0.0 kept"

    def by_id(self):
        """Bodies by Message-ID."""
        found = {}
        for mail in self.mails:
            found.setdefault(message_from_bytes(mail)["Message-ID"], []).append(mail)
        return found


class Office:
    """A station with mail, clients that repeat until they hear 250, and a server for what it sends."""

    def __init__(self, station, papers, sink):
        self.station, self.papers, self.sink = station, papers, sink
        self.port = free_port()
        station.change("smtp", listen=[f"{HERE}:{self.port}"])
        station.change("mail", addresses=[OURS])
        station.change("smarthost", host=HERE, port=sink.port, security="plain", sender=OURS)
        station.add_unit("M0", "Phòng Tư pháp (thư)", "vanthu@noivu.example")
        station.add_unit("M1", "Phòng Y tế (thư)", "vanthu@giaoduc.example")
        station.add_unit("M2", "Xã Phú Lam", "vanthu@xa.example", served=True)
        station.add("routes.toml", "route", to=["M2"])

    def send_until_taken(self, case, sender):
        """As a mail server does: no 250, no rest."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = sender, OURS, f"<{case}@client.example>"
        mail.set_content("Kính gửi")
        file = self.papers(case)[0]
        mail.add_attachment(file.body, maintype="application", subtype="pdf", filename=file.name)
        body, end = mail.as_bytes(), time.monotonic() + 90
        while time.monotonic() < end:
            try:
                with smtplib.SMTP(HERE, self.port, timeout=20) as client:
                    client.sendmail(sender, [OURS], body)
            except OSError:  # SMTPException too
                time.sleep(0.3)
            else:
                return

    def start_to_be_killed(self, step):
        self.station.start(sys.executable, str(LAUNCHER), str(self.station.config), step, "1")

    def await_death(self):
        self.station.until(lambda: not self.station.alive, "the kill", 60)
        self.station.kill()


@pytest.fixture
def office(station, papers):
    sink = Sink()
    sink.controller.start()
    yield Office(station, papers, sink)
    sink.controller.stop()


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_loses_no_mail_and_repeats_none_under_another_name(office, step):
    office.start_to_be_killed(step)
    clients = [threading.Thread(target=office.send_until_taken, args=each) for each in CASES.items()]
    for client in clients:
        client.start()
    office.await_death()
    office.station.start()
    for client in clients:
        client.join()
    states = office.station.settled(len(CASES))

    assert sorted(states.values()) == ["ACCEPTED", "REJECTED"]
    sent = office.sink.by_id()
    assert len(sent) == FORWARDED + NOTICES
    assert all(len(set(bodies)) == 1 for bodies in sent.values())
    assert len(office.station.rows("SELECT 1 FROM documents WHERE accepted")) == 1
    assert office.station.stop() == 0
