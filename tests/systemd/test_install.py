"""A bundle installs with the network off; an upgrade saves, migrates and checks; one command leads back."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from vbdaemon.clock import system_clock
from vbdaemon.model import Channel, Envelope
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

CHECKOUT = Path(__file__).parents[2]
PARTS = ("vbdaemon", "systemd", "plugins", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
GUIDES = ("config", "spool")
ID = "260302-7K3MX0QA"
MIGRATION = '''
"""A later release's tables."""
import os

from alembic import op
from sqlalchemy import Column, Integer
from sqlalchemy.exc import SQLAlchemyError

revision = "9999"
down_revision = "{down}"


def upgrade() -> None:
    if "BREAK" in os.environ:
        raise SQLAlchemyError("no room")
    op.create_table("later", Column("id", Integer, primary_key=True))
'''


def offline(*command, **environment):
    """Run with no network but, where that may be, none at all; poisoned settings elsewhere."""
    alone = ("unshare", "--net") if may_unshare() else ()
    poison = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_COMPILE": "1",
        "https_proxy": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    known = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VBDAEMON_CONFIG")}
    return subprocess.run(
        (*alone, *map(str, command)),
        env={**known, **poison, "PYTHON": sys.executable, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def may_unshare():
    return subprocess.run(("unshare", "--net", "true"), capture_output=True, check=False).returncode == 0


def libraries(folder):
    """A wheel that stands for all libraries: it leads to those of this environment. Answers its locked line."""
    path = folder / "libraries-1-py3-none-any.whl"
    files = {
        "libraries.pth": sysconfig.get_path("purelib") + "\n",
        "libraries-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: libraries\nVersion: 1\n",
        "libraries-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "libraries-1.dist-info/RECORD"
    lines = [f"{name},sha256={urlsafe(body)},{len(body.encode())}" for name, body in files.items()]
    with zipfile.ZipFile(path, "w") as wheel:
        for name, body in files.items():
            wheel.writestr(name, body)
        wheel.writestr(record, "\n".join([*lines, f"{record},,"]) + "\n")
    return f"libraries==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def urlsafe(body):
    return base64.urlsafe_b64encode(hashlib.sha256(body.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def bundle_of(tmp_path_factory):
    """Packs a version of the program from a copy of the checkout; the later one has a migration more."""

    def pack(version, *, later=False):
        copy = tmp_path_factory.mktemp(f"checkout-{version}")
        for name in (*PARTS, *(f"{guide}/README.md" for guide in GUIDES)):
            source, target = CHECKOUT / name, copy / name
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "demo"))
            else:
                shutil.copy(source, target)
        text = (copy / "pyproject.toml").read_text("utf-8")
        (copy / "pyproject.toml").write_text(
            re.sub(r'^version = ".*"', f'version = "{version}"', text, flags=re.MULTILINE)
        )
        (copy / "requirements.txt").write_text(libraries(copy))
        (copy / "requirements-test.txt").write_text("")
        if later:
            revisions = copy / "vbdaemon" / "state" / "migrations" / "versions"
            (revisions / "r9999_later.py").write_text(MIGRATION.format(down=max(revisions.glob("r*.py")).name[1:5]))
        out = copy / "dist of today"
        done = offline(copy / "systemd" / "bundle.sh", OUT=str(out), DEBS="no", PIP_FIND_LINKS=str(copy))
        assert done.returncode == 0, done.stderr
        (tar,) = out.glob("*.tar")
        there = tmp_path_factory.mktemp(f"USB stick {version}")
        subprocess.run(("tar", "--extract", "--file", tar, "--directory", there), check=True)
        return next(there.iterdir())

    return pack


class Machine:
    """Where the bundle is unpacked: everything below one folder, and a systemctl that only notes what it is told."""

    def __init__(self, folder):
        self.root = folder / "root"
        self.site = self.root / "srv" / "vbdaemon"
        self.config = self.site / "config" / "vbdaemon.toml"
        self.calls = folder / "calls"
        self.systemctl = folder / "systemctl"
        self.systemctl.write_text(f'#!/bin/sh\necho "$1" >>{self.calls}\n')
        self.systemctl.chmod(0o755)

    def install(self, bundle, *words, **environment):
        self.calls.write_text("")
        command = (bundle / "install.sh", "--root", self.root, *words)
        return offline(*command, SYSTEMCTL=str(self.systemctl), **environment)

    @property
    def current(self):
        return (self.root / "opt" / "vbdaemon" / "current").readlink().name

    def vb(self, *words, version="current"):
        program = self.root / "opt" / "vbdaemon" / version / "bin" / "vbdaemon"
        return offline(program, "--config", self.config, *words)

    def asked(self):
        return self.calls.read_text().split()

    def receive(self):
        """One submission, as a daemon leaves it."""
        spool = Spool(self.site / "spool")
        spool.prepare()
        incoming = spool.begin(ID)
        (self.root / "in").write_bytes(b"%PDF-1.7 one")
        with (self.root / "in").open("rb") as file:
            incoming.add("van-ban.pdf", file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, system_clock()))
        state = State(f"sqlite:///{self.site}/spool/state.sqlite3")
        state.admit(ID, "gui", "key", system_clock()).result()
        state.close()


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="module")
def first(bundle_of, machine):
    """The first version, installed and in use."""
    bundle = bundle_of("0.1.0")
    done = machine.install(bundle)
    assert done.returncode == 0, done.stderr
    made = machine.vb("init", str(machine.site))
    assert made.returncode == 0, made.stderr
    machine.receive()
    return bundle


@pytest.fixture(scope="module")
def later(bundle_of):
    return bundle_of("0.2.0", later=True)


def test_a_bundle_holds_what_the_machine_needs_and_installs_without_a_network(machine, first):
    assert {path.name for path in first.iterdir()} >= {"install.sh", "wheels", "debs", "systemd", "doc", "SHA256SUMS"}
    assert subprocess.run(("sha256sum", "--check", "--quiet", "SHA256SUMS"), cwd=first, check=False).returncode == 0
    assert machine.current == "0.1.0"
    assert machine.vb("--version").stdout == "vbdaemon 0.1.0\n"
    assert (machine.root / "etc" / "systemd" / "system" / "vbdaemon.service").exists()
    assert ID in machine.vb("list").stdout


def test_a_bundle_that_is_damaged_or_has_more_in_it_is_refused(machine, first, tmp_path):
    for name, words in (
        ("damaged", "the bundle is damaged"),
        ("stranger", "not of the bundle: wheels/evil.whl"),
        ("link", "not of the bundle: wheels/vbdaemon-9-py3-none-any.whl"),
    ):
        copy = shutil.copytree(first, tmp_path / name)
        if name == "damaged":
            (copy / "requirements.txt").write_text("")
        elif name == "link":
            (copy / "wheels" / "vbdaemon-9-py3-none-any.whl").symlink_to("/tmp/vbdaemon-9-py3-none-any.whl")
        else:
            (copy / "wheels" / "evil.whl").write_bytes(b"")
        done = machine.install(copy)
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr
        assert machine.asked() == []


def test_what_is_in_use_is_not_installed_over(machine, first):
    done = machine.install(first)
    assert (done.returncode, "0.1.0 is in use already" in done.stderr) == (1, True)


def test_a_running_daemon_whose_settings_are_not_found_is_not_upgraded_unsaved(machine, first, later):
    done = machine.install(later, VBDAEMON_CONFIG="/nowhere/vbdaemon.toml")
    assert (done.returncode, "where are the settings?" in done.stderr) == (1, True), done.stderr
    assert (machine.current, machine.asked()) == ("0.1.0", ["is-active"])


def test_an_upgrade_that_fails_leads_back_by_itself(machine, first, later):
    done = machine.install(later, BREAK="yes")
    assert (done.returncode, "back to 0.1.0" in done.stderr) == (1, True), done.stderr
    assert "0.1.0 is in use again" in done.stdout
    assert machine.current == "0.1.0"
    assert machine.asked() == ["is-active", "stop", "daemon-reload", "stop", "daemon-reload", "start"]
    assert ID in machine.vb("list").stdout


def test_an_upgrade_saves_migrates_and_starts_and_one_command_leads_back(machine, first, later):
    done = machine.install(later)
    assert done.returncode == 0, done.stderr
    assert re.search(r"database: \d{4} -> 9999", done.stdout)
    assert machine.current == "0.2.0"
    assert machine.asked() == ["is-active", "stop", "daemon-reload", "start"]
    assert len([path for path in (machine.root / "var/backups/vbdaemon").iterdir() if path.is_dir()]) == 2
    refused = machine.vb("list", version="0.1.0")
    assert (refused.returncode, "newer vbdaemon" in refused.stderr) == (1, True)

    back = machine.install(later, "--back")
    assert back.returncode == 0, back.stderr
    assert "the database of then is put back" in back.stdout
    assert machine.current == "0.1.0"
    assert machine.asked() == ["stop", "daemon-reload", "start"]
    assert ID in machine.vb("list").stdout
    assert machine.vb("fsck").returncode == 0
    assert len(list((machine.site / "spool").glob("before-restore-*"))) == 1
    again = machine.install(later, "--back")
    assert (again.returncode, "no version to go back to" in again.stderr) == (1, True)
