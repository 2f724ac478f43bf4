"""Papers from the decision to the desk: awaited, reminded of in one letter a day, received by a person."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from vbdaemon.model import ActKind, Destination, DocumentVerdict, Finding, Reason, Severity, Verdict, WorkingDays
from vbdaemon.operation.paper_reminders import PaperTerms
from vbdaemon.rounds.paper import PaperReminders
from vbdaemon.state import events, letters, papers
from vbdaemon.state.papers import PaperState
from vbdaemon.state.records import ActState, DeliveryState
from vbdaemon.testing import NOON, FrozenClock, make_classification

DUE = Finding("paper-also-due", Severity.NOTE, "bản giấy", clause="Phụ lục II, Quyết định số 648/QĐ-UBND")
TO = (Destination("folder", "phong-y-te/nhan", "H2"),)
A, B = "a" * 64, "b" * 64
OVERDUE = datetime.fromisoformat("2026-03-10T08:00+07:00")
"""The day after 9 March, five working days after Monday, 2 March."""


def document(sha256=A, number="15", verdict=None, findings=(DUE,)):
    known = make_classification("quyet-dinh", form_name="Quyết định", number=number, symbol="QĐ-UBND", subject="bí mật")
    to = TO if verdict is None else ()
    return DocumentVerdict("qd.pdf", sha256, (sha256,), known, (), findings, verdict or Verdict.accept(), to)


@pytest.fixture
def accepted(office):
    """A submission accepted with a paper to come, of documents that differ from all others."""
    made = 0

    def make(count=1):
        nonlocal made
        id_ = office.admit()
        numbers = range(made, made + count)
        made += count
        office.settle(id_, *(document(f"{n:064x}", str(n + 15)) for n in numbers))
        return id_

    return make


@pytest.fixture
def paper(office):
    def read(id_=None):
        return office.state.read(partial(papers.listed, submission=id_))

    return read


class Rounds:
    """The round, its clock, and how often something was to be sent."""

    def __init__(self, office, terms):
        self.clock = FrozenClock(NOON)
        self.woken = 0
        self.terms = terms
        self._round = PaperReminders(office.state, self.clock, lambda: self.terms, self._wake)

    def at(self, moment):
        self.clock.now = moment
        self._round.tick()

    def _wake(self):
        self.woken += 1


@pytest.fixture
def rounds(office):
    return Rounds(office, PaperTerms())


def told(office, id_):
    """What the letters of a submission say, by name."""
    rows = [row for row in office.outbox(id_) if row.key.startswith("letter:paper:")]
    found = {row.name: office.state.read(partial(letters.details_of, row=row)) for row in rows}
    return {name: json.loads(details["papers"]) for name, details in found.items()}


def test_an_accepted_document_of_list_two_is_awaited_on_paper(accepted, paper):
    (row,) = paper(accepted())
    assert (row.state, row.due_on, row.designation, row.arrival) == (
        PaperState.DUE,
        date(2026, 3, 9),
        "15/QĐ-UBND",
        "1/2026",
    )


def test_what_is_refused_or_held_is_not_awaited(office, paper):
    id_ = office.admit()
    refused = Verdict.reject(Reason("rejected-by-person", "x"))
    office.settle(id_, document(verdict=refused), document(B, "16", findings=()))
    assert paper() == ()


def test_quarantine_forgets_what_was_awaited(office, accepted, paper):
    id_ = accepted()
    assert office.act(ActKind.QUARANTINE, id_).state is ActState.APPLIED
    assert paper() == ()


def test_a_person_receives_the_paper_even_after_forwarding_and_it_is_recorded(office, accepted, paper):
    id_ = accepted()
    answer = office.act(ActKind.PAPER, id_, "để ở kẹp số 3", details=(("do", "received"),))
    assert (answer.state, answer.answer) == (ActState.APPLIED, "the paper of document 1 is here")
    (row,) = paper(id_)
    assert (row.state, row.received_by, row.note) == (PaperState.RECEIVED, "chị An", "để ở kẹp số 3")
    assert office.story(id_)[-2:] == [("paper-received", "document 1"), ("act-paper", "chị An: để ở kẹp số 3")]
    again = office.act(ActKind.PAPER, id_, details=(("do", "received"),))
    assert (again.state, "chị An has it" in again.answer) == (ActState.REFUSED, True)


def test_one_of_several_documents_is_waived_and_awaited_again(office, accepted, paper):
    id_ = accepted(2)
    office.act(ActKind.PAPER, id_, document=1, details=(("do", "waive"),))
    assert [row.state.value for row in paper(id_)] == ["DUE", "WAIVED"]
    answer = office.act(ActKind.PAPER, id_, "nhầm", document=1, details=(("do", "await"),))
    assert answer.answer == "the paper of document 2 is awaited until 09/03/2026"
    assert [row.state.value for row in paper(id_)] == ["DUE", "DUE"]
    assert office.act(ActKind.PAPER, id_, document=1, details=(("do", "await"),)).state is ActState.REFUSED


def test_a_document_without_a_paper_to_come_is_refused_in_words(office):
    id_ = office.admit()
    office.settle(id_, document(findings=()))
    answer = office.act(ActKind.PAPER, id_, details=(("do", "received"),))
    assert (answer.state, answer.answer) == (
        ActState.REFUSED,
        f'no paper is awaited of document 1 of {id_}; see "vbdaemon paper list"',
    )


def test_nobody_is_reminded_before_the_day_is_over_at_night_or_on_a_holiday(office, accepted, rounds):
    accepted()
    for moment in (OVERDUE - timedelta(days=1), OVERDUE - timedelta(minutes=1)):
        rounds.at(moment)
    rounds.terms = replace(rounds.terms, working_days=WorkingDays(frozenset({OVERDUE.date()})))
    rounds.at(OVERDUE)
    assert rounds.woken == 0


def test_all_papers_of_a_sender_are_reminded_of_in_one_letter_without_a_subject(office, accepted, rounds, paper):
    first, second = accepted(), accepted(2)
    rounds.at(OVERDUE)
    assert rounds.woken == 1
    ((name, lines),) = told(office, first).items()
    assert (name, told(office, second)) == (f"{first}_nhac-ban-giay_20260310", {})
    assert [(line["submission"], line["number"], line["arrival"]) for line in lines] == [
        (first, "15/QĐ-UBND", "1/2026"),
        (second, "16/QĐ-UBND", "2/2026"),
        (second, "17/QĐ-UBND", "3/2026"),
    ]
    assert lines[0] | {"submission": ""} == {
        "submission": "",
        "number": "15/QĐ-UBND",
        "form": "Quyết định",
        "date": "2026-03-02",
        "arrival": "1/2026",
        "due": "2026-03-09",
        "clause": "Phụ lục II, Quyết định số 648/QĐ-UBND",
    }
    assert [(row.reminders, row.remind_on) for row in paper()] == [(1, date(2026, 3, 17))] * 3
    assert [office.story(each)[-1][0] for each in (first, second)] == ["paper-reminded"] * 2


def test_a_sender_is_reminded_three_times_and_then_left_alone(office, accepted, rounds, paper):
    id_ = accepted()
    for days in (0, 1, 7, 8, 14, 21, 28):
        rounds.at(OVERDUE + timedelta(days=days))
    assert sorted(told(office, id_)) == [f"{id_}_nhac-ban-giay_202603{day}" for day in (10, 17, 24)]
    assert [(row.reminders, row.remind_on, row.state.value) for row in paper()] == [(3, None, "DUE")]


def test_what_came_is_not_reminded_of(office, accepted, rounds):
    id_ = accepted()
    office.act(ActKind.PAPER, id_, details=(("do", "received"),))
    rounds.at(OVERDUE)
    assert rounds.woken == 0


def test_without_reminders_or_without_a_way_to_the_sender_it_stays_in_the_list(office, accepted, rounds, paper):
    rounds.terms = replace(rounds.terms, most=0)
    id_ = accepted()
    rounds.at(OVERDUE)
    assert (rounds.woken, told(office, id_)) == (0, {})
    (row,) = paper()
    assert (row.remind_on, row.is_overdue(OVERDUE.date())) == (None, True)


def test_a_letter_that_cannot_leave_the_writer_counts_nothing(office, accepted, rounds, paper, monkeypatch):
    id_ = accepted()
    monkeypatch.setattr(letters, "write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rounds.at(OVERDUE)
    assert [row.reminders for row in paper()] == [0]
    assert [row for row in office.outbox(id_) if row.state is DeliveryState.FAILED] == []
    assert "paper-reminded" not in [each.kind for each in office.state.read(lambda c: events.of_submission(c, id_))]
