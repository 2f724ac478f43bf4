"""Units as sheets of rows, and back: one row a unit, accounts in a sheet of their own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from vbdaemon.directory.codes import usual
from vbdaemon.directory.contradictions import contradictions
from vbdaemon.directory.units import units_of, usual_accounts
from vbdaemon.directory.units_cells import cell, cell_of_list
from vbdaemon.directory.units_columns import ACCOUNT_COLUMNS, UNIT_COLUMNS, Grid
from vbdaemon.directory.units_file import table_of
from vbdaemon.directory.units_rows import Row, account_rows, unit_rows
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, Unit, UnitChannel

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """The units that sheets describe, and what a person should look at once more."""

    units: tuple[Unit, ...]
    remarks: tuple[str, ...]


def unit_cells(units: Sequence[Unit]) -> tuple[tuple[str | bool, ...], ...]:
    """The sheet of units with its heading; DirectoryError names what fits in no cell."""
    return (UNIT_COLUMNS, *_each(units, _unit_row))


def account_cells(units: Sequence[Unit]) -> tuple[tuple[str | bool, ...], ...]:
    """The sheet of accounts; the usual two of a unit with a folder are left out, they come by themselves."""
    named = [unit for unit in units if unit.accounts != usual_accounts(unit.code)]
    return (ACCOUNT_COLUMNS, *(row for rows in _each(named, _account_rows) for row in rows))


def imported(units: Grid, accounts: Grid | None, before: Sequence[Unit]) -> Imported:
    """The units of the sheets; DirectoryError names every mistake with row and column.

    A column that is not there, or a missing sheet of accounts, leaves what `before` has.
    """
    rows = unit_rows(units)
    beside = account_rows(accounts) if accounts else None
    wrong = [*rows.mistakes, *(beside.mistakes if beside else ())]
    if wrong:
        raise DirectoryError("\n".join(wrong))
    places = _Places(units, rows.rows, accounts, _by_unit(beside.rows) if beside else None)
    former = {unit.code: unit for unit in before}
    tables = [_table(row, places, former.get(str(row.values["code"]))) for row in rows.rows]
    try:
        made = units_of({"unit": tables})
    except ValidationError as error:
        raise DirectoryError("\n".join([*places.strangers(), *places.invalid(error)])) from error
    wrong = [*places.strangers(), *(places.of(c.unit, c.key) + c.words for c in contradictions(made))]
    if wrong:
        raise DirectoryError("\n".join(wrong))
    return Imported(made, tuple(places.unusual_codes()))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each unit and account stands, for mistakes."""

    units: Grid
    rows: tuple[Row, ...]
    accounts: Grid | None
    by_unit: Mapping[str, list[Row]] | None

    def of(self, unit: int, key: str) -> str:
        """Sheet, row and column of a unit's key; "account.KEY" stands in the sheet of accounts, where there is one."""
        column = key.removeprefix("account.")
        theirs = self.by_unit.get(str(self.rows[unit].values["code"]), []) if self.by_unit else []
        if key != column and self.accounts and theirs:
            return f"{self.accounts.name}: row {theirs[0].number}, column {column}: "
        return f"{self.units.name}: row {self.rows[unit].number}, column {key}: "

    def invalid(self, error: ValidationError) -> Iterator[str]:
        """What is wrong with single values."""
        for mistake in error.errors(include_url=False, include_context=False):
            unit, *keys = mistake["loc"][1:]
            words = mistake["msg"].removeprefix("Value error, ")
            if not keys:
                yield self.of(int(unit), "channels") + words
            elif keys[0] == "account" and self.accounts and self.by_unit:
                row = self.by_unit[str(self.rows[int(unit)].values["code"])][int(keys[1])]
                yield f"{self.accounts.name}: row {row.number}, column {keys[2]}: {words}"
            else:
                yield self.of(int(unit), str(keys[0])) + words

    def strangers(self) -> Iterator[str]:
        """Accounts of units that are not in the sheet of units."""
        codes = {row.values["code"] for row in self.rows}
        for code, rows in (self.by_unit or {}).items():
            if code not in codes and self.accounts:
                where = f"{self.accounts.name}: row {rows[0].number}, column unit"
                yield f"{where}: {code!r} is no unit of {self.units.name}"

    def unusual_codes(self) -> Iterator[str]:
        """Codes that look like neither style of mã định danh: allowed, worth a look."""
        for row in self.rows:
            code = str(row.values["code"])
            if not usual(code):
                yield f"{self.units.name}: row {row.number}, column code: {code!r} has neither usual form of a code"


def _by_unit(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.values["unit"]), []).append(row)
    return found


def _table(row: Row, places: _Places, former: Unit | None) -> dict[str, object]:
    """The table of units.toml: what the row says, and for the rest what was there."""
    table = (table_of(former) if former else {}) | dict(row.values)
    if places.by_unit is not None:
        theirs = places.by_unit.get(str(row.values["code"]), [])
        table["account"] = [_filled(account.values, beside="unit") for account in theirs]
    return _filled(table)


def _filled(values: Mapping[str, object], beside: str = "") -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None and key != beside}


def _each(units: Sequence[Unit], row: Callable[[Unit], T]) -> Iterator[T]:
    wrong = []
    for unit in units:
        try:
            yield row(unit)
        except ValueError as error:
            wrong.append(f"unit {unit.code}: {error}")
    if wrong:
        raise DirectoryError("\n".join(wrong))


def _unit_row(unit: Unit) -> tuple[str | bool, ...]:
    return (
        cell(unit.code),
        cell(unit.name),
        cell_of_list(unit.aliases),
        cell(unit.parent or ""),
        cell_of_list(unit.groups),
        unit.served,
        cell_of_list(unit.addresses),
        cell_of_list(unit.networks),
        cell(unit.folder or ""),
        unit.signature_issued,
        unit.language,
        unit.scored,
        "" if unit.channels == tuple(UnitChannel) else cell_of_list(unit.channels),
        cell(unit.channels_note),
    )


def _account_rows(unit: Unit) -> tuple[tuple[str | bool, ...], ...]:
    return tuple(_account_row(unit, account) for account in unit.accounts)


def _account_row(unit: Unit, account: Account) -> tuple[str | bool, ...]:
    addresses = cell_of_list(account.addresses)
    inbox = account.inbox or ""
    shown = (unit.code, account.name, account.role.value, account.drop or "", addresses, account.login or "", inbox)
    return tuple(text if text is addresses else cell(text) for text in shown)
