"""What plugins that only watch would have changed: the last comparison of each submission, nothing of quarantine."""

from datetime import timedelta
from functools import partial

import pytest

from vbdaemon.state import archive, decisions, events, plugin_marks, shadow, submissions
from vbdaemon.state.plugin_marks import CallTotal, SwitchedOff
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.shadow import Difference, ShadowRun
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

ONE, TWO = "260302-00000001", "260302-00000002"
HELD = Difference(0, "verdict", "ACCEPT", "HOLD by-subject")
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _admitted(state: State) -> None:
    for name in (ONE, TWO):
        state.admit(name, "gui", name, NOON).result()


def keep(state: State, submission: str, **more: object) -> None:
    run = ShadowRun("odd", "1", submission, 1, **{"at": NOON, "documents": 1, **more})
    state.write(partial(shadow.keep, run=run))


def test_what_would_have_changed_is_kept_and_counted(state):
    keep(state, ONE, differences=(HELD, Difference(0, "findings", "", "by-subject")))
    keep(state, TWO, documents=3, at=LATER)
    counts = state.read(lambda c: shadow.counts(c, "odd"))
    assert (counts.compared, counts.documents, counts.failed) == (2, 4, 0)
    assert (counts.first_at, counts.last_at) == (NOON, LATER)
    (run,) = state.read(lambda c: shadow.differing(c, "odd"))
    assert (run.submission, run.version, run.differences[1]) == (ONE, "1", HELD)
    assert state.read(lambda c: shadow.differing(c, "odd", LATER)) == ()
    assert state.read(lambda c: shadow.counts(c, "odd", LATER)).compared == 1
    assert state.read(lambda c: shadow.counts(c, "another")).first_at is None


def test_a_failure_is_no_comparison(state):
    keep(state, ONE, documents=0, words="plugin 'odd' failed in hook 'check': ValueError at odd.py:3")
    counts = state.read(lambda c: shadow.counts(c, "odd"))
    assert (counts.compared, counts.failed) == (0, 1)
    assert counts.last_failure.endswith("odd.py:3")


def test_a_later_comparison_stands_in_place_of_the_former(state):
    keep(state, ONE, differences=(HELD,))
    keep(state, ONE, at=LATER)
    assert state.read(lambda c: shadow.differing(c, "odd")) == ()
    assert state.read(lambda c: shadow.counts(c, "odd")).compared == 1


def test_nothing_is_kept_of_what_lies_in_quarantine(state):
    keep(state, ONE, differences=(HELD,))
    state.write(lambda c: decisions.forget(c, ONE))
    state.write(lambda c: submissions.move(c, TWO, SubmissionState.QUARANTINED))
    keep(state, TWO, differences=(HELD,))
    assert state.read(lambda c: shadow.differing(c, "odd")) == ()
    assert state.read(lambda c: shadow.counts(c, "odd")).compared == 0


def test_what_was_switched_off_stays_so_until_it_is_switched_on(state):
    row = SwitchedOff("odd", "1", "ab" * 32, ("check", "judge"), "5 failures in a row", NOON)
    for _ in range(2):
        state.write(lambda c: plugin_marks.switch_off(c, row))
    assert state.read(plugin_marks.off) == (row,)
    assert state.write(lambda c: plugin_marks.switch_on(c, "odd"))
    assert not state.write(lambda c: plugin_marks.switch_on(c, "odd"))
    assert state.read(plugin_marks.off) == ()


def test_sums_of_calls_grow_by_plugin_and_version(state):
    for version, calls, at in (("1", 2, NOON), ("1", 3, LATER), ("2", 1, LATER)):
        more = (CallTotal("odd", version, calls, calls / 2, 1, at),)
        state.write(lambda c, more=more: plugin_marks.add_totals(c, more))
    found = state.read(plugin_marks.totals)
    assert found == (CallTotal("odd", "1", 5, 2.5, 2, NOON), CallTotal("odd", "2", 1, 0.5, 1, LATER))


def test_the_archive_is_what_was_decided_and_not_locked_away(state):
    state.write(lambda c: submissions.move(c, ONE, SubmissionState.ACCEPTED))
    assert state.read(lambda c: archive.decided(c, NOON)) == [ONE]
    assert state.read(lambda c: archive.decided(c, NOON, NOON)) == []
    assert state.read(lambda c: archive.decided(c, LATER)) == []
    assert state.read(lambda c: archive.others(c, NOON)) == {SubmissionState.WAITING: 1}


def test_what_a_plugin_kept_from_being_decided_waits_again(state):
    for name, words in ((ONE, "plugin 'odd' failed in hook 'check': ValueError"), (TWO, "plugin 'odder' failed")):
        for _ in range(2):
            state.write(lambda c, name=name: submissions.start_attempt(c, name, NOON))
            state.write(lambda c, name=name, words=words: submissions.fail_attempt(c, name, NOON, words, 2))
    assert state.write(lambda c: plugin_marks.reopen_failed(c, "odd", LATER, "is on again")) == [ONE]
    assert state.write(lambda c: plugin_marks.reopen_failed(c, "odd", LATER, "is on again")) == []
    row = state.read(lambda c: submissions.get(c, ONE))
    assert (row.state, row.failures) == (SubmissionState.WAITING, 0)


def test_failures_are_found_among_all_events_by_their_kind_and_culprit(state):
    for kind, words in (
        ("attempt-failed", "plugin 'odd' failed"),
        ("decided", "plugin 'odd'"),
        ("attempt-failed", "no"),
    ):
        state.write(lambda c, kind=kind, words=words: events.record(c, NOON, kind, ONE, words))
    found = state.read(lambda c: plugin_marks.failures(c, ("attempt-failed", "disk")))
    assert [event.words for event in found] == ["plugin 'odd' failed"]
