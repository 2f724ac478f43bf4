"""Papers as offices build them: what is in order by the rules is not called a fault, however it is made."""

import io
from dataclasses import replace

import docx
import pypdf
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, RGBColor
from PIL import Image

from vbdaemon.builtin.format.examination import examined
from vbdaemon.demo.format_corpus.base import ND30, letter
from vbdaemon.demo.format_corpus.ordinary import END, LONG, named, ordinary_papers, signer, text
from vbdaemon.demo.format_corpus.page_file import page_file
from vbdaemon.demo.format_corpus.word_file import word_file
from vbdaemon.model import Limits
from vbdaemon.model.format import FormatRules
from vbdaemon.model.format_result import FormatOutcome
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout
from vbdaemon.rules.format import load_format_rules
from vbdaemon.rules.loader import load_forms
from vbdaemon.testing import TODAY

RULES, FORMS = FormatRules(load_format_rules()), load_forms()
LETTER, PAPERS = letter(ND30), ordinary_papers()
SHORT = replace(LETTER, numbers=None, body=(*LETTER.body[:5], LETTER.body[-1]))


def examination(tmp_path, body, kind=media.DOCX):
    path = tmp_path / "paper"
    path.write_bytes(body)
    layout = read_layout(path, "0" * 64, kind, Limits())
    assert layout is not None
    return examined(layout, RULES, FORMS, TODAY)


def faults(found):
    return [(result.rule.id, fault.measured) for result in found.failed for fault in result.faults]


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_word_file_in_order_has_no_fault(tmp_path, paper):
    assert faults(examination(tmp_path, word_file(paper))) == []


@pytest.mark.slow
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_pdf_in_order_has_no_fault(tmp_path, paper):
    assert faults(examination(tmp_path, page_file(paper), media.PDF)) == []


def paragraphs(file):
    return [paragraph for paragraph in file.paragraphs if paragraph.text.startswith(LETTER.body[3].text[:20])]


def indented_by_tabs(file):
    for paragraph in paragraphs(file):
        paragraph.paragraph_format.first_line_indent = Mm(0)
        run = OxmlElement("w:r")
        run.append(OxmlElement("w:tab"))
        paragraph._p.insert(1, run)


def indented_by_blanks(file):
    for paragraph in paragraphs(file):
        paragraph.paragraph_format.first_line_indent = Mm(0)
        paragraph.runs[0].text = " " * 8 + paragraph.runs[0].text


def spaced_at_least(file):
    for paragraph in paragraphs(file):
        spacing = paragraph._p.pPr.find(qn("w:spacing"))
        spacing.set(qn("w:line"), "0")
        spacing.set(qn("w:lineRule"), "atLeast")


def below_a_table(file):
    table = file.add_table(2, 4)
    before, after = paragraphs(file)[:2]
    before._p.addnext(table._tbl)
    after.paragraph_format.space_before = 0


def with_a_box(file):
    box = """<w:r {} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>
        <w:rPr><w:sz w:val="20"/></w:rPr><w:t>Bước 1: tiếp nhận</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>
        </w:pict></w:r>"""
    paragraphs(file)[0]._p.append(parse_xml(box.format(nsdecls("w"))))


def with_hidden_words(file):
    run = paragraphs(file)[0].add_run("ghi chú ẩn")
    run.font.hidden, run.font.name, run.font.color.rgb = True, "Arial", RGBColor(255, 0, 0)


def nearly_black(file):
    for paragraph in paragraphs(file):
        paragraph.runs[0].font.color.rgb = RGBColor(0x0D, 0x0D, 0x0D)


def with_wide_annex(file):
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.page_width, section.page_height = section.page_height, section.page_width
    annex(file, broken=False)


def annex(file, *, broken=True):
    lines = ("Phụ lục", "SƠ ĐỒ TIẾP NHẬN", "(Kèm theo Công văn số 05/UBND-NV của Phòng Nội vụ Mẫu)")
    for number, words in enumerate(lines):
        paragraph = file.add_paragraph()
        run = paragraph.add_run(words)
        run.bold, run.italic = number < 2, number == 2
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.page_break_before = (broken and not number) or None


def one_page_with_annex(file):
    annex(file)


def continuous_section(file):
    file.add_section(WD_SECTION.CONTINUOUS)


def numbered_annex(file):
    section = file.add_section(WD_SECTION.NEW_PAGE)
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)
    annex(file, broken=False)


MADE = {
    indented_by_tabs: LETTER,
    indented_by_blanks: LETTER,
    spaced_at_least: LETTER,
    below_a_table: LETTER,
    with_a_box: LETTER,
    with_hidden_words: LETTER,
    nearly_black: LETTER,
    with_wide_annex: LETTER,
    one_page_with_annex: SHORT,
    continuous_section: SHORT,
    numbered_annex: SHORT,
}


