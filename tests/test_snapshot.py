"""The snapshot's version changes exactly when something changes that a decision can depend on."""

import os
from pathlib import Path

import pytest

from vbdaemon.config import load_settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Snapshot
from vbdaemon.snapshot import build_snapshot, default_snapshot, fingerprint, traces

UNITS = '[[unit]]\ncode = "H1"\nname = "Phòng Nội vụ"\nfolder = "phong-noi-vu"\nserved = true\n'
SETTINGS = '[office]\nname = "Văn phòng"\nunit = "H1"\n[limits]\nfile_megabytes = 7\npages = 3\nocr_pages = 1\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "config" / "trust").mkdir(parents=True)
    write(tmp_path, "units.toml", UNITS)
    write(tmp_path, "vbdaemon.toml", SETTINGS)
    return tmp_path


def write(site: Path, name: str, text: str) -> None:
    (site / "config" / name).write_text(text, encoding="utf-8")


def settings(site: Path):
    return load_settings(site / "config" / "vbdaemon.toml")


def build(site: Path) -> Snapshot:
    return build_snapshot(settings(site))


def test_a_snapshot_holds_what_the_sites_files_say(site):
    made = build(site)
    assert made.office.name == "Văn phòng"
    assert made.directory.unit("H1").folder == "phong-noi-vu"
    assert (made.limits.file_bytes, made.limits.pages, made.limits.ocr_pages) == (7_000_000, 3, 1)
    assert made.exchange == site / "exchange"
    assert made.trust == site / "config" / "trust"
    assert made.policy.by_code["paper-only-form"]


def test_the_same_files_make_the_same_version(site):
    assert build(site).version == build(site).version == fingerprint(settings(site))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("units.toml", UNITS.replace("Nội vụ", "Y tế")),
        ("routes.toml", '[[route]]\nto = ["H1"]\n'),
        ("certificates.toml", "# one more line\n"),
        ("trust/root.crl", "new"),
        ("trust/deeper.crl", "new"),
        ("vbdaemon.toml", SETTINGS + '[rules]\nrefusals = "confirm"\n'),
        ("vbdaemon.toml", SETTINGS.replace("pages = 3", "pages = 4")),
    ],
)
def test_a_change_that_can_change_a_verdict_makes_a_new_version(site, name, text):
    before, seen = build(site).version, traces(settings(site))
    write(site, name, text)
    assert build(site).version != before
    assert traces(settings(site)) != seen or name == "vbdaemon.toml"


@pytest.mark.parametrize("text", ['[log]\nlevel = "debug"\n', "[workers]\ndecisions = 7\n"])
def test_a_change_that_can_change_no_verdict_keeps_the_version(site, text):
    before = build(site).version
    write(site, "vbdaemon.toml", SETTINGS + text)
    assert build(site).version == before


def test_the_same_bytes_written_again_leave_a_trace_but_no_new_version(site):
    before, seen = build(site).version, traces(settings(site))
    os.utime(site / "config" / "units.toml", (1, 1))
    assert traces(settings(site)) != seen
    assert build(site).version == before


def test_files_that_are_not_there_leave_no_exception(site):
    assert [trace for trace in traces(settings(site)) if trace[1] == -1]
    (site / "config" / "trust").rmdir()
    build(site)


@pytest.mark.parametrize(
    ("name", "text"),
    [("units.toml", "[[unit]]\n"), ("units.toml", "[[unit]"), ("routes.toml", '[[route]]\nto = ["H9"]\n')],
)
def test_a_broken_file_is_named(site, name, text):
    write(site, name, text)
    with pytest.raises(ConfigurationError, match=name):
        build(site)


@pytest.mark.parametrize("name", ["nhan", "ket-qua"])
def test_what_we_deliver_is_never_taken_as_a_drop(site, name):
    """A drop of the inbox's name would hand every delivered document in again, for ever."""
    write(site, "units.toml", UNITS + f'[[unit.account]]\nname = "vt"\nrole = "clerk"\ndrop = "{name}"\n')
    with pytest.raises(ConfigurationError, match=f"unit H1: .*'{name}'"):
        build(site)


def test_two_drop_folders_of_one_name_are_a_mistake(site):
    """The name is the source of a submission: its keys would meet those of the other folder."""
    write(site, "vbdaemon.toml", SETTINGS + '[[folder]]\nname = "phong-noi-vu/gui"\npath = "../scans"\n')
    with pytest.raises(ConfigurationError, match="'phong-noi-vu/gui'"):
        build(site)


def test_without_a_site_the_shipped_rules_hold_and_nobody_is_known():
    made = default_snapshot()
    assert made.version == "shipped"
    assert made.directory.units == ()
    assert made.policy.by_code["secret-marking"]
    assert made.trust is made.exchange is None
