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
from vbdaemon.operation.notify_heartbeat import WITHIN_SECONDS

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "systemd"
UNIT = FOLDER / "vbdaemon.service"
SERVICES = sorted(FOLDER.glob("*.service"))
UNITS = sorted([*SERVICES, *FOLDER.glob("*.socket"), *FOLDER.glob("*.timer")])
SITE = Path("/srv/vbdaemon")
BACKUPS = Path("/var/backups/vbdaemon")
MOST_EXPOSED = 2.0

needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian package systemd)"
)
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("systemd-tmpfiles") is None,
    reason="giving folders to another user needs root and systemd-tmpfiles (Debian package systemd)",
)


def unit(key: str, path: Path = UNIT) -> list[str]:
    """Every value of a key, in the order of the file."""
    return re.findall(rf"^{key}=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


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

    assert {path.as_posix().replace(f"{SITE}", "SITE") for path in made} == {
        "SITE",
        "SITE/config",
        "SITE/config/trust",
        "SITE/plugins",
        "SITE/spool",
        "SITE/exchange",
        "/var/backups/vbdaemon",
    }
    assert made[SITE / "spool"] == made[BACKUPS] == ("0700", "vbdaemon")
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
    assert f"\n{Path(program.split()[0]).parents[1]} " in readme
    assert unit("ExecReload") == [program.replace(" run", " reload")]
    assert set(re.findall(r"^\| `([\w.-]+)`", readme, re.MULTILINE)) == {p.name for p in FOLDER.iterdir()} - {
        "README.md"
    }


def test_the_service_tells_when_it_is_ready_and_is_watched():
    assert unit("Type") == ["notify"]
    assert unit("NotifyAccess") == ["main"]  # a worker that reads hostile files cannot speak for the daemon
    assert int(unit("WatchdogSec")[0]) >= 2 * WITHIN_SECONDS
    assert unit("WatchdogSignal") == ["SIGKILL"]


@pytest.mark.parametrize("path", [path for path in SERVICES if path != UNIT], ids=lambda path: path.stem)
def test_a_service_of_a_timer_acts_as_the_daemons_user_on_the_same_site(path):
    assert unit("User", path) == unit("Group", path) == ["vbdaemon"]
    assert unit("Environment", path) == unit("Environment")
    assert unit("Type", path) == ["oneshot"]
    assert path.with_suffix(".timer").exists()
    command = " ".join(unit("ExecStart", path)[0].replace("/opt/vbdaemon/current/bin/", "").split())
    assert command in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_backup_goes_to_a_folder_that_is_made_for_it_and_may_be_written():
    path = FOLDER / "vbdaemon-backup.service"
    assert f"backup {BACKUPS} " in unit("ExecStart", path)[0]
    assert unit("ReadWritePaths", path) == [f"{SITE}/spool {BACKUPS}"]


def test_the_port_for_mail_is_opened_for_the_daemon_alone_and_in_private_networks():
    path = FOLDER / "vbdaemon-smtp.socket"
    assert unit("ListenStream", path) == ["25"]
    assert unit("FileDescriptorName", path) == ["smtp"]
    assert unit("Service", path) == [UNIT.name]
    assert unit("IPAddressDeny", path) == ["any"]


def test_every_measurement_that_an_alert_asks_for_is_measured():
    text = (FOLDER / "vbdaemon-alerts.yml").read_text(encoding="utf-8")
    room = FOLDER.parent / "vbdaemon" / "operation"
    files = (*room.glob("metrics*.py"), room / "plugin_guard.py")
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    asked = {name for line in re.findall(r"expr: (.*)", text) for name in re.findall(r"vbdaemon_([a-z_]+)", line)}
    told = set(re.findall(r'\b(?:gauge|histogram)\(\s*"([a-z_]+)"', code))
    told |= {f"{name}_total" for name in re.findall(r'\bcounter\(\s*"([a-z_]+)"', code)}
    assert told == set(re.findall(r"vbdaemon_([a-z_]+)", text))  # none is forgotten: asked for, or named for graphs
    assert len(asked) > 10
    assert asked - told == set()
    alerts = [line.split(": ")[1] for line in text.splitlines() if "- alert: " in line]
    counted = re.findall(r"increase\(vbdaemon_([a-z_]+)_total\{(\w+)=\"([\w-]+)\"", text)
    assert set(counted) == {
        ("deliveries", "outcome", "failed"),
        ("decisions", "verdict", "QUARANTINE"),
        ("events", "kind", "reload-refused"),
    }  # tests/operation/test_metrics.py: these are there from the start
    assert len(alerts) == len(set(alerts)) == text.count("action: ") == text.count("severity: ")


def test_make_install_puts_every_file_where_the_guide_says(tmp_path):
    script = FOLDER / "install.sh"
    subprocess.run([script], env={**os.environ, "DESTDIR": str(tmp_path), "PROGRAM": "no"}, check=True)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([\w.-]+)` \| `/([^`]+)` \|", guide, re.MULTILINE))

    assert found - {"usr/share/doc/vbdaemon/README.md"} == set(told.values())
    assert {path.name for path in UNITS} <= set(told)


def test_another_place_of_the_program_is_named_in_every_unit(tmp_path):
    environment = {**os.environ, "DESTDIR": str(tmp_path), "PROGRAM": "no", "PREFIX": "/usr/local/lib/vbdaemon"}
    subprocess.run([FOLDER / "install.sh"], env=environment, check=True)
    for path in tmp_path.rglob("*.service"):
        assert unit("ExecStart", path)[0].startswith("/usr/local/lib/vbdaemon/current/bin/vbdaemon ")


def test_workers_may_do_what_they_do_to_themselves():
    assert "setpriority" in unit("SystemCallFilter")


@needs_analyze
def test_systemd_finds_no_mistake_in_any_unit(tmp_path):
    program = unit("ExecStart")[0].split()[0]
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(program, sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(tmp_path / path.name for path in UNITS)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@needs_analyze
@pytest.mark.parametrize("path", [p for p in UNITS if p.suffix == ".timer"], ids=lambda path: path.stem)
def test_every_timer_names_a_time_and_makes_up_for_one_that_was_missed(path):
    found = subprocess.run(["systemd-analyze", "calendar", *unit("OnCalendar", path)], capture_output=True, check=False)

    assert found.returncode == 0
    assert unit("Persistent", path) == ["yes"]


@needs_analyze
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_every_service_is_hardened(path, capsys):
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)

    assert exposure, found.stderr
    with capsys.disabled():
        print(f"\nexposure of {path.name}: {exposure[1]} of 10 (systemd-analyze security)")  # noqa: T201 - the figure is wanted
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
