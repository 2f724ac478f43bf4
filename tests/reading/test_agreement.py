"""Two readings of one heading: agreement makes sure, contradiction makes unsure, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vbdaemon.model import TextSource
from vbdaemon.reading.agreement import is_date, merged
from vbdaemon.reading.line import lines
from vbdaemon.reading.piece import Piece, Style, spread

NUMBER = "Số: 15/QĐ-UBND"
DATE = "Sông Lam, ngày 26 tháng 3 năm 2024"


def row(text: str, x: float = 100, y: float = 100, sure: float = 0.9, height: float = 12) -> list[Piece]:
    pieces, left = [], x
    for word in text.split():
        right = left + 6 * len(word)
        box = (left, y, right, y + height)
        pieces.append(Piece(word, spread(word, left, right), *box, Style(size=12), TextSource.OCR, sure))
        left = right + 3
    return pieces


def texts(rows):
    return [(line.text, line.confidence) for each in rows for line in lines([each])]


def never(_):
    pytest.fail("nobody asks a third time about words without figures, or about readings that agree")


def test_the_surer_of_two_readings_that_agree_is_kept_as_sure_as_it_is():
    assert texts(merged([row(NUMBER, sure=0.6)], [row(NUMBER, sure=0.95)], never)) == [(NUMBER, 0.95)]
    assert texts(merged([row(NUMBER, sure=0.95)], [row(NUMBER, sure=0.6)], never)) == [(NUMBER, 0.95)]


def test_a_line_that_the_second_reading_contradicts_is_not_sure():
    ((_, sure),) = texts(merged([row("SỞ TÀI CHÍNH", sure=0.96)], [row("SỞ TÀI CHỈNH", sure=0.94)], never))
    assert sure <= 0.8


@pytest.mark.parametrize(
    ("third", "expected", "most"),
    [
        ("Số: 15/QĐ-UBND", "Số: 15/QĐ-UBND", 0.89),
        ("Số: 16/QĐ-UBND", "Số: 16/QĐ-UBND", 0.89),
        ("Số: 18/QĐ-UBND", "Số: 15/QĐ-UBND", 0.8),
        ("", "Số: 15/QĐ-UBND", 0.8),
    ],
)
def test_a_third_reading_decides_between_figures(third, expected, most):
    first, second = row("Số: 15/QĐ-UBND", sure=0.95), row("Số: 16/QĐ-UBND", sure=0.94)
    ((text, sure),) = texts(merged([first], [second], lambda _: third))
    assert text == expected
    assert sure <= most


def test_only_the_figures_of_a_date_line_tell_readings_apart():
    other = DATE.replace("ngày", "ngàu").replace("Sông", "Sóng")
    ((_, sure),) = texts(merged([row(DATE, sure=0.95)], [row(other, sure=0.93)], never))
    assert sure == 0.95


def test_what_only_the_second_reading_saw_is_added_when_it_is_sure_or_a_number_line():
    first = [row("ỦY BAN NHÂN DÂN", y=60)]
    second = [row("XÃ HẠ LAM", y=80, sure=0.9), row("Số: ~/QĐ-UBND", y=100, sure=0.1), row("nhiễu", y=120, sure=0.3)]
    assert [text for text, _ in texts(merged(first, second, never))] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ HẠ LAM",
        "Số: ~/QĐ-UBND",
    ]


def test_a_number_line_replaces_its_torn_parts():
    first = [row("Số:", x=100, sure=0.8), row("/QĐ-UBND", x=160, sure=0.5)]
    whole = row("Số: /QĐ-UBND", x=100, sure=0.7)
    whole[1] = Piece("/QĐ-UBND", spread("/QĐ-UBND", 160, 208), 160, 100, 208, 112, Style(size=12), TextSource.OCR, 0.7)
    assert [text for text, _ in texts(merged(first, [whole], lambda _: ""))] == ["Số: /QĐ-UBND"]


def test_a_rule_under_a_word_does_not_make_it_two_lines():
    tall, plain = row("XÃ HẠ LAM", y=80, height=20), row("XÃ HẠ LAM", y=84, height=10)
    assert len(texts(merged([tall], [plain], never))) == 1


def test_a_part_that_was_seen_twice_is_dropped():
    first = [row("UBND HUYỆN SÔNG LAM"), row("UB", y=101, height=9)]
    assert [text for text, _ in texts(merged(first, [], never))] == ["UBND HUYỆN SÔNG LAM"]


@pytest.mark.parametrize(("text", "expected"), [(DATE, True), ("ngày ... tháng 5 năm 2024", True), (NUMBER, False)])
def test_a_date_line_is_told_by_its_three_words_and_its_year(text, expected):
    assert is_date(text) is expected


ROWS = st.lists(
    st.builds(
        row,
        st.text(min_size=1, max_size=20).filter(lambda t: t.split()),
        st.floats(0, 500),
        st.floats(0, 300),
        st.floats(0, 1),
        st.floats(1, 40),
    ),
    max_size=6,
)


@given(ROWS, ROWS)
def test_no_two_readings_break_the_merging(first, second):
    assert len(merged(first, second, lambda _: "")) <= len(first) + len(second)
