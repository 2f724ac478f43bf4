"""Papers of the corpus as Word files, in the ways in which offices build a heading."""

import io
import zipfile
from collections.abc import Callable
from itertools import zip_longest

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell

from vbdaemon.demo.corpus.paper import Paper
from vbdaemon.demo.corpus.specimen import Split
from vbdaemon.demo.document import listed

_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_MADE = (2026, 1, 1, 0, 0, 0)
Heading = Callable[[WordFile, Paper], None]


def word_of(paper: Paper, heading: Heading) -> bytes:
    """The paper as .docx."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    file.styles["Normal"].font.name = "Times New Roman"
    file.styles["Normal"].font.size = Pt(14)
    heading(file, paper)
    _opening(file, paper)
    for words in (*paper.grounds, *(("QUYẾT ĐỊNH:",) if paper.grounds else ()), *paper.paragraphs):
        file.add_paragraph(words)
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    _fill(left, ("Nơi nhận:", *listed(paper.recipients)))
    if paper.electronic:
        _fill(left, ("Bản điện tử:", *listed(paper.electronic)))
    _fill(right, tuple(w for w in (paper.authority, paper.title, "", "", "", paper.signer) if w is not None))
    out = io.BytesIO()
    file.save(out)
    return _undated(out.getvalue())


def _undated(body: bytes) -> bytes:
    """The same package with one date for all its parts: made again, it is the same to the byte."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            packed.writestr(zipfile.ZipInfo(name, _MADE), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def headings_of(split: Split) -> tuple[Heading, ...]:
    """The ways to build a heading in a split."""
    tuning = (two_cells, tabbed, row_by_row, one_below_the_other, broken_lines, three_cells)
    return tuning if split is Split.TUNING else (centre_tabbed, two_rows)


def two_cells(file: WordFile, paper: Paper) -> None:
    """A table of two cells with all lines in each."""
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    left.width, right.width = Cm(6.6), Cm(9.9)
    _fill(left, _left(paper))
    _fill(right, _right(paper))


def row_by_row(file: WordFile, paper: Paper) -> None:
    """A table with a row for each pair of lines."""
    pairs = list(zip_longest(_left(paper), _right(paper), fillvalue=""))
    table = file.add_table(rows=len(pairs), cols=2)
    for row, pair in zip(table.rows, pairs, strict=True):
        for cell, words in zip(row.cells, pair, strict=True):
            _fill(cell, (words,))


def tabbed(file: WordFile, paper: Paper) -> None:
    """Lines with a tab between the two halves."""
    for left, right in zip_longest(_left(paper), _right(paper), fillvalue=""):
        file.add_paragraph(f"{left}\t{right}" if right else left)


def broken_lines(file: WordFile, paper: Paper) -> None:
    """A table of two cells, each one paragraph with line breaks."""
    left, right = file.add_table(rows=1, cols=2).rows[0].cells
    left.paragraphs[0].add_run("\n".join(_left(paper)))
    right.paragraphs[0].add_run("\n".join(_right(paper)))


def centre_tabbed(file: WordFile, paper: Paper) -> None:
    """Both halves of a line at tab stops that centre them."""
    for left, right in zip_longest(_left(paper), _right(paper), fillvalue=""):
        line = file.add_paragraph(f"\t{left}\t{right}")
        for place in (Cm(3.3), Cm(11.6)):
            line.paragraph_format.tab_stops.add_tab_stop(place, WD_TAB_ALIGNMENT.CENTER)


def two_rows(file: WordFile, paper: Paper) -> None:
    """Issuer and Quốc hiệu in one row, number and date in the next, as one paragraph a cell."""
    table = file.add_table(rows=2, cols=2)
    left, right = _left(paper), _right(paper)
    at = next(i for i, words in enumerate(left) if words.startswith("Số:"))
    for row, parts in zip(table.rows, ((left[:at], right[:-1]), (left[at:], right[-1:])), strict=True):
        for cell, lines in zip(row.cells, parts, strict=True):
            cell.paragraphs[0].alignment = _CENTRE
            cell.paragraphs[0].add_run("\n".join(lines))


def three_cells(file: WordFile, paper: Paper) -> None:
    """A table with an empty cell between the halves, the number and the date in a row of their own."""
    table = file.add_table(rows=2, cols=3)
    left, right = _left(paper), _right(paper)
    at = next(i for i, words in enumerate(left) if words.startswith("Số:"))
    for row, (one, other) in zip(table.rows, ((left[:at], right[:-1]), (left[at:], right[-1:])), strict=True):
        _fill(row.cells[0], one)
        _fill(row.cells[2], other)


def one_below_the_other(file: WordFile, paper: Paper) -> None:
    """The issuer's lines, then the Quốc hiệu, each line a paragraph."""
    for words in (*_left(paper), *_right(paper)):
        file.add_paragraph(words).alignment = _CENTRE


def _left(paper: Paper) -> tuple[str, ...]:
    subject = () if paper.form_name else (f"V/v {paper.subject}",)
    marks = tuple(mark.words for mark in paper.marks)
    return (*paper.parent, *paper.issuer, f"Số: {paper.number or '     '}{paper.number_tail}", *subject, *marks)


def _right(paper: Paper) -> tuple[str, ...]:
    nation = ("ĐẢNG CỘNG SẢN VIỆT NAM",) if paper.party else _NATION
    return (*nation, f"{paper.place}, ngày {paper.day or '     '} tháng {paper.month} năm {paper.year}")


def _opening(file: WordFile, paper: Paper) -> None:
    if paper.form_name:
        file.add_paragraph(paper.form_name.upper()).alignment = _CENTRE
        line = file.add_paragraph()
        line.alignment = _CENTRE
        line.add_run(paper.subject).bold = True
    if paper.addressees:
        file.add_paragraph("Kính gửi: " + "; ".join(paper.addressees)).alignment = _CENTRE


def _fill(cell: _Cell, lines: tuple[str, ...]) -> None:
    for words in lines:
        empty = len(cell.paragraphs) == 1 and not cell.paragraphs[0].text
        line = cell.paragraphs[0] if empty else cell.add_paragraph()
        line.alignment = _CENTRE
        line.add_run(words).bold = words.isupper()
