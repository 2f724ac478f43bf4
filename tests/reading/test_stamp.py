"""Stamps as pictures, and slanted words, on pages with real text."""

import io

import pypdfium2
import pytest
import typst
from PIL import Image

from vbdaemon.reading.pdf import read_pdf

LETTER = """
#set page(width: 595pt, height: 842pt, margin: 60pt)
#set text(lang: "vi", size: 13pt)
#grid(columns: (1fr, 1.4fr), align: center, [#strong[ỦY BAN NHÂN DÂN]], [#strong[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]])
#v(120pt)
Ủy ban nhân dân xã đề nghị các đơn vị thực hiện nghiêm các nội dung sau đây và báo cáo kết quả.
"""
STAMP = """
#set page(width: auto, height: auto, margin: 3pt)
#rotate(-8deg, reflow: true, rect(stroke: 2pt + rgb("d01828"), inset: 7pt,
  text(fill: rgb("d01828"), font: "New Computer Modern", size: 16pt, weight: "bold", lang: "vi")[TỐI MẬT]))
"""


def with_picture(png: bytes, where: tuple[float, float]) -> bytes:
    document = pypdfium2.PdfDocument(typst.compile(LETTER.encode(), format="pdf"))
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    shown = pypdfium2.PdfImage.new(document)
    shown.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
    width, height = picture.width * 72 / 200, picture.height * 72 / 200
    shown.set_matrix(pypdfium2.PdfMatrix().scale(width, height).translate(where[0], 842 - where[1] - height))
    page = document[0]
    page.insert_obj(shown)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


@pytest.mark.slow
def test_a_stamped_picture_on_a_page_of_text_is_read(tmp_path, limits, engine):
    stamp = typst.compile(STAMP.encode(), format="png", ppi=200.0)
    path = tmp_path / "a.pdf"
    path.write_bytes(with_picture(stamp, (70, 110)))
    (page,) = read_pdf(path, "0" * 64, limits, engine).pages
    assert not page.image_only
    assert "TỐI MẬT" in [line.text for line in page.lines]


def test_slanted_and_upright_words_on_a_page_of_text_stay_in_one_piece(typeset, tmp_path, limits):
    path = tmp_path / "a.pdf"
    marks = "#place(dy: 60pt, rotate(-25deg)[#rect[TUYỆT MẬT]])\n#place(dx: 300pt, dy: 90pt, rotate(90deg)[HỎA TỐC])\n"
    path.write_bytes(typeset('#set page(width: 595pt, height: 842pt)\n#set text(lang: "vi")\n' + marks + "Nội dung."))
    lines = [line.text for line in read_pdf(path, "0" * 64, limits, None).pages[0].lines]
    assert {"TUYỆT MẬT", "HỎA TỐC", "Nội dung."} <= set(lines)
