"""Group commit: who waits together is committed together; who errs, errs alone; nobody is told too early."""

import sqlite3
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import OperationalError

from vbdaemon.errors import ActRefused, StateError
from vbdaemon.state import events
from vbdaemon.state.engine import make_engine
from vbdaemon.state.records import Admitted
from vbdaemon.state.schema import migrate
from vbdaemon.state.store import State
from vbdaemon.state.tables import cursors
from vbdaemon.state.writer import Writer
from vbdaemon.testing import NOON


def note(words: str):
    return lambda connection: events.record(connection, NOON, "note", None, words)


def noted(state: State) -> list[str]:
    return [event.words for event in state.read(lambda c: events.after(c, 0, 10_000))]


class Gate:
    """A first change that keeps the writer busy until it is opened."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, connection: object) -> None:
        self.reached.set()
        assert self.open.wait(10)


def test_changes_that_wait_together_share_one_commit(url):
    engine = make_engine(url, writes=True)
    migrate(engine)
    commits: list[int] = []
    event.listen(engine, "commit", lambda connection: commits.append(1))
    writer = Writer(engine)
    gate = Gate()
    first = writer.submit(gate)
    gate.reached.wait(10)
    waiting = [writer.submit(note(str(n))) for n in range(150)]
    gate.open.set()
    first.result(10)
    for future in waiting:
        future.result(10)
    assert len(commits) <= 2
    writer.close()


def test_no_future_answers_before_its_commit(url):
    engine = make_engine(url, writes=True)
    migrate(engine)
    answered_at_commit: list[bool] = []
    futures: list[Future[None]] = []
    gate = Gate()
    event.listen(engine, "commit", lambda connection: answered_at_commit.extend(f.done() for f in futures))
    writer = Writer(engine)
    futures.append(writer.submit(gate))
    gate.reached.wait(10)
    gate.open.set()
    futures[0].result(10)
    assert answered_at_commit == [False]
    writer.close()


@pytest.mark.parametrize(
    "mistake",
    [ActRefused("no"), ValueError("no"), AttributeError("no"), RuntimeError("no"), OSError(5, "no"), MemoryError()],
    ids=lambda error: type(error).__name__,
)
def test_a_change_that_raises_fails_alone_and_the_writer_lives_on(state, mistake):
    def break_half_way(connection: object) -> None:
        note("half")(connection)
        raise mistake

    gate = Gate()
    first = state.write_later(gate)
    gate.reached.wait(10)
    before, broken, after = map(state.write_later, (note("1"), break_half_way, note("2")))
    gate.open.set()
    for future in (first, before, after):
        future.result(10)
    with pytest.raises(type(mistake)):
        broken.result(10)
    assert noted(state) == ["1", "2"]
    state.write(note("3"))
    assert noted(state) == ["1", "2", "3"]


def test_a_broken_constraint_fails_alone_and_its_words_hold_no_values(state):
    def twice(connection):
        for _ in range(2):
            connection.execute(insert(cursors).values(name="phieu-mat.pdf", event_id=1))

    gate = Gate()
    state.write_later(gate)
    gate.reached.wait(10)
    before, broken = state.write_later(note("1")), state.write_later(twice)
    gate.open.set()
    before.result(10)
    with pytest.raises(StateError) as raised:
        broken.result(10)
    assert "INSERT" not in str(raised.value)
    assert "phieu-mat" not in str(raised.value)
    assert noted(state) == ["1"]


def test_when_the_commit_fails_all_who_waited_for_it_fail(url):
    engine = make_engine(url, writes=True)
    migrate(engine)
    broken = [True]

    def refuse(connection: object) -> None:
        if broken.pop():
            broken.append(False)
            raise OperationalError("COMMIT", {}, Exception("the disk is gone"))
        broken.append(False)

    event.listen(engine, "commit", refuse)
    writer = Writer(engine)
    gate = Gate()
    futures: list[Future[None]] = [writer.submit(gate)]
    gate.reached.wait(10)
    gate.open.set()
    with pytest.raises(StateError, match="the disk is gone"):
        futures[0].result(10)
    writer.run(note("later"))
    with engine.connect() as connection:
        assert [e.words for e in events.after(connection, 0, 10)] == ["later"]
    writer.close()


def test_a_database_that_rolls_back_by_itself_lets_nobody_believe_in_a_commit(sqlite):
    """SQLite ends the whole transaction when the disk is full: what was applied before is gone too."""

    def fill(connection):
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        try:
            note("x" * 2_000_000)(connection)
        finally:
            connection.execute(text("PRAGMA max_page_count = 1073741823"))

    gate = Gate()
    sqlite.write_later(gate)
    gate.reached.wait(10)
    before = sqlite.admit("260302-00000001", "gui", "1", NOON)
    broken = sqlite.write_later(fill)
    after = sqlite.admit("260302-00000002", "gui", "2", NOON)
    gate.open.set()
    told: dict[str, bool] = {}
    for name, future in (("260302-00000001", before), ("260302-00000002", after)):
        try:
            told[name] = future.result(10) == Admitted(name, new=True)
        except StateError:
            told[name] = False
    with pytest.raises(StateError, match="full"):
        broken.result(10)
    assert told == {name: sqlite.is_known(name) for name in told}
    assert sqlite.admit("260302-00000003", "gui", "3", NOON).result(10).new


def test_a_writer_waits_for_another_program_that_holds_the_lock(sqlite, tmp_path: Path):
    other = sqlite3.connect(tmp_path / "state.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    future = sqlite.admit("260302-00000001", "gui", "1", NOON)
    time.sleep(0.1)
    assert not future.done()
    other.execute("COMMIT")
    assert future.result(10).new
    other.close()


def test_a_lock_that_is_never_given_up_fails_those_who_waited(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr("vbdaemon.state.engine.BUSY_MILLISECONDS", 50)
    state = State(sqlite_url)
    other = sqlite3.connect(tmp_path / "state.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    future = state.admit("260302-00000001", "gui", "1", NOON)
    with pytest.raises(StateError, match="locked"):
        future.result(10)
    other.execute("COMMIT")
    other.close()
    assert state.admit("260302-00000001", "gui", "1", NOON).result(10).new
    state.close()


def test_readers_read_while_a_change_is_under_way(state):
    gate = Gate()
    future = state.write_later(gate)
    gate.reached.wait(10)
    assert noted(state) == []
    gate.open.set()
    future.result(10)


def test_closing_commits_what_was_queued(url):
    state = State(url)
    futures = [state.write_later(note(str(n))) for n in range(50)]
    state.close()
    assert all(future.done() and future.exception() is None for future in futures)
    again = State(url)
    assert len(noted(again)) == 50
    again.close()


def test_a_failpoint_stands_between_the_change_and_its_commit(url):
    """What the kill tests rely on: applied, then committed, then told."""
    steps: list[str] = []
    state = State(url, steps.append)
    state.write(note("1"))
    state.close()
    assert steps == ["writer.applied", "writer.committed"]


def test_a_reader_says_in_words_that_the_database_cannot_answer(state):
    with pytest.raises(StateError, match="state store"):
        state.read(lambda c: c.execute(select(text("nothing FROM nowhere"))))
