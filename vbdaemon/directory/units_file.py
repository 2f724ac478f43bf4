"""units.toml written anew: units as TOML, put in place in one step, the former file kept beside it."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from vbdaemon.directory.units import usual_accounts
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, Group, Unit, UnitChannel

HEADER = "# Units; written by `vbdaemon units import`. Changes by hand are kept, comments are not.\n"
DEFAULTS = {
    "served": False,
    "signature_issued": True,
    "language": "vi",
    "scored": True,
    "channels": tuple(UnitChannel),
    "channels_note": "",
}
"""What is not written, because it holds anyway."""


def table_of(unit: Unit) -> dict[str, object]:
    """The keys of a unit that are not as by default, as `[[unit]]` has them."""
    accounts = () if unit.folder and unit.accounts == usual_accounts(unit.code) else unit.accounts
    table: dict[str, object] = {
        "code": unit.code,
        "name": unit.name,
        "aliases": unit.aliases,
        "parent": unit.parent,
        "groups": unit.groups,
        "served": unit.served,
        "addresses": unit.addresses,
        "networks": unit.networks,
        "folder": unit.folder,
        "signature_issued": unit.signature_issued,
        "language": unit.language,
        "scored": unit.scored,
        "channels": unit.channels,
        "channels_note": unit.channels_note,
        "account": [_account(account) for account in accounts],
    }
    return {key: value for key, value in table.items() if value not in (None, (), []) and DEFAULTS.get(key) != value}


def units_toml(units: Sequence[Unit], groups: Sequence[Group] = ()) -> str:
    """The whole file."""
    return HEADER + "".join([*map(_group, groups), *(part for unit in units for part in _lines(unit))])


def has_comments(text: str) -> bool:
    """True when people wrote comments into the file."""
    return any(line.lstrip().startswith("#") for line in text.removeprefix(HEADER).splitlines())


def draft(path: Path, text: str) -> Path:
    """The text in a file beside `path`, on disk, readable to the same people; OSError when it cannot be written."""
    made = path.with_name(f".{path.name}.new")
    with made.open("w", encoding="utf-8") as file:
        if path.exists():
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return made


def put_in_place(made: Path, path: Path, expected: bytes | None, at: datetime) -> Path | None:
    """The draft becomes the file; the former one stays beside it under the answered name.

    DirectoryError when the file is not what it was (`expected`; None = absent): somebody else changed it meanwhile.
    """
    present = path.read_bytes() if path.exists() else None
    if present != expected:
        raise DirectoryError(f"{path}: somebody changed it meanwhile; nothing was written, import again")
    former = None
    if present is not None:
        former = _free(path, at)
        shutil.copy2(path, former)
    made.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return former


def _free(path: Path, at: datetime) -> Path:
    """units.toml.2026-11-22, or with a number when this day has one already."""
    name = f"{path.name}.{at.date().isoformat()}"
    number, free = 1, path.with_name(name)
    while free.exists():
        number += 1
        free = path.with_name(f"{name}-{number}")
    return free


def _account(account: Account) -> dict[str, object]:
    table = {
        "name": account.name,
        "role": account.role.value,
        "drop": account.drop,
        "addresses": account.addresses,
        "login": account.login,
        "inbox": account.inbox,
    }
    return {key: value for key, value in table.items() if value not in (None, ())}


def _group(group: Group) -> str:
    table: dict[str, object] = {"code": group.code, "name": group.name}
    return "\n[[group]]\n" + "".join(_pairs(table | ({"aliases": group.aliases} if group.aliases else {})))


def _lines(unit: Unit) -> Iterator[str]:
    table = table_of(unit)
    accounts = table.pop("account", [])
    yield "\n[[unit]]\n"
    yield from _pairs(table)
    for account in accounts if isinstance(accounts, list) else ():
        yield "\n[[unit.account]]\n"
        yield from _pairs(account)


def _pairs(table: dict[str, object]) -> Iterator[str]:
    return (f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    """JSON of a text, a truth or a list of texts is TOML too, but for one letter."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
