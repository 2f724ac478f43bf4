"""Lines with places: columns, signature fields in blanks, what OCR runs together."""

from dataclasses import replace
from datetime import date

import pytest

from vbdaemon.model import Box, Line, NumberState, TextSource


def _widget(text: str, x: float, y: float) -> Line:
    return Line(text, Box(x, y, x + 6 * len(text), y + 13), source=TextSource.WIDGET)


def test_a_letter_is_read_by_its_columns(draw, classified):
    answer = classified(draw.letter())
    assert answer.designation == "15/PNV-TCCC"
    assert answer.issuer.value == "PHÒNG NỘI VỤ"
    assert answer.subject.value == "rà soát cán bộ"
    assert answer.signer.value.authority == "KT. TRƯỞNG PHÒNG"
    assert answer.signer.value.title == "PHÓ TRƯỞNG PHÒNG"
    assert [r.value for r in answer.recipients] == ["Như trên", "Lưu: VT"]
    assert answer.number.evidence.box is not None


@pytest.mark.parametrize("name", ["Lưu Thế Hiển", "Nguyễn Văn Sở", "LƯU THỊ MAI"])
def test_a_surname_that_opens_a_line_of_recipients_is_a_surname_too(draw, classified, name):
    lines = [line for line in draw.letter() if line.text != "Trần Thị Hoài Thu"]
    assert classified([*lines, draw.centred(430, 700, name)]).signer.value.name == name


@pytest.mark.parametrize("line", ["Lưu: VT", "Lưu VT", "Lưu Văn thư", "Lưu Văn Phòng"])
def test_the_last_line_of_the_recipients_names_nobody(draw, classified, line):
    lines = [line for line in draw.letter() if line.text != "Trần Thị Hoài Thu"]
    assert classified([*lines, draw.centred(430, 700, line)]).signer.value.name is None


def test_the_parent_tells_namesakes_apart(draw, classified):
    assert classified(draw.letter()).issuer_unit == "H40.15.01"
    other = ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LÂM", "PHÒNG NỘI VỤ")
    assert classified(draw.letter(issuer=other)).issuer_unit == "H40.16.01"
    assert classified(draw.letter(issuer=("PHÒNG NỘI VỤ",))).issuer_unit is None


def test_one_wrong_letter_is_forgiven_on_a_scan_only_and_never_between_two_names(draw, scan, classified):
    misread = ("ỦY BAN NHÂN DÂN", "XÃ HẠ LAN")
    assert classified(scan.letter(issuer=misread, number="Số: 15/UBND-VP"), picture=True).issuer_unit == "H40.15.05"
    assert classified(draw.letter(issuer=misread)).issuer_unit is None
    between = ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LEM")
    assert classified(scan.letter(issuer=between, number="Số: 15/UBND-VP"), picture=True).issuer_unit is None


def test_figures_signed_into_the_blanks_complete_number_and_date(draw, classified):
    lines = draw.letter(number="Số:        /PNV-TCCC", date="Sông Lam, ngày    tháng 01 năm 2025")
    number, day = (next(line for line in lines if words in line.text) for words in ("Số:", ", ngày"))
    assert number.box
    assert day.box
    lines += [_widget("542", number.box.x0 + 26, number.box.y0), _widget("08", day.box.x0 + 95, day.box.y0)]
    answer = classified(lines, fields=4)
    assert (answer.number.value, answer.number.source) == ("542", TextSource.WIDGET)
    assert answer.number_state is NumberState.READ
    assert answer.issued_on.value == date(2025, 1, 8)
    assert answer.draft is None


def test_figures_in_a_gap_of_the_row_are_joined_to_it(draw, classified):
    lines = [line for line in draw.letter() if not line.text.startswith("Số")]
    lines += [draw.centred(110, 125, "Số:"), draw.centred(190, 125, "/PNV-TCCC"), _widget("27", 128, 125)]
    assert classified(lines).designation == "27/PNV-TCCC"


def test_words_of_signature_stamps_are_no_part_of_the_head(draw, classified):
    stamps = [
        Line("Ký bởi: Phòng Nội vụ", Box(480, 5, 580, 11), source=TextSource.WIDGET),
        Line("TRUNG TÂM CÔNG BÁO", Box(350, 12, 440, 19), source=TextSource.WIDGET),
        Line("ttcb@example.vn", Box(350, 20, 440, 27), source=TextSource.WIDGET),
    ]
    answer = classified(draw.letter(*stamps))
    assert answer.issuer.value == "PHÒNG NỘI VỤ"
    assert answer.designation == "15/PNV-TCCC"


