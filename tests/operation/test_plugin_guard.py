"""A plugin that fails again and again is switched off, until a person says that it is mended."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from vbdaemon.config import Settings
from vbdaemon.model import PluginOff
from vbdaemon.operation.plugin_failures import failures
from vbdaemon.operation.plugin_guard import Guard
from vbdaemon.operation.plugin_off import switch_on
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.plugin_file import bodies_in
from vbdaemon.state import events, plugin_marks, submissions
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import FrozenClock, make_snapshot

HOOKS = ("check", "deliver")


def well(hook: str = "check", plugin: str = "odd") -> tuple[CallSum, ...]:
    return (CallSum(plugin, hook, 1, 0.25, version="1.2", hooks=HOOKS),)


def failed(hook: str = "check", plugin: str = "odd", **more: bool) -> tuple[CallSum, ...]:
    return (CallSum(plugin, hook, 1, 0.25, 1, 1, **more, version="1.2", hooks=HOOKS),)


@pytest.fixture
def state(in_memory: Path, template: Path) -> Iterator[State]:
    state = State(f"sqlite:///{shutil.copy(template, in_memory / 'state.sqlite3')}")
    yield state
    state.close()


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "odd.py").write_text("# one", "utf-8")

    def settings(**plugins: object) -> Settings:
        table = {"enabled": ["odd", "other"], "failures_in_a_row": 3, "folder": "plugins", **plugins}
        return Settings.model_validate({"base": tmp_path, "plugins": table})

    return settings


def guarding(state: State, made: Settings, clock: FrozenClock | None = None) -> Guard:
    """As the daemon makes one: with the files as they lie there."""
    bodies = bodies_in(made.path(made.plugins.folder), made.plugins.enabled)
    return Guard(state, clock or FrozenClock(), made, bodies)


@pytest.fixture
def guard(state, settings) -> Guard:
    return guarding(state, settings())


def settled(state: State) -> None:
    """What was to be written later is written."""
    state.write(lambda _: None)


def kinds(state: State) -> list[str]:
    return [event.kind for event in state.read(lambda c: events.after(c, 0, 100))]


def test_so_many_failures_in_a_row_switch_a_plugin_off_and_that_is_an_event(guard, state):
    for _ in range(2):
        guard.told(failed())
    assert not guard.changed(make_snapshot())
    guard.told(failed())
    snapshot = guard.applied(make_snapshot())
    assert snapshot.plugins_off == (PluginOff("odd", ("check", "deliver")),)
    assert snapshot.version.startswith("test-")
    settled(state)
    (row,) = state.read(plugin_marks.off)
    assert (row.name, row.version, row.words) == ("odd", "1.2", "3 failures in a row, the last in hook 'check'")
    assert kinds(state) == ["plugin-off"]
    assert guard.words() == (
        "odd: 3 failures in a row, the last in hook 'check', 02/03/2026 12:00; vbdaemon plugin enable odd",
    )


def test_a_call_that_went_well_ends_the_row(guard):
    for told in (failed(), failed(), well(), failed(), failed()):
        guard.told(told)
    assert guard.words() == ()


def test_each_hook_has_its_own_row(guard):
    """Otherwise a check that goes well would hide a judge that never does."""
    for _ in range(2):
        guard.told(failed("judge") + well("check"))
    guard.told(failed("judge"))
    assert len(guard.words()) == 1


def test_several_calls_of_one_task_count_one_by_one(guard):
    guard.told((CallSum("odd", "read", 5, 1.0, failures=4, run=2),))
    assert guard.words() == ()
    guard.told((CallSum("odd", "read", 1, 1.0, failures=1, run=1),))
    assert len(guard.words()) == 1


def test_one_that_cannot_be_loaded_again_is_off_unless_it_was_loaded_in_between(guard):
    for _ in range(2):
        guard.told(failed("startup", fatal=True))
    guard.told(well())
    for _ in range(2):
        guard.told(failed("startup", fatal=True))
    assert guard.words() == ()
    guard.told(failed("startup", fatal=True))
    assert len(guard.words()) == 1


def test_builtins_and_plugins_that_only_watch_are_never_switched_off(guard):
    for _ in range(9):
        guard.told(failed(plugin="classify"))
        guard.watched(failed())
    assert guard.words() == ()


def test_an_event_that_could_not_be_told_stops_nothing_but_a_crash_there_counts(guard):
    for _ in range(9):
        guard.told(failed("track_event"))
    assert guard.words() == ()
    for _ in range(3):
        guard.told(failed("track_event", fatal=True))
    assert len(guard.words()) == 1


def test_it_is_still_off_after_a_start_and_on_again_with_another_version(guard, state, settings, tmp_path):
    for _ in range(3):
        guard.told(failed())
    settled(state)
    assert len(guarding(state, settings()).words()) == 1
    (tmp_path / "plugins" / "odd.py").write_text("# two", "utf-8")
    assert guarding(state, settings()).words() == ()
    assert kinds(state) == ["plugin-off", "plugin-on"]


def test_what_is_saved_before_it_is_taken_up_does_not_count_as_what_failed(guard, state, settings, tmp_path):
    (tmp_path / "plugins" / "odd.py").write_text("# two", "utf-8")
    for _ in range(3):
        guard.told(failed())
    settled(state)
    assert guarding(state, settings()).words() == ()


def test_other_settings_make_another_plugin_of_it(guard, state, settings):
    for _ in range(3):
        guard.told(failed())
    settled(state)
    guard.take(settings(odd={"limit": 2}), {"odd": b"# one"})
    assert guard.words() == ()


def test_safe_mode_forgets_nothing(guard, state, settings):
    for _ in range(3):
        guard.told(failed())
    settled(state)
    safe = settings().model_copy(update={"plugins": settings().plugins.none()})
    assert guarding(state, safe).applied(make_snapshot()).plugins_off == ()
    assert len(guarding(state, settings()).words()) == 1


def hold(state: State, *culprits: str) -> None:
    """A submission for each, held because this plugin failed."""
    at = FrozenClock().now
    for number, culprit in enumerate(culprits, 1):
        name, words = f"260302-{number:08d}", f"plugin {culprit!r} failed in hook 'check': ValueError"
        state.admit(name, "gui", name, at).result()
        state.write(lambda c, name=name: submissions.start_attempt(c, name, at))
        state.write(lambda c, name=name, words=words: submissions.fail_attempt(c, name, at, words, 1))


def held(state: State) -> list[HoldKind | None]:
    """Of all submissions, oldest first; None = it waits to be judged."""
    rows = state.read(lambda c: submissions.listed(c, oldest_first=True))
    assert all((row.state is SubmissionState.WAITING) == (row.hold_kind is None) for row in rows)
    return [row.hold_kind for row in rows]


def test_what_it_kept_from_being_decided_waits_again_when_it_is_found_mended_at_a_start(
    guard, state, settings, tmp_path
):
    hold(state, "odd", "odder")
    for _ in range(3):
        guard.told(failed())
    settled(state)
    assert held(state) == [HoldKind.FAILURE, HoldKind.FAILURE]
    (tmp_path / "plugins" / "odd.py").write_text("# two", "utf-8")
    guarding(state, settings())
    assert held(state) == [None, HoldKind.FAILURE]


def test_what_an_optional_one_kept_from_being_decided_goes_on_without_it(state, settings):
    hold(state, "odd", "odder")
    guard = guarding(state, settings(odd={"optional": True}))
    for _ in range(3):
        guard.told(failed())
    settled(state)
    assert held(state) == [None, HoldKind.FAILURE]


def test_a_person_switches_it_on_again_and_what_it_kept_from_being_decided_waits_again(guard, state):
    clock = FrozenClock()
    hold(state, "odd", "odder")
    for _ in range(3):
        guard.told(failed())
    settled(state)
    off = guard.applied(make_snapshot())
    assert switch_on(state, "odd", "chị Thu", clock.now)
    assert not switch_on(state, "odd", "chị Thu", clock.now)
    guard.tick()
    assert guard.renewed({"odd": b"# as it was", "other": b""}) == {"odd": b"# one", "other": b""}
    assert guard.renewed({"odd": b"# as it was"}) == {"odd": b"# as it was"}
    assert guard.changed(off)
    assert guard.applied(off).version == "test"
    assert held(state) == [None, HoldKind.FAILURE]
    for _ in range(2):
        guard.told(failed())
    assert guard.words() == ()
    assert failures(state)["odd"].count == 1


def test_what_is_not_written_yet_is_not_taken_back_by_a_look(guard, state, monkeypatch):
    for _ in range(2):
        guard.told(failed())
    monkeypatch.setattr(state, "write_later", lambda change: Future())
    guard.told(failed())
    guard.tick()
    assert len(guard.words()) == 1


def test_an_optional_plugin_is_off_as_well_and_the_snapshot_says_so(state, settings):
    guard = guarding(state, settings(odd={"optional": True}))
    for _ in range(3):
        guard.told(failed())
    assert [each.optional for each in guard.applied(make_snapshot()).plugins_off] == [True]


def test_time_spent_is_written_down_now_and_then_and_measured_at_once(state, settings):
    clock = FrozenClock()
    guard = guarding(state, settings(), clock)
    guard.told(well() + failed("deliver"))
    guard.tick()
    assert state.read(plugin_marks.totals) == ()
    clock.advance(seconds=31)
    guard.tick()
    guard.told(well())
    guard.flush()
    settled(state)
    (total,) = state.read(plugin_marks.totals)
    assert (total.plugin, total.version, total.calls, total.seconds, total.failures) == ("odd", "1.2", 3, 0.75, 1)
    told = {sample.name: sample.value for metric in guard.metrics() for sample in metric.samples}
    assert told == {
        "vbdaemon_plugin_calls_total": 3,
        "vbdaemon_plugin_seconds_total": 0.75,
        "vbdaemon_plugin_failures_total": 1,
    }
