"""Threads, hints and many folders, on the real clock."""

import threading
import time
from pathlib import Path

import pytest

from vbdaemon.clock import system_clock
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.folder import FolderSource
from vbdaemon.intake.folder_intake import FolderIntake
from vbdaemon.intake.folder_lane import FolderLane
from vbdaemon.intake.folder_settings import FolderSettings
from vbdaemon.intake.folder_watch import FolderWatch
from vbdaemon.state.store import State


def build(site, path: Path, **settings: object) -> FolderSource:
    path.mkdir(parents=True, exist_ok=True)
    values = {"quiet": 0.0, "settle": 0.0, "interval": 0.1} | settings
    return FolderSource(
        FolderSettings(f"{path.parent.name}/{path.name}", path, **values),
        site.admission,
        system_clock,
        time.monotonic,
        site.log,
    )


def until(true, seconds: float = 5.0) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.01)
    return False


def test_many_folders_are_swept_by_one_thread(site, tmp_path: Path) -> None:
    sources = [build(site, tmp_path / f"unit{n}" / "gui") for n in range(20)]
    intake = FolderIntake(sources, time.monotonic, site.log, watch=False)
    before = threading.active_count()
    intake.start()
    try:
        assert threading.active_count() == before + 1
        for source in sources:
            (source.settings.path / "a.txt").write_bytes(source.settings.name.encode())
        assert until(lambda: len(site.admission.rows) == 20)
    finally:
        assert intake.stop()
    assert sorted(site.names()) == [["a.txt"]] * 20
    assert [state.reach for state in intake.states()] == ["ready"] * 20
    assert intake.pending() == ()


def test_a_hint_is_faster_than_the_sweep(site, tmp_path: Path) -> None:
    source = build(site, tmp_path / "unit" / "gui", interval=600.0)
    intake = FolderIntake([source], time.monotonic, site.log)
    intake.start()
    try:
        assert until(lambda: source.state().reach == "ready")
        time.sleep(0.05)
        (source.settings.path / "a.txt").write_bytes(b"one")
        assert until(lambda: len(site.admission.rows) == 1)
        other = tmp_path / "b.txt"
        other.write_bytes(b"two")
        other.rename(source.settings.path / "b.txt")
        assert until(lambda: len(site.admission.rows) == 2)
    finally:
        assert intake.stop()


def test_a_source_whose_mount_hangs_stops_no_other(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hung = build(site, tmp_path / "far" / "gui", own_thread=True)
    fine = build(site, tmp_path / "near" / "gui")
    thaw = threading.Event()
    monkeypatch.setattr(hung, "look", thaw.wait)
    intake = FolderIntake([hung, fine], time.monotonic, site.log)
    intake.start()
    try:
        (fine.settings.path / "a.txt").write_bytes(b"one")
        assert until(lambda: len(site.admission.rows) == 1)
        assert not intake.stop(0.1)
    finally:
        thaw.set()
    assert intake.stop()


def test_a_mistake_in_one_source_stops_no_other_and_is_recorded(
    site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = build(site, tmp_path / "one" / "gui")
    fine = build(site, tmp_path / "two" / "gui")
    monkeypatch.setattr(broken, "look", lambda: {}["Danh sách mật.pdf"])
    lane = FolderLane([broken, fine], time.monotonic, site.log)
    (fine.settings.path / "a.txt").write_bytes(b"one")
    lane.turn()
    assert len(site.admission.rows) == 1
    (line,) = [line for line in site.log.lines if line.startswith("error")]
    assert "KeyError" in line
    assert "mật" not in line
    lane.hint(broken, "x")
    lane.turn()
    assert sum(line.startswith("error") for line in site.log.lines) == 1


def test_a_lane_ends_soon_after_it_is_told_to(site, tmp_path: Path) -> None:
    lane = FolderLane([build(site, tmp_path / "unit" / "gui", interval=600.0)], time.monotonic, site.log)
    stop = threading.Event()
    thread = threading.Thread(target=lane.run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(2.0)
    assert not thread.is_alive()


def test_a_folder_that_is_not_there_is_watched_when_it_came(site, tmp_path: Path) -> None:
    hints: list[tuple[Path, str]] = []
    path = tmp_path / "moi"
    watch = FolderWatch([path], lambda folder, name: hints.append((folder, name)), site.log)
    watch.start()
    try:
        assert watch.renew() == 0
        path.mkdir()
        assert watch.renew() == 1
        (path / "a.txt").write_bytes(b"one")
        assert until(lambda: (path, "a.txt") in hints)
        path.rename(tmp_path / "old")
        path.mkdir()
        assert watch.renew() == 1
        hints.clear()
        (path / "b.txt").write_bytes(b"two")
        assert until(lambda: (path, "b.txt") in hints)
    finally:
        watch.stop()


def test_a_name_that_leaves_does_not_keep_back_the_hints_behind_it(site, tmp_path: Path) -> None:
    path, seen = tmp_path / "moi", dict[str, float]()
    path.mkdir()
    watch = FolderWatch([path], lambda _, name: seen.setdefault(name, time.monotonic()) and None, site.log)
    watch.start()
    try:
        (path / ".a.part").write_bytes(b"one")
        (path / ".a.part").rename(path / "a.txt")
        assert until(lambda: "a.txt" in seen)
        (path / "a.txt").rename(tmp_path / "claimed")
        came = time.monotonic()
        (path / "b.txt").write_bytes(b"two")
        assert until(lambda: "b.txt" in seen)
    finally:
        watch.stop()
    assert seen["b.txt"] - came < 0.25  # watchdog waits 0.5 s for the other half of a rename


def test_without_inotify_the_sweep_does_it_all(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr("vbdaemon.intake.folder_watch.ArrivalObserver", refuse)
    source = build(site, tmp_path / "unit" / "gui")
    intake = FolderIntake([source], time.monotonic, site.log)
    intake.start()
    try:
        (source.settings.path / "a.txt").write_bytes(b"one")
        assert until(lambda: len(site.admission.rows) == 1)
    finally:
        assert intake.stop()
    assert any("folders not watched" in line for line in site.log.lines)


def test_the_real_admission_takes_a_drop(site, tmp_path: Path) -> None:
    state = State(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    try:
        site.admission = Admission(site.spool, state, system_clock)
        source = build(site, tmp_path / "unit" / "gui")
        (source.settings.path / "a.txt").write_bytes(b"one")
        source.sweep()
        (found,) = site.spool.sealed()
        assert state.is_known(found)
        assert [file.name for file in site.spool.verify(found).files] == ["a.txt"]
        assert list(source.settings.path.iterdir()) == [source.settings.path / ".vbdaemon"]
    finally:
        state.close()