def test_a_head_that_ocr_ran_together_is_cut_apart(scan, classified):
    lines = [line for line in scan.titled("QUYÉT ĐỊNH", number="Số: 47/QĐ-UBND") if line.text not in _TOP]
    run_together = "UỶ BAN NHÂN DÂN CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    lines.append(Line(run_together, Box(103, 70, 535, 83), source=TextSource.OCR, confidence=0.95))
    answer = classified(lines, picture=True)
    assert answer.issuer.value == "UỶ BAN NHÂN DÂN HUYỆN SÔNG LAM"
    assert answer.issuer_unit == "H40.15"
    assert answer.form.value == "quyet-dinh"
    assert answer.form.source is TextSource.OCR


_TOP = ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "PHÒNG NỘI VỤ")


@pytest.mark.parametrize(
    ("printed", "slug"),
    [("CHÍ THỊ", "chi-thi"), ("QUYÉT ĐỊNH", "quyet-dinh"), ("KÉ HOẠCH", "ke-hoach"), ("TƠ TRÌNH", "to-trinh")],
)
def test_accents_that_ocr_misread_leave_the_form_known(scan, classified, printed: str, slug: str):
    answer = classified(scan.titled(printed, number="Số: 47/UBND-VP"), picture=True)
    assert answer.form.value == slug
    assert answer.form.confidence < 0.96


def test_one_wrong_letter_between_two_forms_is_a_doubt(scan, classified):
    answer = classified(scan.titled("THÔNG EÁO", number="Số: 47/UBND-VP"), picture=True)
    assert answer.form is None
    assert [d.code for d in answer.doubts] == ["form-ambiguous"]


def test_the_symbol_decides_between_two_forms_that_a_title_could_be(scan, classified):
    answer = classified(scan.titled("THÔNG EÁO", number="Số: 47/TB-UBND"), picture=True)
    assert answer.form.value == "thong-bao"


def test_symbols_that_ocr_misread_are_mended_where_form_and_issuer_say_how(scan, classified):
    issuer = ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM")
    lines = scan.titled("QUYẾT ĐỊNH", number="Số: 47/QD-ƯBND", issuer=issuer)
    answer = classified(lines, picture=True)
    assert answer.symbol.value == "QĐ-UBND"
    assert answer.doubts == ()


def test_an_issuer_whose_line_ocr_lost_is_not_taken_for_its_parent(scan, classified):
    lines = [line for line in scan.letter() if line.text != "PHÒNG NỘI VỤ"]
    answer = classified(lines, picture=True)
    assert answer.issuer.confidence < 0.7
    assert answer.issuer_unit is None


def test_a_stamp_that_was_read_twice_is_no_part_of_the_subject(scan, classified):
    stamps = [scan.centred(158, 147, "KHẨN"), scan.centred(159, 148, "KHẨN")]
    answer = classified(scan.letter(*stamps), picture=True)
    assert answer.subject.value == "rà soát cán bộ"
    assert answer.urgency.value == "khan"


def test_a_subject_ends_where_the_text_begins_and_skips_stamps(draw, classified):
    lines = draw.titled("THÔNG BÁO", "Kết luận cuộc họp về công tác", number="Số: 9/TB-PNV")
    lines += [draw.centred(319, 203, "cải cách hành chính"), draw.centred(60, 196, "CV")]
    answer = classified(lines)
    assert answer.subject.value == "Kết luận cuộc họp về công tác cải cách hành chính"


def test_lines_of_recipients_that_continue_are_joined(draw, classified):
    lines = [line for line in draw.titled("THÔNG BÁO", number="Số: 9/TB-PNV") if "Như trên" not in line.text]
    lines += [draw.body(614, "- Các Sở: Tài chính,"), replace(draw.body(621, "Nội vụ;"))]
    assert [r.value for r in classified(lines).recipients] == ["Các Sở: Tài chính, Nội vụ", "Lưu: VT"]


def test_every_value_knows_its_place_and_rule(draw, classified):
    answer = classified(draw.letter())
    for found in (
        answer.form,
        answer.number,
        answer.symbol,
        answer.issued_on,
        answer.issuer,
        answer.subject,
        answer.signer,
    ):
        assert found.evidence.page == 1
        assert found.evidence.box is not None
        assert found.evidence.rule
        assert found.evidence.file
