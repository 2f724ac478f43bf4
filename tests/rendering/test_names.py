"""Names of what is delivered."""

import unicodedata
from datetime import date

import pytest

from vbdaemon.model import Classification, RegisterNumber
from vbdaemon.rendering.names import delivery_name, safe_name, shown_name, unique_names

HOSTILE = [
    "",
    ".",
    "..",
    "../../etc/passwd",
    "a\\b:c*d?.pdf",
    'trích dẫn "x".pdf',
    "hai\ndòng\r\n.pdf",
    "\x00\x07.pdf",
    "CON",
    "con.pdf",
    "LPT¹.txt",
    "nul .txt",
    "chấm. . .",
    "  đầu.pdf  ",
    "~$khóa.docx",
    ".ẩn",
    "giả\u202efdp.exe",
    "\udce9.pdf",
    "Tờ trình về việc " * 30 + ".docx",
    "ệ" * 255,
    "x" * 300 + ".pdf",
    "e\u0301" * 200 + ".pdf",
    "a." + "b" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_safe_name_is_one_that_windows_and_linux_store(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert len(safe.encode()) <= 200
    assert unicodedata.is_normalized("NFC", safe)
    assert not set(safe) & set('<>:"/\\|?*\n\r\0\u202e')
    assert safe == safe.strip(" .")
    assert safe.split(".")[0].strip().casefold() not in {"con", "nul", "lpt¹"}
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "name", ["công văn 607.pdf", "Tờ trình (bản cuối).docx", "299-UBND_TTHC.PDF", "đề án & phụ lục.xlsx"]
)
def test_an_ordinary_vietnamese_name_stays_as_it_is(name):
    assert safe_name(name) == name


def test_a_long_name_keeps_its_ending_and_stays_different_from_its_neighbour():
    first, second = (safe_name("Báo cáo kết quả " * 20 + f"{quarter}.docx") for quarter in "12")
    assert first.endswith(".docx")
    assert first != second


def test_names_that_windows_would_take_for_one_become_two():
    assert unique_names(["a.pdf", "A.pdf", "a.PDF", "b.pdf"]) == ("a.pdf", "A_2.pdf", "a_3.PDF", "b.pdf")


def test_a_composed_and_a_decomposed_name_become_two():
    assert unique_names(["é.pdf", "e\u0301.pdf"]) == ("é.pdf", "é_2.pdf")


def test_a_name_for_people_shows_what_would_be_invisible():
    assert shown_name("a\u202eb\n.pdf") == "a\ufffdb\ufffd.pdf"
    assert len(shown_name("x" * 400)) == 120


REGISTER = RegisterNumber("den", 2025, 123, date(2025, 1, 15))


def test_a_delivery_is_called_by_arrival_number_day_and_symbol(district):
    assert delivery_name(REGISTER, district.classification, "id1") == "0123_2025-01-15_299-UBND-TTHC"


@pytest.mark.parametrize(
    ("register", "known", "name"),
    [
        (REGISTER, False, "0123_2025-01-15_id1"),
        (None, True, "id1_299-UBND-TTHC"),
        (None, False, "id1"),
        (RegisterNumber("", 0, 0, date.min), True, "id1_299-UBND-TTHC"),
    ],
)
def test_what_is_unknown_is_replaced_by_the_id(district, register, known, name):
    assert delivery_name(register, district.classification if known else None, "id1") == name


def test_a_classification_without_a_symbol_gives_no_designation():
    assert delivery_name(REGISTER, Classification(), "id1") == "0123_2025-01-15_id1"
