"""Marks whose frame touches another stamp, in black and slanted: there is no red to tell them by."""

import os

import pytest
from PIL import Image, ImageDraw, ImageFont

from vbdaemon.reading.crossing import tangles
from vbdaemon.reading.mark import marks, reads_like_mark
from vbdaemon.reading.ocr import find_engine
from vbdaemon.reading.scan import mark_rows
from vbdaemon.reading.sheet import Sheet

WIDTH, HEIGHT = 1654, 2339


def page() -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), "white")


def stamped(words: str, degrees: float, *, over: bool) -> Sheet:
    """A mark of 30 points in height, and a receiver's stamp whose frame it touches."""
    picture = page()
    small = Image.new("L", (330, 84), 255)
    brush = ImageDraw.Draw(small)
    brush.rectangle((3, 3, 326, 80), outline=0, width=4)
    brush.text((165, 42), words, fill=0, anchor="mm", font=ImageFont.truetype("DejaVuSerif-Bold.ttf", 40))
    turned = small.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    picture.paste(turned.convert("RGB"), (330, 330))
    if over:
        brush = ImageDraw.Draw(picture)
        brush.rectangle((120, 380, 480, 600), outline="black", width=3)
        brush.text((150, 480), "CÔNG VĂN ĐẾN", fill="black", font=ImageFont.truetype("DejaVuSerif.ttf", 28))
    return Sheet(picture, 595.0, 842.0)


def test_a_page_of_print_has_no_tangles():
    picture = page()
    brush = ImageDraw.Draw(picture)
    for y in range(200, 1000, 45):
        brush.text((200, y), "Các cơ quan, đơn vị thực hiện nghiêm các nội dung sau đây", fill="black", font_size=36)
    assert list(tangles(Sheet(picture, 595.0, 842.0), 380)) == []


@pytest.mark.parametrize("degrees", [0, 24, -18])
def test_a_mark_that_touches_a_stamp_is_cut_out(degrees):
    (tangle,) = tangles(stamped("TỐI MẬT", degrees, over=True), 380)
    assert 1 <= len(tangle.pictures) <= 6


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MẬT", True),
        ("TỔI MẬT", True),
        ('"MẬT', True),
        ("BFUYỆT MẬT", True),
        ("THƯỢNG KHẨN", True),
        ("HỎA TÔC", True),
        ("CÔNG VĂN ĐẾN", False),
        ("PHÒNG HÀNH CHÍNH", False),
        ("QUYẾT ĐỊNH", False),
        ("YBANR UYỆN S PHÒNG", False),
    ],
)
def test_words_of_marks_are_told_from_those_of_other_frames(words, expected):
    assert reads_like_mark(words) is expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "degrees", "over"), [("TỐI MẬT", 24, True), ("MẬT", 0, True), ("TUYỆT MẬT", -28, False)]
)
def test_a_mark_in_black_is_read_at_every_slant(words, degrees, over):
    engine = find_engine(os.environ, 60.0)
    if engine is None:
        pytest.skip("no OCR engine is installed")
    sheet = stamped(words, degrees, over=over)
    rows = mark_rows(list(marks(sheet, 380)), sheet.dpi, engine)
    assert any(piece.text.rstrip(" .]|").endswith("MẬT") for row in rows for piece in row)
