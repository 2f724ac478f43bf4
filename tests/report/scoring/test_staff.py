"""Staff: every occurrence, each document once, with the account that sent it."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from vbdaemon.report.fault import Mark
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal_occurrence
from vbdaemon.report.sample import Part
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.staff import CONFIRMED, occurrences
from vbdaemon.report.staff_sheet import staff_report
from vbdaemon.state import scoring_findings
from vbdaemon.state.scoring_findings import NewFinding, Ruling
from vbdaemon.testing import NOON

Q1 = Quarter(2026, 1)
UNIT, UNPROVISIONED = "H99.1", "H99.2"


@pytest.fixture
def found(ledger):
    return lambda: occurrences(ledger.scene(), Q1)


def test_a_document_with_many_faults_is_one_occurrence(ledger, found):
    entry = ledger.add(UNIT, format_findings=4, editable_missing=True, account="H99.1/chuyen-vien")
    (one,) = found()
    assert (one.entry, one.unit, one.account, one.kind) == (entry, UNIT, "H99.1/chuyen-vien", "electronic")
    assert one.words == "Hệ thống ghi nhận 4 lỗi thể thức. Chưa gửi kèm tệp soạn thảo (Word, Excel) của văn bản."
    assert one.document == "101/PNV-TCCC ngày 10/02/2026"


def test_a_refusal_says_why_in_the_words_of_the_policy(ledger, found):
    ledger.add(UNIT, verdict="REJECT", reasons=" paper-only-form ")
    assert found()[0].words == (
        "Bị từ chối tiếp nhận: Văn bản có hình thức thuộc Danh mục văn bản chỉ áp dụng hình thức bản giấy."
    )


def test_paper_has_no_account_and_says_when_it_came_electronically_after_all(ledger, found):
    printed = {"number": "12", "symbol": "PNV", "issued_on": date(2026, 2, 6)}
    ledger.register(UNIT, on=date(2026, 2, 12), **printed)
    ledger.register(UNIT, medium="electronic", on=date(2026, 2, 20), **printed)
    (one,) = found()
    assert (one.account, one.kind) == (None, "paper")
    assert one.words == "Gửi bản điện tử ngày 20/02/2026, sau thời hạn 09/02/2026."


def test_paper_counts_against_nobody_while_its_document_may_still_come_electronically(ledger):
    """Signed on a Friday: it may come until Monday."""
    ledger.register(UNIT, on=date(2026, 3, 20))
    for day, many in ((20, 0), (23, 0), (24, 1)):
        assert len(occurrences(ledger.scene(datetime(2026, 3, day, 5, 0, tzinfo=UTC)), Q1)) == many
    summary = staff_report(ledger.scene(datetime(2026, 3, 24, 5, 0, tzinfo=UTC)), Q1).sections[0]
    assert summary.notes[0] == "Quý chưa kết thúc: số liệu tính đến ngày 24/03/2026."
    assert not staff_report(ledger.scene(datetime(2026, 4, 1, tzinfo=UTC)), Q1).sections[0].notes[0].startswith("Quý")


def test_what_came_late_after_its_paper_is_one_occurrence_with_all_its_faults(ledger, found):
    printed = {"number": "12", "symbol": "PNV", "issued_on": date(2026, 2, 6)}
    entry = ledger.register(UNIT, on=date(2026, 2, 12), **printed)
    ledger.join(entry, UNIT, date(2026, 2, 20), format_findings=2, account="H99.1/chuyen-vien")
    (one,) = found()
    assert (one.entry, one.account, one.kind) == (entry, "H99.1/chuyen-vien", "electronic")
    assert one.words == ("Hệ thống ghi nhận 2 lỗi thể thức. Gửi bản điện tử ngày 20/02/2026, sau thời hạn 09/02/2026.")


def test_what_came_in_time_after_its_paper_is_no_occurrence(ledger, found):
    printed = {"number": "12", "symbol": "PNV", "issued_on": date(2026, 2, 6)}
    ledger.join(ledger.register(UNIT, on=date(2026, 2, 6), **printed), UNIT, date(2026, 2, 9))
    assert found() == []


def test_a_document_of_which_two_papers_came_is_one_occurrence(ledger, found):
    printed = {"number": "12", "symbol": "PNV", "issued_on": date(2026, 2, 6)}
    first = ledger.register(UNIT, on=date(2026, 2, 12), **printed)
    ledger.register(UNIT, on=date(2026, 2, 13), **printed)
    assert [each.entry for each in found()] == [first]


@pytest.mark.parametrize(
    "facts", [{}, {"verdict": "HOLD", "format_findings": 1}, {"draft": True, "format_findings": 1}, {"duplicate": True}]
)
def test_what_is_as_required_or_not_counted_is_no_occurrence(ledger, found, facts):
    ledger.add(UNIT, **facts)
    assert found() == []


def test_a_unit_without_a_signature_account_answers_for_the_format_alone(ledger, found):
    entry = ledger.add(UNPROVISIONED, format_findings=1, editable_missing=True)
    ledger.add(UNPROVISIONED, verdict="REJECT", reasons=" unreadable-file ")
    assert [(each.entry, each.words) for each in found()] == [(entry, "Hệ thống ghi nhận 1 lỗi thể thức.")]


def test_who_issued_it_answers_for_the_format_and_who_sent_it_for_the_sending(ledger, found):
    entry = ledger.add(UNIT, issuer_unit="H99.3", format_findings=2, editable_missing=True)
    alone = ledger.add(UNIT, issuer_unit="H99.3", format_findings=1)
    assert [(each.entry, each.unit, each.account, each.words) for each in found()] == [
        (entry, UNIT, "H99.1/gui", "Chưa gửi kèm tệp soạn thảo (Word, Excel) của văn bản."),
        (entry, "H99.3", None, "Hệ thống ghi nhận 2 lỗi thể thức."),
        (alone, "H99.3", None, "Hệ thống ghi nhận 1 lỗi thể thức."),
    ]
    with pytest.raises(ScoringError, match=rf"{entry} is an occurrence of H99\.1 and of H99\.3: say --unit"):
        appeal_occurrence(ledger.scene(), Q1, entry, Mark.OK, "không phải lỗi")
    appeal_occurrence(ledger.scene(), Q1, entry, Mark.OK, "không phải lỗi", "H99.3")
    assert [(each.entry, each.unit) for each in found()] == [(entry, UNIT), (alone, "H99.3")]
    appeal_occurrence(ledger.scene(), Q1, entry, Mark.DEDUCT, "xem lại", "H99.3")
    assert len(found()) == 3


@pytest.mark.parametrize(
    "issued",
    [{"issuer_unit": "H99"}, {"issuer_unit": "H99.9"}, {"issuer_unit": None, "printed": {"issuer": "Công ty Mẫu"}}],
)
def test_what_a_superior_a_court_or_a_company_issued_is_nobodys_occurrence(ledger, found, issued):
    ledger.add(UNIT, format_findings=2, editable_missing=True, **issued)
    assert found() == []


def test_what_its_sender_took_back_is_no_occurrence(ledger, found):
    ledger.add(UNIT, format_findings=2, printed={"accepted": False})
    assert found() == []


def test_units_and_points_stay_as_they_were_published_whatever_the_settings_say_later(drawn):
    before = staff_report(drawn.scene(), Q1)
    units = drawn.folder / "config" / "units.toml"
    words = units.read_text("utf-8").replace('code = "H99.1"\n', 'code = "H99.1"\nscored = false\n')
    units.write_text(words, "utf-8")
    drawn.change("\n[scoring]\npoints = 5.0\n")
    assert staff_report(drawn.scene(), Q1).sections == before.sections
    (refused,) = [each for each in occurrences(drawn.scene(), Q1) if each.kind == "refused"]
    ruling = appeal_occurrence(drawn.scene(), Q1, refused.entry, Mark.OK, "tiếp nhận sau khi xem xét")
    assert (ruling.points_before, ruling.points_after) == (1.0, 0.0)


def test_a_complaint_is_counted_and_not_named(ledger, found):
    ledger.add(UNIT, restricted=True, format_findings=1)
    assert found()[0].document == ""


def test_what_a_person_found_goes_before_what_the_machine_saw(ledger, found):
    healed, spoilt = ledger.add(UNIT, format_findings=2), ledger.add(UNIT)
    half = ledger.add(UNIT, format_findings=1, editable_missing=True)
    assert [each.entry for each in found()] == [healed, half]
    for entry, mark in ((healed, Mark.OK), (spoilt, Mark.DEDUCT), (half, Mark.OK)):
        made = NewFinding("2026-Q1", Part.FORMAT, UNIT, 1, entry, "electronic", None, "")
        (number,) = ledger.state.write(partial(scoring_findings.add, made=[made]))
        ruling = Ruling(number, "confirm", None, mark, 0.0, 0.0, "An", "đã xem", NOON)
        ledger.state.write(partial(scoring_findings.rule, ruling=ruling))
    assert [(each.entry, each.words) for each in found()] == [
        (spoilt, CONFIRMED),
        (half, "Chưa gửi kèm tệp soạn thảo (Word, Excel) của văn bản."),
    ]


def test_a_document_that_was_drawn_as_refused_and_accepted_since_bears_both_names(drawn):
    (refused,) = [each for each in occurrences(drawn.scene(), Q1) if each.kind == "refused"]
    appeal_occurrence(drawn.scene(), Q1, refused.entry, Mark.OK, "tiếp nhận sau khi xem xét")
    drawn.accept(refused.entry, format_findings=2)
    assert refused.entry not in {each.entry for each in occurrences(drawn.scene(), Q1)}
    assert "den/2026/900" not in {each.entry for each in occurrences(drawn.scene(), Q1)}


def test_a_quarter_without_documents_is_told_in_one_line(ledger):
    with pytest.raises(ScoringError, match="in 2026-Q1 no document of a scored unit came in"):
        occurrences(ledger.scene(), Q1)


def test_a_quarter_that_has_not_begun_and_one_from_before_scoring_are_told(ledger):
    with pytest.raises(ScoringError, match="2026-Q4 has not begun"):
        occurrences(ledger.scene(), Quarter(2026, 4))
    with pytest.raises(ScoringError, match="2020-Q1 is not scored"):
        occurrences(ledger.scene(), Quarter(2020, 1))


def test_the_paper_has_a_page_for_each_unit_with_a_place_for_the_person(ledger):
    ledger.add(UNIT, format_findings=1)
    ledger.add(UNIT, format_findings=1)
    ledger.add(UNPROVISIONED, format_findings=1)
    report = staff_report(ledger.scene(), Q1)
    summary, first, second = report.sections
    assert [row[1:4] for row in summary.rows] == [
        ("Phòng Nội vụ huyện Mẫu", "H99.1/gui", 2),
        ("Ủy ban nhân dân xã Mẫu Thượng", "H99.2/gui", 1),
    ]
    assert first.heading == "Phòng Nội vụ huyện Mẫu – quý I năm 2026"
    assert first.new_page
    assert second.new_page
    assert first.columns[-1].title == "Người thực hiện (đơn vị ghi)"
    assert {row[-1] for row in first.rows} == {""}


def test_one_unit_alone_can_be_asked_for(ledger):
    ledger.add(UNIT, format_findings=1)
    ledger.add("H99.3", format_findings=1)
    assert len(staff_report(ledger.scene(), Q1, "H99.3").sections) == 2
    with pytest.raises(ScoringError, match=r"'H1' is no unit of the directory"):
        staff_report(ledger.scene(), Q1, "H1")


def test_a_quarter_without_any_occurrence_says_so(ledger):
    ledger.add(UNIT)
    assert staff_report(ledger.scene(), Q1).sections[0].notes[0] == "Trong quý không có lượt nào chưa bảo đảm yêu cầu."
