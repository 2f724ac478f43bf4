"""Folders that come and go, and evidence that arrives at any moment."""

import shutil
import tomllib

import pytest

import vbdaemon.basis
from vbdaemon.config import load_settings
from vbdaemon.daemon import Daemon

pytestmark = pytest.mark.journey


def test_a_drop_folder_that_vanishes_and_comes_back_is_watched_again(station, papers):
    station.start()
    drop = station.exchange / "phong-giao-duc" / "gui"
    shutil.rmtree(drop)
    station.until(lambda: b"folder away" in station.said(), "the daemon to notice")
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    station.settled(1)
    drop.mkdir()
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    station.settled(2)
    assert sorted(station.states().values()) == ["ACCEPTED", "REJECTED"]
    assert station.stop() == 0


def test_recipients_folders_that_vanish_are_waited_for_and_nothing_is_lost(station, papers):
    inbox, results = (station.exchange / name for name in ("xa-ha-lam/nhan", "phong-noi-vu/ket-qua"))
    station.start()
    inbox.rmdir()
    results.rmdir()
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    waits = "SELECT address FROM deliveries WHERE state = 'DUE' AND words IS NOT NULL ORDER BY address"
    station.until(lambda: len(station.rows(waits)) == 2, "two deliveries that wait")
    assert station.rows(waits) == [("phong-noi-vu/ket-qua",), ("xa-ha-lam/nhan",)]
    inbox.mkdir()
    results.mkdir()
    station.settled(1)
    assert len(list(inbox.iterdir())) == 1
    assert len(list(results.glob("*.html"))) == 1
    assert station.stop() == 0


def test_the_whole_exchange_may_be_away_at_the_start(station, papers):
    away = station.folder / "away"
    station.start()
    station.exchange.rename(away)
    station.until(lambda: b"folder away" in station.said(), "the daemon to notice")
    away.rename(station.exchange)
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    station.settled(1)
    assert station.stop() == 0


def test_a_unit_that_is_added_while_the_daemon_runs_gets_its_folders_and_documents(station, papers):
    station.start()
    units = station.config.parent / "units.toml"
    more = '\n[[unit]]\ncode = "H40.15.09"\nname = "Thanh tra huyện Sông Lam"\nserved = true\nfolder = "thanh-tra"\n'
    units.write_text(units.read_text("utf-8") + more, "utf-8")
    station.until((station.exchange / "thanh-tra" / "gui").is_dir, "its folders")
    station.drop("thanh-tra/gui", "tb.pdf", papers("unsigned")[0].body)
    station.settled(1)
    assert list((station.exchange / "thanh-tra" / "ket-qua").glob("*.html"))
    assert station.stop() == 0


def test_a_change_that_is_not_usable_leaves_the_former_in_force(station, papers):
    station.start()
    units = station.config.parent / "units.toml"
    good = units.read_text("utf-8")
    units.write_text("[[unit]\n", "utf-8")
    station.until(lambda: b"not usable" in station.said(), "the complaint")
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    station.settled(1)
    assert list(station.states().values()) == ["ACCEPTED"]
    units.write_text(good, "utf-8")
    assert station.stop() == 0


def test_evidence_that_arrives_while_the_daemon_starts_is_seen(station, monkeypatch):
    """Between reading the certificates and looking for changes of them nothing may slip through."""
    build = vbdaemon.basis.build_snapshot
    certificates = station.config.parent / "certificates.toml"

    def build_and_be_overtaken(settings):
        snapshot = build(settings)
        if not tomllib.loads(certificates.read_text("utf-8")):
            certificates.write_text(
                f'[[certificate]]\nunit = "H40"\nsha256 = "{"0" * 64}"\nrole = "organisation"\n'
                'confirmed_by = "Người Xác Nhận"\nconfirmed_at = 2026-03-02T05:00:00Z\n',
                "utf-8",
            )
        return snapshot

    monkeypatch.setattr(vbdaemon.basis, "build_snapshot", build_and_be_overtaken)
    daemon = Daemon(load_settings(station.config))
    try:
        daemon.start()
        assert not daemon.snapshot.directory.certificates
        daemon.tick()
        assert daemon.snapshot.directory.certificates
    finally:
        daemon.stop()
