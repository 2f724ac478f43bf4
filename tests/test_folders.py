"""The drop folders of a site: which there are, laid out once, watched while they are the site's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vbdaemon.config import Settings, parse_settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import FolderSources, drop_folders, lay_out, mount_type
from vbdaemon.intake.admission import Admission
from vbdaemon.model import Account, AccountRole, Directory, Purpose, Snapshot
from vbdaemon.testing import make_unit

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACCOUNTS = (Account("vt", AccountRole.CLERK, "gui"), Account("ld", AccountRole.LEADER, "gui-lanh-dao"))
PNV = make_unit("H1", folder="phong-noi-vu", accounts=(*ACCOUNTS, Account("mail", AccountRole.CLERK)))
PYT = make_unit("H2", folder="phong-y-te", accounts=ACCOUNTS[:1])
FAR = make_unit("H3", accounts=())


def snapshot(*units) -> Snapshot:
    return Snapshot("test", directory=Directory(units))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = {"name": "scanner", "path": "../scans", "unit": "H1", "account": "vt", "sweep_seconds": 60}
    table = {"exchange": {"quiet_seconds": 1, "settle_seconds": 3}, "folder": [folder]}
    return parse_settings(table, tmp_path / "config" / "vbdaemon.toml")


def test_every_account_with_a_drop_is_watched_and_so_are_the_folders_of_the_settings(settings, tmp_path):
    drops = {drop.name: drop for drop in drop_folders(settings, snapshot(PNV, PYT, FAR))}
    assert list(drops) == [
        "phong-noi-vu/kiem-tra",
        "phong-noi-vu/gui",
        "phong-noi-vu/gui-lanh-dao",
        "phong-y-te/kiem-tra",
        "phong-y-te/gui",
        "scanner",
    ]
    leader = drops["phong-noi-vu/gui-lanh-dao"]
    assert (leader.unit, leader.account) == ("H1", "ld")
    assert leader.path == tmp_path / "exchange" / "phong-noi-vu" / "gui-lanh-dao"
    assert leader.results == tmp_path / "exchange" / "phong-noi-vu" / "ket-qua"
    assert (leader.quiet, leader.settle, leader.interval) == (1, 3, 5)
    assert drops["scanner"].interval == 60
    assert drops["scanner"].results is None


def test_what_a_unit_drops_for_a_check_is_bound_to_it_and_to_no_account(settings):
    drops = {drop.name: drop for drop in drop_folders(settings, snapshot(PNV))}
    checked = drops["phong-noi-vu/kiem-tra"]
    assert (checked.purpose, checked.unit, checked.account) == (Purpose.PREFLIGHT, "H1", None)
    assert drops["phong-noi-vu/gui"].purpose is Purpose.EXCHANGE


def test_laying_out_makes_what_is_missing_and_leaves_what_is_there(settings, tmp_path):
    theirs = tmp_path / "exchange" / "phong-noi-vu" / "nhan"
    theirs.mkdir(parents=True)
    theirs.chmod(0o700)
    for _ in range(2):
        lay_out(settings, snapshot(PNV, FAR))
    made = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_dir())
    assert made == ["exchange", "exchange/phong-noi-vu"] + [
        f"exchange/phong-noi-vu/{name}" for name in ("gui", "gui-lanh-dao", "ket-qua", "kiem-tra", "nhan")
    ] + ["scans"]  # fmt: skip
    assert theirs.stat().st_mode & 0o777 == 0o700
    assert (theirs.parent / "gui").stat().st_mode & 0o777 == 0o770


def test_a_root_that_cannot_be_written_is_a_mistake_in_words(settings, tmp_path):
    (tmp_path / "exchange").write_bytes(b"")
    with pytest.raises(ConfigurationError, match=r"daemon's user must own \[exchange\] root"):
        lay_out(settings, snapshot(PNV))


class Watched(FolderSources):
    """Notes what is watched instead of watching."""

    def __init__(self, settings: Settings, units: Snapshot, admission: Admission | None = None) -> None:
        self.story: list[str] = []
        super().__init__(settings, units, admission, lambda: NOW, lambda step: None, lambda *told: None)

    def _build(self):
        watched = " ".join(drop.name for drop in self._drops)
        story = self.story

        class Intake:
            def start(self) -> None:
                story.append(f"start {watched}")

            def stop(self) -> None:
                story.append(f"stop {watched}")

        return Intake()


def test_a_changed_directory_changes_what_is_watched_and_the_same_one_does_not(tmp_path):
    settings = parse_settings({}, tmp_path / "config" / "vbdaemon.toml")
    sources = Watched(settings, snapshot(PYT))
    sources.start()
    sources.replace(snapshot(PYT, FAR))
    sources.replace(snapshot())
    sources.stop()
    assert sources.story == [
        "start phong-y-te/kiem-tra phong-y-te/gui",
        "stop phong-y-te/kiem-tra phong-y-te/gui",
        "start ",
        "stop ",
    ]


def test_the_kind_of_file_system_is_known_by_the_longest_mount(tmp_path):
    assert mount_type(Path("/proc/self")) == "proc"
    assert mount_type(tmp_path) not in ("", "proc")
