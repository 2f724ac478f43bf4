"""`vbdaemon units export|import`: the directory as a table for Excel, and back."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import Settings
from vbdaemon.directory.units import Listed, load_listed, load_units
from vbdaemon.directory.units_columns import Grid
from vbdaemon.directory.units_csv import accounts_path, csv_text, read_csv
from vbdaemon.directory.units_diff import Changes, changes
from vbdaemon.directory.units_file import draft, has_comments, put_in_place, units_toml
from vbdaemon.directory.units_table import account_cells, imported, unit_cells
from vbdaemon.errors import ConfigurationError, DirectoryError
from vbdaemon.snapshot import build_snapshot

UNITS, ACCOUNTS = "units", "accounts"
CSV, XLSX = ".csv", ".xlsx"
MOST_REMARKS = 10


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export_units)
    app.command("import")(import_units)


def export_units(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="*.xlsx, or *.csv with *.accounts.csv beside it.")],
) -> None:
    """Write all units and their accounts to a table, for Excel; `units import` takes it back."""
    ending = _ending(path)
    settings = _settings(context)
    units = load_units(_units_path(settings))
    sheets = {UNITS: unit_cells(units), ACCOUNTS: account_cells(units)}
    if ending == XLSX:
        from vbdaemon.reading.units_sheet import workbook  # noqa: PLC0415 - openpyxl is heavy

        bodies = {path: workbook(sheets)}
    else:
        bodies = {path: csv_text(sheets[UNITS]).encode(), accounts_path(path): csv_text(sheets[ACCOUNTS]).encode()}
    for target, body in bodies.items():
        try:
            target.write_bytes(body)
        except OSError as error:
            raise ConfigurationError(f"{target}: {error.strerror}; name a file that can be written") from error
    accounts = len(sheets[ACCOUNTS]) - 1
    typer.echo(f"{len(units)} units and {accounts} accounts written to {' and '.join(map(str, bodies))}")


def import_units(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="*.xlsx, or *.csv with *.accounts.csv beside it.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show; write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove units without asking.")] = False,
) -> None:
    """Take the units over from a table; units.toml is written anew once everything in it is right."""
    with _uncollected():
        _import(_settings(context), path, dry_run=dry_run, yes=yes)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looks for garbage: with 10,000 units in hand they take a quarter of the time, and find none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _import(settings: Settings, path: Path, *, dry_run: bool, yes: bool) -> None:
    sheets = _sheets(path)
    target = _units_path(settings)
    expected = target.read_bytes() if target.exists() else None
    before = load_listed(target) if expected is not None else Listed((), ())
    found = imported(*sheets, before.units)
    difference = changes(before.units, found.units)
    _remark(found.remarks)
    with quiet_pipe():
        _show(difference)
    if not difference:
        return
    made = _checked(settings, target, Listed(found.units, before.groups))
    try:
        if dry_run:
            typer.echo("nothing was written: --dry-run")
            return
        if difference.removed and not yes and not typer.confirm(f"Remove {len(difference.removed)} units?"):
            raise DirectoryError("nothing was written; --yes removes units without asking")
        former = put_in_place(made, target, expected, system_clock().astimezone(VIETNAM))
    finally:
        made.unlink(missing_ok=True)
    _say_written(target, former, expected)


def _sheets(path: Path) -> tuple[Grid, Grid | None]:
    """The sheet of units, and the one of accounts where there is one."""
    if _ending(path) == CSV:
        beside = accounts_path(path)
        return read_csv(path), read_csv(beside) if beside.exists() else None
    from vbdaemon.reading.units_sheet import read_sheets  # noqa: PLC0415 - openpyxl is heavy

    found = read_sheets(path)
    titles = {title.strip().casefold(): title for title in found}
    units = titles.get(UNITS) or titles.get("đơn vị") or next(iter(found))
    accounts = titles.get(ACCOUNTS) or titles.get("tài khoản")
    first = Grid(f"{path.name}, sheet {units}", found[units])
    return first, Grid(f"{path.name}, sheet {accounts}", found[accounts]) if accounts else None


def _checked(settings: Settings, target: Path, listed: Listed) -> Path:
    """A draft of the new file that the daemon would take up, routes and folders considered."""
    try:
        made = draft(target, units_toml(listed.units, listed.groups))
    except OSError as error:
        raise ConfigurationError(f"{target.parent}: {error.strerror}; the folder must be writable to you") from error
    directory = settings.directory.model_copy(update={"units": made})
    try:
        snapshot = build_snapshot(settings.model_copy(update={"directory": directory}))
    except ConfigurationError as error:
        made.unlink()
        raise DirectoryError(str(error).replace(str(made), str(target))) from error
    if (snapshot.directory.units, snapshot.directory.groups) != (listed.units, listed.groups):
        raise DirectoryError(f"{made}: reads back otherwise than it was written; {target.name} was left as it is")
    return made


def _remark(remarks: tuple[str, ...]) -> None:
    for words in remarks[:MOST_REMARKS]:
        typer.echo(f"note: {words}", err=True)
    if len(remarks) > MOST_REMARKS:
        typer.echo(f"note: and {len(remarks) - MOST_REMARKS} more codes of this kind", err=True)


def _show(difference: Changes) -> None:
    for unit in difference.added:
        typer.echo(f"+ {unit.code}  {unit.name}")
    for unit, lines in difference.changed:
        typer.echo(f"~ {unit.code}  {unit.name}")
        for line in lines:
            typer.echo(f"      {line}")
    for unit in difference.removed:
        typer.echo(f"- {unit.code}  {unit.name}")
    counts = f"{len(difference.added)} added, {len(difference.changed)} changed, {len(difference.removed)} removed"
    typer.echo(counts if difference else "the table says what units.toml says already; nothing to do")


def _say_written(target: Path, former: Path | None, expected: bytes | None) -> None:
    typer.echo(f"written: {target}; a running daemon takes it up by itself")
    if former is not None:
        lost = " (its comments are in there only)" if has_comments((expected or b"").decode()) else ""
        typer.echo(f"the former file is kept as {former.name}{lost}")


def _ending(path: Path) -> str:
    ending = path.suffix.casefold()
    if ending not in (CSV, XLSX):
        raise ConfigurationError(f"{path}: neither .csv nor .xlsx; name the file with one of these endings")
    return ending


def _units_path(settings: Settings) -> Path:
    return settings.path(settings.directory.units)


def _settings(context: typer.Context) -> Settings:
    site: Site = context.obj
    return site.settings()
