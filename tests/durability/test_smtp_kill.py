"""The mail listener killed at every step: what was answered with 250 is there, and what is sent again comes once."""

import hashlib
import os
import random
import signal
import smtplib
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from vbdaemon.spool.store import Spool

pytestmark = [pytest.mark.durability, pytest.mark.timeout(180)]

PROCESS = Path(__file__).parents[1] / "intake/smtp/process.py"
SEEDS = int(os.environ.get("VBDAEMON_KILLS", "2"))
PATIENCE = 30.0
SENDER, OFFICE = "vanthu@so-mot.example", "vanthu@songlam.example"
STEPS = (
    "smtp.written",
    "spool.copied",
    "spool.renamed",
    "writer.committed",
    "admission.committed",
    "smtp.admitted",
    "smtp.answered",
)


def letters(count: int, size: int) -> list[bytes]:
    """Each with bytes of its own, dots at the beginning of lines included."""
    chance = random.Random(count)
    return [
        f"Message-ID: <{number}@so-mot.example>\r\n\r\n".encode()
        + b"".join(b".%d\r\n" % chance.getrandbits(64) for _ in range(size // 20))
        for number in range(count)
    ]


class Office:
    """A listener that is started again and again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.answers: dict[bytes, str] = {}

    def start(self, step: str = "", passage: int = 0) -> None:
        words = [sys.executable, str(PROCESS), str(self.folder), *([step, str(passage)] if step else [])]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line, "the listener did not start"
        self.port = int(line.split()[0])

    def send(self, body: bytes) -> bool:
        """True when it was answered with 250; the reply is kept."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
                client.ehlo()
                client.mail(SENDER)
                client.rcpt(OFFICE)
                code, words = client.data(body)
        except (OSError, smtplib.SMTPException):
            return False
        if code == 250:
            said = words.decode()
            assert self.answers.setdefault(body, said) == said, "another id for the same message"
        return code == 250

    def died(self) -> bool:
        try:
            code = self.process.wait(PATIENCE)
        finally:
            self.process.stdout.close()
        return code == -signal.SIGKILL

    def end(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
        if self.process is not None:
            assert self.process.wait(PATIENCE) == (0 if how == signal.SIGTERM else -how)
            self.process.stdout.close()

    def taken(self) -> dict[str, str]:
        """Digest of the stored message by id, for every row."""
        with closing(sqlite3.connect(self.folder / "state.sqlite3")) as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM submissions")]
        spool = Spool(self.folder / "spool")
        return {each: spool.verify(each).files[0].sha256 for each in ids}

    def check(self, bodies: list[bytes]) -> None:
        """Everything is there, once, under the id that the client was told; nothing else is."""
        taken = self.taken()
        assert sorted(taken.values()) == sorted(hashlib.sha256(body).hexdigest() for body in bodies)
        for body, said in self.answers.items():
            assert taken[said.rpartition(" ")[2]] == hashlib.sha256(body).hexdigest()
        assert set(Spool(self.folder / "spool").sealed()) == set(taken)
        assert not list((self.folder / "spool/tmp").iterdir())


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


@pytest.mark.parametrize("step", STEPS)
def test_a_listener_killed_at_a_step_loses_nothing_and_takes_nothing_twice(office, step):
    bodies = letters(3, 600_000 if step == "smtp.written" else 10_000)
    left = list(bodies)
    for passage in (1, 2):
        office.start(step, passage)
        left = [body for body in left if not office.send(body)]
        assert office.died(), "the step was never passed"
        assert {hashlib.sha256(body).hexdigest() for body in office.answers} <= set(office.taken().values())
    office.start()
    assert all(office.send(body) for body in bodies)
    office.end()
    office.check(bodies)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_listener_killed_at_any_moment_under_load_loses_nothing_and_takes_nothing_twice(office, seed):
    chance = random.Random(seed)
    bodies = [*letters(30, 5_000), *letters(4, 1_500_000)]
    chance.shuffle(bodies)
    for _ in range(2):
        office.start()
        load = [threading.Thread(target=send_all, args=(office, bodies[part::6])) for part in range(6)]
        for thread in load:
            thread.start()
        time.sleep(chance.uniform(0.02, 0.5))
        office.end(signal.SIGKILL)
        for thread in load:
            thread.join()
    office.start()
    send_all(office, bodies)
    office.end()
    assert len(office.answers) == len(bodies)
    office.check(bodies)


def send_all(office, bodies):
    for body in bodies:
        office.send(body)
