"""A document of list II in a real daemon: its paper is awaited, the sender reminded, and a person has it in the end."""

import json
import threading
from datetime import datetime, timedelta

import pytest

from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import load_settings
from vbdaemon.daemon import Daemon

pytestmark = pytest.mark.journey


class ShiftedClock:
    """The machine's clock, moved on to a later morning."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.shift

    def move_to_morning(self, after_days: int) -> None:
        """To nine o'clock in Viet Nam on the first weekday after so many days."""
        now = system_clock()
        day = now.astimezone(VIETNAM).date() + timedelta(days=after_days)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        self.shift = datetime(day.year, day.month, day.day, 9, tzinfo=VIETNAM) - now


@pytest.fixture
def clock():
    return ShiftedClock()


@pytest.fixture
def office(station, clock):
    """The site with a daemon that goes by the shifted clock."""
    (station.config.parent / "holidays.toml").unlink(missing_ok=True)
    daemon, stop = Daemon(load_settings(station.config), clock=clock), threading.Event()
    daemon.start()
    thread = threading.Thread(target=daemon.run, args=(stop,))
    thread.start()
    yield station
    stop.set()
    thread.join()
    daemon.stop()


def test_a_sender_is_reminded_of_a_paper_and_those_on_duty_see_what_is_held_too_long(office, clock, papers):
    office.drop("phong-noi-vu/gui", "to-trinh.pdf", papers("submission")[0].body)
    office.drop("khach/gui", "cv.pdf", papers("letter")[0].body)
    held = {state: id_ for id_, state in office.settled(2).items()}["HELD"]
    assert office.rows("SELECT state FROM papers") == [("DUE",)]

    clock.move_to_morning(14)
    results = office.exchange / "phong-noi-vu" / "ket-qua"
    office.until(lambda: list(results.glob("*nhac-ban-giay*.txt")), "the reminder")
    (reminder,) = results.glob("*nhac-ban-giay*.txt")
    text = reminder.read_text("utf-8")
    assert "số đến 1/" in text
    assert "gửi bản giấy về" in text
    (told,) = json.loads(reminder.with_suffix(".json").read_text("utf-8"))["papers_due"]
    office.until(lambda: office.rows("SELECT kind, submission_id FROM alarms") == [("held", held)], "the alarm")
    seen = office.answer("status")
    assert ([each["submission"] for each in seen["alarms"]], seen["papers"]) == ([held], {"awaited": 1, "overdue": 0})

    asked = office.ask("paper", "received", told["arrival"], "--by", "Lê Thị Mẫu")
    assert asked.stdout == f"{told['submission']}: applied: the paper of document 1 is here (it was overdue)\n"
    assert office.rows("SELECT state, received_by FROM papers") == [("RECEIVED", "Lê Thị Mẫu")]
