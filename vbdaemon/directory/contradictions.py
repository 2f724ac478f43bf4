"""What is right in each unit alone, and wrong together with the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vbdaemon.model import Group, Unit


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One mistake between units, or between a unit and its own accounts."""

    unit: int
    """Place among the units, from 0."""
    key: str
    """The key to mend: of the unit, or "account.KEY"."""
    words: str


def contradictions(units: Sequence[Unit]) -> list[Contradiction]:
    """Every one: codes, folders, parents, drops, addresses and logins; in linear time."""
    return [*_codes_and_folders(units), *_shared(units), *_parents(units)]


def _codes_and_folders(units: Sequence[Unit]) -> Iterator[Contradiction]:
    codes: set[str] = set()
    folders: dict[str, str] = {}
    for place, unit in enumerate(units):
        if unit.code in codes:
            yield Contradiction(place, "code", "this code stands twice")
        codes.add(unit.code)
        if unit.folder:
            other = folders.setdefault(unit.folder, unit.code)
            if other != unit.code:
                yield Contradiction(place, "folder", f"folder {unit.folder!r} belongs to unit {other} already")
        drops = [account.drop for account in unit.accounts if account.drop]
        if len(drops) != len(set(drops)):
            yield Contradiction(place, "account.drop", "two accounts share one drop folder")
        if drops and not unit.folder:
            yield Contradiction(place, "folder", "accounts have drop folders, but the unit has no folder")
        yield from _inboxes(place, unit)


def _inboxes(place: int, unit: Unit) -> Iterator[Contradiction]:
    """What is put into a drop would come straight back."""
    own = [account.inbox for account in unit.accounts if account.inbox]
    drops = {account.drop for account in unit.accounts if account.drop}
    for inbox in sorted(drops.intersection(own)):
        yield Contradiction(place, "account.inbox", f"folder {inbox!r} is a drop folder already")
    if own and not unit.folder:
        yield Contradiction(place, "folder", "accounts have folders of their own, but the unit has no folder")


def _shared(units: Sequence[Unit]) -> Iterator[Contradiction]:
    """Mail addresses and logins tell who sent: no two units may have the same one."""
    addresses: dict[str, str] = {}
    logins: dict[str, str] = {}
    for place, unit in enumerate(units):
        own = {address.casefold() for address in unit.addresses}
        ours = own | {address.casefold() for account in unit.accounts for address in account.addresses}
        for taken in sorted(a for a in ours if addresses.setdefault(a, unit.code) != unit.code):
            key = "addresses" if taken in own else "account.addresses"
            yield Contradiction(place, key, f"address {taken!r} belongs to unit {addresses[taken]} already")
        for login in (account.login.casefold() for account in unit.accounts if account.login):
            if login in logins:
                words = f"login {login!r} is in use already, by unit {logins[login]}"
                yield Contradiction(place, "account.login", words)
            logins[login] = unit.code


def doubled_groups(groups: Sequence[Group]) -> list[str]:
    """Groups that share a code or a name: nobody could say which is meant."""
    codes: set[str] = set()
    names: dict[str, str] = {}
    wrong = []
    for group in groups:
        if group.code in codes:
            wrong.append(f"group {group.code}: this code stands twice")
        codes.add(group.code)
        for name in dict.fromkeys(each.casefold() for each in (group.name, *group.aliases)):
            other = names.setdefault(name, group.code)
            if other != group.code:
                wrong.append(f"group {group.code}: {name!r} is a name of group {other} already")
    return wrong


def _parents(units: Sequence[Unit]) -> Iterator[Contradiction]:
    codes = {unit.code for unit in units}
    for place, unit in enumerate(units):
        if unit.parent and unit.parent not in codes:
            yield Contradiction(place, "parent", f"parent {unit.parent!r} is no unit of this file")
