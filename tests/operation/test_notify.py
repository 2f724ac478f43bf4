"""systemd is told what it asked for, over a real socket, and nothing is sent where nobody listens."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from vbdaemon.operation.notify import Notifier
from vbdaemon.operation.notify_heartbeat import Heartbeat, Probe, Watchdog


class Listener:
    def __init__(self, path: str) -> None:
        self.path = path
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(f"\0{path[1:]}" if path[0] == "@" else path)
        self.line.settimeout(2)

    def heard(self) -> list[str]:
        return self.line.recv(4096).decode().splitlines()


@pytest.fixture(params=["file", "abstract"])
def systemd(request, tmp_path) -> Iterator[Listener]:
    listener = Listener(str(tmp_path / "notify") if request.param == "file" else f"@vbdaemon-test-{os.getpid()}")
    yield listener
    listener.line.close()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_each_word_reaches_systemd(systemd):
    notifier = Notifier(systemd.path)
    assert notifier.ready("takes documents in")
    assert systemd.heard() == ["READY=1", "STATUS=takes documents in"]
    notifier.reloading(lambda: 12.5)
    assert systemd.heard() == ["RELOADING=1", "MONOTONIC_USEC=12500000"]
    notifier.stopping()
    assert systemd.heard() == ["STOPPING=1"]
    notifier.status("two\nlines")
    assert systemd.heard() == ["STATUS=two lines"]
    notifier.ping()
    assert systemd.heard() == ["WATCHDOG=1"]


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "relative"}])
def test_without_a_socket_nothing_is_sent_and_nothing_fails(environment):
    notifier = Notifier.of(environment, 1)
    assert not notifier.ready()
    assert not notifier.ping()


def test_a_socket_that_is_gone_is_no_reason_to_stop(tmp_path):
    assert not Notifier(str(tmp_path / "gone")).ready()


def test_the_watchdog_is_taken_from_the_environment_and_children_do_not_inherit_it():
    environment = {
        "NOTIFY_SOCKET": "/run/x",
        "WATCHDOG_USEC": "30000000",
        "WATCHDOG_PID": str(os.getpid()),
        "HOME": "/",
    }
    notifier = Notifier.taken_from(environment)
    assert (notifier.address, notifier.watchdog_seconds, notifier.ping_seconds) == ("/run/x", 30.0, 10.0)
    assert environment == {"HOME": "/"}


def test_a_watchdog_of_another_process_is_none_of_ours():
    environment = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}
    assert Notifier.of(environment, 2).ping_seconds is None


def test_the_watchdog_is_pinged_only_while_every_loop_turns(systemd, clock):
    heartbeat = Heartbeat(clock)
    beat = heartbeat.expect("runner", 60)
    heartbeat.expect("delivery", 60)
    watchdog = Watchdog(Notifier(systemd.path, 30.0), heartbeat, clock)
    assert watchdog.tick()
    assert not watchdog.tick()  # not due yet
    clock.now += 10
    assert watchdog.tick()
    clock.now += 55
    beat()
    assert not watchdog.tick()  # the delivery loop hangs
    assert [pulse.loop for pulse in heartbeat.late()] == ["delivery"]
    heartbeat.beat("delivery")
    assert watchdog.tick()


def test_a_loop_in_a_network_mount_may_hang_without_a_new_start(clock):
    heartbeat = Heartbeat(clock)
    heartbeat.expect("folders-nas", 60, vital=False)
    clock.now += 3600
    assert heartbeat.late() == ()
    assert [pulse.late for pulse in heartbeat.pulses()] == [True]


def test_a_loop_that_ended_is_not_missed_and_an_unknown_one_is_not_counted(clock):
    heartbeat = Heartbeat(clock)
    beat = heartbeat.expect("runner", 60)
    heartbeat.forget("runner")
    beat()
    assert heartbeat.pulses() == ()


def test_a_thread_that_only_waits_beats_by_answering(clock):
    heartbeat, asked = Heartbeat(clock), []

    def ask() -> "Future[None]":
        asked.append(Future())
        return asked[-1]

    probe = Probe(ask, heartbeat.expect("writer", 60))
    clock.now += 50
    probe.tick()
    probe.tick()
    assert len(asked) == 1
    clock.now += 20
    assert heartbeat.late()
    asked[0].set_exception(ValueError("the database is locked"))
    assert not heartbeat.late()
    probe.tick()
    assert len(asked) == 2
