"""Draws that were corrected, and which documents of a quarter are looked at, on SQLite and on PostgreSQL."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import insert

from vbdaemon.errors import ActRefused
from vbdaemon.model import DocumentVerdict, Finding, Severity, Verdict
from vbdaemon.state import decisions as kept_decisions
from vbdaemon.state import scoring, scoring_choice, scoring_decided, scoring_findings, scoring_frame, submissions
from vbdaemon.state.records import Decision
from vbdaemon.state.scoring_findings import NewFinding, Ruling
from vbdaemon.state.tables import decisions
from vbdaemon.state.tables import submissions as submission_rows
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_entries

AT = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
DAY = date(2026, 2, 10)
SPAN = {"first": DAY, "last": DAY}
FLAGS = {c.name: False for c in document_facts.columns if c.type.python_type is bool and not c.nullable}


def finding(part: str, place: int, entry: str) -> NewFinding:
    return NewFinding("2026-Q1", part, "A", place, entry, "electronic", "ok", "Chưa ghi nhận lỗi.")


def test_a_corrected_draw_takes_the_place_of_the_one_before_and_both_are_told(state):
    state.write(partial(scoring.commit, period="2026-Q1", commitment="c" * 64, at=AT, who="An"))
    again = partial(scoring.redraw, period="2026-Q1", sample="[]", words="An: 12354 was wrong: gõ nhầm")
    with pytest.raises(ActRefused, match="was not drawn"):
        state.write(partial(again, at=AT))
    state.write(partial(scoring.draw, period="2026-Q1", sample="{}", at=AT, who="An"))
    with pytest.raises(ActRefused, match="was drawn again meanwhile"):
        state.write(partial(again, at=AT))
    later = AT + timedelta(hours=1)
    state.write(partial(again, at=later))
    row = state.read(partial(scoring.quarter, period="2026-Q1"))
    assert (row.sample, row.drawn_at, row.drawn_by) == ("[]", later, "An")


def test_what_is_drawn_no_longer_counts_no_more_and_what_is_drawn_again_keeps_its_verdict(state):
    made = [finding("format", 1, "1"), finding("format", 2, "2"), finding("staff", 0, "9")]
    kept, gone, staff = state.write(partial(scoring_findings.add, made=made))
    for number in (kept, gone):
        ruled = Ruling(number, "confirm", None, "deduct", 0.0, 1.0, "An", "đã xem", AT)
        state.write(partial(scoring_findings.rule, ruling=ruled))
    further = [finding("format", 1, "3"), finding("format", 2, "1")]
    state.write(partial(scoring_findings.replace, period="2026-Q1", made=further))
    rows = state.read(partial(scoring_findings.of_period, period="2026-Q1"))
    assert [(row.entry, row.place, row.verdict) for row in rows] == [("3", 1, None), ("1", 2, "deduct"), ("9", 0, None)]
    with pytest.raises(ActRefused, match=f"finding {gone} counts no more"):
        state.read(partial(scoring_findings.get, number=gone))
    assert state.read(partial(scoring_findings.get, number=staff)).entry == "9"
    assert len(state.read(partial(scoring_findings.rulings, period="2026-Q1"))) == 2
    state.write(partial(scoring_findings.replace, period="2026-Q1", made=made[:2]))
    rows = state.read(partial(scoring_findings.of_period, period="2026-Q1"))
    assert [(row.id, row.verdict) for row in rows] == [(kept, "deduct"), (gone, "deduct"), (staff, None)]


@pytest.fixture
def filled(state):
    def add(id_: str, number: int | None = None, **changes: object) -> None:
        row = {"submission_id": id_, "ordinal": 0, "received_at": AT, "received_on": DAY, "decided_at": AT}
        row |= {"verdict": "ACCEPT", "reasons": " ", "unit": "A", "format_findings": 0} | FLAGS
        row |= {"book": "den", "year": 2026, "arrival_number": number} | changes
        state.write(lambda c: c.execute(insert(document_facts).values(row)) and None)

    add("s1", 1)
    add("s2", 2, format_findings=1)
    add("s3", 3, editable_missing=True, unit=None, issuer_unit="B")
    add("s4", verdict="REJECT", unit="C")
    add("s5", 5)
    add("s6", verdict="QUARANTINE", unit="D", format_findings=1)
    line = {"direction": "incoming", "book": "den", "year": 2026, "arrival_number": 5, "registered_on": DAY}
    line |= {"arrived_at": AT, "medium": "paper", "restricted": False, "submission_id": "s5", "ordinal": 0}
    state.write(lambda c: c.execute(insert(register_entries).values(line)) and None)
    return state


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (scoring_choice.EVERY, ["s1", "s2", "s3", "s4", "s5"]),
        (scoring_choice.drawn([]), []),
        (scoring_choice.drawn(["den/2026/1", "s4/1", "s6/1", "giay/7", "x/y/z"]), ["s1", "s4"]),
        (scoring_choice.faulty(DAY, DAY, []), ["s2", "s3", "s4", "s5"]),
        (scoring_choice.faulty(DAY, DAY, ["den/2026/1"]), ["s1", "s2", "s3", "s4", "s5"]),
        (scoring_choice.faulty(DAY + timedelta(days=1), DAY + timedelta(days=1), []), ["s2", "s3", "s4"]),
    ],
)
def test_only_what_is_asked_for_is_read_and_never_what_is_locked_away(filled, choice, found):
    rows = filled.read(partial(scoring_frame.sent, **SPAN, only=choice))
    assert [row.submission for row in rows] == found


def test_who_sent_something_is_known_without_reading_it(filled):
    assert filled.read(partial(scoring_choice.senders, **SPAN)) == {"A", "B", "C"}
    assert filled.read(partial(scoring_choice.senders, first=date(2026, 1, 1), last=date(2026, 1, 2))) == set()


def test_a_document_keeps_the_place_at_which_it_first_stood(state):
    def fill(connection: object) -> None:
        for id_, versions in (("s1", [["a", "b"], ["c", "b"]]), ("s2", [["a"]])):
            submissions.admit(connection, id_, "drop", id_, AT)
            for version, names in enumerate(versions, start=1):
                body = json.dumps({"documents": [{"main_sha256": name, "first_page": 1} for name in names]})
                row = {"submission_id": id_, "version": version, "decided_at": AT, "snapshot": "", "body": body}
                connection.execute(insert(decisions).values(row))
            change = submission_rows.update().where(submission_rows.c.id == id_)
            connection.execute(change.values(version=len(versions)))

    state.write(fill)
    places = state.read(partial(scoring_decided.places, **SPAN))
    assert places == {"s1": {("a", 1): 1, ("b", 1): 2, ("c", 1): 3}}
    assert state.read(partial(scoring_decided.places, first=date(2026, 1, 1), last=date(2026, 1, 2))) == {}


def test_the_faults_of_the_format_are_told_as_they_were_found_and_notes_are_no_faults(state):
    findings = (
        Finding("format-margins", Severity.WARNING, "Lề trang chưa đúng quy định."),
        Finding("format-font", Severity.NOTE, "Phông chữ không kiểm tra được."),
        Finding("editable-file-missing", Severity.WARNING, "Chưa gửi kèm tệp soạn thảo."),
    )
    document = DocumentVerdict("a.pdf", "a" * 64, ("a" * 64,), None, (), findings, Verdict.accept())

    def fill(connection: object) -> None:
        submissions.admit(connection, "s1", "drop", "s1", AT)
        kept_decisions.write(connection, "s1", 1, AT, "", Decision((document,)))

    state.write(fill)
    told = partial(scoring_decided.format_faults, submission_id="s1")
    assert state.read(partial(told, ordinal=0)) == ("Lề trang chưa đúng quy định.",)
    assert state.read(partial(told, ordinal=1)) == ()
    assert state.read(partial(scoring_decided.format_faults, submission_id="s2", ordinal=0)) == ()
