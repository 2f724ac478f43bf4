"""Word, Excel and text files."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import openpyxl
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from vbdaemon.model import ContentKind, Problem, ProblemKind
from vbdaemon.reading.docx import read_docx
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.text import decoded, read_text
from vbdaemon.reading.xlsx import MOST_COLUMNS, MOST_ROWS, read_xlsx

SHA = "0" * 64


@pytest.fixture
def read(tmp_path, limits):
    def of(document, bounds=limits):
        path = tmp_path / "a.docx"
        document.save(str(path))
        return read_docx(path, SHA, bounds)

    return of


def changed(path, name: str, change) -> bytes:
    """A zip with one entry rewritten."""
    stream = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info.filename, change(body) if info.filename == name else body)
    return stream.getvalue()


def texts(content) -> list[str]:
    return [line.text for page in content.pages for line in page.lines]


def test_a_header_table_is_read_cell_by_cell(read):
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MẪU"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    table.cell(1, 0).text = "Số:        /UBND-VP"
    table.cell(1, 1).text = "Đồng Mẫu, ngày      tháng 01 năm 2025"
    document.add_paragraph("Kính gửi: Sở Nội vụ")
    content = read(document)
    assert (content.kind, len(content.pages), content.page_count) == (ContentKind.DOCX, 1, 1)
    assert texts(content) == [
        "ỦY BAN NHÂN DÂN",
        "XÃ ĐỒNG MẪU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: /UBND-VP",
        "Đồng Mẫu, ngày tháng 01 năm 2025",
        "Kính gửi: Sở Nội vụ",
    ]


def test_columns_made_with_tabs_are_lines_of_their_own(read):
    document = docx.Document()
    document.add_paragraph("UBND XÃ ĐỒNG MẪU\t\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    document.add_paragraph("Số:\t/UBND")
    assert texts(read(document)) == ["UBND XÃ ĐỒNG MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: /UBND"]


def test_size_bold_and_italic_are_inherited(read):
    document = docx.Document()
    base = document.styles.add_style("Nen", WD_STYLE_TYPE.PARAGRAPH)
    base.font.size, base.font.bold, base.font.name = Pt(14), True, "Times New Roman"
    derived = document.styles.add_style("Con", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style, derived.font.italic = base, True
    emphasis = document.styles.add_style("Nhan", WD_STYLE_TYPE.CHARACTER)
    emphasis.font.bold = False
    document.add_paragraph("từ nền", style="Nen")
    document.add_paragraph("từ con", style="Con")
    document.add_paragraph(style="Con").add_run("kiểu chữ", style="Nhan")
    document.add_paragraph(style="Con").add_run("trực tiếp").font.size = Pt(11)
    found = [(line.size, line.bold, line.italic, line.font) for line in read(document).pages[0].lines]
    assert found == [
        (14.0, True, False, "Times New Roman"),
        (14.0, True, True, "Times New Roman"),
        (14.0, False, True, "Times New Roman"),
        (11.0, True, True, "Times New Roman"),
    ]


def test_document_defaults_and_theme_fonts_are_the_last_word(read):
    document = docx.Document()
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.find(qn("w:sz")).set(qn("w:val"), "27")
    document.add_paragraph("mặc định")
    (line,) = read(document).pages[0].lines
    assert line.size == 13.5
    assert line.font == "Cambria"


def test_styles_based_on_each_other_end(read):
    document = docx.Document()
    one = document.styles.add_style("Mot", WD_STYLE_TYPE.PARAGRAPH)
    two = document.styles.add_style("Hai", WD_STYLE_TYPE.PARAGRAPH)
    one.base_style, two.base_style = two, one
    document.add_paragraph("vòng", style="Mot")
    assert texts(read(document)) == ["vòng"]


def test_the_style_of_a_line_is_that_of_most_letters(read):
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("a").bold = True
    paragraph.add_run(" phần còn lại của dòng")
    assert not read(document).pages[0].lines[0].bold


def test_letters_shown_as_capitals_are_capitals(read):
    document = docx.Document()
    document.add_paragraph().add_run("quyết định").font.all_caps = True
    assert texts(read(document)) == ["QUYẾT ĐỊNH"]


def test_a_text_box_is_read_once(read):
    document = docx.Document()
    inner = f"<w:txbxContent {nsdecls('w')}><w:p><w:r><w:t>HỎA TỐC</w:t></w:r></w:p></w:txbxContent>"
    compat = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    drawing = parse_xml(
        f'<mc:AlternateContent xmlns:mc="{compat}"><mc:Choice Requires="wps">{inner}</mc:Choice>'
        f"<mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent>"
    )
    document.add_paragraph("Kính gửi").runs[0]._r.append(drawing)
    assert texts(read(document)) == ["Kính gửi", "HỎA TỐC"]


def test_a_watermark_in_the_header_is_read(read):
    document = docx.Document()
    shape = parse_xml('<v:textpath xmlns:v="urn:schemas-microsoft-com:vml" string="DỰ THẢO"/>')
    document.sections[0].header.paragraphs[0].add_run()._r.append(shape)
    document.add_paragraph("thân")
    assert texts(read(document)) == ["DỰ THẢO", "thân"]


def test_deleted_text_is_gone_and_inserted_text_is_there(read):
    document = docx.Document()
    paragraph = document.add_paragraph("còn ")._p
    for tag, kind, words in (("w:del", "w:delText", "xóa"), ("w:ins", "w:t", "thêm")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(kind)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph.append(change)
    assert texts(read(document)) == ["còn thêm"]


def test_decomposed_letters_are_composed(read):
    document = docx.Document()
    document.add_paragraph("Quye\u0302\u0301t đi\u0323nh")
    assert texts(read(document)) == ["Quyết định"]


def test_a_legacy_font_is_said(read):
    document = docx.Document()
    document.add_paragraph().add_run("Céng hoµ x· héi chñ nghÜa").font.name = ".VnTime"
    assert read(document).has(ProblemKind.LEGACY_ENCODING)


def test_entities_of_a_docx_are_not_resolved(tmp_path, limits):
    secret = tmp_path / "secret"
    secret.write_text("bí mật của máy")
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("thân XXX")
    document.save(str(path))

    def attack(body: bytes) -> bytes:
        doctype = f'<!DOCTYPE w [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
        return re.sub(rb"(<\?xml.*?\?>)", rb"\1" + doctype, body, count=1).replace(b"XXX", b"&e;")

    path.write_bytes(changed(path, "word/document.xml", attack))
    assert "bí mật" not in read_docx(path, SHA, limits).text


def test_a_docx_bomb_is_over_the_limit_before_it_is_unpacked(tmp_path, limits):
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    path.write_bytes(changed(path, "word/document.xml", lambda body: body + b" " * 40_000_000))
    assert read_docx(path, SHA, limits).has(ProblemKind.OVER_LIMIT)


def test_too_many_entries_are_over_the_limit(tmp_path, limits):
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    assert read_docx(path, SHA, replace(limits, archive_files=3)).has(ProblemKind.OVER_LIMIT)


def test_cells_are_lines_and_sheets_are_pages(tmp_path, limits):
    book = openpyxl.Workbook()
    book.active.append(["STT", "Tên cơ quan", None, 12.5])
    book.create_sheet("trống")
    path = tmp_path / "a.xlsx"
    book.save(path)
    content = read_xlsx(path, SHA, limits)
    assert texts(content) == ["STT", "Tên cơ quan", "12.5"]
    assert [page.blank for page in content.pages] == [False, True]


def test_a_sheet_that_claims_millions_of_cells_is_bounded(tmp_path, limits):
    book = openpyxl.Workbook()
    book.active["A1"] = "đầu"
    book.active["XFD1048576"] = "cuối"
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert MOST_ROWS * MOST_COLUMNS < 200_000
    assert texts(read_xlsx(path, SHA, limits)) == ["đầu"]


def test_entities_of_an_xlsx_are_refused(tmp_path, limits):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "XXX"
    book.save(path)
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def attack(body: bytes) -> bytes:
        return (bomb + body).replace(b"XXX", b"&b;")

    path.write_bytes(changed(path, "xl/sharedStrings.xml", attack))
    found = guarded(lambda: read_xlsx(path, SHA, limits), "reading")
    assert isinstance(found, Problem) or "aaaaaaaaaa" not in found.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_text_is_decoded(encoding):
    text = "Kính gưi các đơn vi"
    assert decoded(text.encode(encoding)) == text


def test_lines_of_text_are_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("  Kính   gửi:\n\nSở Nội vụ\n")
    assert texts(read_text(path, SHA)) == ["Kính gửi:", "Sở Nội vụ"]


def test_text_in_legacy_letters_is_said(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Céng hoµ x· héi chñ nghÜa ViÖt Nam")
    assert read_text(path, SHA).has(ProblemKind.LEGACY_ENCODING)


def test_very_long_text_is_read_in_part(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(("chữ " * 500 + "\n") * 900)
    content = read_text(path, SHA)
    assert content.has(ProblemKind.OVER_LIMIT)
    assert content.pages[0].lines
