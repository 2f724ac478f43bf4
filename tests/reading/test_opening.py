"""How a page opens, seen without reading, and what follows for the pages of a scan."""

import pypdfium2
import pytest

from vbdaemon.reading.opening import runs_on, shows_emblem
from vbdaemon.reading.pdf import read_pdf
from vbdaemon.reading.sheet import Sheet

PAGE = '#set page(width: 595pt, height: 842pt, margin: (x: 70pt, y: 57pt))\n#set text(lang: "vi", size: 13pt)\n'
BODY = (
    PAGE + "#align(center)[2]\n#set par(justify: true)\n" + "Nội dung của văn bản cần được đọc kỹ và thực hiện. " * 60
)
HEAD = (
    "#grid(columns: (1fr, 1.4fr), align: center, [#strong[ỦY BAN NHÂN DÂN]],"
    " [#strong[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]], [XÃ ĐỒNG MẪU], [Độc lập - Tự do - Hạnh phúc])\n"
)
SECRET = (
    '#place(dx: 30pt, dy: 70pt, rect(stroke: 2pt + rgb("d01828"), inset: 7pt,'
    ' text(fill: rgb("d01828"), font: "New Computer Modern", weight: "bold", size: 15pt)[TỐI MẬT]))\n'
)


def sheet_of(pdf: bytes) -> Sheet:
    page = pypdfium2.PdfDocument(pdf)[0]
    return Sheet(page.render(scale=200 / 72).to_pil().convert("RGB"), *page.get_size())


def test_running_text_is_told_from_the_head_of_a_document(typeset):
    assert runs_on(sheet_of(typeset(BODY)))
    assert not runs_on(sheet_of(typeset(PAGE + HEAD + "#v(60pt)\n" + "Nội dung của văn bản. " * 60)))
    assert not runs_on(sheet_of(typeset(PAGE + "#align(center)[PHỤ LỤC]\n#v(30pt)\n#align(center)[Danh mục]")))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
        ("CỌNG HOÀ XA HỘI CHU NGHĨA VIỆT NAM", True),
        ("Độc lập – Tự do – Hạnh phúc", True),
        ("ĐẢNG CỘNG SẢN VIỆT NAM", True),
        ("hội nghị của các xã trong huyện", False),
        ("Việt Nam", False),
    ],
)
def test_an_emblem_is_known_as_an_engine_may_read_it(text, seen):
    assert shows_emblem([text]) is seen


@pytest.mark.slow
def test_a_secret_document_behind_another_in_one_scan_is_read(typeset, scanned, engine, tmp_path, limits):
    plain = PAGE.join(["", HEAD + "#v(60pt)\n" + "Nội dung của văn bản. " * 60 + "\n#pagebreak()\n"])
    secret = HEAD + SECRET + "#v(90pt)\n" + "Nội dung của văn bản. " * 60 + "\n#pagebreak()\n"
    path = tmp_path / "a.pdf"
    rest = "#set par(justify: true)\n" + "Nội dung của văn bản cần được đọc kỹ. " * 300
    path.write_bytes(scanned(typeset(plain + secret + rest)))
    pages = read_pdf(path, "0" * 64, limits, engine).pages
    assert any("MẬT" in line.text for line in pages[1].lines)
    assert any("CỘNG HÒA" in line.text for line in pages[1].lines)
    assert not pages[2].ocr
