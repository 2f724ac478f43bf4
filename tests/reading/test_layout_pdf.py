"""The layout of PDFs: columns, paragraphs, lines drawn below words, tables, page numbers; scans."""

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import typst

from vbdaemon.demo.format_corpus.base import ND30, decision, letter
from vbdaemon.demo.format_corpus.page_file import page_file
from vbdaemon.model import Limits, ProblemKind
from vbdaemon.model.layout import Alignment, LayoutKind, Side, Zone
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
HEAD = """#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm))
#set text(font: "Libertinus Serif", size: 14pt)
"""


@pytest.fixture
def layout(tmp_path):
    def read(body: bytes, limits: Limits | None = None):
        path = tmp_path / "p.pdf"
        path.write_bytes(body)
        return read_layout(path, "0" * 64, media.PDF, limits or Limits())

    return read


@pytest.fixture
def typeset(layout):
    def read(markup: str):
        return layout(typst.compile((HEAD + markup).encode(), ignore_system_fonts=True, format="pdf"))

    return read


@pytest.fixture(scope="module")
def paper():
    return page_file(decision(ND30))


def words(found, begins):
    return next(p for p in found.paragraphs if p.text.startswith(begins))


def test_a_head_stands_in_two_columns(layout, paper):
    found = layout(paper)
    assert words(found, "PHÒNG NỘI VỤ").side is Side.LEFT
    assert words(found, "CỘNG HÒA").side is Side.RIGHT
    assert words(found, "QUYẾT ĐỊNH").side is Side.WHOLE
    assert words(found, "QUYẾT ĐỊNH").alignment is Alignment.CENTRE


def test_a_line_belongs_to_the_words_above_it(layout, paper):
    found = layout(paper)
    issuer = words(found, "PHÒNG NỘI VỤ")
    assert issuer.strokes[0].length / issuer.width == pytest.approx(0.4, abs=0.05)
    assert words(found, "Số: 05").strokes == ()


def test_lines_that_the_edge_broke_are_one_paragraph(layout, paper):
    body = words(layout(paper), "Các phòng chuyên môn")
    assert (body.lines, body.alignment) == (5, Alignment.JUSTIFY)
    assert body.indent == pytest.approx(36, abs=1)
    assert body.text.endswith("ban hành.")


def test_a_paragraph_runs_on_over_the_end_of_a_page(layout, paper):
    found = layout(paper)
    assert [p for p in found.paragraphs if p.text.startswith("văn bản theo đúng")] == []


def test_the_number_of_a_page_is_told_from_its_words(layout, paper):
    number = layout(paper).page_number
    assert (number.zone, number.alignment, number.start, number.first_hidden) == (
        Zone.HEADER,
        Alignment.CENTRE,
        1,
        True,
    )


def test_margins_are_those_of_the_lines(layout):
    sheet = layout(page_file(letter(ND30))).sheets[0]
    assert sheet.left == pytest.approx(85, abs=1.5)
    assert sheet.right == pytest.approx(42.5, abs=2)
    assert sheet.top is None


def test_words_in_a_table_are_no_paragraphs_of_the_body(typeset):
    found = typeset(
        "Lời văn.\n\n#table(columns: (1fr, 1fr), [STT], [Nội dung], [1], [Việc một], [2], [Việc hai])\n\nHết."
    )
    assert {p.text: p.zone for p in found.paragraphs} == {
        "Lời văn.": Zone.BODY,
        "Hết.": Zone.BODY,
        **dict.fromkeys(("STT", "Nội dung", "1", "Việc một", "2", "Việc hai"), Zone.CELL),
    }


def test_two_columns_that_nearly_touch_are_parted(typeset):
    found = typeset('#text(12pt)[ỦY BAN NHÂN DÂN TỈNH MẪU]#h(9pt)#text(12pt, weight: "bold")[CỘNG HÒA XÃ HỘI]')
    assert [p.text for p in found.paragraphs] == ["ỦY BAN NHÂN DÂN TỈNH MẪU", "CỘNG HÒA XÃ HỘI"]


def test_a_page_over_the_limit_is_a_problem(layout, paper):
    found = layout(paper, replace(Limits(), page_points=500))
    assert [p.kind for p in found.problems] == [ProblemKind.OVER_LIMIT]


@pytest.mark.parametrize("body", [b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n" + b"\x00" * 5000])
def test_a_damaged_file_is_a_problem_not_an_exception(layout, body):
    found = layout(body)
    assert found.kind is LayoutKind.PDF
    assert [p.kind for p in found.problems] == [ProblemKind.DAMAGED]


@pytest.mark.parametrize("name", ["quyet-dinh-47-2025-scan.pdf", "bao-cao-23-2025-scan.pdf"])
def test_of_a_scan_the_sheet_alone_is_known(layout, name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    found = layout(path.read_bytes())
    assert found.kind is LayoutKind.SCAN
    assert found.sheets
    assert found.paragraphs == ()


def test_an_edge_with_too_few_lines_is_unknown(typeset):
    """Where most lines are indented, the leftmost few alone cannot tell the margin."""
    found = typeset("#set par(first-line-indent: (amount: 1cm, all: true))\n" + "\n\n".join(["Lời văn ngắn. " * 8] * 3))
    assert {p.indent for p in found.paragraphs} == {None}
    assert found.sheets[0].left is None


def test_footnotes_are_no_part_of_the_text_that_goes_on_behind_them(typeset):
    note = "#footnote[#text(10pt)[Nghị định về công tác văn thư.]]"
    found = typeset(f"#set par(justify: true)\nMột{note} " + "câu dài đi qua nhiều dòng của trang " * 90)
    assert words(found, "1").zone is Zone.FOOTER
    assert [p.page for p in found.paragraphs if p.zone is Zone.BODY and "câu dài" in p.text] == [1]


def test_an_empty_page_or_an_annex_behind_makes_no_document_of_several_pages(typeset):
    text = "Một đoạn văn bản có đủ chữ để được đọc như là chữ. " * 3
    assert typeset(f"{text}\n#pagebreak()\n{text}").several_pages is True
    assert typeset(f"{text}\n#pagebreak()\n#pagebreak()").several_pages is None
    assert typeset(f"{text}\n#pagebreak()\nPhụ lục II\n\n{text}").several_pages is False


def test_a_file_with_a_password_says_so(layout):
    writer, body = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    writer.write(body)
    assert [problem.kind for problem in layout(body.getvalue()).problems] == [ProblemKind.ENCRYPTED]