def made(paper, build):
    file, body = docx.Document(io.BytesIO(word_file(paper))), io.BytesIO()
    build(file)
    file.save(body)
    return body.getvalue()


@pytest.mark.parametrize(("build", "paper"), MADE.items(), ids=[build.__name__ for build in MADE])
def test_it_does_not_matter_how_the_program_was_used(tmp_path, build, paper):
    assert faults(examination(tmp_path, made(paper, build))) == []


def test_a_list_that_skips_a_number_is_still_found(tmp_path):
    paper = named("KẾ HOẠCH", *(text(f"{number}. Việc;") for number in (1, 2, 4)), text(END))
    assert faults(examination(tmp_path, word_file(paper))) == [("F20", "khoản 4 đứng sau khoản 2")]


def test_degrees_are_a_fault_of_other_bodies(tmp_path):
    paper = replace(LETTER, foot_right=signer("TRƯỞNG PHÒNG", "TS. Nguyễn Văn Mẫu"))
    assert [rule for rule, _ in faults(examination(tmp_path, word_file(paper)))] == ["F23-degree"]


def test_a_page_number_of_the_document_itself_is_still_missed(tmp_path):
    paper = replace(LETTER, numbers=None)
    assert faults(examination(tmp_path, made(paper, annex))) == [("F5", "không có thành phần này")]


def outcome(found, rule):
    return next(result.outcome for result in found.results if result.rule.id == rule)


def test_behind_a_table_at_the_end_the_end_mark_is_not_judged(tmp_path):
    def table_last(file):
        last = next(p for p in file.paragraphs if p.text.startswith("Kết quả"))
        last._p.addnext(file.add_table(2, 4)._tbl)
        for cell in file.tables[1]._cells:
            cell.text = "Số liệu"

    paper = named("BÁO CÁO", text(LONG + "."), text("Kết quả cụ thể theo bảng dưới đây:"))
    assert outcome(examination(tmp_path, made(paper, table_last)), "F21") is FormatOutcome.NOT_CHECKABLE


def test_of_letters_in_tcvn3_nothing_but_font_and_encoding_is_judged(tmp_path):
    def in_tcvn3(file):
        cells = (cell for table in file.tables for cell in table._cells)
        for paragraph in (*file.paragraphs, *(p for cell in cells for p in cell.paragraphs)):
            for run in paragraph.runs:
                run.font.name = ".VnTime"

    found = examination(tmp_path, made(LETTER, in_tcvn3))
    assert [rule for rule, _ in faults(found)] == ["F4", "F4-encoding"]
    assert outcome(found, "F6") is FormatOutcome.NOT_CHECKABLE


def test_a_normative_document_is_left_alone(tmp_path):
    found = examination(tmp_path, word_file(named("QUYẾT ĐỊNH", text(END), number="Số: 05/2026/QĐ-UBND")))
    assert (found.normative, found.results) == (True, ())


def test_a_contract_needs_none_of_what_letters_have(tmp_path):
    body = (text("Hôm nay, hai bên thống nhất ký hợp đồng."), text(LONG + "."))
    paper = named("HỢP ĐỒNG THUÊ KHOÁN", *body)
    paper = replace(paper, head_left=(), head_right=paper.head_right[:2], foot_left=(), foot_right=())
    found = faults(examination(tmp_path, word_file(paper)))
    assert [rule for rule, words in found if words == "không có thành phần này"] == []


def test_words_made_to_search_for_hours_do_not_hold_the_check_up(tmp_path):
    grounds = (f"Căn cứ Nghị định {'số ' * 20_000};", f"Căn cứ Nghị định {'số x ngày ' * 10_000};")
    paper = named("QUYẾT ĐỊNH", *(text(words, italic=True) for words in grounds), text(END))
    assert "F15" in [rule for rule, _ in faults(examination(tmp_path, word_file(paper)))]


@pytest.mark.slow
@pytest.mark.parametrize("picture", [True, False], ids=["a picture", "not there"])
def test_an_end_on_a_page_that_is_a_picture_is_not_missed(tmp_path, picture):
    """The page with the signature is often put in as a scan."""
    digital = pypdf.PdfReader(io.BytesIO(page_file(LETTER)))
    writer, page, body = pypdf.PdfWriter(), io.BytesIO(), io.BytesIO()
    writer.add_page(digital.pages[0])
    if picture:
        Image.effect_noise((595, 842), 60).save(page, "PDF")
        writer.append(page)
    writer.write(body)
    missing = {rule for rule, _ in faults(examination(tmp_path, body.getvalue(), media.PDF))} & {"F21", "F22", "F25"}
    assert missing == (set() if picture else {"F21", "F22", "F25"})
