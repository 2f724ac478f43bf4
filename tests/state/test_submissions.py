"""Admission, attempts, holds, waivers, acts, events, cursors: on SQLite and on PostgreSQL."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.errors import StateError, UnknownSubmission
from vbdaemon.model import Act, ActKind, VerdictKind, Waiver
from vbdaemon.state import acts, events, submissions
from vbdaemon.state.records import ActState, Admitted, HoldKind, SubmissionState
from vbdaemon.testing import NOON

WAITING, DECIDING, HELD = SubmissionState.WAITING, SubmissionState.DECIDING, SubmissionState.HELD


def story(state, name):
    return [event.kind for event in state.read(lambda c: events.of_submission(c, name))]


def attempt(state, name):
    return state.write(lambda c: submissions.start_attempt(c, name, NOON))


def fail(state, name, most=3):
    return state.write(lambda c: submissions.fail_attempt(c, name, NOON, "plugin 'x' failed", most))


def test_the_first_admission_of_a_key_makes_a_row(state):
    answer = state.admit("260302-00000001", "gui", "inode 7", NOON).result()
    assert answer == Admitted("260302-00000001", new=True)
    assert state.is_known("260302-00000001")
    assert state.find_key("gui", "inode 7") == "260302-00000001"


def test_the_same_key_is_admitted_once_however_often_it_is_offered(state):
    state.admit("260302-00000001", "gui", "inode 7", NOON).result()
    again = [state.admit(f"260302-0000001{n}", "gui", "inode 7", NOON) for n in range(5)]
    assert {future.result() for future in again} == {Admitted("260302-00000001", new=False)}
    assert len(state.read(submissions.listed)) == 1
    assert story(state, "260302-00000001") == ["admitted"]


def test_the_same_key_of_another_source_is_another_submission(state):
    assert state.admit("260302-00000001", "gui", "7", NOON).result().new
    assert state.admit("260302-00000002", "imap", "7", NOON).result().new


def test_an_unknown_key_is_not_found(state):
    assert state.find_key("gui", "never seen") is None
    assert not state.is_known("260302-99999999")


def test_one_id_for_two_keys_is_refused(state):
    state.admit("260302-00000001", "gui", "1", NOON).result()
    with pytest.raises(StateError):
        state.admit("260302-00000001", "gui", "2", NOON).result()


def test_moments_come_back_aware_and_equal(state, admitted, row):
    name = admitted(NOON + timedelta(microseconds=123456))
    assert row(name).received_at == NOON + timedelta(microseconds=123456)
    assert row(name).received_at.utcoffset() == timedelta(0)


def test_a_naive_moment_never_reaches_the_tables(state):
    with pytest.raises(StateError):
        state.admit("260302-00000001", "gui", "1", NOON.replace(tzinfo=None)).result()


def test_no_file_name_reaches_the_database_before_the_decision(sqlite, tmp_path: Path):
    """A source key may hold the dropped file's name; the database keeps its fingerprint."""
    key = "phuong-an-phong-thu-MAT.pdf:7:123"
    assert sqlite.admit("260302-00000001", "gui", key, NOON).result().new
    assert sqlite.find_key("gui", key) == "260302-00000001"
    sqlite.write(lambda c: submissions.start_attempt(c, "260302-00000001", NOON))
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("state.sqlite3*"))
    assert b"260302-00000001" in kept
    assert b"phuong-an" not in kept


def test_a_key_of_bytes_that_are_no_text_is_found_again(state):
    key = "v\udcc4n b\udca3n.pdf"
    assert state.admit("260302-00000001", "gui", key, NOON).result().new
    assert state.find_key("gui", key) == "260302-00000001"


def test_the_acknowledgement_is_recorded_and_may_be_repeated(state, admitted, row):
    name = admitted()
    assert not row(name).acknowledged
    state.acknowledge(name)
    state.acknowledge(name)
    state.write(lambda c: None)
    assert row(name).acknowledged


def test_an_unknown_submission_is_named(state):
    with pytest.raises(UnknownSubmission, match="260302-99999999"):
        state.read(lambda c: submissions.get(c, "260302-99999999"))


def test_listed_is_newest_first_and_can_be_turned_limited_and_narrowed(state, admitted):
    names = [admitted(NOON + timedelta(minutes=n)) for n in range(3)]
    attempt(state, names[0])

    def ids(*words, **more):
        return [r.id for r in state.read(lambda c: submissions.listed(c, *words, **more))]

    assert ids() == names[::-1]
    assert ids(oldest_first=True) == names
    assert ids((WAITING,), 1, oldest_first=True) == [names[1]]
    assert ids((HELD,)) == []


def test_an_attempt_starts_once(state, admitted, row):
    name = admitted()
    assert attempt(state, name) == 0
    assert row(name).state is DECIDING
    assert attempt(state, name) is None
    assert attempt(state, "260302-99999999") is None
    assert state.read(submissions.interrupted) == [name]


