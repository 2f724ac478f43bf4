"""The person on duty beside a running daemon: status, measurements, backup, and the way back."""

import hashlib
import json
import os
import socket
import urllib.request

import pytest

pytestmark = pytest.mark.journey


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def systemd(tmp_path):
    """A socket that hears what the service tells systemd."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(30)
        yield line


def hand_in(station, papers, *cases):
    for count, (case, where) in enumerate(cases, 1):
        station.drop(where, f"van-ban-{count}.pdf", papers(case)[0].body)
    return station.settled(len(cases))


def get(port, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()


def test_systemd_status_measurements_and_health_tell_of_a_running_daemon(station, papers, port, systemd):
    station.change("metrics", listen=f"127.0.0.1:{port}")
    environment = {**os.environ, "NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "3000000"}
    station.start(env=environment)
    told = [systemd.recv(300) for _ in range(4)]
    assert b"READY=1\nSTATUS=takes documents in" in told
    assert told.count(b"WATCHDOG=1") == 3
    hand_in(station, papers, ("letter", "phong-noi-vu/gui"), ("unsigned", "phong-giao-duc/gui"))
    page = get(port, "/metrics")
    assert 'vbdaemon_decisions_total{verdict="ACCEPT"} 1.0' in page
    assert 'vbdaemon_stage_seconds_count{stage="decide"} 2.0' in page
    assert json.loads(get(port, "/health/ready"))["ready"] is True
    seen = station.until(lambda: (found := station.answer("status"))["daemon"] and found, "the daemon to tell")
    assert {pulse["loop"] for pulse in seen["daemon"]["loops"]} == {"runner", "delivery", "folders", "writer"}
    assert "phong-noi-vu/gui" in [line["state"]["name"] for line in seen["sources"] if line["state"]["usable"]]
    assert station.stop() == 0
    assert b"STOPPING=1" in systemd.recv(300) or any(b"STOPPING=1" in systemd.recv(300) for _ in range(60))
    assert station.answer("status")["running"] is False


def test_a_backup_of_a_running_daemon_becomes_a_site_that_goes_on(station, station_in, papers, tmp_path):
    station.start()
    hand_in(
        station,
        papers,
        ("letter", "phong-noi-vu/gui"),
        ("unsigned", "phong-giao-duc/gui"),
        ("secret", "xa-ha-lam/gui"),
        ("foreign-ca", "phong-tai-chinh-ke-hoach/gui"),
    )
    made = station.ask("backup", str(tmp_path / "backups"), "--verify")
    assert made.returncode == 0, made.stderr
    listed = {row["id"]: (row["state"], row["files"]) for row in station.answer("list")}
    secret = next(id_ for id_, (state, _) in listed.items() if state == "QUARANTINED")
    assert not [path for path in (tmp_path / "backups").rglob("*") if secret in path.name]
    assert station.stop() == 0

    other = station_in(tmp_path / "other")
    done = other.ask("restore", str(tmp_path / "backups"), "--to", str(other.folder))
    assert done.returncode == 0, done.stderr
    wrong = other.answer("fsck")
    assert [(fault["kind"], fault["submission"]) for fault in wrong] == [("folder-missing", secret)]
    try:
        other.start()
        other.drop("phong-noi-vu/gui", "moi.pdf", papers("submission")[0].body)
        other.settled(5)
        again = {row["id"]: (row["state"], row["files"]) for row in other.answer("list")}
        assert listed.items() <= again.items()
        assert sorted(number for (number,) in other.rows("SELECT register_number FROM documents WHERE accepted")) == [
            1,
            2,
        ]
        assert other.stop() == 0
    finally:
        other.kill()
    letter = hashlib.sha256(papers("letter")[0].body).hexdigest()
    kept = next(id_ for id_, (_, files) in listed.items() if letter in files)
    body = (other.spool / "submissions" / f"20{kept[:2]}-{kept[2:4]}" / kept / "001").read_bytes()
    assert hashlib.sha256(body).hexdigest() == letter
