"""Figures, times and lists, the same on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from vbdaemon.model import (
    Classification,
    DocumentVerdict,
    Finding,
    Reason,
    Severity,
    SignatureReport,
    SignerRole,
    Verdict,
)
from vbdaemon.state import decisions, facts, report_letters, statistics, statistics_list, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, SubmissionState
from vbdaemon.state.report_letters import ReportLetter
from vbdaemon.state.statistics import Dimension, Figure, Figures, Scope, Tally, Times
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, make_classification, make_signature

MARCH = Scope(date(2026, 3, 1), date(2026, 3, 31))
MISSING = Reason("organisation-signature-missing", "…")


def judged(
    place: int,
    answer: Verdict,
    *codes: str,
    kind: Classification | None = None,
    signatures: tuple[SignatureReport, ...] = (),
    returned: bool = False,
) -> DocumentVerdict:
    findings = tuple(Finding(code, Severity.WARNING, code) for code in codes)
    sha256 = f"{place:064x}"
    known = kind or make_classification()
    return DocumentVerdict("cv.pdf", sha256, (sha256,), known, signatures, findings, answer, returned=returned)


def add(connection: Connection, place: int, unit: str | None, seconds: int, *documents: DocumentVerdict) -> None:
    at = NOON + timedelta(days=place % 3)
    name = f"2603{at.day:02}-{place:08d}"
    submissions.admit(connection, name, "drop", name, at)
    decision = Decision(documents, unit=unit)
    decisions.write_documents(connection, name, documents)
    facts.write(connection, submissions.get(connection, name), decision, at + timedelta(seconds=seconds))
    submissions.move(connection, name, SubmissionState.ACCEPTED)


@pytest.fixture
def counted(state: State) -> State:
    def fill(connection: Connection) -> None:
        signed = (make_signature(), make_signature(role=SignerRole.PERSON))
        for place in range(20):
            add(connection, place, "H1", place + 1, judged(place, Verdict.accept(), signatures=signed))
        report = make_classification("bao-cao", issuer_unit="H3")
        add(connection, 30, "H2", 500, judged(30, Verdict.reject(MISSING), "format-font", kind=report))
        add(connection, 31, "H2", 900, judged(31, Verdict.reject(Reason("draft-from-non-leader", "…")), returned=True))
        add(connection, 32, "H2", 900, judged(32, Verdict.hold(Reason("form-unlisted", "…"))))
        add(connection, 33, None, 900, judged(33, Verdict.quarantine(Reason("secret-marking", "…"))))

    state.write(fill)
    return state


def test_figures_and_times_are_counted_by_unit_and_form_at_once(counted):
    grouped = counted.read(lambda c: statistics.tallies(c, MARCH, Dimension.UNIT, Dimension.FORM, timed=True))
    assert set(grouped) == {("H1", "cong-van"), ("H2", "bao-cao"), ("H2", "cong-van"), (None, None)}
    units = statistics.rolled_up(grouped, 0)
    assert units["H1"].figures == Figures(received=20, accepted=20, signable=20, organisation=20, person=20, leader=20)
    assert units["H1"].times == Times(10, 19)
    assert units["H2"].figures == Figures(received=3, refused=1, returned=1, held=1, signable=3, misformed=1)
    assert units["H2"].times == Times(500, 900)
    assert (units[None].figures, units[None].times) == (Figures(received=1, quarantined=1), Times())
    assert statistics.together(grouped.values()).times == Times(11, 500)
    assert statistics.rolled_up(grouped, 1)["bao-cao"].figures.refused == 1


def test_figures_are_counted_by_day_and_by_issuer(counted):
    days = counted.read(lambda c: statistics.tallies(c, MARCH, Dimension.DAY))
    assert {key: each.figures.received for (key,), each in days.items()} == {
        date(2026, 3, 2): 9, date(2026, 3, 3): 8, date(2026, 3, 4): 7,
    }  # fmt: skip
    issuers = counted.read(lambda c: statistics.tallies(c, MARCH, Dimension.ISSUER))
    assert {key: each.figures.received for (key,), each in issuers.items()} == {"H1": 20, "H2": 2, "H3": 1, None: 1}


@pytest.mark.parametrize(
    ("scope", "received"),
    [
        (MARCH, 24),
        (Scope(date(2026, 3, 3), date(2026, 3, 3)), 8),
        (Scope(date(2026, 4, 1), date(2026, 4, 30)), 0),
        (Scope(date(2026, 3, 1), date(2026, 3, 31), unit="H2"), 3),
        (Scope(date(2026, 3, 1), date(2026, 3, 31), issuer="H2"), 2),
        (Scope(date(2026, 3, 1), date(2026, 3, 31), form="bao-cao"), 1),
    ],
)
def test_a_scope_counts_and_lists_what_lies_in_it(counted, scope, received):
    found = counted.read(lambda c: statistics.tallies(c, scope))
    assert statistics.together(found.values()).figures.received == received
    assert len(counted.read(lambda c: list(statistics_list.counted(c, scope)))) == received
    assert counted.read(lambda c: statistics_list.any_in(c, scope)) is bool(received)


def test_refusals_are_counted_by_unit_and_reason(counted):
    assert counted.read(lambda c: statistics.refusals(c, MARCH)) == {
        "H2": {"organisation-signature-missing": 1, "draft-from-non-leader": 1}
    }


def test_documents_are_listed_by_figure_and_by_reason(counted):
    refused = counted.read(lambda c: list(statistics_list.counted(c, MARCH, Figure.REFUSED)))
    assert [(each.unit, each.issuer_unit, each.designation, each.reasons) for each in refused] == [
        ("H2", "H3", "15/PNV-TCCC", ("organisation-signature-missing",))
    ]
    missing = counted.read(lambda c: list(statistics_list.counted(c, MARCH, reason=MISSING.code)))
    assert missing == refused
    assert not counted.read(lambda c: list(statistics_list.counted(c, MARCH, reason="organisation%")))


@pytest.mark.parametrize("code", ["organisation-signature-missing", "draft-from-non-leader", "form-unlisted"])
def test_as_many_are_listed_for_a_reason_as_were_refused_for_it(counted, code):
    """What is held for the reason is not refused."""
    shown = sum(each.get(code, 0) for each in counted.read(lambda c: statistics.refusals(c, MARCH)).values())
    assert len(counted.read(lambda c: list(statistics_list.counted(c, MARCH, reason=code)))) == shown
    held = counted.read(lambda c: list(statistics_list.counted(c, MARCH, Figure.HELD, code)))
    assert len(held) == (code == "form-unlisted")


def test_of_a_complaint_neither_number_nor_date_is_listed(state):
    kind = replace(make_classification(), restricted=True)
    state.write(lambda c: add(c, 1, "H1", 1, judged(1, Verdict.accept(), kind=kind)))
    (listed,) = state.read(lambda c: list(statistics_list.counted(c, MARCH)))
    assert (listed.designation, listed.issued_on) == ("", None)


def test_the_first_and_last_day_are_told(counted):
    assert counted.read(statistics_list.first_and_last) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_database_without_documents_has_no_days(state):
    assert state.read(statistics_list.first_and_last) is None


def test_percentiles_are_times_that_were_really_measured():
    def times(*seconds: int) -> Times:
        return Tally(Figures(), statistics.Counter(map(str, seconds))).times

    assert times() == Times(None, None)
    assert times(7) == Times(7, 7)
    assert times(1, 9) == Times(1, 9)
    assert times(100, 20, 3) == Times(20, 100)
    assert times(*range(1, 101)) == Times(50, 95)


def test_a_report_is_sent_once_and_its_period_remembered(counted):
    letter = ReportLetter("Báo cáo", "Tháng 3", "bao-cao_2026-03", (("a.pdf", "f" * 64),), ("A@x.vn", "b@x.vn"))
    at = datetime.fromisoformat("2026-04-01T00:05:00+07:00")
    since = date(2026, 3, 1)
    assert counted.read(lambda c: report_letters.last_sent(c, "monthly/month")) is None
    assert counted.write(lambda c: report_letters.send(c, "monthly/month", since, letter, at)) == 2
    assert counted.read(lambda c: report_letters.last_sent(c, "monthly/month")) == since
    assert counted.write(lambda c: report_letters.send(c, "monthly/month", since, letter, at)) == 0
    assert counted.read(lambda c: report_letters.last_sent(c, "signing/month")) is None
