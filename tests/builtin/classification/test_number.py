import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.builtin.classification.number import looks_like_number, number_line, state_of
from vbdaemon.builtin.classification.sheet import Piece
from vbdaemon.builtin.classification.symbol import forms_of
from vbdaemon.model import Line, NumberState, TextSource
from vbdaemon.rules.loader import load_forms

FORMS = load_forms()


@pytest.mark.parametrize(
    ("text", "number", "symbol"),
    [
        ("Số: 648/QĐ-UBND", "648", "QĐ-UBND"),
        ("Số: 607 /UBND-VP", "607", "UBND-VP"),
        ("Số:607/UBND-VP", "607", "UBND-VP"),
        ("Số 552 /UBND", "552", "UBND"),
        ("SỐ: 05 / BNV-VP", "05", "BNV-VP"),
        ("Số: 963/SNV-CCHC&VTLT", "963", "SNV-CCHC&VTLT"),
        ("Số: 394/STTTT-CNTT & TT", "394", "STTTT-CNTT&TT"),
        ("Số: 12/TTr - SNV", "12", "TTr-SNV"),
        ("Số: 12/TTr–SNV", "12", "TTr-SNV"),
        ("Số: 3176b/QĐ-SYT", "3176b", "QĐ-SYT"),
        ("Số: 310/HHDN-K4", "310", "HHDN-K4"),
        ("Số: 154/CTPH-LĐLĐ-SVH, TT, DL", "154", "CTPH-LĐLĐ-SVH,TT,DL"),
        ("Số: 28/2018/QĐ-TTg", "28", "2018/QĐ-TTg"),
        ("Số: 20/2023/QH15", "20", "2023/QH15"),
        ("Số 84-CV/ĐU", "84-CV", "ĐU"),
        ("Số 156-CV/TĐTN-BCTĐ&TTN", "156-CV", "TĐTN-BCTĐ&TTN"),
        ("Số: 02-02/26/PT-NC", "02-02", "26/PT-NC"),
        ("Số: 45/CV-UBND.", "45", "CV-UBND"),
        ("Sô: 23 /BC-UBND", "23", "BC-UBND"),
        ("Số: 12|QĐ-UBND", "12", "QĐ-UBND"),
    ],
)
def test_number_and_symbol_are_taken_apart(text: str, number: str, symbol: str):
    line = number_line(text)
    assert (line.number, line.symbol) == (number, symbol)


@pytest.mark.parametrize(
    "text",
    ["Số:       /QĐ-UBND", "Số: /QĐ-UBND", "Số: ...../QĐ-UBND", "Số: ……/QĐ-UBND", "Số: ____/QĐ-UBND", "Số      -CV/ĐU"],
)
def test_an_empty_place_is_a_blank(text: str):
    line = number_line(text)
    assert line.number is None
    assert line.blank
    assert line.symbol in ("QĐ-UBND", "ĐU")


@pytest.mark.parametrize("text", ["Số: đ# /CT-UBND", "Số: 4‡ /QĐ-UBND", "Số: †4/UBND-KTTH"])
def test_what_cannot_be_a_number_is_neither_read_nor_blank(text: str):
    line = number_line(text)
    assert line.number is None
    assert not line.blank
    assert line.symbol


@pytest.mark.parametrize(
    "text",
    [
        "Số: 1203 Ngày: 05/3/2020",
        "Sống và làm việc theo Hiến pháp/pháp luật",
        "Căn cứ Quyết định số 648/QĐ-UBND ngày 26/4/2019;",
        "Kính gửi: Phòng Nội vụ",
        "Số và ký hiệu HS:",
    ],
)
def test_other_lines_are_no_number_lines(text: str):
    assert not looks_like_number(text, ocr=True)


def test_without_its_first_word_only_a_scan_has_a_number_line():
    assert looks_like_number("22 /BC-UBND", ocr=True)
    assert not looks_like_number("22 /BC-UBND", ocr=False)


def _piece(text: str, source: TextSource, confidence: float = 1.0) -> Piece:
    return Piece(text, 1, (Line(text, source=source, confidence=confidence),))


