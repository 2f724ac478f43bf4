"""What workers are given when a plugin was switched off, or is on again."""

import shutil
from pathlib import Path

import pytest

from vbdaemon.basis import Basis
from vbdaemon.config import Settings
from vbdaemon.engine import Engine
from vbdaemon.errors import PluginError
from vbdaemon.failpoint import pass_by
from vbdaemon.operation.plugin_off import switch_on
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.pipeline.worker import Ready
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State
from vbdaemon.testing import FrozenClock, make_snapshot

READY = Ready((), (), {"track_event": ("odd",)})
FAILED = (CallSum("odd", "check", 1, 0.1, 1, 1, hooks=("check", "track_event")),)


@pytest.fixture
def basis(tmp_path: Path) -> Basis:
    (tmp_path / "odd.py").write_text("# mended", "utf-8")
    table = {"folder": ".", "enabled": ["odd"], "failures_in_a_row": 1}
    settings = Settings.model_validate({"base": tmp_path, "plugins": table})
    return Basis(settings, make_snapshot(), (), {"odd": b"# broken"})


@pytest.fixture
def engine(in_memory, template, basis, tmp_path):
    state = State(f"sqlite:///{shutil.copy(template, in_memory / 'state.sqlite3')}")
    yield Engine(state, Spool(tmp_path), basis, FrozenClock(), pass_by)
    state.close()


def switched(engine: Engine, basis: Basis):
    """Off, and on again by a person; the snapshot of in between."""
    engine.guard.told(FAILED)
    engine._state.write(lambda _: None)
    off = engine.guard.applied(basis.snapshot)
    assert engine.renewed(basis, basis.snapshot) == (basis, None)  # what goes away need not be tried
    switch_on(engine._state, "odd", "chị Thu", FrozenClock().now)
    engine.guard.tick()
    return off


def test_a_plugin_that_is_on_again_is_its_file_of_now_and_workers_tell_what_hooks_it_has(engine, basis, monkeypatch):
    monkeypatch.setattr(engine, "trial", lambda *_: READY)
    fresh, ready = engine.renewed(basis, switched(engine, basis))
    assert fresh.bodies == {"odd": b"# mended"}
    assert ready is READY


def test_one_that_does_not_load_as_it_is_now_stops_nothing(engine, basis, monkeypatch):
    def trial(*_):
        raise PluginError("plugin 'odd': SyntaxError")

    monkeypatch.setattr(engine, "trial", trial)
    assert engine.renewed(basis, switched(engine, basis)) == (basis, None)
