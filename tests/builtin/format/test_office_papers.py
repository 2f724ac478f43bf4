"""Papers as offices build them: what is in order by the rules is not called a fault, however it is made."""

import io
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, RGBColor

from vbdaemon.builtin.format.examination import examined
from vbdaemon.demo.format_corpus.base import ND30, decision, letter
from vbdaemon.demo.format_corpus.page_file import page_file
from vbdaemon.demo.format_corpus.paper import Words
from vbdaemon.demo.format_corpus.word_file import word_file
from vbdaemon.model import Limits
from vbdaemon.model.format import FormatRules, Part
from vbdaemon.model.format_result import FormatOutcome
from vbdaemon.model.layout import Alignment
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout
from vbdaemon.rules.format import load_format_rules
from vbdaemon.rules.loader import load_forms
from vbdaemon.testing import TODAY

RULES, FORMS = FormatRules(load_format_rules()), load_forms()
LETTER = letter(ND30)
LONG = LETTER.body[3].text
END = "Trên đây là kế hoạch của Phòng Nội vụ Mẫu, đề nghị các đơn vị thực hiện./."
SHORT = replace(LETTER, numbers=None, body=(*LETTER.body[:5], LETTER.body[-1]))
CONTACT = "Mọi vướng mắc liên hệ ông Nguyễn Văn Mẫu, điện thoại: 0000 000 000, thư điện tử: a@mau.example."


def text(words, **setting):
    return Words(Part.BODY, words, **{"indent": 12.7, "gap": 6, **setting})


def named(name, *body, number="Số: 05/KH-PNV", subject="Cải cách hành chính năm 2026"):
    paper = decision(ND30)
    title, below = paper.body[:2]
    head = (*paper.head_left[:2], replace(paper.head_left[2], text=number))
    lines = (replace(title, text=name), replace(below, text=subject), *body)
    return replace(paper, head_left=head, body=lines, annex=())


def signer(title, name):
    return (
        Words(Part.AUTHORITY, title, bold=True, alignment=Alignment.CENTRE),
        Words(Part.SIGNER_NAME, name, bold=True, alignment=Alignment.CENTRE, gap=70),
    )


def minutes():
    paper = named("BIÊN BẢN", text(LONG + "."), text("Cuộc họp kết thúc vào 10 giờ./."), number="Số: 05/BB-PNV")
    after = (
        Words(None, "Nơi nhận:", size=12, bold=True, italic=True, alignment=Alignment.LEFT),
        Words(None, "- Như thành phần;", size=11, alignment=Alignment.LEFT),
        Words(None, "- Lưu: VT, Hồ sơ.", size=11, alignment=Alignment.LEFT),
    )
    left, right = signer("THƯ KÝ", "Trần Thị Mẫu"), signer("CHỦ TỌA", "Nguyễn Văn Mẫu")
    return replace(paper, head_right=paper.head_right[:2], foot_left=left, foot_right=right, after=after)


def hospital():
    parent, issuer, number, *more = LETTER.head_left
    names = (replace(parent, text="SỞ Y TẾ TỈNH MẪU"), replace(issuer, text="BỆNH VIỆN ĐA KHOA MẪU"))
    contact = Words(None, "Địa chỉ: khu Mẫu; ĐT: 0000 000", size=9, alignment=Alignment.CENTRE)
    head = (*names, contact, replace(number, text="Số: 05/BVĐK-TCHC"), *more)
    return replace(LETTER, head_left=head, foot_right=signer("GIÁM ĐỐC", "TS. Nguyễn Văn Mẫu"))


def addressed(*lines):
    words = (Words(None, line, alignment=Alignment.LEFT, indent=indent, gap=6) for line, indent in lines)
    return replace(LETTER, body=(*words, *LETTER.body[3:]))


