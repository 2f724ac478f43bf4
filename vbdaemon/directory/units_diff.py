"""What an import changes, unit by unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from vbdaemon.model import Account, Unit


@dataclass(frozen=True, slots=True)
class Changes:
    """Units that come, change and go."""

    added: tuple[Unit, ...]
    changed: tuple[tuple[Unit, tuple[str, ...]], ...]
    """The unit as it will be, and a line for each key that changes."""
    removed: tuple[Unit, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def changes(before: Sequence[Unit], after: Sequence[Unit]) -> Changes:
    """The difference, by code."""
    former = {unit.code: unit for unit in before}
    codes = {unit.code for unit in after}
    both = ((former[unit.code], unit) for unit in after if unit.code in former)
    return Changes(
        added=tuple(unit for unit in after if unit.code not in former),
        changed=tuple((new, tuple(_lines(old, new))) for old, new in both if old != new),
        removed=tuple(unit for unit in before if unit.code not in codes),
    )


def _lines(old: Unit, new: Unit) -> Iterator[str]:
    for field in fields(Unit):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if was == now:
            continue
        if field.name == "accounts":
            yield from _accounts(was, now)
        else:
            yield f"{field.name}: {_shown(was)} -> {_shown(now)}"


def _accounts(was: tuple[Account, ...], now: tuple[Account, ...]) -> Iterator[str]:
    former, later = {a.name: a for a in was}, {a.name: a for a in now}
    for name in former.keys() - later.keys():
        yield f"account {name}: removed"
    for name, account in later.items():
        old = former.get(name)
        if old is None:
            yield f"account {name}: added ({account.role})"
        elif old != account:
            yield f"account {name}: {_account(old)} -> {_account(account)}"


def _account(account: Account) -> str:
    words = (account.role.value, account.drop, *account.addresses, account.login, account.inbox)
    return ", ".join(filter(None, words))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value) or "-"
    return "-" if value is None else str(value)
