"""The editable file (tệp soạn thảo) of a demo document: the same words as a Word file.

Writing Word files lives here, and not in the room that reads them, since only the demo ever writes any.
"""

import io
from datetime import datetime, time

import docx
from docx.document import Document as WordFile
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from vbdaemon.demo.document import DemoDocument, listed
from vbdaemon.demo.word_line import draw_line

FONT = "Times New Roman"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
Words = tuple[str, float, bool, bool]
"""Text, size in points, bold, italic."""


def editable(document: DemoDocument) -> bytes:
    """The document as .docx, laid out as NĐ 30/2020 Appendix I asks."""
    file = docx.Document()
    _set_page(file, document)
    left, right = _two_columns(file, Cm(6.6), Cm(9.9))
    for words in _heading_left(document):
        _add(left, words, _CENTRE)
    for words in _heading_right(document):
        _add(right, words, _CENTRE)
    _draw_lines(left, right, document)
    _add_opening(file, document)
    for paragraph in document.paragraphs:
        _add_body(file, paragraph)
    left, right = _two_columns(file, Cm(7.6), Cm(8.9))
    for words in _recipients(document):
        _add(left, words)
    for words in _signature_block(document):
        _add(right, words, _CENTRE)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _set_page(file: WordFile, document: DemoDocument) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    file.core_properties.author = document.issuer.replace("\n", " ")
    file.core_properties.title = document.subject
    file.core_properties.created = file.core_properties.modified = datetime.combine(document.issued_on, time(8))


def _two_columns(file: WordFile, left: Cm, right: Cm) -> tuple[_Cell, _Cell]:
    table = file.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    cells = table.rows[0].cells
    cells[0].width, cells[1].width = left, right
    return cells[0], cells[1]


def _add(cell: _Cell | WordFile, words: Words, alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT) -> Paragraph:
    """A paragraph at the end; a cell's own first, empty one is used up first."""
    first = cell.paragraphs[0] if isinstance(cell, _Cell) and not cell.text and len(cell.paragraphs) == 1 else None
    paragraph = first if first is not None else cell.add_paragraph()
    text, size, bold, italic = words
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    paragraph.alignment = alignment
    return paragraph


def _heading_left(document: DemoDocument) -> list[Words]:
    lines: list[Words] = [(words, 12, False, False) for words in (document.parent or "").split("\n") if words]
    lines += [(words, 12, True, False) for words in document.issuer.split("\n")]
    lines.append((document.number_line, 13, False, False))
    if document.letter_subject:
        lines.append((document.letter_subject, 12, False, False))
    lines += [(mark, 13, True, False) for mark in (document.secrecy, document.urgency) if mark]
    return [*lines, ("DỰ THẢO", 13, True, False)] if document.draft else lines


def _heading_right(document: DemoDocument) -> list[Words]:
    return [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
        (document.date_line, 13, False, True),
    ]


def _draw_lines(left: _Cell, right: _Cell, document: DemoDocument) -> None:
    """Below the issuer's name and below Tiêu ngữ (NĐ 30/2020 App. I, II.1 and II.2)."""
    name = document.issuer.split("\n")[-1]
    issuer = next(p for p in left.paragraphs if p.text == name)
    draw_line(issuer, 0.4, 12, 1)
    draw_line(right.paragraphs[1], 1.0, 13, 2)
    if document.letter_subject:
        subject = next(p for p in left.paragraphs if p.text == document.letter_subject)
        subject.paragraph_format.space_before = Pt(6)


def _add_opening(file: WordFile, document: DemoDocument) -> None:
    if document.form_name:
        _add(file, (document.form_name.upper(), 14, True, False), _CENTRE).paragraph_format.space_before = Pt(12)
        subject = _add(file, (document.subject, 14, True, False), _CENTRE)
        draw_line(subject, 0.4, 14, 3)
        subject.paragraph_format.space_after = Pt(12)
    if len(document.addressees) == 1:
        _add(file, (f"Kính gửi: {document.addressees[0]}", 14, False, False), _CENTRE)
    elif document.addressees:
        for words in ("Kính gửi:", *listed(document.addressees)):
            _add(file, (words, 14, False, False)).paragraph_format.left_indent = Cm(4)


def _add_body(file: WordFile, words: str) -> None:
    centred = words.isupper()
    alignment = _CENTRE if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
    layout = _add(file, (words, 14, centred, words.startswith("Căn cứ")), alignment).paragraph_format
    layout.space_before = Pt(6)
    layout.first_line_indent = None if centred else Cm(1.27)


def _recipients(document: DemoDocument) -> list[Words]:
    if not document.recipients and not document.electronic_recipients:
        return []
    lines: list[Words] = [("Nơi nhận:", 12, True, True)]
    lines += [(words, 11, False, False) for words in listed(document.recipients)]
    if document.electronic_recipients:
        lines.append(("Bản điện tử:", 12, True, True))
        lines += [(words, 11, False, False) for words in listed(document.electronic_recipients)]
    return lines


def _signature_block(document: DemoDocument) -> list[Words]:
    gap: list[Words] = [("", 14, False, False)] * 4
    return [*((words, 14, True, False) for words in document.titles), *gap, (document.signer, 14, True, False)]