HEADING = text("I. MỤC ĐÍCH, YÊU CẦU", bold=True)
OPENING = (
    "Thực hiện Kế hoạch số 10/KH-UBND ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân huyện Mẫu, "
    "Phòng Nội vụ xây dựng kế hoạch như sau:"
)
PAPERS = {
    "an opening sentence above a heading in capitals is no legal basis": named(
        "KẾ HOẠCH", text(OPENING), HEADING, text(END)
    ),
    "an opening statement is none either": named(
        "BÁO CÁO",
        text("Thực hiện Công văn số 1/UBND-NV ngày 05 tháng 01 năm 2026, Phòng Nội vụ báo cáo."),
        HEADING,
        text(END),
    ),
    "one line looks alike however it is aligned": named(
        "KẾ HOẠCH", replace(HEADING, alignment=Alignment.LEFT), text("- Một dòng;", alignment=Alignment.LEFT), text(END)
    ),
    "captions are no paragraphs of the body": named(
        "KẾ HOẠCH",
        text(LONG + "."),
        text("Biểu 1. Kết quả thực hiện", alignment=Alignment.CENTRE, italic=True, indent=0.0),
        text("Đơn vị tính: hồ sơ", alignment=Alignment.RIGHT, italic=True, indent=0.0),
        text(END),
    ),
    "a remark in brackets is italic by custom": named(
        "KẾ HOẠCH", text(LONG + "."), text("(Có danh sách kèm theo)", italic=True), text(END)
    ),
    "a clause goes on after a list inside it": named(
        "KẾ HOẠCH", *(text(f"{number}. Việc gồm nhiều việc;") for number in (1, 2, 1, 2, 3, 3)), text(END)
    ),
    "a contact in the text is not the address block": replace(
        LETTER, body=(*LETTER.body[:5], text(CONTACT), *LETTER.body[5:])
    ),
    "minutes have no place and date, and two signers": minutes(),
    "bodies of health print degrees, and a contact below their name": hospital(),
    "an addressee may take two lines": addressed(
        ("Kính gửi:", 40),
        ("- Các cơ quan chuyên môn, đơn vị sự nghiệp công lập thuộc huyện và các cơ quan, tổ chức có liên quan;", 50),
        ("- Ủy ban nhân dân các xã,", 50),
        ("thị trấn.", 50),
    ),
    "one addressee may take two lines": addressed(
        ("Kính gửi: Ủy ban nhân dân các xã, thị trấn trên địa bàn huyện Mẫu và các cơ quan liên quan", 0)
    ),
    "a long subject of a letter takes several lines": LETTER.one(
        Part.LETTER_SUBJECT, lambda words: replace(words, text="V/v thử nghiệm thể thức và kỹ thuật trình bày văn bản")
    ),
    "an entry of a list may be broken by hand": replace(
        LETTER,
        foot_left=(
            LETTER.foot_left[0],
            Words(None, "- Các Sở: Tài chính, Xây dựng", size=11, alignment=Alignment.LEFT),
            Words(None, "Tài nguyên và Môi trường;", size=11, alignment=Alignment.LEFT),
            Words(None, "- Lưu: VT, NV (05).", size=11, alignment=Alignment.LEFT),
        ),
    ),
    "an invitation has many lines of its own": named(
        "GIẤY MỜI",
        text("Phòng Nội vụ trân trọng kính mời: đại diện lãnh đạo Ủy ban nhân dân các xã, thị trấn."),
        *(text(f"{name}: phòng họp số 1, khu Mẫu.") for name in ("Chủ trì", "Thời gian", "Địa điểm", "Nội dung")),
        text("Đề nghị các đại biểu đến dự đúng thành phần, thời gian./."),
        number="Số: 05/GM-PNV",
    ),
    "a telegram names whom it is for below the subject": named(
        "CÔNG ĐIỆN",
        Words(None, "TRƯỞNG PHÒNG NỘI VỤ điện:", alignment=Alignment.CENTRE, gap=6),
        text("- Ủy ban nhân dân các xã;", indent=40),
        text("- Các đơn vị sự nghiệp.", indent=40),
        text(f"{LONG}./."),
        number="Số: 05/CĐ-PNV",
    ),
    "a remark below the subject is no part of it": named(
        "BÁO CÁO",
        Words(None, "(Phục vụ kỳ họp thứ 5)", italic=True, alignment=Alignment.CENTRE, line=0.6),
        text(f"{LONG}./."),
        number="Số: 05/BC-PNV",
    ).one(Part.SUBJECT, lambda words: replace(words, line=None)),
    "who decides stands above the legal basis": named(
        "QUYẾT ĐỊNH",
        Words(None, "TRƯỞNG PHÒNG NỘI VỤ", bold=True, alignment=Alignment.CENTRE, gap=12),
        *decision(ND30).body[2:6],
        text(f"{LONG}./."),
        number="Số: 05/QĐ-PNV",
    ),
    "the first chapter is no part of the subject": named(
        "QUY CHẾ", *decision(ND30).body[6:], number="Số: 05/QC-PNV", subject="Làm việc của Phòng Nội vụ Mẫu"
    ),
}


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
    return [paragraph for paragraph in file.paragraphs if paragraph.text.startswith(LONG[:20])]


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
