"""Red marks of secrecy and urgency on scans."""

import unicodedata

import pypdfium2
import pytest
from PIL import Image

from vbdaemon.model import TextSource
from vbdaemon.reading.mark import marks
from vbdaemon.reading.pdf import read_pdf
from vbdaemon.reading.sheet import Sheet

STAMPED = """
#set page(width: 595pt, height: 842pt, margin: 60pt)
#set text(lang: "vi", size: 13pt)
#place(dx: 20pt, dy: 90pt, rotate({degrees}deg)[#rect(stroke: 2pt + rgb("d01828"), inset: 7pt)[
  #text(fill: rgb("d01828"), font: "New Computer Modern", size: 15pt, weight: "bold")[{words}]]])
#grid(columns: (1fr, 1.4fr), align: center, [#strong[ỦY BAN NHÂN DÂN]], [#strong[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]])
#v(200pt)
Ủy ban nhân dân xã đề nghị các đơn vị thực hiện nghiêm các nội dung sau đây và báo cáo kết quả.
"""


def unaccented(text: str) -> str:
    """OCR can miss a single accent of a mark."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def stamped(typeset, words: str, degrees: int) -> bytes:
    return typeset(STAMPED.replace("{degrees}", str(degrees)).replace("{words}", words))


def first_sheet(pdf: bytes) -> Sheet:
    page = pypdfium2.PdfDocument(pdf)[0]
    return Sheet(page.render(scale=200 / 72).to_pil().convert("RGB"), *page.get_size())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "degrees"),
    [("MẬT", 0), ("TỐI MẬT", -12), ("TUYỆT MẬT", 0), ("HỎA TỐC", -35), ("HỎA TỐC", 25), ("THƯỢNG KHẨN", 8)],
)
def test_a_framed_red_mark_is_read(typeset, scanned, engine, tmp_path, limits, words, degrees):
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned(stamped(typeset, words, degrees)))
    content = read_pdf(path, "0" * 64, limits, engine)
    found = [line for line in content.pages[0].lines if unaccented(line.text) == unaccented(words)]
    assert found
    assert {line.source for line in found} == {TextSource.OCR}


def test_a_mark_stands_where_its_stamp_stands(typeset):
    (mark,) = marks(first_sheet(stamped(typeset, "HỎA TỐC", -35)), 380)
    assert mark.box.centre == pytest.approx((128, 164), abs=12)


def test_a_slanted_mark_is_offered_both_ways_round(typeset):
    (mark,) = marks(first_sheet(stamped(typeset, "HỎA TỐC", -35)), 380)
    assert len(mark.pictures) == 2


def test_a_seal_is_no_mark(sealed):
    picture = Image.new("RGB", (1654, 2339), "white")
    sealed(picture)
    assert list(marks(Sheet(picture, 595, 842), 800)) == []


def test_marks_are_looked_for_in_the_heading_only(typeset):
    assert list(marks(first_sheet(stamped(typeset, "MẬT", 0)), 100)) == []


def test_black_print_is_no_mark(letter):
    assert list(marks(first_sheet(letter), 800)) == []
