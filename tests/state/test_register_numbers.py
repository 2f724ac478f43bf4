"""Arrival numbers stay consecutive whatever people and decisions do, and whoever asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vbdaemon.errors import ActRefused
from vbdaemon.model import DocumentVerdict, Reason, Snapshot, Verdict
from vbdaemon.model.register import Book, Books
from vbdaemon.state import register, register_acts, register_search, submissions
from vbdaemon.state.register_gaps import gaps
from vbdaemon.state.register_numbers import number_in
from vbdaemon.state.register_update import Told
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, make_classification

BOOKS = Books(further=(Book("den-don", forms=("don",)),))
SNAPSHOT = Snapshot("test")
TOLD = "Nguyễn Thị Văn Thư"
KINDS = {
    "accept": Verdict.accept,
    "hold": Verdict.hold,
    "reject": lambda: Verdict.reject(Reason("x", "Thiếu chữ ký")),
    "lock": Verdict.quarantine,
}
SILVESTER = datetime(2026, 12, 31, 16, 50, tzinfo=UTC)
ACTS = st.one_of(
    st.tuples(st.sampled_from([*KINDS, "complaint"]), st.integers(0, 5), st.integers(1, 2)),
    st.tuples(st.sampled_from(["paper", "void", "restore", "correct", "fail"]), st.integers(0, 5), st.just(1)),
)


def test_whatever_happens_in_whatever_order_the_numbers_have_no_gap_and_none_twice(sqlite_url):
    state = State(sqlite_url)
    run = 0

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ACTS, min_size=5, max_size=25))
    def random_days(acts):
        nonlocal run
        run += 1
        given_numbers = {}
        for minute, (what, which, parts) in enumerate(acts):
            at = SILVESTER + timedelta(minutes=minute)
            try:
                state.write(partial(_act, what=what, name=f"r{run:03d}-{which}", parts=parts, at=at))
            except (ActRefused, ZeroDivisionError):
                continue
            _numbers_stay(state, given_numbers)

    random_days()
    by_year = {}
    for line in state.read(lambda c: register_search.listed(c, 100_000)):
        by_year.setdefault((line.book, line.year), []).append(line.arrival_number)
    assert {("den", 2026), ("den", 2027)} <= set(by_year)
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in by_year.values())
    assert state.read(lambda c: gaps(c, BOOKS.series)) == []
    state.write(lambda c: c.exec_driver_sql("INSERT INTO register_index (register_index) VALUES ('integrity-check')"))
    _index_agrees(state)
    state.close()


def _index_agrees(state):
    """What was rolled back is in no index, what must not be found neither, everything else is."""
    indexed = set(state.read(lambda c: c.exec_driver_sql("SELECT rowid FROM register_index").scalars().all()))
    lines = state.read(lambda c: register_search.listed(c, 100_000))
    assert indexed == {line.id for line in lines if not line.restricted}


def _numbers_stay(state, given_numbers):
    """A line keeps its number for ever."""
    for line in state.read(lambda c: register_search.listed(c, 200)):
        assert given_numbers.setdefault(line.id, line.name) == line.name


def _act(connection, *, what, name, parts, at):
    if what in {"void", "restore", "correct"}:
        lines = register.lines_of(connection, name)
        if lines and what == "correct":
            register_acts.correct(connection, lines[0], {"note": str(at)}, Told(TOLD, "đọc lại", at))
        elif lines:
            act = register_acts.make_void if what == "void" else register_acts.restore
            act(connection, lines[0], Told(TOLD, "nhầm", at))
        return
    if what == "paper":
        register_acts.enter_paper(connection, register_acts.Paper({"note": str(at)}), BOOKS, Told(TOLD, "giấy", at))
        return
    _decide(connection, name, what, parts, at)
    if what == "fail":
        _ = 1 / 0  # the decision breaks after its numbers were raised: they are given back


def _decide(connection, name, what, parts, at):
    if not submissions.exists(connection, name):
        submissions.admit(connection, name, "gui", name, at)
    row = submissions.get(connection, name)
    complaint = what == "complaint"
    kind = make_classification("don" if complaint else "cong-van", restricted=complaint)
    verdict = KINDS.get(what, Verdict.accept)()
    verdicts = [DocumentVerdict("a", name, (name,), kind, (), (), verdict, first_page=p) for p in range(1, parts + 1)]
    entered = [register.enter(connection, row, place, each, SNAPSHOT, BOOKS, at) for place, each in enumerate(verdicts)]
    register.drop_vanished(connection, name, entered, at)
    if what == "lock":
        register.lock_away(connection, name, at)


def test_two_who_ask_at_the_same_moment_get_different_numbers(url):
    """Two programs, a new year: not even the first number is given twice, or lost."""
    states = [State(url), State(url, beside=True)]
    book = Book("den", start=7)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(state.write, lambda c: number_in(c, book, 2027)) for _ in range(30) for state in states]
    numbers = sorted(each.result() for each in asked)
    for state in states:
        state.close()
    assert numbers == list(range(7, 67))


def test_a_number_of_a_decision_that_fails_is_given_to_the_next(state):
    def broken(connection):
        number_in(connection, Book("den"), 2026)
        raise ActRefused("changed meanwhile")

    with pytest.raises(ActRefused):
        state.write(broken)
    assert state.write(lambda c: number_in(c, Book("den"), NOON.year)) == 1
