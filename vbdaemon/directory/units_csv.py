"""Sheets as CSV files, as Vietnamese Excel writes and opens them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from vbdaemon.directory.units_columns import Grid
from vbdaemon.errors import DirectoryError

DELIMITERS = ";,\t"
WRITTEN = ";"
"""Where a comma parts decimals, as in Vietnam, Excel parts columns at semicolons."""


def accounts_path(path: Path) -> Path:
    """Where the accounts of a CSV file of units stand: `units.csv` has `units.accounts.csv` beside it."""
    return path.with_name(f"{path.stem}.accounts{path.suffix}")


def read_csv(path: Path) -> Grid:
    """The rows of a CSV file, whatever parts its columns; DirectoryError when it is no CSV in UTF-8."""
    text = _text(path)
    hint, _, rest = text.partition("\n")
    if hint.strip().casefold().startswith("sep=") and len(hint.strip()) == len("sep=;"):
        delimiter, text = hint.strip()[-1], rest
    else:
        delimiter = max(DELIMITERS, key=hint.count)
    try:
        rows = tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DirectoryError(f"{path}: not CSV: {error}") from error
    return Grid(path.name, rows)


def csv_text(rows: Sequence[Sequence[str | bool]]) -> str:
    """Rows as CSV with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=WRITTEN)
    writer.writerows([str(value).upper() if isinstance(value, bool) else value for value in row] for row in rows)
    return out.getvalue()


def _text(path: Path) -> str:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise DirectoryError(f"{path}: {error.strerror}") from error
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise DirectoryError(f'{path}: not UTF-8; in Excel save it as "CSV UTF-8", or as a workbook') from error
