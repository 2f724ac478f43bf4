"""The stamp ĐẾN: 35 x 50 mm, its words inside, nothing else on the page."""

import io
from contextlib import closing
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from pypdf import PdfReader

from vbdaemon.model import Box
from vbdaemon.rendering.arrival_stamp import HEIGHT, NOTE_HEIGHT, WIDTH, ArrivalStamp, draw_stamp
from vbdaemon.testing import NOON

PLACE = Box(100, 200, 100 + WIDTH, 200 + HEIGHT + NOTE_HEIGHT)
STAMP = ArrivalStamp("Ủy ban nhân dân huyện Sông Lam", 1523, date(2026, 3, 2), "Phòng Tài chính", "12/VX", "260302-1")
LONG = "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân thị xã Đồng Mẫu, tỉnh Quảng Mẫu; "


def inked(pdf):
    """The rectangle in which anything is drawn, in points, and the page as shown."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        picture = document[0].render(scale=4.0, fill_color=(255, 255, 255, 255)).to_pil().convert("L")
    box = picture.point([255 if level < 200 else 0 for level in range(256)]).getbbox()
    return [value / 4 for value in box]


@pytest.mark.parametrize(
    "stamp",
    [
        STAMP,
        ArrivalStamp("", 1, date(2026, 1, 1)),
        replace(STAMP, office=LONG * 2, forwarded=LONG * 5, file_code="123/HS-" + "A" * 60, number=1_234_567),
        replace(STAMP, withdrawn="VĂN BẢN ĐÃ LẤY LẠI ĐỂ CẬP NHẬT", id="260302-00000001"),
    ],
    ids=["usual", "empty", "long", "withdrawn"],
)
def test_the_stamp_has_the_size_of_the_decree_whatever_it_says(stamp):
    pdf = draw_stamp(stamp, 595, 842, PLACE, NOON)
    left, top, right, bottom = inked(pdf)
    assert abs((right - left) - (WIDTH + 1)) < 1.5  # the line around it is one point wide
    assert abs(left - PLACE.x0) < 1
    assert abs(top - PLACE.y0) < 1
    assert bottom <= PLACE.y1
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (595, 842)


def test_it_says_number_day_recipient_and_that_this_is_a_copy():
    words = " ".join(PdfReader(io.BytesIO(draw_stamp(STAMP, 595, 842, PLACE, NOON))).pages[0].extract_text().split())
    for said in ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "ĐẾN", "1523", "02/03/2026", "Phòng Tài chính", "12/VX", "BẢN SAO"):
        assert said in words, said


def test_what_was_withdrawn_says_so_on_its_copy():
    recalled = replace(STAMP, withdrawn="VĂN BẢN ĐÃ BỊ THU HỒI")
    words = " ".join(PdfReader(io.BytesIO(draw_stamp(recalled, 595, 842, PLACE, NOON))).pages[0].extract_text().split())
    for said in ("VĂN BẢN ĐÃ BỊ THU HỒI", "Bản sao", "không thay thế bản gốc", "260302-1"):
        assert said in words, said


def test_words_are_never_markup():
    strange = replace(STAMP, office='#panic("x") *đậm* $x$', forwarded="`#let a = 1`")
    words = PdfReader(io.BytesIO(draw_stamp(strange, 595, 842, PLACE, NOON))).pages[0].extract_text()
    assert '#PANIC("X") *ĐẬM* $X$' in " ".join(words.split())
