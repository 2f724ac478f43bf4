"""Reads units.toml; a mistake names the unit and the key."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from vbdaemon.config import mistakes, read_toml
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, AccountRole, Unit

FOLDER_NAME = r"^[^/\x00.][^/\x00]*$"


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f'{error}; say a network such as "10.1.2.0/24"') from error


Network = Annotated[str, AfterValidator(_network)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _AccountTable(_Table):
    name: str = Field(min_length=1, max_length=120)
    role: AccountRole
    drop: str | None = Field(None, pattern=FOLDER_NAME)
    addresses: tuple[str, ...] = ()
    login: str | None = Field(None, min_length=1, max_length=254)


class _UnitTable(_Table):
    code: str = Field(min_length=1, max_length=35)
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    groups: tuple[str, ...] = ()
    served: bool = False
    addresses: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    folder: str | None = Field(None, pattern=FOLDER_NAME)
    account: tuple[_AccountTable, ...] = ()
    signature_issued: bool = True
    language: Literal["vi", "en"] = "vi"


class _File(_Table):
    unit: tuple[_UnitTable, ...] = ()


def load_units(path: Path) -> tuple[Unit, ...]:
    """All units of a file; DirectoryError lists every mistake."""
    try:
        tables = _File.model_validate(read_toml(path, "directory of units")).unit
    except ValidationError as error:
        raise DirectoryError("\n".join(f"{path}: {_named(line, path)}" for line in mistakes(error))) from error
    units = tuple(_unit(table) for table in tables)
    wrong = _contradictions(units)
    if wrong:
        raise DirectoryError("\n".join(f"{path}: {line}" for line in wrong))
    return units


def _named(mistake: str, path: Path) -> str:
    """Turn "unit.3.served: …" into "unit H40.15 (number 4): served: …": people count in codes."""
    found = re.match(r"unit\.(\d+)\.(.*)", mistake)
    if found is None:
        return mistake
    index = int(found[1])
    code = read_toml(path, "directory of units")["unit"][index].get("code", "?")
    return f"unit {code} (number {index + 1}): {found[2]}"


def _unit(table: _UnitTable) -> Unit:
    accounts = tuple(Account(a.name, a.role, a.drop, a.addresses, a.login) for a in table.account)
    if table.folder and not accounts:
        accounts = (
            Account(f"{table.code}/gui", AccountRole.CLERK, "gui"),
            Account(f"{table.code}/gui-lanh-dao", AccountRole.LEADER, "gui-lanh-dao"),
        )
    return Unit(
        code=table.code,
        name=table.name,
        aliases=table.aliases,
        parent=table.parent,
        groups=table.groups,
        served=table.served,
        addresses=table.addresses,
        networks=table.networks,
        folder=table.folder,
        accounts=accounts,
        signature_issued=table.signature_issued,
        language=table.language,
    )


def _contradictions(units: tuple[Unit, ...]) -> list[str]:
    wrong = []
    codes: set[str] = set()
    folders: dict[str, str] = {}
    for unit in units:
        if unit.code in codes:
            wrong.append(f"unit {unit.code}: this code stands twice")
        codes.add(unit.code)
        if unit.folder:
            other = folders.setdefault(unit.folder, unit.code)
            if other != unit.code:
                wrong.append(f"unit {unit.code}: folder {unit.folder!r} belongs to unit {other} already")
        drops = [a.drop for a in unit.accounts if a.drop]
        if len(drops) != len(set(drops)):
            wrong.append(f"unit {unit.code}: two accounts share one drop folder")
        if drops and not unit.folder:
            wrong.append(f"unit {unit.code}: accounts have drop folders, but the unit has no folder")
    wrong += _shared(units)
    wrong += [
        f"unit {unit.code}: parent {unit.parent!r} is no unit of this file"
        for unit in units
        if unit.parent and unit.parent not in codes
    ]
    return wrong


def _shared(units: tuple[Unit, ...]) -> list[str]:
    """Mail addresses and logins tell who sent: no two units may have the same one."""
    addresses: dict[str, str] = {}
    logins: dict[str, str] = {}
    wrong = []
    for unit in units:
        ours = {a.casefold() for a in (*unit.addresses, *(a for each in unit.accounts for a in each.addresses))}
        taken = sorted(a for a in ours if addresses.setdefault(a, unit.code) != unit.code)
        wrong += [f"unit {unit.code}: address {a!r} belongs to unit {addresses[a]} already" for a in taken]
        for login in (a.login.casefold() for a in unit.accounts if a.login):
            if login in logins:
                wrong.append(f"unit {unit.code}: login {login!r} is in use already, by unit {logins[login]}")
            logins[login] = unit.code
    return wrong
