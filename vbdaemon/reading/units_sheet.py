"""Workbooks of units: sheets of plain rows, read and written. They come from the office's own people."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from vbdaemon.errors import DirectoryError
from vbdaemon.model import Limits, Problem
from vbdaemon.reading.archive import archive_problem
from vbdaemon.reading.edge import guarded

MOST_COLUMNS = 60
MOST_ROWS = 200_000
"""A sheet can claim a million rows in a few bytes."""
_WIDTH = 24
_TEXT = "@"
"""Excel's format for texts: a code stays a code, and never becomes a date."""

_MISTAKABLE = (*"0123456789=+-@", "'")

Rows = tuple[tuple[object, ...], ...]


def read_sheets(path: Path) -> dict[str, Rows]:
    """The rows of each sheet by its name, first sheet first; DirectoryError when it is no workbook."""
    if not path.is_file():
        raise DirectoryError(f"{path}: there is no such file")
    found = guarded(lambda: _problem(path) or _sheets(path), "reading the workbook")
    if isinstance(found, Problem):
        raise DirectoryError(f"{path}: no workbook that can be read ({found.words}); save it anew as .xlsx")
    return found


def workbook(sheets: Mapping[str, Sequence[Sequence[str | bool]]]) -> bytes:
    """A workbook of these sheets; the first row of each is its heading, every text is a text, never a formula."""
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for column in range(1, len(rows[0]) + 1):
            dimension = sheet.column_dimensions[get_column_letter(column)]
            dimension.width, dimension.number_format = _WIDTH, _TEXT
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Worksheet, value: str | bool) -> object:
    """The value, and where Excel could take it for a number, a date or a formula a cell that says it is none."""
    if isinstance(value, bool) or not value.startswith(_MISTAKABLE):
        return None if value == "" else value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type, cell.number_format = "s", _TEXT
    return cell


def _problem(path: Path) -> Problem | None:
    return archive_problem(path, Limits()) if zipfile.is_zipfile(path) else None


def _sheets(path: Path) -> dict[str, Rows]:
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
        return {sheet.title: tuple(_rows(sheet)) for sheet in book.worksheets}


def _rows(sheet: Worksheet) -> Iterator[tuple[object, ...]]:
    if isinstance(sheet, ReadOnlyWorksheet):
        sheet.reset_dimensions()  # what the file says of its own size can be wrong, and rows would be lost
    return islice((tuple(row) for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)), MOST_ROWS)
