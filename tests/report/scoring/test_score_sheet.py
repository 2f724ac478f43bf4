"""The results of a quarter: all units, a page for each, what the sample rests on."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from vbdaemon.report.fault import Mark
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal, confirm
from vbdaemon.report.sample_file import Corrected, Replaced, digest_of, parse_sample, sample_bytes
from vbdaemon.report.score_sheet import score_report
from vbdaemon.report.score_words import basis_rows
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.sheet import Light

Q1 = Quarter(2026, 1)


def page(report, name):
    return next(section for section in report.sections if section.heading.startswith(name))


def test_until_a_person_looked_nothing_is_deducted_and_the_paper_says_so(drawn):
    summary = score_report(drawn.scene(), Q1).sections[0]
    assert [row[6] for row in summary.rows] == [0.0, 0.0, 0.0]
    assert {light for _, _, light in summary.lights} == {Light.AMBER}
    assert summary.notes[0] == "Còn 8 văn bản chưa được người kiểm tra xác nhận: kết quả chưa chính thức."


def test_the_score_is_what_people_confirmed(drawn):
    for number in range(1, 9):
        confirm(drawn.scene(), number, Mark.DEDUCT if number in (1, 3, 4) else Mark.OK, "đã xem")
    summary, _, first, *_ = score_report(drawn.scene(), Q1).sections
    assert summary.rows[0][1:8] == ("Phòng Nội vụ huyện Mẫu", 2, 1, 2, 2, 3.0, "")
    assert [light for _, _, light in summary.lights] == [Light.RED, Light.GREEN, Light.GREEN]
    assert summary.notes[0] == "Trừ 1 điểm cho mỗi văn bản chưa bảo đảm."
    assert [row[5] for row in first.rows] == [1.0, 0.0, 1.0, 1.0]
    assert first.notes[0] == "Tổng điểm trừ: 3 điểm."
    assert first.rows[0][6] == "đã xem (Xác nhận: Nguyễn Văn An, 10/04/2026)"


def test_units_stand_in_the_order_of_the_vietnamese_alphabet(drawn):
    report = score_report(drawn.scene(), Q1)
    names = ["Phòng Nội vụ huyện Mẫu", "Trường Trung học cơ sở Mẫu Hạ", "Ủy ban nhân dân xã Mẫu Thượng"]
    assert [row[:2] for row in report.sections[0].rows] == list(enumerate(names, start=1))
    assert [section.heading.partition(" – ")[0] for section in report.sections[2:]] == names


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM scoring_findings WHERE id = 3",
        "UPDATE scoring_findings SET verdict = 'ok' WHERE id = 1",
        "UPDATE scoring_findings SET entry = 'den/2026/2' WHERE id = 1",
        "UPDATE scoring_findings SET place = 0 WHERE id = 1",
        "DELETE FROM scoring_rulings",
    ],
)
def test_no_score_is_made_of_findings_that_were_changed_by_other_than_a_ruling(drawn, tampering):
    confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề")
    drawn.state.write(lambda c: c.execute(text(tampering)) and None)
    with pytest.raises(ScoringError, match=r"findings of H99\.1 in 2026-Q1 are not what was drawn and ruled"):
        score_report(drawn.scene(), Q1)


def test_no_score_is_made_of_a_sample_that_somebody_exchanged_and_sealed_anew(drawn):
    sample = parse_sample((drawn.folder / "sample.json").read_bytes())
    unit = sample.sample[0]
    forged = replace(sample, sample=(replace(unit, format=unit.format[::-1]), *sample.sample[1:]))
    body = sample_bytes(replace(forged, digest=digest_of(forged))).decode()
    drawn.state.write(lambda c: c.execute(text("UPDATE scoring_quarters SET sample = :b"), {"b": body}) and None)
    with pytest.raises(
        ScoringError, match=r"the sample of 2026-Q1 that is kept is not the one that was drawn \(sample: "
    ):
        score_report(drawn.scene(), Q1)


def test_the_paper_says_what_was_replaced_and_what_was_corrected_in_vietnamese(drawn):
    sample = parse_sample((drawn.folder / "sample.json").read_bytes())
    former = Replaced("a" * 64, "2026-04-02T02:00:00+00:00", "thiếu một đơn vị", "2026-04-03")
    wrong = Corrected("12354", "Trần Thị Bình", "2026-04-10T10:00:00+00:00", "gõ nhầm")
    rows = dict(basis_rows(replace(sample, replaced=(former,), corrected=(wrong,))))
    assert rows["Danh sách đã thay thế"] == (
        f"{'a' * 64} (lập lúc 02/04/2026 09:00; thay lúc 03/04/2026 09:00; lý do thay: thiếu một đơn vị; "
        "THAY KHI ĐÃ ĐẾN NGÀY 03/04/2026 có giá trị công khai)"
    )
    assert rows["Lần chọn trước, do nhập sai giá trị công khai"] == (
        "12354 (Trần Thị Bình, lúc 10/04/2026 17:00); lý do: gõ nhầm"
    )
    assert rows["Nguồn của giá trị công khai"] == "giải đặc biệt xổ số miền Bắc mở thưởng, ngày 10/04/2026"


def test_a_unit_without_a_signature_account_gets_guidance_and_no_sending_part(drawn):
    report = score_report(drawn.scene(), Q1)
    section = page(report, "Ủy ban nhân dân xã")
    assert {row[1] for row in section.rows} == {"Thể thức"}
    assert "hướng dẫn và cấp tài khoản chữ ký số (điểm 1 và điểm 3 Công văn số 552/UBND" in section.notes[1]
    assert report.sections[0].rows[2][4:6] == (None, None)


def test_a_unit_with_fewer_documents_says_how_many_there_were(drawn):
    section = page(score_report(drawn.scene(), Q1), "Trường")
    assert section.notes[1:] == (
        "Thể thức: trong quý chỉ có 1 văn bản thuộc diện kiểm tra.",
        "Gửi văn bản điện tử: trong quý chỉ có 1 văn bản thuộc diện kiểm tra.",
    )


def test_an_appeal_stands_on_the_units_page_with_before_and_after(drawn):
    confirm(drawn.scene(), 1, Mark.DEDUCT, "sai lề")
    appeal(drawn.scene(who="Chánh Văn phòng"), 1, Mark.OK, "theo mẫu của ngành")
    section = page(score_report(drawn.scene(), Q1), "Phòng Nội vụ")
    assert section.notes[-1] == (
        "Kiến nghị về mã 1, giải quyết ngày 10/04/2026: Chưa bảo đảm → Bảo đảm; lý do: theo mẫu của ngành; "
        "người quyết định: Chánh Văn phòng; điểm trừ của đơn vị 1 → 0 điểm."
    )
    assert section.rows[0][4:6] == ("Bảo đảm", 0.0)


def test_what_the_sample_rests_on_can_be_read_off_the_paper(drawn):
    basis = score_report(drawn.scene(), Q1).sections[1]
    values = [row[1] for row in basis.rows]
    assert "12345 (Trần Thị Bình)" in values
    assert sum(len(str(value)) == 64 for value in values) == 4


def test_each_unit_begins_a_page(drawn):
    report = score_report(drawn.scene(), Q1)
    assert [section.new_page for section in report.sections] == [False, False, True, True, True]


def test_one_unit_alone_can_be_asked_for(drawn):
    report = score_report(drawn.scene(), Q1, "H99.3")
    assert len(report.sections) == 3
    assert len(report.sections[0].rows) == 1
    with pytest.raises(ScoringError, match=r"'H99\.9' is no unit that was scored in 2026-Q1"):
        score_report(drawn.scene(), Q1, "H99.9")


def test_who_checks_and_who_gets_the_results_are_settings_by_name_or_code(drawn):
    drawn.change('\n[scoring]\nresults_to = "H99.1"\nsending_checker = "Tổ công nghệ thông tin"\n')
    report = score_report(drawn.scene(), Q1)
    assert report.sections[0].notes[-1] == (
        "Kiểm tra thể thức: Phòng Nội vụ; kiểm tra việc gửi văn bản điện tử: Tổ công nghệ thông tin; "
        "kết quả gửi: Phòng Nội vụ huyện Mẫu."
    )
    assert "Tổ công nghệ thông tin" in page(report, "Ủy ban nhân dân xã").notes[1]


def test_a_document_that_was_quarantined_after_the_draw_is_not_named(drawn):
    before = page(score_report(drawn.scene(), Q1), "Trường").rows[0]
    assert before[3] == "117/PNV-TCCC ngày 10/02/2026"
    drawn.lock("den/2026/17")
    assert page(score_report(drawn.scene(), Q1), "Trường").rows[0][3] == ""
