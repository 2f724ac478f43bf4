"""Killed at every step between drop and delivery: nothing is lost, nothing comes twice."""

import os
import random
import re
import time
from pathlib import Path

import pytest

import vbdaemon

pytestmark = [pytest.mark.durability, pytest.mark.timeout(240)]

SEEDS = int(os.environ.get("VBDAEMON_KILLS", "3"))
"""More kills at random moments, for a long night."""
STEPS = (
    "intake.claimed",
    "intake.copied",
    "intake.admitted",
    "intake.removed",
    "spool.copied",
    "spool.written",
    "spool.renamed",
    "spool.quarantined",
    "writer.applied",
    "writer.committed",
    "admission.committed",
    "pipeline.started",
    "pipeline.decided",
    "pipeline.settled",
    "delivery.started",
    "delivery.sent",
    "delivery.recorded",
)


def test_every_failpoint_of_the_program_is_killed_at():
    root = Path(vbdaemon.__file__).parent
    named = {
        name for path in root.rglob("*.py") for name in re.findall(r'failpoint\("([^"]+)"\)', path.read_text("utf-8"))
    }
    mail = {step for step in named if step.startswith(("smtp.", "imap."))}  # tests/intake and test_kill_mail have these
    assert named - mail == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_a_daemon_killed_at_a_step_and_killed_there_again_loses_nothing_and_repeats_nothing(trial, step):
    trial.start_to_be_killed(step, 1)
    assert trial.await_death(), "the step was never passed"
    trial.start_to_be_killed(step, 2)
    trial.await_death()
    trial.finish()


@pytest.mark.parametrize("passage", [5, 12])
@pytest.mark.parametrize("step", ["writer.applied", "writer.committed"])
def test_a_daemon_killed_at_a_later_commit_loses_nothing_and_repeats_nothing(trial, step, passage):
    trial.start_to_be_killed(step, passage)
    trial.await_death()
    trial.finish()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_daemon_killed_at_any_moment_loses_nothing_and_repeats_nothing(trial, seed):
    trial.station.change("workers", attempts=5)  # the same document may be under way at all three kills
    chance = random.Random(seed)
    for _ in range(3):
        trial.start()
        time.sleep(chance.uniform(0.0, 1.5))
        trial.station.kill()
    trial.finish()


def test_of_a_killed_daemon_no_process_stays(ocr, trial, papers):
    trial.station.drop("xa-ha-lam/gui", "scan.pdf", papers("scan")[0].body)
    trial.start()
    trial.station.until(lambda: _reading(trial), "tesseract to be at work")
    assert len(trial.processes()) > 2
    trial.station.kill()
    trial.station.until(lambda: not trial.processes(), "all its processes to be gone", 5)


def test_of_a_stopped_daemon_no_process_stays(trial):
    trial.start()
    trial.station.settled(5)
    assert trial.station.stop() == 0
    trial.station.until(lambda: not trial.processes(), "all its processes to be gone", 5)


def _reading(trial):
    return [pid for pid in trial.processes() if "tesseract" in Path(f"/proc/{pid}/comm").read_text(errors="replace")]
