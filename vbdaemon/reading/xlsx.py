"""Excel workbooks by openpyxl: the texts of the cells, bounded."""

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal, Protocol

import openpyxl

from vbdaemon.model import Content, ContentKind, Limits, Line, Page
from vbdaemon.reading.archive import archive_problem

MOST_SHEETS = 20
MOST_ROWS = 2_000
MOST_COLUMNS = 60
"""A sheet can claim a million rows of 16,384 columns in a few bytes."""
MOST_LETTERS = 1_000
"""Of one cell."""


class _Sheet(Protocol):
    """What both kinds of openpyxl sheets can do."""

    def iter_rows(self, *, max_row: int, max_col: int, values_only: Literal[True]) -> Iterable[tuple[object, ...]]:
        """Values row by row."""


def read_xlsx(path: Path, sha256: str, limits: Limits) -> Content:
    """Content of a workbook, a page a sheet, a line a cell; raises whatever openpyxl raises."""
    problem = archive_problem(path, limits)
    if problem is not None:
        return Content(sha256, ContentKind.XLSX, problems=(problem,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it leaves out
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            sheets = book.worksheets
            pages = tuple(_page(n, tuple(_lines(sheet))) for n, sheet in enumerate(sheets[:MOST_SHEETS], 1))
    return Content(sha256, ContentKind.XLSX, pages, len(sheets))


def _page(number: int, lines: tuple[Line, ...]) -> Page:
    return Page(number, 0.0, 0.0, lines, blank=not lines)


def _lines(sheet: _Sheet) -> Iterator[Line]:
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True):
        for value in row:
            if value is None:
                continue
            for part in str(value)[:MOST_LETTERS].splitlines():
                text = unicodedata.normalize("NFC", " ".join(part.split()))
                if text:
                    yield Line(text)
