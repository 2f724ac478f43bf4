"""The layout of Word files: real inheritance, columns, lines, page numbers, hostile files."""

import copy
import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from PIL import Image

from vbdaemon.model import Limits, ProblemKind
from vbdaemon.model.layout import Alignment, LayoutKind, Side, StrokeKind, Zone
from vbdaemon.reading import layout_docx, media
from vbdaemon.reading.layout import read_layout


@pytest.fixture
def word():
    return docx.Document()


@pytest.fixture
def layout(tmp_path, word):
    def read(limits: Limits | None = None):
        path = tmp_path / "w.docx"
        word.save(str(path))
        return read_layout(path, "0" * 64, media.DOCX, limits or Limits())

    return read


def only(read):
    return next(p for p in read.paragraphs if not p.empty)


class TestInheritance:
    def test_paragraph_settings_come_from_the_style_it_is_based_on(self, word, layout):
        base = word.styles.add_style("Base", WD_STYLE_TYPE.PARAGRAPH)
        base.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        base.paragraph_format.first_line_indent = Pt(36)
        derived = word.styles.add_style("Derived", WD_STYLE_TYPE.PARAGRAPH)
        derived.base_style = base
        derived.paragraph_format.line_spacing = 1.5
        word.add_paragraph("Lời văn", style="Derived")
        found = only(layout())
        assert (found.alignment, found.indent, found.spacing) == (Alignment.JUSTIFY, 36.0, 1.5)

    def test_what_a_paragraph_says_itself_wins(self, word, layout):
        word.styles["Normal"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        word.add_paragraph("Lời văn").alignment = WD_ALIGN_PARAGRAPH.CENTER
        assert only(layout()).alignment is Alignment.CENTRE

    def test_a_style_in_a_circle_ends(self, word, layout):
        one = word.styles.add_style("One", WD_STYLE_TYPE.PARAGRAPH)
        two = word.styles.add_style("Two", WD_STYLE_TYPE.PARAGRAPH)
        one.base_style, two.base_style = two, one
        word.add_paragraph("Lời văn", style="One")
        assert only(layout()).text == "Lời văn"

    def test_colour_comes_from_run_or_style_and_automatic_is_black(self, word, layout):
        word.styles["Normal"].font.color.rgb = RGBColor(0xFF, 0, 0)
        paragraph = word.add_paragraph("đỏ")
        paragraph.add_run("xanh").font.color.rgb = RGBColor(0, 0, 0xFF)
        automatic = paragraph.add_run("đen")
        automatic._r.get_or_add_rPr().append(parse_xml(f'<w:color {nsdecls("w")} w:val="auto"/>'))
        assert [run.colour for run in only(layout()).runs] == ["FF0000", "0000FF", "000000"]

    def test_a_list_gives_its_own_indent(self, word, layout):
        word.add_paragraph("một", style="List Number")
        found = only(layout())
        assert found.numbered
        assert found.indent == 0.0  # hanging: the number stands at the edge

    def test_exact_distances_of_lines_are_compared_with_single_ones(self, word, layout):
        word.styles["Normal"].font.size = Pt(14)
        word.add_paragraph("Lời văn").paragraph_format.line_spacing = Pt(16)
        assert only(layout()).spacing == pytest.approx(0.99, abs=0.01)


class TestSpace:
    def test_the_gap_is_what_both_paragraphs_leave(self, word, layout):
        word.add_paragraph("một").paragraph_format.space_after = Pt(2)
        word.add_paragraph("hai").paragraph_format.space_before = Pt(4)
        assert [p.gap for p in layout().paragraphs] == [None, 6.0]

    def test_an_empty_paragraph_is_a_gap(self, word, layout):
        for text in ("một", "", "hai"):
            word.add_paragraph(text).paragraph_format.space_after = Pt(0)
        assert layout().paragraphs[-1].gap > 6

    def test_paragraphs_of_one_style_can_stand_close(self, word, layout):
        style = word.styles["Normal"]
        style.paragraph_format.space_after = Pt(6)
        style.element.get_or_add_pPr().append(OxmlElement("w:contextualSpacing"))
        word.add_paragraph("một")
        word.add_paragraph("hai")
        assert layout().paragraphs[-1].gap == 0.0


class TestPlaces:
    def test_the_cells_of_a_head_are_its_columns(self, word, layout):
        left, right = word.add_table(1, 2).rows[0].cells
        left.text, right.text = "ỦY BAN", "CỘNG HÒA"
        assert [(p.zone, p.side, p.column) for p in layout().paragraphs if not p.empty] == [
            (Zone.CELL, Side.LEFT, 0),
            (Zone.CELL, Side.RIGHT, -1),
        ]

    def test_a_tab_parts_two_columns(self, word, layout):
        word.add_paragraph("ỦY BAN\tCỘNG HÒA")
        assert [(p.text, p.side) for p in layout().paragraphs] == [("ỦY BAN", Side.LEFT), ("CỘNG HÒA", Side.RIGHT)]

    def test_a_text_box_is_read_once(self, word, layout):
        box = (
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>'
            "<w:p><w:r><w:t>trong hộp</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:pict><v:textbox>"
            "<w:txbxContent><w:p><w:r><w:t>trong hộp</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>"
        )
        word.add_paragraph("ngoài")._p.append(parse_xml(box))
        found = [p for p in layout().paragraphs if not p.empty]
        assert [(p.text, p.zone, p.index) for p in found] == [("ngoài", Zone.BODY, 0), ("trong hộp", Zone.BOX, 1)]


class TestLines:
    @pytest.mark.parametrize(
        ("xml", "length"),
        [
            ('<v:line from="0,0" to="100pt,0"/>', 100.0),
            ('<v:shape type="#_x0000_t32" style="position:absolute;width:72.5pt;height:0"/>', 72.5),
            ('<v:rect style="width:60pt;height:1.5pt"/>', 60.0),
        ],
    )
    def test_old_shapes_are_lines(self, word, layout, xml, length):
        run = f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>{xml}</w:pict></w:r>'
        word.add_paragraph("tên cơ quan")._p.append(parse_xml(run))
        assert [(s.kind, s.length) for s in only(layout()).strokes] == [(StrokeKind.DRAWN, length)]

    def test_a_border_and_a_typed_row_below_are_lines(self, word, layout):
        bordered = word.add_paragraph("một")
        bordered._p.get_or_add_pPr().append(
            parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="4"/></w:pBdr>')
        )
        word.add_paragraph("hai")
        word.add_paragraph("________")
        kinds = [[s.kind for s in p.strokes] for p in layout().paragraphs]
        assert kinds == [[StrokeKind.BORDER], [StrokeKind.TYPED], []]

    def test_a_border_is_as_long_as_its_indents_leave_it(self, word, layout):
        word.sections[0].page_width, word.sections[0].left_margin, word.sections[0].right_margin = (
            Pt(600),
            Pt(50),
            Pt(50),
        )
        paragraph = word.add_paragraph("một")
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(200)
        border = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="4"/></w:pBdr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(border))
        assert [s.length for s in only(layout()).strokes] == [100.0]

    def test_a_flat_picture_is_a_line(self, word, layout):
        picture = io.BytesIO()
        Image.new("L", (200, 2)).save(picture, "PNG")
        word.add_paragraph("một").add_run().add_picture(picture, Pt(100), Pt(1))
        assert [s.length for s in only(layout()).strokes] == [100.0]

    def test_underlining_is_told_apart(self, word, layout):
        word.add_paragraph().add_run("Độc lập").underline = True
        assert [s.kind for s in only(layout()).strokes] == [StrokeKind.UNDERLINE]


