"""Joining pieces into lines, and widgets into their blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vbdaemon.model import TextSource
from vbdaemon.reading.blank import filled
from vbdaemon.reading.line import lines, rows
from vbdaemon.reading.piece import Piece, Style, spread


def piece(text: str, x: float, y: float = 100.0, *, size: float = 13.0, source=TextSource.TEXT, width=None) -> Piece:
    x1 = x + (width if width is not None else len(text) * size * 0.5)
    return Piece(text, spread(text, x, x1), x, y - size, x1, y, Style("Times", size), source)


def texts(pieces, widgets=()) -> list[str]:
    found, alone = filled(rows(pieces), widgets)
    return [line.text for line in lines([*found, *rows(alone)])]


def test_two_columns_on_one_baseline_are_two_lines():
    assert texts([piece("ỦY BAN NHÂN DÂN", 60), piece("CỘNG HÒA XÃ HỘI", 260)]) == [
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI",
    ]


def test_words_of_one_line_are_joined_with_single_spaces():
    assert texts([piece("Kính ", 60), piece("gửi:", 92.5), piece("Sở", 124)]) == ["Kính gửi: Sở"]


def test_a_date_on_a_slightly_higher_baseline_does_not_tear_a_number_line_apart():
    date = piece("Hòa Thủy, ngày 23 tháng 11 năm 2020", 308, 113.6, size=12.5)
    number = [piece("Số: ", 124, 117.4, size=12.5, width=20), piece("/GM-HĐND", 179, 118.1, size=12.5)]
    assert texts([date, *number], [piece("04", 149, 116.4, source=TextSource.WIDGET)])[0] == "Số: 04/GM-HĐND"


def test_letters_that_touch_stay_one_word():
    assert texts([piece("UB", 60), piece("ND", 73)]) == ["UBND"]


def test_columns_parted_by_typed_spaces_are_two_lines():
    assert texts([piece("Nơi nhận:" + " " * 30 + "TL. CHỦ TỊCH", 60)]) == ["Nơi nhận:", "TL. CHỦ TỊCH"]


@pytest.mark.parametrize(
    "blank", ["Số:" + " " * 8 + "/TB-UBND", "ngày" + " " * 8 + "tháng 01 năm 2025", "Số: ......./UBND"]
)
def test_a_blank_to_be_filled_in_stays_in_one_line(blank):
    assert len(texts([piece(blank, 60)])) == 1


def test_a_blank_without_characters_stays_in_one_line():
    assert texts([piece("Số:", 60), piece("/TB-UBND", 115)]) == ["Số: /TB-UBND"]


def test_the_number_of_a_widget_joins_its_blank():
    line = piece("Số:" + " " * 8 + "/TB-UBND", 60)
    number = piece("11", line.starts[6], 101, source=TextSource.WIDGET)
    assert texts([line], [number]) == ["Số: 11/TB-UBND"]


def test_the_day_of_a_widget_joins_between_two_pieces():
    before, after = piece("Quảng Mẫu, ngày ", 60), piece(" tháng 01 năm 2025", 190)
    assert texts([before, after], [piece("08", 172, source=TextSource.WIDGET)]) == [
        "Quảng Mẫu, ngày 08 tháng 01 năm 2025"
    ]


def test_a_widget_replaces_the_dots_of_its_blank():
    line = piece("Số: ........ /BC-SNV", 60)
    number = piece("7", line.starts[7], source=TextSource.WIDGET)
    assert texts([line], [number]) == ["Số: 7/BC-SNV"]


def test_a_line_with_a_widget_says_so():
    found, _ = filled(rows([piece("Số:" + " " * 8 + "/UBND", 60)]), [piece("11", 95, source=TextSource.WIDGET)])
    assert [line.source for line in lines(found)] == [TextSource.WIDGET]


@pytest.mark.parametrize(
    "widget",
    [
        piece("Ký bởi: Ủy ban nhân dân xã", 62, source=TextSource.WIDGET),  # no number
        piece("11", 62, source=TextSource.WIDGET),  # stands over print
        piece("11", 90, 300, source=TextSource.WIDGET),  # another height
    ],
)
def test_a_widget_that_belongs_to_no_blank_is_a_line_of_its_own(widget):
    line = piece("Số:" + " " * 8 + "/TB-UBND", 60)
    assert texts([line], [widget]) == ["Số: /TB-UBND", widget.text]


def test_letters_printed_twice_to_look_bold_are_one():
    assert texts([piece("THÔNG BÁO", 60), piece("THÔNG BÁO", 60.4)]) == ["THÔNG BÁO"]


def test_words_that_repeat_are_kept():
    assert texts([piece("số số ", 60), piece("số", 99)]) == ["số số số"]


def test_text_is_composed():
    assert texts([piece("Quyê\u0301t đi\u0323nh", 60)]) == ["Quyết định"]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.floats(0, 600), st.floats(0, 800)), max_size=12))
def test_no_kind_of_visible_character_is_lost_and_nothing_raises(found):
    pieces = [piece(text, x, y) for text, x, y in found]
    joined = "".join("".join(texts(pieces)).split())
    assert set(joined) == set("".join(line.text for line in lines([[p] for p in pieces])).replace(" ", ""))
