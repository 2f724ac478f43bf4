"""The legal basis on a page, where lines break."""

import pytest

from vbdaemon.builtin.format.body_parts import body_of
from vbdaemon.builtin.format.fragment import whole
from vbdaemon.model import Box
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Paragraph, Run

PLACE = Box(0, 0, 1, 1)


def grounds(*texts, box=PLACE):
    lines = [whole(Paragraph(n, (Run(text),), page=1, box=box)) for n, text in enumerate(texts)]
    return [each.text for each in body_of(lines, named=True).get(Part.LEGAL_BASIS, ())]


LAW, REQUEST = "Căn cứ Luật Mẫu ngày 19 tháng 6 năm 2015;", "Theo đề nghị của Trưởng Phòng Nội vụ."


def test_a_ground_that_breaks_before_a_capital_is_one_ground():
    broken = ("Căn cứ Nghị định số 99/2015/NĐ-CP ngày 30 tháng 12 năm 2015 của", "Chính phủ về một công việc;")
    assert grounds(LAW, *broken, REQUEST, "QUYẾT ĐỊNH:") == [LAW, " ".join(broken), REQUEST]


def test_a_ground_without_an_end_sign_does_not_swallow_the_decision():
    assert grounds(LAW, "Theo đề nghị của Trưởng Phòng Nội vụ", "QUYẾT ĐỊNH:", "Điều 1. Mẫu.") == [LAW, REQUEST[:-1]]


@pytest.mark.parametrize("box", [None, PLACE])
def test_what_follows_a_whole_ground_is_none(box):
    assert grounds(LAW, LAW, "Phòng Nội vụ báo cáo.", box=box) == [LAW, LAW]


def test_in_a_word_file_paragraphs_are_what_they_are():
    broken = "Căn cứ Nghị định số 99/2015/NĐ-CP của"
    assert grounds(LAW, broken, "Chính phủ về một công việc;", REQUEST, box=None) == [LAW, broken]
