"""`vbdaemon plugin test`: every hook on samples; what hangs or crashes is named, and the command goes on."""

import pytest

from vbdaemon.operation.plugin_draft import draft

pytestmark = pytest.mark.slow

MISBEHAVING = """
import ctypes, sys, time
from vbdaemon.hookspecs import hookimpl

@hookimpl
def unpack(file):
    raise ValueError("no such thing")

@hookimpl
def verify():
    ctypes.string_at(0)

@hookimpl
def check():
    sys.exit(3)

@hookimpl
def judge():
    return "ACCEPT"

@hookimpl
def route():
    time.sleep(60)

@hookimpl
def track_event():
    raise AssertionError("never called")
"""
TESTS = """
import os

def test_one_holds():
    assert True

def test_one_does_not():
    assert 1 == 2

def test_one_ends_the_process():
    os._exit(3)

def test_with_a_fixture(tmp_path):
    assert False
"""


def write(site, name, plugin, test=None):
    folder = site.folder / "plugins"
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(plugin, encoding="utf-8")
    if test is not None:
        (folder / "tests" / f"test_{name}.py").write_text(test, encoding="utf-8")


def test_every_way_to_misbehave_is_named_with_its_remedy_and_the_command_ends_by_itself(site, tmp_path):
    settings = site.folder / "config" / "vbdaemon.toml"
    settings.write_text(settings.read_text("utf-8") + "call_seconds = 0.5\n", encoding="utf-8")
    write(site, "bad", MISBEHAVING, TESTS)
    sample = tmp_path / "a.txt"
    sample.write_text("Kính gửi: Phòng Nội vụ\n", encoding="utf-8")

    done = site.run("plugin", "test", "bad", "--file", str(sample))

    assert done.exit_code == 1
    for words in (
        "ValueError at bad.py:7: no such thing",
        "plugin 'bad' in hook 'verify' ended unexpectedly",
        "SystemExit at bad.py:15: 3",
        "answered str, which this hook does not take",
        "plugin 'bad' in hook 'route' took longer than 0.5 s",
        "track_event     not called",
        "AssertionError at test_bad.py:8",
        "exit code 3",
        "1 more need pytest",
        "bad: 7 of 8 failed",
    ):
        assert words in done.output, done.output
    assert "remedy: mend" in done.output


def test_what_new_writes_passes_on_the_shipped_samples(site):
    made = draft("moi", ("read", "check", "deliver", "track_event"))
    write(site, "moi", made.plugin, made.test)

    done = site.run("plugin", "test", "moi", "--outside")

    assert done.exit_code == 0, done.output
    assert "16-GM-PNV.pdf" in done.output
    assert "moi: all is well" in done.output


def test_what_does_not_load_is_one_line(site):
    write(site, "broken", "import nothing_of_this_name\n")

    done = site.run("plugin", "test", "broken")

    assert done.exit_code == 1
    assert done.output.startswith("FAILED  plugin 'broken'")
    assert len(done.output.splitlines()) == 1
