"""Killed at every step between fetch and the mailbox's mark: nothing is lost, nothing is there twice."""

import multiprocessing
import re
import runpy
import signal
from collections import Counter
from pathlib import Path

import pytest

import vbdaemon.intake.imap

pytestmark = [pytest.mark.durability, pytest.mark.timeout(120)]

LAUNCHER = Path(__file__).with_name("launcher.py")
TARGET = "Đã tiếp nhận"
STEPS = (
    "imap.committed",
    "imap.remembered",
    "imap.copied",
    "imap.marked",
    "imap.told",
    "imap.settled",
)
ELSEWHERE = ("writer.committed", "admission.committed")
LETTERS = 7


class Trial:
    """A mailbox, an office, and processes that are killed."""

    def __init__(self, user, office, after, processes):
        self.user = user
        self.office = office
        self.after = after
        self._processes = processes
        self.section = {
            "name": "van-thu",
            "host": user.host,
            "port": user.server.port,
            "security": "plain",
            "username": user.name,
            "password": "env:IMAP_PASSWORD",
            "after": after,
            "moved_to": TARGET,
        }

    def run(self, step="", passage=1):
        """True when the process was killed, False when it ended after its work."""
        arguments = (self.office.folder, step, passage, self.section, self.office.environment)
        process = self._processes.Process(
            target=runpy.run_path, args=(str(LAUNCHER), {"ARGUMENTS": arguments}, "__main__")
        )
        process.start()
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL)
        return process.exitcode != 0

    def account_for(self, letters):
        assert self.office.taken() == sorted(letters)
        left = self.user.messages()
        if self.after == "move":
            assert left == []
            assert Counter(self.user.messages(TARGET)) == Counter(letters)
        elif self.after == "delete":
            assert left == []
        else:
            assert Counter(left) == Counter(letters)
            assert all(flags == {"$vbdaemon"} for flags in self.user.flags().values())


@pytest.fixture(scope="session")
def processes():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["vbdaemon.intake.imap.intake", "vbdaemon.recovery"])
    return context


@pytest.fixture
def letters(mail):
    return [mail(number) for number in range(LETTERS - 1)] + [mail(99, 2_500_000)]


def test_every_failpoint_of_the_mailbox_intake_is_killed_at():
    root = Path(vbdaemon.intake.imap.__file__).parent
    named = {n for path in root.glob("*.py") for n in re.findall(r'failpoint\("([^"]+)"\)', path.read_text("utf-8"))}
    assert named == set(STEPS)


@pytest.mark.parametrize("step", [*STEPS, *ELSEWHERE])
def test_a_kill_while_messages_are_moved_loses_nothing_and_repeats_nothing(office, user, letters, processes, step):
    user.bring(*letters)
    trial = Trial(user, office, "move", processes)
    killed = [trial.run(step, passage) for passage in (1, 2)]
    assert any(killed) or step in ("imap.copied", "imap.marked"), "the step was never passed"
    assert not trial.run()
    trial.account_for(letters)


@pytest.mark.parametrize("step", ["imap.committed", "imap.remembered", "imap.told"])
@pytest.mark.parametrize("after", ["flag", "delete"])
def test_a_kill_before_the_mailbox_is_told_loses_nothing(office, user, letters, processes, after, step):
    user.bring(*letters)
    trial = Trial(user, office, after, processes)
    assert trial.run(step)
    assert not trial.run()
    trial.account_for(letters)


@pytest.mark.parametrize("step", ["imap.remembered", "imap.copied", "imap.marked", "imap.told"])
def test_a_kill_in_the_middle_of_copy_and_expunge_leaves_one_copy(office, dovecot, letters, processes, step):
    user = dovecot.add("uidplus")
    user.bring(*letters)
    trial = Trial(user, office, "move", processes)
    assert trial.run(step)
    assert not trial.run()
    trial.account_for(letters)
