"""Rows of a sheet as tables of units.toml; each keeps the row that it stood in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vbdaemon.directory.units_cells import flag_of, list_of, text_of
from vbdaemon.directory.units_columns import (
    ACCOUNT_COLUMNS,
    CHANNELS,
    FLAGS,
    LISTS,
    ROLES,
    UNIT_COLUMNS,
    Grid,
    heading_of,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the sheet shows it, and the keys that the sheet carries; None = an empty cell."""

    number: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a sheet holds, and every mistake in it, with row and column."""

    rows: tuple[Row, ...]
    mistakes: tuple[str, ...]


def unit_rows(grid: Grid) -> Rows:
    """The units of a sheet."""
    read = _rows(grid, UNIT_COLUMNS)
    unclear = [f"{grid.name}: {words}" for key in FLAGS if FLAGS[key] and (words := _unclear(read.rows, key))]
    return Rows(read.rows, (*read.mistakes, *unclear))


def account_rows(grid: Grid) -> Rows:
    """The accounts of a sheet."""
    return _rows(grid, ACCOUNT_COLUMNS)


def _unclear(rows: tuple[Row, ...], key: str) -> str:
    """Why the column cannot be read: beside an "x" in some rows a blank may be a "no", or the default, which is yes."""
    blank = [row.number for row in rows if row.values.get(key, "") is None]
    said = {row.values.get(key) for row in rows} - {None}
    if not blank or said != {True}:
        return ""
    return f"row {blank[0]}, column {key}: empty, and other rows have a mark; write TRUE or FALSE in every row"


def _rows(grid: Grid, known: tuple[str, ...]) -> Rows:
    titles = tuple(_title(value) for value in grid.rows[0]) if grid.rows else ()
    heading = heading_of(titles, known)
    wrong = [f"{grid.name}: row 1: {words}" for words in heading.mistakes]
    if wrong:
        return Rows((), tuple(wrong))
    rows = []
    for number, cells in enumerate(grid.rows[1:], 2):
        values = dict(_values(cells, heading.places, wrong, f"{grid.name}: row {number}"))
        if all(value is None for value in values.values()):
            continue
        if values.get(known[0], "") is None:
            wrong.append(f"{grid.name}: row {number}, column {known[0]}: empty")
        rows.append(Row(number, values))
    return Rows(tuple(rows), tuple(wrong))


def _title(value: object) -> str:
    try:
        return text_of(value)
    except ValueError:
        return str(value)


def _values(
    cells: tuple[object, ...], places: Mapping[str, int], wrong: list[str], where: str
) -> Iterator[tuple[str, object]]:
    """Key and value of each cell; what is wrong with a cell is added to `wrong`, and the cell is left out."""
    for key, place in places.items():
        try:
            text = text_of(cells[place]) if place < len(cells) else ""
            yield key, _value(key, text) if text else None
        except ValueError as error:
            wrong.append(f"{where}, column {key}: {error}")


def _value(key: str, text: str) -> object:
    if key == "channels":
        return tuple(CHANNELS.get(entry.casefold(), entry.casefold()) for entry in list_of(text))
    if key in LISTS:
        return list_of(text)
    if key in FLAGS:
        return flag_of(text)
    line = " ".join(text.split())
    return ROLES.get(line.casefold(), line) if key == "role" else line
