"""A plugin that only watches, in a real worker: what it would have changed is told, all else it does is its own."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vbdaemon.config import Settings
from vbdaemon.model import Channel, Envelope
from vbdaemon.pipeline import pool as pools
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.setup import comparing_setup
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.registry import load_registry
from vbdaemon.rounds.shadow import Shadow
from vbdaemon.spool.store import Spool
from vbdaemon.state import events, shadow
from vbdaemon.state.records import Decision
from vbdaemon.state.shadow import ShadowCounts
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, FrozenClock, make_snapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

PLUGIN = """
import ctypes, sys, time
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Finding, Severity
__version__ = "7"

@hookimpl
def check(document):
    what = document.main.name.removesuffix(".txt")
    if what == "raises":
        raise ValueError("Trần Thị Hoài Thu")
    if what == "exits":
        sys.exit(3)
    if what == "hangs":
        time.sleep(60)
    if what == "dies":
        ctypes.string_at(0)
    if what == "answers":
        return "HOLD"
    if what == "objects":
        return (Finding("by-subject", Severity.ERROR, "Trần Thị Hoài Thu"),)
"""
HARMS = ("raises", "exits", "hangs", "dies", "answers")


@dataclass
class Place:
    """A spool, a state, and a plugin that watches."""

    settings: Settings
    state: State
    spool: Spool
    shadow: Shadow
    calls: list[CallSum]

    def decide(self, name: str, version: int = 0) -> str:
        """A submission of one text file, decided without the plugin; it is offered for comparison."""
        made = f"260302-{len(list(self.spool.root.glob('submissions/*/*'))) + 1:08d}"
        incoming = self.spool.begin(made)
        read, write = os.pipe()
        os.write(write, f"Kính gửi văn thư: {name}\n".encode())
        os.close(write)
        incoming.add(f"{name}.txt", read)
        os.close(read)
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))
        self.state.admit(made, "gui", made, NOON).result()
        self.shadow.offer(DecideTask(made), version, self.judged(made))
        return made

    def judged(self, submission: str) -> Decision:
        scratch = self.spool.root / "scratch" / "test"
        scratch.mkdir(parents=True, exist_ok=True)
        here = Workplace(load_registry(None, (), {}), make_snapshot(), self.spool.root, scratch)
        return DecideTask(submission).run(here)

    def counts(self) -> ShadowCounts:
        return self.state.read(lambda c: shadow.counts(c, "odd"))


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def place(in_memory: Path, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "odd.py").write_text(PLUGIN, "utf-8")
    settings = Settings.model_validate(
        {
            "base": tmp_path,
            "spool": {"path": in_memory / "spool"},
            "plugins": {"folder": "plugins", "enabled": ["odd"], "odd": {"mode": "shadow"}},
            "workers": {"call_seconds": 0.5, "memory_megabytes": 4096},
        }
    )
    spool = Spool(in_memory / "spool")
    spool.prepare()
    state = State(f"sqlite:///{in_memory / 'state.sqlite3'}")
    calls: list[CallSum] = []
    watching = Shadow(state, FrozenClock(), lambda: False, calls.extend)
    watching.replace(settings, make_snapshot())
    watching.start()
    yield Place(settings, state, spool, watching, calls)
    watching.stop()
    state.close()


def test_what_it_would_have_changed_is_kept_in_codes_and_nothing_acts(place):
    same, other = place.decide("quiet", version=4), place.decide("objects")
    until(lambda: place.counts().compared == 2)
    (run,) = place.state.read(lambda c: shadow.differing(c, "odd"))
    assert (run.submission, run.version, run.decided_version) == (other, "7", 1)
    found = {one.field: one.after for one in run.differences}
    assert "by-subject" in found["findings"].split()
    assert "by-subject" in found["verdict"].split()
    assert "Trần" not in repr(run)
    assert {each.plugin for each in place.calls} == {"odd"}
    assert [event.kind for event in place.state.read(lambda c: events.of_submission(c, same))] == ["admitted"]


def test_whatever_it_does_is_its_failure_and_the_next_is_compared(place):
    for harm in HARMS:
        place.decide(harm)
    place.decide("quiet")
    until(lambda: place.counts().compared == 1)
    counts = place.counts()
    assert (counts.failed, counts.compared) == (len(HARMS), 1)
    assert "plugin 'odd'" in counts.last_failure
    assert sum(each.failures for each in place.calls) == len(HARMS)
    assert sum(each.fatal for each in place.calls) == 2


def test_a_decision_under_other_rules_is_not_compared(place):
    place.shadow.replace(place.settings, make_snapshot(version="other"))
    place.decide("objects")
    until(lambda: place.calls)
    place.shadow.stop()
    assert place.counts().first_at is None


def test_while_decisions_wait_nothing_is_compared_and_the_oldest_are_left_out(place, monkeypatch):
    monkeypatch.setattr(place.shadow, "_busy", lambda: True)
    for _ in range(3):
        place.decide("quiet")
    time.sleep(0.5)
    assert place.calls == []
    assert place.shadow._waiting.maxlen == 200


def test_what_waits_is_compared_with_the_plugin_as_it_was_read_last(place, monkeypatch, tmp_path):
    monkeypatch.setattr(place.shadow, "_busy", lambda: True)
    for name in ("hangs", "objects"):
        place.decide(name)
    monkeypatch.setattr(place.shadow, "_busy", lambda: False)
    until(lambda: place.shadow._pools)
    (tmp_path / "plugins" / "odd.py").write_text(PLUGIN.replace('"7"', '"8"'), "utf-8")
    place.shadow.replace(place.settings, make_snapshot())
    until(lambda: place.counts().compared)
    (found,) = place.state.read(lambda c: shadow.differing(c, "odd"))
    assert found.version == "8"


def test_one_that_does_not_load_is_told_once_and_the_daemon_goes_on(place, tmp_path):
    (tmp_path / "plugins" / "odd.py").write_text("import os\nos._exit(3)\n", "utf-8")
    for _ in range(2):
        place.decide("quiet")

    def told() -> int:
        kinds = [event.kind for event in place.state.read(lambda c: events.after(c, 0, 99))]
        return kinds.count("shadow-failed")

    until(told)
    until(lambda: not place.shadow._waiting)
    assert told() == 1
    assert place.counts().first_at is None


def test_stopping_does_not_wait_for_it(place):
    place.decide("hangs")
    until(lambda: place.shadow._pools)
    time.sleep(0.1)
    started = time.monotonic()
    place.shadow.stop()
    assert time.monotonic() - started < 5


def test_stopping_does_not_wait_for_one_that_does_not_end_loading(place, monkeypatch, tmp_path):
    monkeypatch.setattr(pools, "START_SECONDS", 12.0)
    (tmp_path / "plugins" / "odd.py").write_text("import time\ntime.sleep(60)\n", "utf-8")
    place.decide("quiet")
    until(lambda: not place.shadow._waiting)
    started = time.monotonic()
    place.shadow.stop()
    assert time.monotonic() - started < 8
    place.shadow._thread.join()  # what it finds out later it tells nobody
    assert place.state.read(lambda c: events.after(c, 0, 99))[-1].kind == "admitted"


def test_it_stands_at_its_place_among_the_others_and_behind_them_for_the_processor(place):
    plugins = place.settings.plugins.model_copy(update={"enabled": ("first", "odd", "last")})
    settings = place.settings.model_copy(update={"plugins": plugins})
    setup = comparing_setup(settings, make_snapshot(), "odd")
    assert setup.enabled == ("first", "odd", "last")
    assert setup.tables == {"odd": {}}
    assert setup.niceness > 0
