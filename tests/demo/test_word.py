import io
from datetime import date

import docx
import pytest

from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.word import editable

DOCUMENT = DemoDocument(
    parent="ỦY BAN NHÂN DÂN\nHUYỆN SÔNG LAM",
    issuer="PHÒNG NỘI VỤ",
    number="12",
    symbol="BC-PNV",
    place="Sông Lam",
    issued_on=date(2026, 3, 5),
    form_name="Báo cáo",
    subject="Kết quả rà soát",
    addressees=("Ủy ban nhân dân huyện Sông Lam",),
    paragraphs=("Căn cứ quy định;", "Nội dung báo cáo./."),
    title="TRƯỞNG PHÒNG",
    signer="Trần Thị Hoài Thu",
    recipients=("Như trên", "Lưu: VT"),
)


def test_a_word_file_carries_the_words_of_the_document():
    file = docx.Document(io.BytesIO(editable(DOCUMENT)))
    cells = "\n".join(cell.text for table in file.tables for cell in table.rows[0].cells)
    body = "\n".join(paragraph.text for paragraph in file.paragraphs)
    for words in ("PHÒNG NỘI VỤ", "Số: 12/BC-PNV", "Sông Lam, ngày 05 tháng 3 năm 2026", "- Lưu: VT.", "TRƯỞNG PHÒNG"):
        assert words in cells
    for words in ("BÁO CÁO", "Kết quả rà soát", "Kính gửi: Ủy ban nhân dân huyện Sông Lam", "Nội dung báo cáo./."):
        assert words in body


def test_a_word_file_keeps_to_the_page_that_the_decree_asks_for():
    section = docx.Document(io.BytesIO(editable(DOCUMENT))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (section.left_margin.mm, section.right_margin.mm) == pytest.approx((30, 15), abs=0.1)
