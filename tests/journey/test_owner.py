"""Commands that root gives beside a daemon of another user leave nothing that the daemon cannot use."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

import vbdaemon

pytestmark = pytest.mark.journey

NOBODY = 65534
PROBE = "import sysconfig, vbdaemon.daemon; print(sysconfig.get_paths()['stdlib'])"
ROOT = Path(vbdaemon.__file__).parents[1]


@pytest.fixture(scope="module")
def interpreter(as_root):
    """A Python that another user can run with this program; root's own may lie in a closed folder."""
    libraries = f"{sysconfig.get_paths()['purelib']}:{ROOT}"
    environment = {**os.environ, "PYTHONPATH": libraries}
    for program in (sys.executable, "/usr/bin/python3"):
        asked = subprocess.run(
            (program, "-c", PROBE), cwd="/", env=environment, capture_output=True, check=False, text=True
        )
        home = Path(asked.stdout.strip() or "/nowhere")
        if asked.returncode == 0 and all(folder.stat().st_mode & 0o005 == 0o005 for folder in (home, *home.parents)):
            return program, libraries
    return pytest.skip("no Python here that another user can run this program with")


@pytest.fixture
def office(interpreter, station_in, monkeypatch):
    """A site that belongs to nobody, outside of the tests' own closed folder."""
    program, libraries = interpreter
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setenv("PYTHONPATH", libraries)
    folder = Path(tempfile.mkdtemp(prefix="vbdaemon-owner-"))
    station = station_in(folder / "site")
    for path in (folder, station.folder, *station.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    yield station
    station.kill()
    shutil.rmtree(folder)


def users(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))


def of_others(station):
    """Files of the spool and the exchange that do not belong to the daemon's user."""
    paths = [*station.spool.rglob("*"), *station.exchange.rglob("*"), *station.config.parent.rglob("*")]
    return [path for path in paths if path.stat().st_uid != NOBODY]


def test_a_daemon_that_root_starts_gives_root_up_for_good(office):
    office.start()
    assert office.alive, office.said().decode()
    assert users(office.process) == [str(NOBODY)] * 4
    assert office.stop() == 0
    assert not of_others(office)


def test_what_root_does_beside_it_belongs_to_the_daemon(office, papers):
    office.start()
    sha256 = office.drop("phong-giao-duc/gui", "a.pdf", papers("unsigned")[0].body)
    office.settled(1)
    id_ = office.submission_of(sha256)
    assert office.ask("hold", id_, "--reason", "xem lại", "--by", "root").returncode == 0
    assert office.ask("show", id_, "--html", str(office.folder / "trang.html")).returncode == 0
    assert office.stop() == 0
    assert office.ask("retry", id_, "--reason", "xét lại").returncode == 0
    assert office.ask("list").returncode == 0
    assert not of_others(office)
    office.start()
    office.settled(1)
    assert office.states()[id_] == "REJECTED"
    assert office.stop() == 0


def test_a_certificate_that_root_confirms_can_be_read_and_replaced_by_the_daemons_user(office, papers):
    office.start()
    sha256 = office.drop("phong-noi-vu/gui", "a.pdf", papers("letter")[0].body)
    office.settled(1)
    told = office.answer("show", office.submission_of(sha256))
    certificate = told["documents"][0]["signatures"][-1]["certificate"]
    done = office.ask("units", "pin", "H40.15.01", certificate, "--by", "Người Xác Nhận")
    assert done.returncode == 0, done.stderr
    assert not of_others(office)
    office.until(lambda: b"new snapshot" in office.said(), "the daemon to take it up")
