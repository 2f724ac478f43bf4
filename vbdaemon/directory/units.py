"""Reads units.toml; a mistake names the unit and the key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from vbdaemon.config import mistakes, read_toml
from vbdaemon.directory.contradictions import contradictions, doubled_groups
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, AccountRole, Group, Unit, UnitChannel

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
    inbox: str | None = Field(None, pattern=FOLDER_NAME)


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
    scored: bool = True
    channels: tuple[UnitChannel, ...] = Field(tuple(UnitChannel), min_length=1)
    channels_note: str = ""

    @model_validator(mode="after")
    def _say_why(self) -> Self:
        if len(set(self.channels)) < len(UnitChannel) and not self.channels_note.strip():
            raise ValueError('channels leaves some out: say why in channels_note, such as "chưa có đường truyền"')
        return self


class _GroupTable(_Table):
    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()


class _File(_Table):
    group: tuple[_GroupTable, ...] = ()
    unit: tuple[_UnitTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """What units.toml lists."""

    units: tuple[Unit, ...]
    groups: tuple[Group, ...]


def load_units(path: Path) -> tuple[Unit, ...]:
    """All units of a file; DirectoryError lists every mistake."""
    return load_listed(path).units


def load_listed(path: Path) -> Listed:
    """All units and named groups of a file; DirectoryError lists every mistake."""
    tables = read_toml(path, "directory of units")
    try:
        file = _File.model_validate(tables)
    except ValidationError as error:
        raise DirectoryError("\n".join(f"{path}: {_named(line, tables)}" for line in mistakes(error))) from error
    listed = Listed(tuple(map(_unit, file.unit)), tuple(Group(g.code, g.name, g.aliases) for g in file.group))
    wrong = [f"unit {listed.units[each.unit].code}: {each.words}" for each in contradictions(listed.units)]
    wrong += doubled_groups(listed.groups)
    if wrong:
        raise DirectoryError("\n".join(f"{path}: {words}" for words in wrong))
    return listed


def units_of(tables: Mapping[str, object]) -> tuple[Unit, ...]:
    """The units of a file's tables, each right in itself; ValidationError has every mistake."""
    return tuple(_unit(table) for table in _File.model_validate(tables).unit)


def usual_accounts(code: str) -> tuple[Account, ...]:
    """The accounts of a unit that has a folder and names no accounts."""
    return (
        Account(f"{code}/gui", AccountRole.CLERK, "gui"),
        Account(f"{code}/gui-lanh-dao", AccountRole.LEADER, "gui-lanh-dao"),
    )


def _named(mistake: str, tables: Mapping[str, Any]) -> str:
    """Turn "unit.3.served: …" into "unit H40.15 (number 4): served: …": people count in codes."""
    found = re.match(r"(unit|group)\.(\d+)(?:\.|: )(.*)", mistake)
    if found is None:
        return mistake
    index = int(found[2])
    code = tables[found[1]][index].get("code", "?")
    return f"{found[1]} {code} (number {index + 1}): {found[3]}"


def _unit(table: _UnitTable) -> Unit:
    accounts = tuple(Account(a.name, a.role, a.drop, a.addresses, a.login, a.inbox) for a in table.account)
    if table.folder and not accounts:
        accounts = usual_accounts(table.code)
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
        scored=table.scored,
        channels=tuple(channel for channel in UnitChannel if channel in table.channels),
        channels_note=table.channels_note.strip(),
    )
