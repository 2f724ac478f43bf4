"""A site's plugin that misbehaves: the document waits, the culprit is named, all others go on."""

from pathlib import Path

import pytest

TAIL = b"\n%%EOF\n"

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

PLUGIN = '''
"""Does harm to every file that is named after a harm."""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

from vbdaemon.hookspecs import hookimpl


@hookimpl
def judge(document):
    harm = document.main.name.removesuffix(".pdf")
    if harm == "hangs":
        time.sleep(3600)
    if harm == "raises":
        raise RuntimeError("Trần Thị Hoài Thu")
    if harm == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    if harm == "segfaults":
        ctypes.string_at(0)
    if harm == "leaves":
        os._exit(0)
    if harm == "exits":
        sys.exit(0)
    if harm == "leaves-a-child":
        child = subprocess.Popen(["sleep", "1000"])
        (pathlib.Path(__file__).parent / "child").write_text(str(child.pid))
    if harm == "answers-nonsense":
        return "ACCEPT"
    if harm == "eats":
        kept = []
        while True:
            kept.append(bytearray(1 << 24))
    return None
'''
HARMS = ("hangs", "raises", "dies", "segfaults", "leaves", "leaves-a-child", "exits", "answers-nonsense", "eats")


@pytest.fixture
def harmed(station):
    (station.folder / "plugins" / "harmful.py").write_text(PLUGIN, "utf-8")
    station.change("plugins", enabled=["harmful"], failures_in_a_row=100)
    station.change("workers", call_seconds=1.5, attempts=2, memory_megabytes=700, decisions=2)
    return station


def test_a_plugin_that_does_harm_is_named_and_stops_only_what_it_was_asked_about(harmed, papers):
    harmed.start()
    assert harmed.alive, harmed.said().decode()
    body = papers("unsigned")[0].body
    hashes = {harm: harmed.drop("phong-giao-duc/gui", f"{harm}.pdf", body + harm.encode() + TAIL) for harm in HARMS}
    letter = harmed.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    harmed.settled(len(HARMS) + 1, 90)
    later = harmed.drop("phong-noi-vu/gui", "tt.pdf", papers("submission")[0].body)
    harmed.settled(len(HARMS) + 2)
    child = Path("/proc", (harmed.folder / "plugins" / "child").read_text())
    listed = {sha: row for row in harmed.answer("list") for sha in row["files"]}
    assert [listed[sha]["state"] for sha in (letter, later)] == ["ACCEPTED", "ACCEPTED"]
    for harm, sha in hashes.items():
        assert (listed[sha]["state"], listed[sha]["reasons"]) == ("HELD", ["processing-failed"]), harm
        words = harmed.rows("SELECT kind, words FROM events WHERE submission_id = ?", listed[sha]["id"])
        failed = [told for kind, told in words if kind in ("attempt-failed", "processing-failed")]
        assert len(failed) == 2, (harm, words)
        assert all("'harmful'" in told and "'judge'" in told for told in failed), (harm, failed)
        assert not any("Trần Thị Hoài Thu" in told for told in failed)
    assert "Trần Thị Hoài Thu" not in harmed.said().decode()
    assert harmed.stop() == 0
    assert not child.exists() or "Z" in (child / "stat").read_text().rpartition(")")[2].split()[0]


def test_what_a_plugin_held_up_goes_on_when_it_is_taken_out(harmed, papers):
    station = harmed
    station.change("workers", attempts=1)
    station.start()
    station.drop("phong-giao-duc/gui", "raises.pdf", papers("unsigned")[0].body)
    (id_,) = station.settled(1)
    assert station.stop() == 0
    done = station.ask("release", id_, "--reason", "thử")
    assert done.returncode == 1
    assert "retry" in done.stdout
    station.start(*station.command("run", "--safe-mode"))
    assert station.ask("retry", id_, "--reason", "đã tắt phần mở rộng").returncode == 0
    station.until(lambda: station.states()[id_] == "REJECTED", "the judgement without it")
    assert station.stop() == 0


def test_a_plugin_that_lies_there_and_is_not_enabled_is_reported_and_not_run(station):
    (station.folder / "plugins" / "idle.py").write_text("raise SystemExit('was run')\n", "utf-8")
    done = station.ask("plugin", "list")
    assert done.returncode == 0, done.stderr
    assert "idle" in done.stdout
    assert "not run" in done.stdout
    station.start()
    assert station.alive
    assert station.stop() == 0