class TestPages:
    def test_margins_and_paper_are_those_of_each_section(self, word, layout):
        section = word.sections[0]
        section.page_width, section.page_height, section.left_margin = Mm(210), Mm(297), Mm(30)
        section.gutter = Mm(5)
        sheet = layout().sheets[0]
        assert round(sheet.left * 25.4 / 72) == 35
        assert not sheet.landscape

    def test_a_number_in_a_frame_stands_where_the_frame_does(self, word, layout):
        paragraph = word.sections[0].header.paragraphs[0]
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:framePr {nsdecls("w")} w:xAlign="center"/>'))
        field = parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
        )
        paragraph._p.append(field)
        number = layout().page_number
        assert (number.zone, number.alignment, number.arabic, number.first_hidden) == (
            Zone.HEADER,
            Alignment.CENTRE,
            True,
            False,
        )

    def test_one_page_or_several_is_told_when_it_is_certain(self, word, layout):
        word.add_paragraph("ngắn")
        assert layout().several_pages is False
        word.add_page_break()
        assert layout().several_pages is False  # nothing stands behind it
        word.add_paragraph("ngắn")
        assert layout().several_pages is True


class TestHostileFiles:
    def test_a_bomb_is_a_problem(self, tmp_path):
        path = tmp_path / "bomb.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * 30_000_000)
        found = read_layout(path, "0" * 64, media.DOCX, Limits())
        assert [p.kind for p in found.problems] == [ProblemKind.OVER_LIMIT]
        assert found.paragraphs == ()

    @pytest.mark.parametrize("cut", [0.2, 0.9])
    def test_a_damaged_file_is_a_problem_not_an_exception(self, tmp_path, word, cut):
        out = io.BytesIO()
        word.save(out)
        path = tmp_path / "cut.docx"
        path.write_bytes(out.getvalue()[: int(len(out.getvalue()) * cut)])
        assert [p.kind for p in read_layout(path, "0" * 64, media.DOCX, Limits()).problems] == [ProblemKind.DAMAGED]

    def test_a_file_over_the_limit_is_not_opened(self, layout):
        assert [p.kind for p in layout(replace(Limits(), file_bytes=10)).problems] == [ProblemKind.OVER_LIMIT]

    def test_other_kinds_have_no_layout(self, tmp_path):
        assert read_layout(tmp_path / "x.txt", "0" * 64, media.TEXT, Limits()) is None

    def test_of_a_very_long_document_the_beginning_and_the_end_are_measured(self, word, layout, monkeypatch):
        monkeypatch.setattr(layout_docx, "FIRST_PARAGRAPHS", 3)
        monkeypatch.setattr(layout_docx, "LAST_PARAGRAPHS", 2)
        for number in range(10):
            word.add_paragraph(str(number))
        found = layout()
        assert [p.text for p in found.paragraphs] == ["0", "1", "2", "8", "9"]
        assert [p.index for p in found.paragraphs] == [0, 1, 2, 8, 9]
        assert [p.kind for p in found.problems] == [ProblemKind.OVER_LIMIT]

    @pytest.mark.slow
    def test_fifty_thousand_paragraphs_are_within_the_deadline(self, word, tmp_path, layout):
        import time  # noqa: PLC0415 - for this test alone

        first = word.add_paragraph("Lời văn của một đoạn văn bản thử nghiệm. " * 6)._p
        for _ in range(50_000):
            first.addnext(copy.deepcopy(first))
        word.save(str(tmp_path / "w.docx"))
        start = time.process_time()
        found = read_layout(tmp_path / "w.docx", "0" * 64, media.DOCX, Limits())
        assert time.process_time() - start < 10
        assert found.kind is LayoutKind.DOCX
        assert len(found.paragraphs) == 6_000
