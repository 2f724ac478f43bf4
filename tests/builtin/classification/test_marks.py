import unicodedata

import pytest

from vbdaemon.builtin.classification.marks import circulation, is_mark, secrecy, urgency
from vbdaemon.model import Box, Circulation, Line, Secrecy, TextSource, Urgency


def _at(text: str, y: float = 150, **changes: object) -> Line:
    return Line(text, Box(100, y, 180, y + 13), **changes)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("MẬT", Secrecy.MAT),
        ("TỐI MẬT", Secrecy.TOI_MAT),
        ("TUYỆT MẬT", Secrecy.TUYET_MAT),
        ("| MẬT |", Secrecy.MAT),
        ("[MẬT]", Secrecy.MAT),
        ("M Ậ T", Secrecy.MAT),
        ("Độ mật: Tối mật", Secrecy.TOI_MAT),
        ("Độ mật : Mật", Secrecy.MAT),
        (unicodedata.normalize("NFD", "TUYỆT MẬT"), Secrecy.TUYET_MAT),
    ],
)
def test_a_mark_that_stands_alone_is_a_mark_of_secrecy(sheet_of_lines, text: str, level: Secrecy):
    found = secrecy([sheet_of_lines(_at(text))])
    assert found.value is level
    assert found.confidence > 0.9
    assert found.evidence.page == 1


@pytest.mark.parametrize(
    "text",
    [
        "trừ các văn bản mật theo quy định của pháp luật",
        "BẢO MẬT",
        "BÍ MẬT NHÀ NƯỚC",
        "bí mật nhà nước",
        "MẬT KHẨU",
        "mật độ dân số",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "LƯU HÀNH NỘI BỘ",
        "(trừ văn bản mật)",
        "MAT",
        "Độ mật: Thường",
        "mật",
        "Mật ong",
    ],
)
def test_words_about_secrecy_are_no_mark(sheet_of_lines, text: str):
    assert secrecy([sheet_of_lines(_at(text))]) is None


def test_the_end_of_a_wrapped_title_is_no_mark(sheet_of_lines):
    assert secrecy([sheet_of_lines(_at("KẾ HOẠCH BẢO VỆ BÍ", 150), _at("MẬT", 166))]) is None


def test_a_mark_counts_in_the_upper_part_of_the_page_only(sheet_of_lines):
    assert secrecy([sheet_of_lines(_at("MẬT", 330))]) is not None
    assert secrecy([sheet_of_lines(_at("MẬT", 400))]) is None


def test_the_strongest_mark_of_all_files_counts(sheet_of_lines):
    found = secrecy([sheet_of_lines(_at("MẬT")), sheet_of_lines(_at("TUYỆT MẬT")), sheet_of_lines(_at("Công văn"))])
    assert found.value is Secrecy.TUYET_MAT


@pytest.mark.parametrize(
    ("text", "level"), [("MẠT", Secrecy.MAT), ("TỒI MẬT", Secrecy.TOI_MAT), ("TUYÊT MÂT", Secrecy.TUYET_MAT)]
)
def test_what_ocr_makes_of_a_mark_still_locks_away(sheet_of_lines, text: str, level: Secrecy):
    found = secrecy([sheet_of_lines(_at(text, source=TextSource.OCR, confidence=0.8), picture=True)])
    assert found.value is level
    assert found.confidence < 0.7


def test_a_stamp_that_ocr_ran_into_the_number_line_is_found(sheet_of_lines):
    line = _at("Số: 12/UBND-NC MẬT", source=TextSource.OCR, confidence=0.9)
    assert secrecy([sheet_of_lines(line, picture=True)]).value is Secrecy.MAT


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("HỎA TỐC", Urgency.HOA_TOC),
        ("HOẢ TỐC", Urgency.HOA_TOC),
        ("THƯỢNG KHẨN", Urgency.THUONG_KHAN),
        ("KHẨN", Urgency.KHAN),
        ("HỎA TỐC HẸN GIỜ", Urgency.HOA_TOC),
    ],
)
def test_urgency_is_found(sheet_of_lines, text: str, level: Urgency):
    assert urgency(sheet_of_lines(_at(text))).value is level


@pytest.mark.parametrize("text", ["khẩn trương triển khai", "Khẩn trương", "TÌNH TRẠNG KHẨN CẤP"])
def test_words_about_haste_are_no_urgency(sheet_of_lines, text: str):
    assert urgency(sheet_of_lines(_at(text))) is None


def test_limits_of_circulation_are_no_secrecy(sheet_of_lines):
    page = sheet_of_lines(_at("LƯU HÀNH NỘI BỘ"))
    assert circulation(page).value is Circulation.INTERNAL
    assert secrecy([page]) is None
    assert circulation(sheet_of_lines(_at("XEM XONG TRẢ LẠI"))).value is Circulation.RETURN


def test_marks_are_told_from_other_lines():
    assert is_mark("DỰ THẢO")
    assert is_mark("SAO Y")
    assert not is_mark("THÔNG BÁO")


@pytest.mark.parametrize(
    ("words", "level"),
    [("TUYẾỆT MẬT", Secrecy.TUYET_MAT), ("TỐI MẬT BAN NHÂNT", Secrecy.TOI_MAT), ("TÔI MẤT", Secrecy.TOI_MAT)],
)
def test_a_mark_that_ocr_misread_still_quarantines(scan, classified, words, level):
    assert classified([*scan.letter(), scan.centred(158, 172, words)]).secrecy.value is level
