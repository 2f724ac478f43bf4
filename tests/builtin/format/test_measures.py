"""What is measured of fragments: type, order, lists, words for people."""

import pytest

from vbdaemon.builtin.format import list_measures, phrases, type_measures
from vbdaemon.builtin.format.fragment import beginning, whole
from vbdaemon.model.format import Measure, Part, Range
from vbdaemon.model.layout import LayoutKind, Paragraph, Run


def line(text, **setting):
    return whole(Paragraph(0, (Run(text, **setting),)))


def values(readings):
    return [reading.value for reading in readings]


def test_most_letters_decide_how_a_fragment_is_set():
    mixed = whole(
        Paragraph(0, (Run("dài hơn nhiều", bold=False, size=14), Run("ngắn", bold=True, size=12), Run("   ")))
    )
    assert (mixed.bold, mixed.size, mixed.italic) == (False, 14, None)


def test_the_beginning_of_a_paragraph_has_its_own_type():
    paragraph = Paragraph(0, (Run("Điều ", bold=True), Run("1.", bold=True), Run(" Phạm vi", bold=False)))
    lead = beginning(paragraph, "Điều 1.")
    assert (lead.text, lead.bold) == ("Điều 1.", True)


@pytest.mark.parametrize(
    ("font", "family"),
    [
        ("Times New Roman", "Times New Roman"),
        ("ABCDEF+TimesNewRomanPS-BoldMT", "Times New Roman"),
        ("TimesNewRomanPSMT", "Times New Roman"),
        ("Times New Roman,BoldItalic", "Times New Roman"),
        ("Arial-BoldMT", "Arial"),
        (".VnTime", ".VnTime"),
    ],
)
def test_a_family_is_told_from_the_name_of_its_font(font, family):
    assert values(type_measures.fonts([line("chữ", font=font)])) == [family]


def test_bullets_in_sign_fonts_do_not_count():
    assert values(type_measures.fonts([line("•", font="Symbol")])) == []


@pytest.mark.parametrize(
    ("text", "font", "expected"),
    [
        ("Quyết định", "Times New Roman", "Unicode"),
        ("Quyê\u0301t đi\u0323nh", "Times New Roman", "Unicode tổ hợp (dấu tách rời)"),
        ("\u00d0iều", "Times New Roman", "chữ “Ð” (U+00D0) thay cho “Đ”"),
        ("QuyÕt ®Þnh", ".VnTime", "TCVN3 hoặc VNI"),
    ],
)
def test_letters_that_are_no_precomposed_unicode_are_told(text, font, expected):
    assert values(type_measures.encodings(LayoutKind.DOCX, [line(text, font=font)])) == [expected]


def test_letters_taken_apart_by_a_program_that_writes_pdfs_are_no_fault():
    assert values(type_measures.encodings(LayoutKind.PDF, [line("Quyê\u0301t")])) == ["Unicode"]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("1. Một", "a) A", "b) B", "c) C", "d) D", "đ) Đ", "e) E", "2. Hai", "a) A"), ""),
        (("1. Một", "1. Lại một"), ""),
        (("Điều 1.", "1. Một", "2. Hai", "Điều 2.", "1. Một"), ""),
        (("1. Một", "a) A", "b) B", "c) C", "d) D", "e) E"), "điểm e đứng ngay sau điểm d"),
        (("1. Một", "3. Ba"), "khoản 3 đứng sau khoản 1"),
        (("a) A", "f) F"), "“f)” không thuộc bảng chữ cái tiếng Việt"),
        (("1) Một",), "sau số thứ tự của khoản là “)”, không phải dấu chấm"),
        (("a. A",), "sau chữ cái của điểm là “.”, không phải dấu đóng ngoặc đơn"),
    ],
)
def test_numbers_and_letters_follow_each_other(texts, words):
    (reading,) = list_measures.ordered([line(text) for text in texts])
    assert (reading.value, reading.words) == (not words, words)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (("Kính gửi: Bộ Nội vụ.",), None),
        (("Kính gửi: Bộ Nội vụ",), None),
        (("Kính gửi:", "- Bộ Nội vụ;", "- Bộ Tài chính."), None),
        (("Kính gửi Bộ Nội vụ",), "dấu hai chấm"),
        (("Kính gửi: Bộ Nội vụ; Bộ Tài chính",), "không xuống dòng"),
        (("Kính gửi: Bộ Nội vụ", "- Bộ Tài chính."), "cùng dòng"),
        (("Kính gửi:", "- Bộ Nội vụ,", "- Bộ Tài chính."), "dấu chấm phẩy"),
        (("Kính gửi:", "- Bộ Nội vụ;", "- Bộ Tài chính"), "dấu chấm"),
    ],
)
def test_addressees_are_listed_as_prescribed(texts, fault):
    (reading,) = list_measures.listed(Part.ADDRESSEES, [line(text) for text in texts])
    assert reading.value is (fault is None)
    assert (fault or "") in reading.words


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        (Measure.SIZE, 16.0, "cỡ chữ 16"),
        (Measure.INDENT, 12.7, "lùi đầu dòng 12,7 mm"),
        (Measure.BOLD, False, "chữ không đậm"),
        (Measure.ALIGNMENT, "justify", "căn dòng: canh đều hai lề"),
    ],
)
def test_people_read_what_was_measured(measure, value, words):
    assert phrases.measured(measure, value) == words


@pytest.mark.parametrize(
    ("measure", "allowed", "words"),
    [
        (Measure.SIZE, Range(12, 13), "từ 12 đến 13"),
        (Measure.SIZE, Range(13, 13), "13"),
        (Measure.GAP, Range(6), "tối thiểu 6 pt"),
        (Measure.INDENT, Range(values=(10, 12.7)), "10 hoặc 12,7 mm"),
        (Measure.ITALIC, True, "chữ nghiêng"),
        (Measure.ALIGNMENT, ("centre", "right"), "canh giữa hoặc bên phải"),
    ],
)
def test_people_read_what_is_allowed(measure, allowed, words):
    assert phrases.allowed_words(measure, allowed) == words


def test_every_measure_has_words():
    assert {measure for measure in Measure if not phrases.measured(measure, "x")} == set()
