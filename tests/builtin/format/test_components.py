"""Where the components of a document are found, in the ways in which offices build their files."""

from functools import partial

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap

from vbdaemon.builtin.format.components import components_of, form_in, is_party_paper, issued_on
from vbdaemon.builtin.format.measuring import readings
from vbdaemon.model import Limits
from vbdaemon.model.format import Measure, Part
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout
from vbdaemon.rules.loader import load_forms

FORMS = load_forms()
LEFT = ("UBND HUYỆN MẪU", "PHÒNG NỘI VỤ", "Số: 12/QĐ-PNV")
RIGHT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Mẫu, ngày 05 tháng 01 năm 2026")
BELOW = (
    "QUYẾT ĐỊNH",
    "Về việc thử nghiệm",
    "Căn cứ Luật A ngày 01 tháng 01 năm 2015;",
    "Theo đề nghị của B.",
    "QUYẾT ĐỊNH:",
    "Điều 1. Thử nghiệm việc tìm các thành phần của văn bản.",
    "1. Khoản một.",
    "Quyết định này có hiệu lực kể từ ngày ký./.",
)
BOLD = {LEFT[1], *RIGHT[:2], "QUYẾT ĐỊNH", "Về việc thử nghiệm", "CHỦ TỊCH", "Nguyễn Văn Mẫu"}


def two_cells(file):
    left, right = file.add_table(1, 2).rows[0].cells
    for cell, texts in ((left, LEFT), (right, RIGHT)):
        for number, text in enumerate(texts):
            write(cell.add_paragraph() if number else cell.paragraphs[0], text)


def row_by_row(file):
    table = file.add_table(3, 2)
    for row, texts in zip(table.rows, zip(LEFT, RIGHT, strict=True), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            write(cell.paragraphs[0], text)


def tabbed(file):
    for left, right in zip(LEFT, RIGHT, strict=True):
        paragraph = file.add_paragraph()
        write(paragraph, left)
        paragraph.add_run("\t")
        write(paragraph, right)


def broken_lines(file):
    for cell, texts in zip(file.add_table(1, 2).rows[0].cells, (LEFT, RIGHT), strict=True):
        for number, text in enumerate(texts):
            if number:
                cell.paragraphs[0].add_run().add_break()
            write(cell.paragraphs[0], text)


def write(paragraph, text):
    paragraph.add_run(text).bold = text in BOLD


def columns_at_the_end(file, below=()):
    left, right = file.add_table(1, 2).rows[0].cells
    for cell, texts in (
        (left, ("Nơi nhận:", "- Như Điều 1;", "- Lưu: VT.", *below)),
        (right, ("CHỦ TỊCH", "", "", "", "Nguyễn Văn Mẫu")),
    ):
        for number, text in enumerate(texts):
            write(cell.add_paragraph() if number else cell.paragraphs[0], text)


@pytest.fixture
def found(tmp_path):
    def read(*builders, below=BELOW):
        file = docx.Document()
        for builder in builders[:1]:
            builder(file)
        for text in below:
            paragraph = file.add_paragraph()
            write(paragraph, text)
            if text.isupper() or text in BOLD:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for builder in builders[1:]:
            builder(file)
        path = tmp_path / "w.docx"
        file.save(str(path))
        return components_of(read_layout(path, "0" * 64, media.DOCX, Limits()), FORMS)

    return read


def texts(components, part):
    return [fragment.text for fragment in components.of(part)]


@pytest.mark.parametrize("heading", [two_cells, row_by_row, tabbed, broken_lines])
def test_the_head_is_found_however_it_is_built(found, heading):
    components = found(heading, columns_at_the_end)
    assert texts(components, Part.PARENT) == [LEFT[0]]
    assert texts(components, Part.ISSUER) == [LEFT[1]]
    assert texts(components, Part.NUMBER) == [LEFT[2]]
    assert texts(components, Part.NATIONAL_TITLE) == [RIGHT[0]]
    assert texts(components, Part.MOTTO) == [RIGHT[1]]
    assert texts(components, Part.PLACE_DATE) == [RIGHT[2]]
    assert texts(components, Part.FORM_NAME) == ["QUYẾT ĐỊNH"]
    assert texts(components, Part.SUBJECT) == ["Về việc thử nghiệm"]


@pytest.mark.parametrize(
    "words", [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "VIỆT NAM"), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "NAM")]
)
def test_the_national_title_is_whole_wherever_a_narrow_column_breaks_it(found, words):
    def narrow(file):
        left, right = file.add_table(1, 2).rows[0].cells
        for cell, lines in ((left, LEFT), (right, (*words, *RIGHT[1:]))):
            for number, text in enumerate(lines):
                write(cell.add_paragraph() if number else cell.paragraphs[0], text)

    components = found(narrow, columns_at_the_end)
    assert texts(components, Part.NATIONAL_TITLE) == [RIGHT[0]]
    assert texts(components, Part.MOTTO) == [RIGHT[1]]
    assert texts(components, Part.ISSUER) == [LEFT[1]]


