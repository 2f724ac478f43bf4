"""The directory's values: units, their accounts, folders and confirmed certificates."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from vbdaemon.model.signature import SignerRole


class AccountRole(StrEnum):
    """Who uses an account; 607/UBND-VP §1 distinguishes leaders from specialists."""

    LEADER = "leader"
    """Head of the unit (thủ trưởng)."""
    DEPUTY = "deputy"
    """Deputy head (cấp phó); counts as leadership."""
    SPECIALIST = "specialist"
    """Specialist (chuyên viên)."""
    CLERK = "clerk"
    """Document clerk (văn thư)."""

    @property
    def leads(self) -> bool:
        """True for leaders and deputies."""
        return self in (AccountRole.LEADER, AccountRole.DEPUTY)


class UnitChannel(StrEnum):
    """A way by which a unit can be given a document."""

    FOLDER = "folder"
    """Its folder below the exchange root."""
    MAIL = "mail"
    """Its mail addresses."""
    PAPER = "paper"
    """By hand or by post, outside of this program."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a unit: a drop folder of its own, mail addresses, an SMTP login."""

    name: str
    role: AccountRole
    drop: str | None = None
    """Name of the drop folder under the unit's folder."""
    addresses: tuple[str, ...] = ()
    login: str | None = None
    """Name with which it logs in at our mail listener; its password's hash lies in logins.toml."""
    inbox: str | None = None
    """Name of the folder under the unit's folder where documents for this person alone are put."""


@dataclass(frozen=True, slots=True)
class Group:
    """Units that documents call by one name: "UBND các xã, thị trấn"."""

    code: str
    """As `groups` of its units have it."""
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmedCertificate:
    """Exactly this certificate belongs to that unit in that role, confirmed by a named person."""

    unit: str
    sha256: str
    """Of the DER bytes, hexadecimal, lower case."""
    role: SignerRole
    subject: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency in the directory (đơn vị)."""

    code: str
    """Mã định danh: opaque, at most 35 characters."""
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    """Code of the unit above."""
    groups: tuple[str, ...] = ()
    """Codes of groups: rule sets name them in `applies_to`, documents by a Group's names."""
    served: bool = False
    """This office forwards to the unit."""
    addresses: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    """Networks (CIDR) from which mail of the unit's addresses is the unit's."""
    folder: str | None = None
    """Name of the unit's folder under the exchange root; None = the unit has none."""
    accounts: tuple[Account, ...] = ()
    signature_issued: bool = True
    """False while the unit has no signature account: it gets guidance, not refusals."""
    language: str = "vi"
    scored: bool = True
    """False for units that the quarterly score leaves out (552/UBND §2: courts, police, tax, treasury)."""
    channels: tuple[UnitChannel, ...] = tuple(UnitChannel)
    """The ways that it can use; 648/QĐ-UBND Điều 1 exempts partners without infrastructure."""
    channels_note: str = ""
    """Why it cannot use the others; empty when it can use all."""

    def account(self, name: str | None) -> Account | None:
        """The account of that name, or None."""
        return next((a for a in self.accounts if a.name == name), None)


@dataclass(frozen=True, eq=False)
class Directory:
    """All units and confirmed certificates, indexed for lookup.

    Compared and hashed by identity: it can hold 10,000 units, and indexes over it are cached by it.
    """

    units: tuple[Unit, ...] = ()
    certificates: tuple[ConfirmedCertificate, ...] = field(default=())
    groups: tuple[Group, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """Units by code."""
        return {u.code: u for u in self.units}

    @cached_property
    def by_group(self) -> dict[str, tuple[Unit, ...]]:
        """Units by the codes of their groups."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for code in unit.groups:
                found.setdefault(code, []).append(unit)
        return {code: tuple(units) for code, units in found.items()}

    @cached_property
    def by_certificate(self) -> dict[str, ConfirmedCertificate]:
        """Confirmed certificates by SHA-256."""
        return {c.sha256: c for c in self.certificates}

    @cached_property
    def by_address(self) -> dict[str, tuple[Unit, Account | None]]:
        """Unit, and account when the address is an account's, by mail address in small letters."""
        found: dict[str, tuple[Unit, Account | None]] = {}
        for unit in self.units:
            found |= {address.casefold(): (unit, None) for address in unit.addresses}
            found |= {address.casefold(): (unit, a) for a in unit.accounts for address in a.addresses}
        return found

    @cached_property
    def by_login(self) -> dict[str, tuple[Unit, Account]]:
        """Unit and account by the name with which the account logs in, in small letters."""
        return {a.login.casefold(): (unit, a) for unit in self.units for a in unit.accounts if a.login}

    def unit(self, code: str | None) -> Unit | None:
        """The unit with this code, or None."""
        return self.by_code.get(code) if code else None

    def party(self, code: str) -> tuple[Unit, Account | None] | None:
        """Who is meant by "H99.02" (a unit) or "H99.02/lanhdao.pnv" (a person of it: an account); None for nobody."""
        unit = self.unit(code)
        if unit is not None:
            return unit, None
        for cut in (place for place, letter in enumerate(code) if letter == "/"):
            unit = self.unit(code[:cut])
            account = unit and (unit.account(code[cut + 1 :]) or unit.account(code))
            if unit and account:
                return unit, account
        return None

    def above(self, code: str | None) -> tuple[str, ...]:
        """Codes of the units above this one, the nearest first."""
        found: list[str] = []
        unit = self.unit(code)
        while unit and unit.parent and unit.parent not in found:
            found.append(unit.parent)
            unit = self.unit(unit.parent)
        return tuple(found)

    def is_above(self, upper: str, lower: str) -> bool:
        """True when `upper` is a parent, at any distance, of `lower`."""
        return upper in self.above(lower)
