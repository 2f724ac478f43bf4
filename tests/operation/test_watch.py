"""Everything that watches over the daemon, put together on a real state, socket and port."""

import json
import socket
import time
import urllib.request
from datetime import timedelta

import pytest

from vbdaemon.claim import Ownership
from vbdaemon.operation.health_watch import Outlook, Watch, WatchSettings
from vbdaemon.operation.status import look
from vbdaemon.operation.status_pulse import SourceState
from vbdaemon.state import events
from vbdaemon.testing import NOON

SOURCE = SourceState("phong-noi-vu/gui", "folder", True, NOON, 0, None)


class Ticks:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def systemd(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(2)
        yield line, {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "180000000"}


@pytest.fixture
def watch(site, systemd):
    ticks = Ticks()
    settings = WatchSettings.of(site.settings, listen="127.0.0.1:0")
    made = Watch(settings, lambda: NOON, systemd[1], ticks)
    made.ticks = ticks
    made.beat = made.loop("runner")
    yield made
    made.close()


def test_systemd_hears_of_start_life_and_end(site, watch, systemd):
    line, _ = systemd
    watch.open(site.state, lambda: Outlook("s1"))
    assert [line.recv(200) for _ in range(2)] == [b"WATCHDOG=1", b"READY=1\nSTATUS=takes documents in"]
    watch.close()
    assert line.recv(200).startswith(b"STOPPING=1")


def test_a_loop_that_stands_is_heard_of_by_silence(site, watch, systemd):
    line, _ = systemd
    watch.open(site.state, lambda: Outlook("s1"))
    line.recv(200), line.recv(200)
    watch.ticks.now = 61.0
    watch.tick()
    line.settimeout(0.1)
    with pytest.raises(TimeoutError):
        line.recv(200)
    assert get(watch, "/health/live")[0] == 503
    watch.beat()
    until(lambda: not watch.heartbeat.late())  # the writer answers by itself
    watch.tick()
    assert line.recv(200) == b"WATCHDOG=1"


def until(holds):
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


def get(watch, path):
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{watch.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.status, refusal.read().decode()


def test_measurements_health_and_status_tell_the_same(site, watch):
    watch.open(site.state, lambda: Outlook("s1", (SOURCE,), ("clamav: failed 5 times",)))
    status, page = get(watch, "/metrics")
    assert status == 200
    assert 'vbdaemon_loop_silent_seconds{loop="writer"} 0.0' in page
    health = json.loads(get(watch, "/health/ready")[1])
    assert health["alarms"] == {"held": 0, "promise": 0, "undelivered": 0, "plugin-off": 0}
    assert (health["live"], health["ready"], health["why"]) == (True, True, [])
    owner = Ownership(site.spool.root)
    owner.take()
    seen = look(site.settings, site.state, NOON + timedelta(minutes=1))
    owner.release()
    assert (seen.daemon.snapshot, seen.daemon.plugins_off) == ("s1", ("clamav: failed 5 times",))
    assert [pulse.loop for pulse in seen.daemon.loops] == ["runner", "writer"]
    assert [line.state for line in seen.sources] == [SOURCE]


def test_a_full_disk_pauses_the_intake_and_is_an_event(site, systemd):
    settings = WatchSettings.of(site.settings, low_water_bytes=1)
    watch = Watch(settings, lambda: NOON, {}, Ticks())
    watch.open(site.state, lambda: Outlook("s1"))
    assert (watch.full(), watch.port) == ("", None)
    watch.require()
    full = Watch(WatchSettings.of(site.settings, low_water_bytes=1 << 60), lambda: NOON, {}, Ticks())
    full._disk._measure = lambda path: type(watch._rooms()[0])(path, 10, 100)
    full.open(site.state, lambda: Outlook("s1"))
    with pytest.raises(OSError, match="paused because only 0 MB are free"):
        full.require()
    site.state.write(lambda _: None)
    (event,) = site.state.read(lambda c: events.after(c, 0, 10))
    assert (event.kind, event.words.partition(":")[0]) == ("disk", "intake paused")
