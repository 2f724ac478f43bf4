"""Who may send, and to whom: pure questions about one snapshot and the listener's settings."""

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.settings import Network, SmtpSettings
from vbdaemon.model import Account, Proof, Purpose, Snapshot, Unit

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection."""

    address: Address | None
    """None for a local socket."""
    lmtp: bool = False

    @classmethod
    def of(cls, name: object, *, lmtp: bool) -> "Peer":
        """From what the system says of the socket's other end."""
        if not isinstance(name, tuple) or not name:
            return cls(None, lmtp)
        address = ip_address(str(name[0]).partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return cls(mapped or address, lmtp)

    @property
    def ours(self) -> bool:
        """A mail server of this machine that hands on by LMTP."""
        return self.lmtp and (self.address is None or self.address.is_loopback)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose message it is, as far as the connection proves it."""

    mail_from: str
    """"" is the null sender."""
    unit: str | None = None
    account: str | None = None


class Gate:
    """Answers for one snapshot; replaced as a whole when the snapshot is."""

    def __init__(self, settings: SmtpSettings, snapshot: Snapshot) -> None:
        self._settings = settings
        self._directory = snapshot.directory
        self._rules = snapshot.mail
        ours = (*self._rules.addresses, *((self._rules.smarthost.sender,) if self._rules.smarthost else ()))
        self._ours = frozenset(address.casefold() for address in ours)
        self._preflight = frozenset(address.casefold() for address in self._rules.preflight)
        self._served = frozenset(
            address.casefold() for unit in snapshot.directory.units if unit.served for address in unit.addresses
        )

    def relays(self, peer: Peer) -> bool:
        """True for our own mail servers: what they hand on came from anywhere."""
        return peer.ours or _within(peer.address, self._settings.relays)

    def sender(self, peer: Peer, login: str | None, mail_from: str) -> Sender | str:
        """The sender, or the reply that refuses it."""
        owner = self._directory.by_address.get(mail_from.casefold()) if mail_from else None
        if login is not None:
            return self._of_login(login, mail_from, owner[0] if owner else None)
        if self.relays(peer):
            return Sender(mail_from)
        if owner is not None and _within(peer.address, self._networks.get(owner[0].code, ())):
            return Sender(mail_from, owner[0].code if Proof.NETWORK in self._rules.unit_by else None)
        if self._settings.anyone:
            return Sender(mail_from)
        if not mail_from and any(_within(peer.address, networks) for networks in self._networks.values()):
            return Sender(mail_from)
        return reply.NOT_ALLOWED

    def recipient(self, sender: Sender, address: str, before: Purpose | None) -> Purpose | str:
        """What a message to this address is for, or the reply that refuses it; `before`: what it is for already."""
        small = address.casefold()
        if small in self._preflight:
            purpose = Purpose.PREFLIGHT
        elif small in self._ours or small in self._served:
            purpose = Purpose.EXCHANGE
        else:
            return reply.UNKNOWN_RECIPIENT
        if not sender.mail_from and small not in self._ours:
            return reply.NO_BOUNCES_HERE
        return purpose if before in (None, purpose) else reply.SEND_SEPARATELY

    def _of_login(self, login: str, mail_from: str, owner: Unit | None) -> Sender | str:
        found: tuple[Unit, Account] | None = self._directory.by_login.get(login.casefold())
        if found is None:  # the account was removed since it logged in
            return reply.NOT_ALLOWED
        unit, account = found
        if mail_from and (owner is None or owner.code != unit.code):
            return reply.NOT_YOURS
        return Sender(mail_from, unit.code, account.name)

    @cached_property
    def _networks(self) -> dict[str, tuple[Network, ...]]:
        return {u.code: tuple(ip_network(each) for each in u.networks) for u in self._directory.units if u.networks}


def _within(address: Address | None, networks: tuple[Network, ...]) -> bool:
    return address is not None and any(address in network for network in networks)
