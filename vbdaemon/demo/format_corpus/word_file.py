"""Documents of the corpus as Word files."""

import io
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml.etree import SubElement

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
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
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
    left.width, right.width = Mm(70), Mm(95)
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
    """A drawn line of that length, floating below the words it is anchored in."""
    drawing = OxmlElement("w:drawing")
    anchor = SubElement(drawing, f"{{{_WP}}}anchor", simplePos="0", behindDoc="0", locked="0", layoutInCell="1")
    SubElement(anchor, f"{{{_WP}}}extent", cx=str(Emu(points * _POINT_EMU)), cy="0")
    graphic = SubElement(anchor, f"{{{_A}}}graphic")
    shape = SubElement(SubElement(graphic, f"{{{_A}}}graphicData", uri=_WPS), f"{{{_WPS}}}wsp")
    SubElement(SubElement(shape, f"{{{_WPS}}}spPr"), f"{{{_A}}}prstGeom", prst="line")
    return drawing
