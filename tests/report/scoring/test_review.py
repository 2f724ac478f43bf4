"""What people say about findings: confirmed once, changed by an appeal, all of it on record."""

from functools import partial

import pytest

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.errors import ActRefused
from vbdaemon.report.fault import Mark
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal, appeal_occurrence, confirm
from vbdaemon.report.score import deduction
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.staff import occurrences
from vbdaemon.state import scoring_findings

Q1 = Quarter(2026, 1)


@pytest.fixture
def rows(drawn):
    return lambda: {row.id: row for row in drawn.state.read(partial(scoring_findings.of_period, period="2026-Q1"))}


@pytest.fixture
def rulings(drawn):
    return lambda: drawn.state.read(partial(scoring_findings.rulings, period="2026-Q1"))


def test_the_system_proposes_and_a_person_decides_otherwise(drawn, rows):
    proposed = rows()[1]
    other = Mark.OK if proposed.proposal == Mark.DEDUCT else Mark.DEDUCT
    ruling = confirm(drawn.scene(who="Lê Văn Cường"), 1, other, "đã xem văn bản")
    assert (ruling.before, ruling.after, ruling.who) == (None, other, "Lê Văn Cường")
    assert (rows()[1].verdict, rows()[1].proposal) == (other, proposed.proposal)


def test_each_deduction_is_a_point_of_the_units_head(drawn):
    assert confirm(drawn.scene(), 1, Mark.DEDUCT, "sai phông chữ").points_after == 1.0
    assert confirm(drawn.scene(), 3, Mark.DEDUCT, "gửi giấy").points_after == 2.0
    assert confirm(drawn.scene(), 4, Mark.OK, "đủ").points_after == 2.0
    assert confirm(drawn.scene(), 5, Mark.DEDUCT, "đơn vị khác").points_after == 1.0


def test_what_is_confirmed_stays_until_an_appeal(drawn, rows, rulings):
    confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề")
    with pytest.raises(ScoringError, match=r"confirmed as deduct; a change takes an appeal.*report appeal 1"):
        confirm(drawn.scene(), 1, Mark.OK, "nhầm")
    done = appeal(drawn.scene(who="Chánh Văn phòng"), 1, Mark.OK, "văn bản theo mẫu riêng của ngành")
    assert (done.before, done.after, done.points_before, done.points_after) == ("deduct", "ok", 1.0, 0.0)
    assert rows()[1].verdict == "ok"
    assert [(each.kind, each.before, each.after) for each in rulings()] == [
        ("confirm", None, "deduct"),
        ("appeal", "deduct", "ok"),
    ]


def test_an_appeal_that_is_turned_down_is_on_record_too(drawn, rulings):
    confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề")
    appeal(drawn.scene(), 1, Mark.DEDUCT, "đã kiểm tra lại: vẫn sai lề")
    assert rulings()[-1].before == rulings()[-1].after == "deduct"


def test_an_appeal_before_any_finding_is_refused(drawn):
    with pytest.raises(ScoringError, match="not confirmed yet"):
        appeal(drawn.scene(), 1, Mark.OK, "sớm")


def test_a_number_that_is_no_finding_is_told(drawn):
    with pytest.raises(ActRefused, match="no finding has the number 99"):
        confirm(drawn.scene(), 99, Mark.OK, "?")


def test_a_cap_holds_for_the_unit():
    rule = ScoringSection(points=0.5, most_points=1.0)
    assert [deduction(number, rule) for number in range(5)] == [0.0, 0.5, 1.0, 1.0, 1.0]


def test_settings_of_today_do_not_change_a_quarter_that_was_drawn(drawn):
    drawn.change("\n[scoring]\npoints = 7.0\nmost_points = 3.0\n")
    assert confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề").points_after == 1.0


def test_a_staff_occurrence_is_taken_away_by_an_appeal_and_comes_back_by_another(drawn, rulings):
    (refused,) = [each for each in occurrences(drawn.scene(), Q1) if each.kind == "refused"]
    done = appeal_occurrence(drawn.scene(), Q1, refused.entry, Mark.OK, "lỗi của hệ thống")
    assert (done.before, done.points_before, done.points_after) == (None, 1.0, 0.0)
    assert refused.entry not in {each.entry for each in occurrences(drawn.scene(), Q1)}
    again = appeal_occurrence(drawn.scene(), Q1, refused.entry, Mark.DEDUCT, "xem lại")
    assert (again.before, again.points_before, again.points_after) == ("ok", 0.0, 1.0)
    assert refused in occurrences(drawn.scene(), Q1)
    assert [each.kind for each in rulings()] == ["appeal", "appeal"]


def test_a_staff_occurrence_costs_the_head_nothing(drawn, rows):
    (refused,) = [each for each in occurrences(drawn.scene(), Q1) if each.kind == "refused"]
    appeal_occurrence(drawn.scene(), Q1, refused.entry, Mark.DEDUCT, "giữ nguyên")
    assert rows()[9].part == "staff"
    assert confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề").points_after == 1.0


def test_what_is_no_occurrence_cannot_be_appealed_against(drawn):
    with pytest.raises(ScoringError, match="den/2026/999 is no occurrence of 2026-Q1"):
        appeal_occurrence(drawn.scene(), Q1, "den/2026/999", Mark.OK, "?")