def test_a_failed_attempt_waits_again_until_the_last_one_holds(state, admitted, row):
    name = admitted()
    for failures in (1, 2):
        attempt(state, name)
        fail(state, name)
        assert (row(name).state, row(name).failures) == (WAITING, failures)
    attempt(state, name)
    fail(state, name)
    held = row(name)
    assert (held.state, held.hold_kind, held.verdict, held.failures) == (HELD, HoldKind.FAILURE, VerdictKind.HOLD, 3)
    assert held.version == 1
    assert story(state, name) == ["admitted", "attempt-failed", "attempt-failed", "processing-failed"]


@pytest.mark.parametrize("moved_to", [s for s in SubmissionState if s is not DECIDING])
def test_a_failed_attempt_never_undoes_what_was_decided_meanwhile(state, admitted, row, moved_to):
    """A person held, rejected or locked it away while a worker was at it, and then that worker broke."""
    name = admitted()
    attempt(state, name)
    state.write(lambda c: submissions.move(c, name, moved_to, HoldKind.PERSON if moved_to is HELD else None))
    before = row(name)
    assert fail(state, name, most=1) == before
    assert row(name) == before


def test_what_waits_for_evidence_reopens_under_another_snapshot_only(state, admitted, row):
    kinds = {kind: admitted() for kind in HoldKind}
    for kind, name in kinds.items():
        state.write(partial(submissions.move, submission_id=name, state=HELD, hold_kind=kind, snapshot="old"))
    assert state.write(lambda c: submissions.reopen_for_evidence(c, "old", NOON)) == []
    assert state.write(lambda c: submissions.reopen_for_evidence(c, "new", NOON)) == [kinds[HoldKind.EVIDENCE]]
    assert {kind for kind, name in kinds.items() if row(name).state is WAITING} == {HoldKind.EVIDENCE}
    assert row(kinds[HoldKind.EVIDENCE]).hold_kind is None
    assert state.write(lambda c: submissions.reopen_for_evidence(c, "new", NOON)) == []


def test_what_waits_for_its_document_reopens_when_its_own_source_brings_one(state, admitted, row):
    kinds = {kind: admitted() for kind in HoldKind}
    for kind, name in kinds.items():
        state.write(partial(submissions.move, submission_id=name, state=HELD, hold_kind=kind))
    assert state.write(lambda c: submissions.reopen_companions(c, "phong-y-te/gui", NOON)) == []
    lone = kinds[HoldKind.COMPANION]
    assert state.write(lambda c: submissions.reopen_companions(c, "phong-noi-vu/gui", NOON)) == [lone]
    assert [kind for kind, name in kinds.items() if row(name).state is WAITING] == [HoldKind.COMPANION]


def test_every_move_raises_the_version(state, admitted, row):
    name = admitted()
    state.write(lambda c: submissions.move(c, name, HELD, HoldKind.PERSON))
    state.write(lambda c: submissions.move(c, name, WAITING))
    assert row(name).version == 2


def test_the_same_waiver_twice_is_kept_once(state, admitted):
    name = admitted()
    for who in ("an", "binh"):
        state.write(partial(submissions.waive, submission_id=name, waiver=Waiver("form-unlisted", "a" * 64, who, "")))
    state.write(lambda c: submissions.waive(c, name, Waiver("form-unlisted", "b" * 64, "an", "")))
    kept = state.read(lambda c: submissions.waivers_of(c, name))
    assert {(w.code, w.file, w.who) for w in kept} == {("form-unlisted", f * 64, "an") for f in "ab"}


def test_an_act_is_queued_answered_and_read_back(state, admitted):
    name = admitted()
    first = Act(ActKind.HOLD, name, "chi An", "chờ ý kiến", NOON, 0)
    ids = [state.write(lambda c: acts.queue(c, first)), state.write(lambda c: acts.queue(c, first))]
    assert [a.id for a in state.read(acts.queued)] == ids
    state.write(lambda c: acts.answer(c, ids[0], ActState.REFUSED, "it is REJECTED now"))
    assert [a.id for a in state.read(acts.queued)] == ids[1:]
    answered = state.read(lambda c: acts.get(c, ids[0]))
    assert (answered.state, answered.answer, answered.why) == (ActState.REFUSED, "it is REJECTED now", "chờ ý kiến")
    with pytest.raises(UnknownSubmission, match="99"):
        state.read(lambda c: acts.get(c, 99))


def test_an_act_on_nothing_is_not_queued(state):
    with pytest.raises(StateError):
        state.write(lambda c: acts.queue(c, Act(ActKind.HOLD, "260302-99999999", "an", "", NOON, 0)))


def test_a_cursor_remembers_how_far_its_reader_came(state):
    for n in range(5):
        state.write(partial(events.record, at=NOON, kind="note", submission_id=None, words=str(n)))
    assert state.read(lambda c: events.cursor(c, "tracker")) == 0
    seen = state.read(lambda c: events.after(c, 0, 3))
    for event in seen[-2:]:
        state.write(partial(events.move_cursor, name="tracker", event_id=event.id))
    assert state.read(lambda c: events.cursor(c, "tracker")) == seen[-1].id
    assert [e.words for e in state.read(lambda c: events.after(c, seen[-1].id, 10))] == ["3", "4"]


def test_an_event_of_a_change_that_failed_never_happened(state, admitted):
    name = admitted()

    def half(connection):
        events.record(connection, NOON, "note", name, "half")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        state.write(half)
    assert story(state, name) == ["admitted"]
