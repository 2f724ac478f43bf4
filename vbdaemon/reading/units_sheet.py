"""Workbooks of units: sheets of plain rows, read and written. They come from the office's own people."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

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

Rows = tuple[tuple[object, ...], ...]


def read_sheets(path: Path) -> dict[str, Rows]:
    """The rows of each sheet by its name, first sheet first; DirectoryError when it is no workbook."""
    if not path.is_file():
        raise DirectoryError(f"{path}: there is no such file")
    problem = archive_problem(path, Limits()) if zipfile.is_zipfile(path) else None
    found = problem or guarded(lambda: _sheets(path), "reading the workbook")
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
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
        for number, row in enumerate(rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value)
                if isinstance(value, str):
                    cell.data_type, cell.number_format = "s", _TEXT
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheets(path: Path) -> dict[str, Rows]:
    with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
        return {
            sheet.title: tuple(
                tuple(row) for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            )
            for sheet in book.worksheets
        }