@pytest.mark.parametrize(
    ("text", "source", "confidence", "state"),
    [
        ("Số: 23/BC-UBND", TextSource.TEXT, 1.0, NumberState.READ),
        ("Số: 23/BC-UBND", TextSource.WIDGET, 1.0, NumberState.READ),
        ("Số:     /BC-UBND", TextSource.TEXT, 1.0, NumberState.BLANK),
        ("Số:     /BC-UBND", TextSource.OCR, 0.99, NumberState.UNREAD),
        ("Số: đ#/BC-UBND", TextSource.TEXT, 1.0, NumberState.UNREAD),
        ("Số: 23/BC-UBND", TextSource.OCR, 0.96, NumberState.READ),
        ("Số: 23/BC-UBND", TextSource.OCR, 0.81, NumberState.UNREAD),
        ("Số: 3/BC-UBND", TextSource.OCR, 0.96, NumberState.UNREAD),
    ],
)
def test_a_scan_never_has_a_blank_number(text: str, source: TextSource, confidence: float, state: NumberState):
    scanned = source is TextSource.OCR
    assert state_of(number_line(text), _piece(text, source, confidence), scanned) is state


def test_without_a_number_line_a_scan_is_unread_and_a_text_has_none():
    assert state_of(None, None, scanned=True) is NumberState.UNREAD
    assert state_of(None, None, scanned=False) is NumberState.ABSENT


def _forms(text: str, *, ocr: bool = False) -> set[str]:
    return {form.slug for form in forms_of(number_line(text), FORMS, ocr).forms}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Số: 1/HĐ-UBND", "hop-dong"),
        ("Số: 1/HD-UBND", "huong-dan"),
        ("Số: 1/ĐA-UBND", "de-an"),
        ("Số: 1/DA-UBND", "du-an"),
        ("Số: 1/QyĐ-UBND", "quy-dinh"),
        ("Số: 1/QĐ-UBND", "quyet-dinh"),
        ("Số: 1/TTr-UBND", "to-trinh"),
        ("Số: 1/TT-BNV", "thong-tu"),
        ("Số: 1/CTr-UBND", "chuong-trinh"),
        ("Số: 1/CT-UBND", "chi-thi"),
        ("Số: 45/CV-UBND", "cong-van"),
        ("Số 84-CV/ĐU", "cong-van"),
        ("Số 337-QĐ/TW", "quyet-dinh"),
        ("Số: 28/2018/QĐ-TTg", "quyet-dinh"),
        ("Số: 2/GT-UBND", "giay-gioi-thieu"),
        ("Số: 2/GGT-UBND", "giay-gioi-thieu"),
    ],
)
def test_the_first_part_of_the_symbol_is_compared_whole(text: str, form: str):
    assert _forms(text) == {form}


@pytest.mark.parametrize("text", ["Số: 12/HĐND-VP", "Số: 607/UBND-VP", "Số: 9/SNV-KH", "Số: 4/KHĐT-TC"])
def test_a_body_at_the_front_of_the_symbol_is_no_form(text: str):
    assert _forms(text) == set()


def test_a_lost_accent_is_never_guessed_across_the_lists():
    assert _forms("Số: 1/DA-UBND", ocr=True) == {"de-an", "du-an"}
    assert _forms("Số: 1/HD-UBND", ocr=True) == {"hop-dong", "huong-dan"}
    assert _forms("Số: 1/HĐ-UBND", ocr=True) == {"hop-dong"}
    assert _forms("Số: 1/QD-UBND", ocr=True) == {"quyet-dinh"}
    assert _forms("Số: 1/QD-UBND") == set()


NUMBERS = st.integers(1, 99_999).map(lambda n: f"{n:02d}")
PARTS = st.text(string.ascii_uppercase + "ĐÂĂÊÔƠƯ", min_size=2, max_size=6)
SYMBOLS = st.lists(PARTS, min_size=1, max_size=3).map("-".join)
SPACES = st.sampled_from(["", " ", "  "])


@settings(max_examples=150, deadline=None)
@given(NUMBERS, SYMBOLS, SPACES, SPACES, SPACES)
def test_any_number_and_symbol_come_back_whatever_the_spaces(number: str, symbol: str, a: str, b: str, c: str):
    line = number_line(f"Số:{a}{number}{b}/{c}{symbol}")
    assert (line.number, line.symbol) == (number, symbol)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_number_line(text: str):
    line = number_line(text)
    assert line is None or line.symbol
