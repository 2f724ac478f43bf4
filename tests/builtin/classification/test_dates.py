from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.builtin.classification.dates import date_line, days_in, issued_on, year_of
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Line, TextSource

SHEET = Sheet("0" * 64, (), 0)
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


def _piece(text: str, source: TextSource = TextSource.TEXT, confidence: float = 1.0) -> Piece:
    return Piece(text, 1, (Line(text, source=source, confidence=confidence),))


@settings(max_examples=100, deadline=None)
@given(DAYS, st.sampled_from(["Lục Nam", "Thành phố Hồ Chí Minh", "Hà Nội"]), st.booleans())
def test_every_date_line_comes_back(day: date, place: str, zero: bool):
    month = f"{day.month:02d}" if zero else str(day.month)
    line = date_line(f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}")
    assert line.value == day
    assert not line.day_blank


@settings(max_examples=100, deadline=None)
@given(
    DAYS, st.sampled_from(["{d}/{m}/{y}", "{d:02d}/{m:02d}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{d} tháng {m} năm {y}"])
)
def test_every_way_to_write_a_day_is_read(day: date, shape: str):
    text = f"hoàn thành trước ngày {shape.format(d=day.day, m=day.month, y=day.year)}."
    assert [value for value, _, _ in days_in(text)] == [day]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_dates(text: str):
    days_in(text, 2025)
    date_line(text)


@pytest.mark.parametrize("text", ["Sông Lam, ngày   tháng 4 năm 2020", "Sông Lam, ngày ... tháng 4 năm 2020"])
def test_a_blank_day_is_no_date(text: str):
    line = date_line(text)
    assert line.day_blank
    assert line.value is None
    assert line.year == 2020


def test_a_day_that_does_not_exist_is_no_date():
    assert date_line("Quảng Ngãi, ngày 80 tháng 3 năm 2018").value is None
    assert date_line("Quảng Ngãi, ngày 31 tháng 02 năm 2018").value is None


def test_a_day_without_year_takes_the_documents_year():
    assert [value for value, _, _ in days_in("trước ngày 20/01", 2025)] == [date(2025, 1, 20)]
    assert days_in("trước ngày 20/01") == ()


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("Quảng Ngãi, ngày 24 tháng 01 năm 2025", 0.96, date(2025, 1, 24)),
        ("Quảng Ngãi, ngày 04 tháng 01 năm 2025", 0.96, date(2025, 1, 4)),
        ("Quảng Ngãi, ngày 3 tháng 01 năm 2025", 0.96, None),  # NĐ 30 writes 03: a figure was lost
        ("Quảng Ngãi, ngày 24 tháng 01 năm 2025", 0.79, None),
        ("Quảng Ngãi, ngày Ø†tháng 02 năm 2025", 0.96, None),
    ],
)
def test_a_handwritten_day_is_not_guessed(text: str, confidence: float, expected: date | None):
    piece = _piece(text, TextSource.OCR, confidence)
    answer = issued_on(SHEET, piece)
    assert (answer.value if answer else None) == expected
    assert year_of(piece) == 2025
