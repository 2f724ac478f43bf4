"""A report as CSV: one table under the other.

UTF-8 with a byte order mark, semicolons between fields, decimal commas, days as dd/mm/yyyy, times as h:mm:ss, lines
ending in CR LF: so Excel and LibreOffice of a Vietnamese office open it by a double click, every number a number and
every day a day (where the comma is the decimal sign, the semicolon is what separates). Programs name the separator when
they read it. CSV cannot say that a field is text: a document's number "15/01" stands as it is, and a spreadsheet may
take it for a day. Signs that hinder this would falsify the number for everybody else; a workbook has it as text.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable

from vbdaemon.report.sheet import Cell, Column, Report, Section
from vbdaemon.report.words import cell_words, clock_words

Writer = Callable[[Iterable[str]], object]
"""Writes a line of fields."""
SEPARATOR = ";"
MARK = "\ufeff"
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""Beginnings that a spreadsheet reads as a formula, also behind white space."""


def write_csv(report: Report) -> bytes:
    """The bytes; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n").writerow
    write([harmless(report.title)])
    write([harmless(report.subtitle)])
    for section in report.sections:
        _write_section(write, section)
    for note in report.notes:
        write([harmless(note)])
    return (MARK + out.getvalue()).encode()


def harmless(words: str) -> str:
    """Text that stays text in a spreadsheet."""
    return f"'{words}" if FORMULA.match(words) else words


def _write_section(write: Writer, section: Section) -> None:
    write([])
    if section.heading:
        write([harmless(section.heading)])
    write([harmless(column.title) for column in section.columns])
    for row in section.rows:
        write([_field(cell, column) for cell, column in zip(row, section.columns, strict=True)])
    for note in section.notes:
        write([harmless(note)])


def _field(cell: Cell, column: Column) -> str:
    """Numbers without stops between thousands: those are for people."""
    if isinstance(cell, str):
        return harmless(cell)
    if column.duration and isinstance(cell, int | float):
        return clock_words(cell)
    return cell_words(cell, Column(column.title, percent=column.percent, decimals=column.decimals, grouped=False))
