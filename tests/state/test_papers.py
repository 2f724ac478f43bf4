"""Papers that must come too: expected with the decision, settled by people, listed and counted."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import event, insert

from vbdaemon.model import (
    Finding,
    RegisterNumber,
    Severity,
    Verdict,
    Withdrawal,
    WorkingDays,
)
from vbdaemon.state import decisions, papers
from vbdaemon.state.papers import PaperState
from vbdaemon.state.tables_register import register_entries
from vbdaemon.testing import NOON, TODAY

DUE = Finding("paper-also-due", Severity.NOTE, "bản giấy", clause="Phụ lục II")
NUMBER = RegisterNumber("den", 2026, 7, TODAY)
DAYS = WorkingDays(frozenset({date(2026, 3, 5)}))
"""Thursday is a holiday: five working days after Monday, 2 March, is Tuesday, 10 March."""
WHO = "Lê Thị Mẫu"


@pytest.fixture
def expect(state):
    """Writes down what these documents make due, as a decision does."""

    def write(id_, *documents, at=NOON, unit="H1"):
        state.write(lambda c: papers.expect(c, id_, documents, DAYS, at, unit=unit, days=5))
        return state.read(partial(papers.listed, submission=id_))

    return write


@pytest.fixture
def due(verdict):
    def make(sha256="a" * 64, **changes):
        return replace(verdict(sha256), findings=(DUE,), **changes)

    return make


def test_the_paper_of_an_accepted_document_is_due_after_so_many_working_days(admitted, expect, due):
    (paper,) = expect(admitted(), due())
    assert (paper.due_on, paper.remind_on, paper.state) == (date(2026, 3, 10), date(2026, 3, 11), PaperState.DUE)
    assert (paper.unit, paper.ordinal, paper.reminders) == ("H1", 0, 0)
    assert not paper.is_overdue(date(2026, 3, 10))
    assert paper.is_overdue(date(2026, 3, 11))


@pytest.mark.parametrize(
    "changes",
    [
        {"findings": ()},
        {"verdict": Verdict.hold()},
        {"verdict": Verdict.reject()},
        {"duplicate_of": NUMBER},
        {"filed_with": NUMBER},
        {"withdrawn": Withdrawal.RECALL},
    ],
)
def test_no_paper_is_awaited_of_what_the_lists_do_not_ask_for_or_the_office_did_not_accept(
    admitted, expect, due, changes
):
    assert expect(admitted(), replace(due(), **changes)) == ()


def test_decided_again_the_day_stays_and_what_came_stays_here(state, admitted, expect, due):
    id_, later = admitted(), NOON + timedelta(days=3)
    first, second = expect(id_, due("a" * 64), due("b" * 64))
    state.write(lambda c: papers.settle(c, second, PaperState.RECEIVED, WHO, "quầy 1", later))
    again = expect(id_, due("c" * 64), due("a" * 64), due("b" * 64), at=later)
    assert [(paper.main_sha256[0], paper.ordinal, paper.state.value) for paper in again] == [
        ("a", 1, "DUE"),
        ("b", 2, "RECEIVED"),
        ("c", 0, "DUE"),
    ]
    assert again[0].due_on == first.due_on
    assert again[2].due_on > first.due_on


def test_what_stands_in_the_register_as_paper_has_come(state, admitted, expect, due):
    id_, before = admitted(), NOON - timedelta(days=2)
    line = {"direction": "incoming", "book": "den", "year": 2026, "registered_on": TODAY, "arrived_at": before}
    rows = [
        line | {"medium": "paper", "submission_id": id_, "main_sha256": "b" * 64, "first_page": 1},
        line | {"medium": "paper", "submission_id": id_, "main_sha256": "c" * 64, "first_page": 1, "voided_at": NOON},
        line | {"medium": "electronic", "submission_id": id_, "main_sha256": "a" * 64, "first_page": 1},
    ]
    assert [paper.state for paper in expect(id_, due("b" * 64))] == [PaperState.DUE]
    for row in rows:
        new = insert(register_entries).values(restricted=False, **row)
        state.write(lambda c, new=new: c.execute(new) and None)
    found = {paper.main_sha256[0]: paper for paper in expect(id_, *(due(letter * 64) for letter in "abcd"))}
    assert {letter: paper.state.value for letter, paper in found.items()} == {
        "a": "DUE", "b": "RECEIVED", "c": "DUE", "d": "DUE",
    }  # fmt: skip
    assert (found["b"].received_at, found["b"].note, found["b"].remind_on) == (before, papers.REGISTERED, None)


def test_of_a_complaint_lists_show_neither_number_nor_date_nor_notes(state, admitted, expect, due):
    plain, restricted = admitted(), admitted()
    hidden = replace(due("b" * 64), classification=replace(due().classification, restricted=True))
    for id_, document in ((plain, due(register=NUMBER)), (restricted, hidden)):
        state.write(lambda c, id_=id_, document=document: decisions.write_documents(c, id_, (document,)))
        (paper,) = expect(id_, document)
        state.write(lambda c, paper=paper: papers.settle(c, paper, PaperState.RECEIVED, WHO, "bà Tám nộp", NOON))
    open_, closed = (state.read(partial(papers.listed, submission=id_))[0] for id_ in (plain, restricted))
    assert open_.shown == open_
    assert (open_.designation, open_.issued_on) == ("15/PNV-TCCC", NOON.date())
    assert (closed.designation, closed.restricted) == ("15/PNV-TCCC", True)  # its sender is told
    assert (closed.shown.designation, closed.shown.issued_on, closed.shown.note) == ("(hạn chế)", None, None)
    assert closed.shown.unit == "H1"


def test_a_paper_is_withdrawn_with_its_document_and_awaited_anew_with_a_new_day(admitted, expect, due):
    id_ = admitted()
    expect(id_, due())
    (gone,) = expect(id_, replace(due(), verdict=Verdict.hold()))
    assert (gone.state, gone.remind_on) == (PaperState.WITHDRAWN, None)
    (back,) = expect(id_, due(), at=NOON + timedelta(days=14))
    assert (back.state, back.due_on) == (PaperState.DUE, date(2026, 3, 23))


def test_a_recall_withdraws_the_paper_and_quarantine_forgets_it(state, admitted, expect, due):
    id_ = admitted()
    expect(id_, due())
    state.write(partial(papers.withdraw, submission_id=id_, ordinal=0))
    assert [paper.state for paper in state.read(papers.listed)] == [PaperState.WITHDRAWN]
    state.write(partial(decisions.forget, submission_id=id_))
    assert state.read(papers.listed) == ()


def test_a_paper_is_settled_once_and_awaited_again_when_that_was_a_mistake(state, admitted, expect, due):
    (paper,) = expect(admitted(), due())

    def settle(kind):
        return state.write(lambda c: papers.settle(c, paper, kind, WHO, "", NOON))

    assert settle(PaperState.RECEIVED)
    assert not settle(PaperState.WAIVED)
    (here,) = state.read(papers.listed)
    assert (here.received_by, here.received_at, here.remind_on) == (WHO, NOON, None)
    day = date(2026, 3, 20)
    assert state.write(lambda c: papers.await_again(c, here, day, day + timedelta(days=3), "nhầm"))
    (again,) = state.read(papers.listed)
    assert (again.state, again.due_on, again.received_by) == (PaperState.DUE, day, None)


def test_papers_are_listed_by_day_and_found_by_their_arrival_number(state, admitted, expect, due):
    one, two = admitted(), admitted()
    numbered = replace(due("b" * 64), register=NUMBER)
    expect(two, numbered, at=NOON + timedelta(days=7), unit="H2")
    expect(one, due())
    state.write(lambda c: decisions.write_documents(c, two, (numbered,)))

    def ids(**wanted):
        return [paper.submission for paper in state.read(partial(papers.listed, **wanted))]

    assert ids() == [one, two]
    assert ids(unit="H2") == [two]
    assert ids(overdue_on=date(2026, 3, 12)) == [one]
    assert ids(state=PaperState.RECEIVED) == []
    assert ids(limit=1) == [one]
    assert state.read(partial(papers.open_counts, today=date(2026, 3, 12))) == (2, 1)
    (found,) = state.read(partial(papers.arrivals, books=["den"], year=2026, number=7))
    assert (found.submission, found.arrival, found.designation) == (two, "7/2026", "15/PNV-TCCC")
    assert state.read(partial(papers.arrivals, books=["den"], year=2025, number=7)) == ()


def test_papers_of_a_period_are_counted_by_unit_and_withdrawn_ones_are_not(state, admitted, expect, due):
    first, second, third, fourth = (expect(admitted(), due())[0] for _ in range(4))
    expect(admitted(), due(), unit=None)
    expect(admitted(), due(), at=NOON + timedelta(days=60))
    for paper, kind in ((first, PaperState.RECEIVED), (second, PaperState.WAIVED)):
        state.write(partial(papers.settle, paper=paper, state=kind, who=WHO, note="", at=NOON))
    state.write(partial(papers.withdraw, submission_id=third.submission, ordinal=0))
    assert fourth.state is PaperState.DUE
    totals = state.read(lambda c: papers.counted(c, date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 31)))
    assert [(t.unit, t.expected, t.received, t.waived, t.overdue) for t in totals] == [
        (None, 1, 0, 0, 1),
        ("H1", 3, 1, 1, 1),
    ]


def test_only_papers_whose_day_of_reminding_has_come_are_to_be_reminded_of(state, admitted, expect, due):
    (paper,) = expect(admitted(), due())

    def remindable(day):
        return [each.submission for each in state.read(lambda c: papers.remindable(c, day, 10))]

    assert remindable(date(2026, 3, 10)) == []
    assert remindable(date(2026, 3, 11)) == [paper.submission]
    state.write(lambda c: papers.reminded(c, paper, NOON, date(2026, 3, 18)))
    assert remindable(date(2026, 3, 17)) == []
    assert remindable(date(2026, 3, 18)) == [paper.submission]
    state.write(lambda c: papers.leave_alone(c, paper))
    assert remindable(date(2027, 1, 1)) == []


QUESTIONS = {
    "arrivals": lambda c: papers.arrivals(c, ["den", "mat"], 2026, 7),
    "of a submission": lambda c: papers.listed(c, submission="260302-00000001"),
    "overdue": lambda c: papers.listed(c, overdue_on=TODAY),
    "awaited of a unit": lambda c: papers.listed(c, state=PaperState.DUE, unit="H1"),
    "settled of a period": lambda c: papers.listed(c, state=PaperState.RECEIVED, due=(TODAY, TODAY), limit=9),
    "remindable": lambda c: papers.remindable(c, TODAY, 10),
    "open_counts": lambda c: papers.open_counts(c, TODAY),
    "counted": lambda c: papers.counted(c, TODAY, TODAY, TODAY),
    "expect": lambda c: papers.expect(c, "260302-00000001", [], DAYS, NOON),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_scans_a_table(sqlite, question):
    plans = []

    def before(connection, cursor, statement, parameters, context, executemany):
        rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.extend(row[-1] for row in rows)

    def asked(connection):
        event.listen(connection, "before_cursor_execute", before)
        QUESTIONS[question](connection)

    sqlite.read(asked)
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN ")]
