"""The second look at a head: where the columns are, what is cut out, and where its words land."""

import pytest
from PIL import Image

from vbdaemon.model import TextSource
from vbdaemon.reading.closer import second_look, second_look_below
from vbdaemon.reading.line import lines
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Word
from vbdaemon.reading.piece import Piece, Style, spread
from vbdaemon.reading.sheet import Sheet

DOT = 200 / 72


class Engine:
    """Answers with the words it was given, and keeps the pictures."""

    def __init__(self, *words: Word) -> None:
        self.words = words
        self.pictures: list[Image.Image] = []
        self.error: Exception | None = None

    def begin(self, picture, dpi):
        raise AssertionError(picture, dpi)

    def block(self, picture, dpi):
        self.pictures.append(picture)
        if self.error:
            raise self.error
        return self.words

    def rotation(self, picture, dpi):
        raise AssertionError(picture, dpi)


def row(text: str, x: float, y: float, sure: float = 0.9) -> list[Piece]:
    pieces = []
    for word in text.split():
        right = x + 7 * len(word)
        pieces.append(Piece(word, spread(word, x, right), x, y, right, y + 12, Style(size=12), TextSource.OCR, sure))
        x = right + 3
    return pieces


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(Image.new("RGB", (round(595 * DOT), round(842 * DOT)), "white"), 595.0, 842.0)


CREST = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def texts(rows):
    return [line.text for each in rows for line in lines([each])]


def test_a_page_without_a_head_is_not_looked_at_again(sheet):
    engine = Engine()
    rows = [row("Điều 3. Tổ chức thực hiện", 90, 60)]
    assert second_look(sheet, rows, engine) is rows
    assert engine.pictures == []


def test_a_crest_in_the_middle_has_no_columns(sheet):
    engine = Engine()
    rows = [row(CREST, 180, 60)]
    assert second_look(sheet, rows, engine) is rows


def test_a_number_line_that_page_recognition_lost_lands_where_it_stands(sheet):
    # 30 pixels of paper stand left of the columns in the picture; the left one begins at 20 points
    words = (Word("Số:", 30 + round(100 * DOT), round(60 * DOT), 50, 30, 0.8, (1, 1, 1)),)
    words += (Word("/QĐ-UBND", 30 + round(130 * DOT), round(60 * DOT), 160, 30, 0.5, (1, 1, 1)),)
    rows = second_look(sheet, [row("ỦY BAN NHÂN DÂN", 120, 60), row(CREST, 300, 60)], Engine(*words))
    line = next(found for each in rows for found in lines([each]) if found.text == "Số: /QĐ-UBND")
    assert line.box.x0 == pytest.approx(120, abs=1)
    assert line.box.y0 == pytest.approx(60 - 22 + 60, abs=1)


def test_an_issuer_run_into_the_crest_is_parted_from_it(sheet):
    together = [*row("BỘ TÀI CHÍNH", 100, 60), *row(CREST, 300, 60)]
    assert texts(second_look(sheet, [together], Engine())) == ["BỘ TÀI CHÍNH", CREST]


@pytest.mark.parametrize("error", [OcrTimeout("slow"), OcrUnavailable()])
def test_a_second_look_that_fails_leaves_the_first(sheet, error):
    engine = Engine()
    engine.error = error
    rows = [row("ỦY BAN NHÂN DÂN", 120, 60), row(CREST, 300, 60), row("Nơi nhận:", 90, 600)]
    assert second_look(sheet, rows, engine) is rows
    assert second_look_below(sheet, rows, engine) is rows


def test_a_signer_whose_name_was_read_is_not_looked_for(sheet):
    engine = Engine()
    rows = [row("Nơi nhận:", 90, 600), row("CHỦ TỊCH", 380, 600), row("Trần Văn Mẫu", 370, 700)]
    assert second_look_below(sheet, rows, engine) is rows
    assert engine.pictures == []


def test_a_lost_name_under_a_signature_is_found_right_of_the_recipients(sheet):
    left, top = round((370 - 0.46 * 595) * DOT), round(100 * DOT)
    names = [Word(n, left + 110 * i, top, 90, 30, 0.95, (1, 1, 1)) for i, n in enumerate(("Trần", "Văn", "Mẫu"))]
    rows = second_look_below(sheet, [row("Nơi nhận:", 90, 600), row("CHỦ TỊCH", 380, 600)], Engine(*names))
    assert "Trần Văn Mẫu" in texts(rows)
