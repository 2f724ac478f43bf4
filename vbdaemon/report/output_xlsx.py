"""A report as a workbook: a sheet for each section, numbers as numbers, days as days."""

import io
import re
from copy import copy
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from vbdaemon.clock import VIETNAM
from vbdaemon.report import sheet as values
from vbdaemon.report.output_csv import FORMULA
from vbdaemon.report.words import DAY, TRUE, moment_words

MOST_ROWS = 1_048_000
"""A sheet has 1,048,576 rows."""
LONGEST = 32_767
"""Letters that a cell holds."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
FILLS = {values.Light.GREEN: "E3F1E9", values.Light.AMBER: "FBF1D6", values.Light.RED: "F8E3E2"}
NUMERIC = re.compile(r"[\d\s/.,:%-]+$")
"""Text that a spreadsheet would take for a number or a day as soon as somebody edits its cell: "15/01"."""
STYLE = "_style"
"""What openpyxl's documentation copies from cell to cell, though its types do not know it."""
THIN = Side(style="thin", color="999999")


def write_xlsx(report: values.Report) -> bytes:
    """The bytes. No text becomes a formula, whatever it begins with; control characters are left out."""
    book = Workbook(write_only=True)
    titles: set[str] = set()
    for number, section in enumerate(report.sections or (values.Section("", (), ()),), start=1):
        if len(section.rows) > MOST_ROWS:
            raise values.ReportTooLong
        _write_sheet(book.create_sheet(_title(section.heading, number, titles)), report, section)
    book.properties.title = _legal(report.title)
    book.properties.creator = _legal(report.office)
    book.properties.created = book.properties.modified = report.made_at.astimezone(UTC).replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Table:
    """Makes the cells of one section; a style is put together once and then copied, which is what takes time."""

    def __init__(self, page: Worksheet, section: values.Section) -> None:
        self._page = page
        self._section = section
        self._lights = {(row, column): light for row, column, light in section.lights}
        self._styles: dict[tuple[object, ...], Any] = {}

    def row(self, number: int) -> list[Cell]:
        """One row of the table."""
        last = self._section.total and number == len(self._section.rows) - 1
        return [
            self._cell(place, value, self._lights.get((number, place)), last=last)
            for place, value in enumerate(self._section.rows[number])
        ]

    def _cell(self, place: int, value: values.Cell, light: values.Light | None, *, last: bool) -> Cell:
        if isinstance(value, bool):
            value = TRUE if value else None
        if isinstance(value, datetime):
            value = value.astimezone(VIETNAM).replace(tzinfo=None)
        cell = WriteOnlyCell(self._page)
        risky = isinstance(value, str) and FORMULA.match(value) is not None
        if self._section.columns[place].duration and isinstance(value, int | float):
            value = value / DAY
        key = (place, type(value), light, last, risky, isinstance(value, str) and NUMERIC.match(value) is not None)
        if key not in self._styles:
            self._style(cell, self._section.columns[place], value, light, last=last)
            cell.quotePrefix = risky
            self._styles[key] = getattr(cell, STYLE)
        else:
            setattr(cell, STYLE, copy(self._styles[key]))
        cell.value = _legal(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # whatever it begins with
        return cell

    def _style(
        self, cell: Cell, column: values.Column, value: object, light: values.Light | None, *, last: bool
    ) -> None:
        cell.border = Border(THIN, THIN, THIN, THIN)
        cell.alignment = Alignment(horizontal=column.align.value, vertical="top", wrap_text=isinstance(value, str))
        cell.number_format = _number_format(column, value)
        if last:
            cell.font = Font(bold=True)
        if light is not None:
            cell.fill = PatternFill("solid", fgColor=FILLS[light])


def _title(heading: str, number: int, taken: set[str]) -> str:
    """At most 31 letters, none of those that Excel forbids, no title twice."""
    whole = FORBIDDEN.sub(" ", _legal(heading)).strip(" '") or f"Bảng {number}"
    for again in count(1):
        suffix = "" if again == 1 else f" ({again})"
        title = whole[: 31 - len(suffix)].rstrip() + suffix
        if title.casefold() not in taken:
            taken.add(title.casefold())
            return title
    raise AssertionError("count ends never")


def _write_sheet(page: Worksheet, report: values.Report, section: values.Section) -> None:
    above = [(report.title, Font(bold=True, size=14)), (report.subtitle, Font(italic=True))]
    above += [(section.heading, Font(bold=True))]
    _set_up(page, report, section, len(above) + 2)
    for words, font in above:
        page.append([_text(page, words, font)])
    page.append([])
    page.append([_head(page, column.title) for column in section.columns])
    table = _Table(page, section)
    for number in range(len(section.rows)):
        page.append(table.row(number))
    page.append([])
    for note in (*section.notes, *report.notes, f"Hệ thống lập tự động lúc {moment_words(report.made_at)}."):
        page.append([_text(page, note, Font(italic=True, color="555555"))])


def _set_up(page: Worksheet, report: values.Report, section: values.Section, head: int) -> None:
    """Widths, the head that stays, and how it prints; a write-only sheet wants this before its rows."""
    page.freeze_panes = f"A{head + 1}"
    for number, column in enumerate(section.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = max(8.0, min(70.0, column.width * 1.4 + 3))
    if section.columns and section.rows:
        page.auto_filter.ref = f"A{head}:{get_column_letter(len(section.columns))}{head + len(section.rows)}"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if report.landscape else "portrait"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_title_rows = f"{head}:{head}"
    footer = page.oddFooter
    if footer is not None and footer.right is not None:
        footer.right.text = "Trang &P/&N"


def _head(page: Worksheet, words: str) -> Cell:
    cell = _text(page, words, Font(bold=True))
    cell.fill = PatternFill("solid", fgColor="F1F1EE")
    cell.border = Border(THIN, THIN, THIN, THIN)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _text(page: Worksheet, words: str, font: Font) -> Cell:
    cell = WriteOnlyCell(page, _legal(words))
    cell.data_type = "s"
    cell.font = font
    return cell


def _number_format(column: values.Column, value: object) -> str:
    if isinstance(value, datetime):
        return "dd/mm/yyyy hh:mm"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    if isinstance(value, str):
        return "@" if NUMERIC.match(value) else "General"
    if column.duration:
        return "[h]:mm:ss"
    digits = ("#,##0" if column.grouped else "0") + ("." + "0" * column.decimals if column.decimals else "")
    return digits + "%" if column.percent else digits


def _legal(words: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", words)[:LONGEST]
