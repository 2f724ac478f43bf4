"""Documents of the corpus as Word files."""

import io
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from vbdaemon.demo.format_corpus.paper import TIMES, Numbers, Paper, Words
from vbdaemon.model.layout import Alignment, Zone

_ALIGNMENTS = {
    Alignment.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Alignment.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Alignment.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Alignment.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_POINT_EMU = 12_700
_CAPITALS, _SMALL = 0.66, 0.46
"""Mean widths of letters of bold Times New Roman, in its size: a line of capitals, and of mixed letters."""
_BELOW = 17
"""Points from the top of a line to what is drawn below it."""
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def word_file(paper: Paper) -> bytes:
    """The document as .docx."""
    file = docx.Document()
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = TIMES, Pt(14)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    _set_page(file, paper)
    left, right = _columns(file)
    _fill(left, paper.head_left)
    _fill(right, paper.head_right)
    for words in paper.body:
        _add(file.add_paragraph(), words)
    left, right = _columns(file)
    _fill(left, paper.foot_left)
    _fill(right, paper.foot_right)
    for words in paper.after:
        _add(file.add_paragraph(), words)
    for number, words in enumerate(paper.annex):
        paragraph = file.add_paragraph()
        paragraph.paragraph_format.page_break_before = not number or None
        _add(paragraph, words)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _set_page(file: WordFile, paper: Paper) -> None:
    section, page = file.sections[0], paper.page
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    if paper.numbers is None:
        return
    numbers = paper.numbers
    section.different_first_page_header_footer = numbers.first_hidden
    part = section.header if numbers.zone is Zone.HEADER else section.footer
    _number(part.paragraphs[0], numbers)
    kind = OxmlElement("w:pgNumType")
    if numbers.roman:
        kind.set(qn("w:fmt"), "lowerRoman")
    if numbers.start != 1:
        kind.set(qn("w:start"), str(numbers.start))
    section._sectPr.append(kind)  # noqa: SLF001 - python-docx has no page numbers


def _number(paragraph: Paragraph, numbers: Numbers) -> None:
    """A field that shows the page's number."""
    paragraph.alignment = _ALIGNMENTS[numbers.alignment]
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), (None, "2"), ("end", None)):
        run = paragraph.add_run()
        run.font.size, run.bold, run.italic = Pt(numbers.size), numbers.bold, numbers.italic
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText" if text == " PAGE " else "w:t")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - python-docx has no fields


def _columns(file: WordFile) -> tuple[_Cell, _Cell]:
    table = file.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    for number, width in enumerate((Mm(70), Mm(95))):
        table.columns[number].width = width  # programs that lay out by the grid, not by the cells
        table.rows[0].cells[number].width = width
    return left, right


def _fill(cell: _Cell, paragraphs: tuple[Words, ...]) -> None:
    for number, words in enumerate(paragraphs):
        _add(cell.add_paragraph() if number else cell.paragraphs[0], words)


def _add(paragraph: Paragraph, words: Words) -> None:
    paragraph.alignment = _ALIGNMENTS[words.alignment]
    layout = paragraph.paragraph_format
    layout.space_before, layout.first_line_indent = Pt(words.gap), Mm(words.indent)
    layout.line_spacing = words.spacing
    if words.lead:
        run = _set(paragraph.add_run(words.lead), words)
        run.bold, run.italic, run.font.size = words.lead_bold, words.lead_italic, Pt(words.lead_size or 14)
    run = _set(paragraph.add_run(words.text), words)
    if words.line == 0:
        run.underline = True
    elif words.line is not None:
        mean = _CAPITALS if words.text.isupper() else _SMALL
        length = words.line * words.size * mean * len(words.text)
        run._r.append(_shape(round(length)))  # noqa: SLF001 - python-docx has no shapes


def _set(run: Run, words: Words) -> Run:
    run.font.name, run.font.size = words.font, Pt(words.size)
    run.bold, run.italic = words.bold, words.italic
    run.font.color.rgb = RGBColor.from_string(words.colour)
    return run


def _shape(points: int) -> Any:
    """A drawn line of that length, floating below the words it is anchored in (ECMA-376-1, 20.4.2.3)."""
    length = str(Emu(points * _POINT_EMU))
    return parse_xml(
        f"""<w:drawing {nsdecls("w", "wp", "a")} xmlns:wps="{_WPS}">
        <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
            layoutInCell="1" allowOverlap="1">
          <wp:simplePos x="0" y="0"/>
          <wp:positionH relativeFrom="column"><wp:align>center</wp:align></wp:positionH>
          <wp:positionV relativeFrom="line"><wp:posOffset>{_BELOW * _POINT_EMU}</wp:posOffset></wp:positionV>
          <wp:extent cx="{length}" cy="0"/><wp:wrapNone/><wp:docPr id="1" name="Line"/><wp:cNvGraphicFramePr/>
          <a:graphic><a:graphicData uri="{_WPS}"><wps:wsp><wps:cNvCnPr/><wps:spPr>
            <a:xfrm><a:off x="0" y="0"/><a:ext cx="{length}" cy="0"/></a:xfrm>
            <a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/>
            </a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>
        </wp:anchor></w:drawing>"""
    )