def test_the_body_lies_between_head_and_end(found):
    components = found(two_cells, columns_at_the_end)
    assert texts(components, Part.LEGAL_BASIS) == list(BELOW[2:4])
    assert texts(components, Part.ARTICLE) == ["Điều 1."]
    assert texts(components, Part.BODY) == list(BELOW[6:])
    assert texts(components, Part.BODY_END) == [BELOW[7]]


def test_the_end_is_found_in_its_columns(found):
    components = found(two_cells, columns_at_the_end)
    assert texts(components, Part.AUTHORITY) == ["CHỦ TỊCH"]
    assert texts(components, Part.SIGNER_NAME) == ["Nguyễn Văn Mẫu"]
    assert texts(components, Part.RECIPIENTS_HEADING) == ["Nơi nhận:"]
    assert texts(components, Part.RECIPIENTS) == ["- Như Điều 1;", "- Lưu: VT."]


def test_the_electronic_copies_are_a_list_of_their_own_below(found):
    """607/UBND-VP itself lists "Bản điện tử:" below "Lưu: VT"."""
    components = found(two_cells, partial(columns_at_the_end, below=("Bản điện tử:", "- Như trên;", "- LĐVP, CVVP.")))
    assert texts(components, Part.RECIPIENTS) == ["- Như Điều 1;", "- Lưu: VT."]


def test_day_and_form_are_read_from_the_components(found):
    components = found(two_cells, columns_at_the_end)
    assert str(issued_on(components)) == "2026-01-05"
    assert form_in(components, FORMS) == "quyet-dinh"


def test_a_letter_that_begins_with_a_ground_has_no_legal_basis(found):
    components = found(two_cells, columns_at_the_end, below=("Căn cứ Công văn số 1 ngày 2, đề nghị thực hiện./.",))
    assert texts(components, Part.LEGAL_BASIS) == []
    assert len(texts(components, Part.BODY)) == 1


def test_the_issuer_of_two_lines_is_one_component(found, monkeypatch):
    lines = ("ỦY BAN NHÂN DÂN", "HUYỆN MẪU", LEFT[2])
    monkeypatch.setitem(globals(), "LEFT", lines)
    BOLD.update(lines[:2])
    components = found(two_cells, columns_at_the_end)
    assert texts(components, Part.ISSUER) == list(lines[:2])
    assert texts(components, Part.PARENT) == []


def test_a_party_paper_is_known_by_its_heading(found):
    def party(file):
        left, right = file.add_table(1, 2).rows[0].cells
        left.text, right.text = "HUYỆN ỦY MẪU", "ĐẢNG CỘNG SẢN VIỆT NAM"

    assert is_party_paper(found(party))
    assert not is_party_paper(found(two_cells))


def test_an_empty_document_has_no_components(found):
    components = found(below=())
    assert [part for part in Part if components.of(part)] == []


LINE = '<w:r {} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:line from="0,0" to="{}pt,0"/></w:pict></w:r>'


def shares(components, part):
    return [reading.value for reading in readings(Measure.LINE, part, components)]


def anchored(*places):
    """Lines of so many points, anchored in these paragraphs of the file."""

    def build(file):
        paragraphs = list(file.element.body.iter(f"{{{nsmap['w']}}}p"))
        for place, length in places:
            paragraphs[place].append(parse_xml(LINE.format(nsdecls("w"), length)))

    return build


@pytest.mark.parametrize("place", [1, 2])
def test_a_line_may_be_anchored_anywhere_in_its_column(found, place):
    (share,) = shares(found(two_cells, anchored((place, 40))), Part.ISSUER)
    assert share == pytest.approx(0.45, abs=0.05)


def test_where_no_line_is_drawn_it_is_missing(found):
    assert shares(found(two_cells), Part.ISSUER) == [0.0]


def test_a_line_that_hangs_elsewhere_leaves_it_open(found):
    components = found(two_cells, anchored((13, 40)))
    assert shares(components, Part.ISSUER) == []
    assert shares(components, Part.MOTTO) == []
