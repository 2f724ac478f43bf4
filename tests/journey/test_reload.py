"""Settings are read again beside the work: the next document is judged by the new, and a mistake keeps the old."""

import os
import signal
import smtplib
import socket

import pytest

from vbdaemon.demo.post import free_port

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

PLUGIN = '''
"""A person looks at everything."""
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Finding, Severity


@hookimpl
def check():
    return (Finding("office-looks", Severity.NOTE, "Văn phòng xem trước.", "The office looks first."),)
'''
POLICY = """
[[finding]]
code = "office-looks"
severity = "error"
verdict = "REJECT"
message = "Văn phòng xem trước."
english = "The office looks first."
clause = "Quy chế văn thư"
remedy = "Đề nghị chờ."
remedy_english = "Please wait."
"""
CLERK = """
[[unit.account]]
name = "vanthu.tuphap"
role = "clerk"
drop = "gui"
"""
HERE = "127.0.0.1"
OFFICE = "vanthu@songlam.example"


def dropped(station, papers, where, name):
    """Hand in the same letter once more under another hash; the reasons of its verdict."""
    sha256 = station.drop(where, f"{name}.pdf", papers("unsigned")[0].body + name.encode() + b"\n%%EOF\n")
    known = len(station.states())
    station.settled(known + 1)
    (row,) = [row for row in station.answer("list") if sha256 in row["files"]]
    return row["reasons"]


def ended(station, since):
    """How the reload ended that was asked for by a signal."""
    query = "SELECT kind, words FROM events WHERE id > ? AND kind LIKE 'reload%'"
    return station.until(lambda: station.rows(query, since), "the reload to end")[0]


def last(station):
    return station.rows("SELECT max(id) FROM events")[0][0]


def test_plugin_unit_and_policy_are_in_force_together_and_a_mistake_changes_nothing(station, papers):
    station.start()
    assert "office-looks" not in dropped(station, papers, "phong-giao-duc/gui", "truoc")

    (station.folder / "plugins" / "office.py").write_text(PLUGIN, "utf-8")
    (station.config.parent / "policy.toml").write_text(POLICY, "utf-8")
    station.change("plugins", enabled=["office"])
    station.change("rules", policy="policy.toml")
    station.add_unit("H40.77", "Phòng Tư pháp huyện Sông Lam", "tuphap@songlam.example", folder="phong-tu-phap")
    with (station.config.parent / "units.toml").open("a", encoding="utf-8") as file:
        file.write(CLERK)
    done = station.ask("reload")
    assert done.stderr == ""
    assert done.returncode == 0
    assert "rules.policy, plugins" in done.stdout
    assert "office-looks" in dropped(station, papers, "phong-tu-phap/gui", "sau")

    (station.folder / "plugins" / "office.py").write_text(PLUGIN.replace("def check", "def chek"), "utf-8")
    station.change("office", name="Văn phòng khác")
    done = station.ask("reload")
    assert done.returncode == 2
    assert "'office'" in done.stderr
    assert "the former settings stay in force" in done.stderr
    assert "changed settings were refused on" in station.ask("status").stdout
    since = last(station)
    station.add_unit("H40.78", "Phòng Y tế huyện Sông Lam", "yte@songlam.example")  # workers start anew under this
    station.until(lambda: "snapshot" in dict(station.rows("SELECT kind, id FROM events WHERE id > ?", since)), "it")
    assert "office-looks" in dropped(station, papers, "phong-tu-phap/gui", "van-cu")
    (station.folder / "plugins" / "office.py").write_text(PLUGIN, "utf-8")
    station.change("workers", attempts=7)
    done = station.ask("reload")
    assert (done.returncode, "workers.attempts cannot change while the daemon runs" in done.stderr) == (2, True)

    text, since = station.config.read_text("utf-8"), last(station)
    station.config.write_text(text + "\n[ofice]\n", "utf-8")
    station.process.send_signal(signal.SIGHUP)
    kind, words = ended(station, since)
    assert kind == "reload-refused"
    assert "ofice: unknown key" in words
    assert station.ask("reload").returncode == 2
    assert station.stop() == 0


def test_nothing_is_lost_or_doubled_while_settings_are_read_again_and_again(station):
    station.start()
    hashes = []
    for turn in range(4):
        hashes += [station.drop("khach/gui", f"{turn}-{n}.txt", f"Thư {turn} {n}".encode()) for n in range(4)]
        station.change("exchange", sweep_seconds=0.2 + turn / 10)  # every source is made anew
        station.process.send_signal(signal.SIGHUP)
    station.settled(len(hashes))
    station.until(lambda: not list((station.exchange / "khach" / "gui").glob("*.txt")), "the folder to be empty")
    taken = sorted(sha256 for row in station.answer("list") for sha256 in row["files"])
    assert taken == sorted(hashes)
    assert station.rows("SELECT count(*) FROM events WHERE kind = 'reload-refused'") == [(0,)]
    assert station.stop() == 0


def greeting(port):
    with smtplib.SMTP(HERE, port, timeout=10) as client:
        return client.noop()[0]


def test_a_mail_listener_is_opened_moved_and_closed_while_the_daemon_runs(station):
    port, other = free_port(), free_port()
    station.start()
    station.change("mail", addresses=[OFFICE])
    station.change("smtp", listen=[f"{HERE}:{port}"])
    assert station.ask("reload").returncode == 0
    assert greeting(port) == 250
    station.change("smtp", listen=[f"{HERE}:{other}"])
    assert station.ask("reload").returncode == 0
    assert greeting(other) == 250
    with pytest.raises(OSError, match="refused"):
        greeting(port)
    with socket.create_server((HERE, port)):
        station.change("smtp", listen=[f"{HERE}:{port}"])
        done = station.ask("reload")
        assert (done.returncode, f"listen {HERE}:{port}" in done.stderr) == (2, True)
        assert greeting(other) == 250
    station.change("smtp", listen=[])
    assert station.ask("reload").returncode == 0
    with pytest.raises(OSError, match="refused"):
        greeting(other)
    assert station.stop() == 0


def test_systemd_is_told_when_settings_are_read_again_and_how_it_ended(station, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(30)
        station.start(env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert b"READY=1" in line.recv(300)
        station.process.send_signal(signal.SIGHUP)
        assert line.recv(300).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
        assert line.recv(300) == b"READY=1\nSTATUS=takes documents in"
        station.change("spool", path="../elsewhere")
        station.process.send_signal(signal.SIGHUP)
        assert line.recv(300).startswith(b"RELOADING=1\n")
        assert b"STATUS=reload-refused: spool.path cannot change" in line.recv(600)
        assert station.stop() == 0


def test_without_a_daemon_there_is_nothing_to_read_again(station):
    done = station.ask("reload")
    assert done.returncode == 2
    assert "no daemon runs on" in done.stderr
