"""Secrets' hashes, populations, draws, findings and rulings, on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import insert

from vbdaemon.errors import ActRefused
from vbdaemon.state import scoring, scoring_findings, scoring_frame
from vbdaemon.state.scoring import PopulationRow
from vbdaemon.state.scoring_findings import NewFinding, Ruling
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_entries

AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 2, 10)
FIRST = PopulationRow("a" * 64, AT, "An", "", "{}")


@pytest.fixture
def committed(state):
    state.write(partial(scoring.commit, period="2026-Q1", commitment="c" * 64, at=AT, who="An"))
    return state


def test_a_quarter_has_one_secret(committed):
    row = committed.read(partial(scoring.quarter, period="2026-Q1"))
    assert (row.commitment, row.committed_at, row.committed_by, row.drawn_at) == ("c" * 64, AT, "An", None)
    with pytest.raises(ActRefused, match="2026-Q1 has its secret since 2026-03-20"):
        committed.write(partial(scoring.commit, period="2026-Q1", commitment="d" * 64, at=AT, who="Bình"))
    assert committed.read(partial(scoring.quarter, period="2026-Q2")) is None


def test_every_population_stays_and_a_further_one_takes_a_reason(committed):
    committed.write(partial(scoring.add_population, period="2026-Q1", made=FIRST))
    with pytest.raises(ActRefused, match="say why"):
        committed.write(partial(scoring.add_population, period="2026-Q1", made=FIRST))
    second = PopulationRow("b" * 64, AT, "An", "thiếu một đơn vị", "{}")
    committed.write(partial(scoring.add_population, period="2026-Q1", made=second))
    assert committed.read(partial(scoring.populations, period="2026-Q1")) == (FIRST, second)


def test_a_population_needs_a_secret_and_comes_before_the_draw(committed):
    with pytest.raises(ActRefused, match="has no secret"):
        committed.write(partial(scoring.add_population, period="2026-Q2", made=FIRST))
    committed.write(partial(scoring.draw, period="2026-Q1", sample="{}", at=AT, who="An"))
    with pytest.raises(ActRefused, match="drawn already"):
        committed.write(partial(scoring.add_population, period="2026-Q1", made=FIRST))


def test_a_quarter_is_drawn_once(committed):
    committed.write(partial(scoring.draw, period="2026-Q1", sample="{}", at=AT, who="An"))
    with pytest.raises(ActRefused, match="drawn already"):
        committed.write(partial(scoring.draw, period="2026-Q1", sample="[]", at=AT, who="An"))
    with pytest.raises(ActRefused, match="has no secret"):
        committed.write(partial(scoring.draw, period="2026-Q2", sample="[]", at=AT, who="An"))
    assert committed.read(partial(scoring.quarter, period="2026-Q1")).sample == "{}"


def finding(part: str, unit: str, place: int, entry: str) -> NewFinding:
    return NewFinding("2026-Q1", part, unit, place, entry, "electronic", "ok", "Chưa ghi nhận lỗi.")


def test_findings_come_by_unit_part_and_place_and_no_document_stands_twice(state):
    made = [finding("sending", "B", 1, "3"), finding("format", "B", 2, "2"), finding("format", "A", 1, "1")]
    numbers = state.write(partial(scoring_findings.add, made=made))
    rows = state.read(partial(scoring_findings.of_period, period="2026-Q1"))
    assert [row.entry for row in rows] == ["1", "2", "3"]
    assert state.read(partial(scoring_findings.get, number=numbers[0])).entry == "3"
    with pytest.raises(Exception, match="state store"):
        state.write(partial(scoring_findings.add, made=made[:1]))


def ruling(number: int, before: str | None, after: str) -> Ruling:
    return Ruling(number, "confirm", before, after, 0.0, 1.0, "An", "đã xem", AT)


def test_two_people_do_not_rule_over_each_other(state):
    (number,) = state.write(partial(scoring_findings.add, made=[finding("format", "A", 1, "1")]))
    state.write(partial(scoring_findings.rule, ruling=ruling(number, None, "deduct")))
    for before in (None, "ok"):
        with pytest.raises(ActRefused, match="changed by somebody else meanwhile"):
            state.write(partial(scoring_findings.rule, ruling=ruling(number, before, "ok")))
    assert state.read(partial(scoring_findings.get, number=number)).verdict == "deduct"
    assert state.read(partial(scoring_findings.rulings, period="2026-Q1")) == (ruling(number, None, "deduct"),)
    assert state.read(partial(scoring_findings.rulings, period="2026-Q2")) == ()


def facts(id_: str, number: int | None = None, **changes: object) -> dict[str, object]:
    flags = {c.name: False for c in document_facts.columns if c.type.python_type is bool and not c.nullable}
    row = {"submission_id": id_, "ordinal": 0, "received_at": AT, "received_on": DAY, "decided_at": AT}
    row |= {"verdict": "ACCEPT", "reasons": " a b ", "unit": "A", "format_findings": 0}
    booked = {"book": "den", "year": 2026, "arrival_number": number} if number else {}
    return flags | row | booked | changes


def line(arrival: int | None, **changes: object) -> dict[str, object]:
    row = {"direction": "incoming", "book": "den", "year": 2026, "arrival_number": arrival, "registered_on": DAY}
    return row | {"arrived_at": AT, "medium": "electronic", "restricted": False} | changes


@pytest.fixture
def sent(state):
    def read(*rows, lines=()):
        for row in rows:
            state.write(lambda c, row=row: c.execute(insert(document_facts).values(row)) and None)
        for row in lines:
            state.write(lambda c, row=row: c.execute(insert(register_entries).values(row)) and None)
        return state.read(partial(scoring_frame.sent, first=DAY, last=DAY + timedelta(days=1)))

    return read


def test_what_was_sent_is_read_with_its_number_or_its_handle(sent):
    first, second = sent(facts("s1", 15), facts("s2", ordinal=1), facts("s3", received_on=DAY - timedelta(days=1)))
    assert (first.entry, first.handle, first.reasons) == ("den/2026/15", "s1/1", ("a", "b"))
    assert second.entry == second.handle == "s2/2"


def test_what_is_quarantined_is_not_read(sent):
    assert sent(facts("s1", verdict="QUARANTINE")) == []


@pytest.mark.parametrize(
    ("lines", "voided"),
    [
        ([], False),
        ([line(15)], False),
        ([line(15, voided_at=AT)], True),
        ([line(15, voided_at=AT), line(16, submission_id="s1", ordinal=0)], False),
        ([line(None, submission_id="s1", ordinal=0, voided_at=AT)], True),
        ([line(None, submission_id="s1", ordinal=1, voided_at=AT)], False),
        ([line(17, voided_at=AT)], False),
    ],
)
def test_a_number_is_void_when_every_line_of_the_document_is(sent, lines, voided):
    (row,) = sent(facts("s1", 15), lines=lines)
    assert row.voided is voided


def test_paper_that_a_document_joined_is_paper_and_came_electronically_on_the_document_s_day(state):
    printed = {"medium": "paper", "number": "7", "symbol": "X", "issued_on": DAY, "issuer_unit": "B"}
    rows = [
        line(1, sender_unit="A", submission_id="s1", ordinal=1, **printed),
        line(2, sender_unit="A", submission_id="s1", ordinal=1, voided_at=AT, **printed),
        line(3, sender_unit="A", **printed),
        line(4, **printed | {"medium": "electronic", "number": "8"}, submission_id="s1", ordinal=0),
    ]
    came = DAY + timedelta(days=3)
    for table, each in [(register_entries, row) for row in rows] + [
        (document_facts, facts("s1", 4)),
        (document_facts, facts("s1", 1, ordinal=1, received_on=came, unit="C")),
    ]:
        state.write(lambda c, table=table, each=each: c.execute(insert(table).values(each)) and None)
    papers = state.read(partial(scoring_frame.papers, first=DAY, last=DAY))
    assert [(paper.entry, paper.registered_on) for paper in papers] == [(f"den/2026/{n}", DAY) for n in (1, 2, 3)]
    arrived = state.read(partial(scoring_frame.arrivals, first=DAY, last=DAY))
    assert sorted((each.number, each.registered_on, each.units) for each in arrived) == [
        ("7", came, frozenset("ABC")),
        ("8", DAY, frozenset("B")),
    ]


def test_paper_and_electronic_originals_are_told_apart(state):
    rows = [
        line(1, medium="paper", sender_unit="A", number="7", symbol="X", issued_on=DAY),
        line(2, number="7", symbol="X", issued_on=DAY, sender_unit="A", issuer_unit="B"),
        line(3, number="8", symbol="X", issued_on=DAY, voided_at=AT),
        line(None, medium="paper", direction="outgoing"),
        line(None, medium="paper"),
    ]
    for row in rows:
        state.write(lambda c, row=row: c.execute(insert(register_entries).values(row)) and None)
    papers = state.read(partial(scoring_frame.papers, first=DAY, last=DAY))
    assert [paper.entry.partition("/")[0] for paper in papers] == ["den", "giay"]
    assert papers[0].sender == "A"
    (arrival,) = state.read(partial(scoring_frame.arrivals, first=DAY, last=DAY))
    assert (arrival.number, arrival.units) == ("7", frozenset("AB"))
