"""The files for systemd agree with the program and with each other, and systemd itself accepts them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vbdaemon.cli.main import USAGE
from vbdaemon.cli.site import SYSTEM
from vbdaemon.config import load_settings

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "systemd"
UNIT = FOLDER / "vbdaemon.service"
SITE = Path("/srv/vbdaemon")
MOST_EXPOSED = 2.0

needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian package systemd)"
)
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("systemd-tmpfiles") is None,
    reason="giving folders to another user needs root and systemd-tmpfiles (Debian package systemd)",
)


def unit(key: str) -> list[str]:
    """Every value of a key, in the order of the file."""
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def folders() -> dict[Path, tuple[str, str]]:
    """Mode and owner by folder, from the file for tmpfiles."""
    lines = (FOLDER / "vbdaemon.tmpfiles").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {Path(path): (mode, owner) for _, path, mode, owner, _, _ in rows}


def test_the_service_may_write_to_the_spool_and_the_exchange_folder_of_a_new_site_and_nowhere_else():
    shipped = load_settings(Path(__file__).parents[2] / "vbdaemon" / "site" / "vbdaemon.toml")
    settings = shipped.model_copy(update={"base": SITE / "config"})
    written = {settings.path(settings.spool.path), settings.path(settings.exchange.root)}

    assert {Path(path) for line in unit("ReadWritePaths") for path in line.split()} == written
    assert unit("ProtectSystem") == ["strict"]


def test_the_folders_are_those_of_a_new_site_and_closed_as_they_must_be():
    made = folders()

    assert {path.relative_to(SITE).as_posix() for path in made} == {
        ".",
        "config",
        "config/trust",
        "plugins",
        "spool",
        "exchange",
    }
    assert made[SITE / "spool"] == ("0700", "vbdaemon")
    assert made[SITE / "plugins"] == ("0755", "root")
    assert all(mode[-2:] in {"00", "50", "11", "55"} for mode, _ in made.values())


def test_a_mistake_in_the_settings_does_not_start_the_service_over_and_over():
    assert unit("RestartPreventExitStatus") == [str(USAGE)]
    assert unit("Restart") == ["on-failure"]


def test_a_worker_that_the_kernel_ends_does_not_end_the_service():
    assert unit("OOMPolicy") == ["continue"]
    assert unit("KillMode") == ["mixed"]


def test_user_settings_and_program_are_named_alike_everywhere():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    (program,) = unit("ExecStart")

    assert unit("User") == unit("Group") == ["vbdaemon"]
    assert "\nu vbdaemon " in (FOLDER / "vbdaemon.sysusers").read_text(encoding="utf-8")
    assert unit("Environment") == [f"VBDAEMON_CONFIG={SITE}/config/{SYSTEM.name}"]
    assert f"ln -s {SITE}/config {SYSTEM.parent}\n" in readme
    assert f"python3 -m venv {Path(program.split()[0]).parents[1]}\n" in readme
    assert all(path.exists() for path in (FOLDER / name for name in re.findall(r"systemd/(vbdaemon\.\w+) /", readme)))
    assert set(re.findall(r"^\| `(vbdaemon\.\w+)`", readme, re.MULTILINE)) == {
        p.name for p in FOLDER.glob("vbdaemon.*")
    }


@needs_analyze
def test_systemd_finds_no_mistake_in_the_unit(tmp_path):
    copy = tmp_path / UNIT.name
    program = unit("ExecStart")[0].split()[0]
    copy.write_text(UNIT.read_text(encoding="utf-8").replace(program, sys.executable), encoding="utf-8")
    found = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@needs_analyze
def test_the_service_is_hardened(capsys):
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)

    assert exposure, found.stderr
    with capsys.disabled():
        print(f"\nexposure of vbdaemon.service: {exposure[1]} of 10 (systemd-analyze security)")  # noqa: T201 - the figure is wanted
    assert float(exposure[1]) <= MOST_EXPOSED


@needs_root
def test_user_and_folders_are_made_as_written(tmp_path):
    (tmp_path / "etc").mkdir()
    for program, name in (("systemd-sysusers", "sysusers"), ("systemd-tmpfiles", "tmpfiles")):
        create = ["--create"] if name == "tmpfiles" else []
        subprocess.run([program, f"--root={tmp_path}", *create, FOLDER / f"vbdaemon.{name}"], check=True)
    uid = int(re.findall(r"^vbdaemon:x:(\d+):", (tmp_path / "etc/passwd").read_text(), re.MULTILINE)[0])

    for path, (mode, owner) in folders().items():
        status = (tmp_path / path.relative_to("/")).stat()
        assert (status.st_mode & 0o7777, status.st_uid) == (int(mode, 8), 0 if owner == "root" else uid)
