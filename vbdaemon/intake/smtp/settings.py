"""How the mail listener is configured, as one frozen value."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from socket import getfqdn

from vbdaemon.config.mail import SmtpSection

MEGABYTE = 1_000_000
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The section `[smtp]` with absolute paths. Durations in seconds, sizes in bytes."""

    listen: tuple[str, ...] = ()
    listen_tls: tuple[str, ...] = ()
    listen_lmtp: tuple[str, ...] = ()
    hostname: str = "localhost"
    certificate: Path | None = None
    key: Path | None = None
    require_tls: bool = False
    logins: Path = Path("logins.toml")
    anyone: bool = False
    """Mail is taken from anyone; who sent it is judged later."""
    relays: tuple[Network, ...] = ()
    """Mail servers of our own that hand on what came from outside: their address proves nothing about the sender."""
    connections: int = 200
    connections_per_address: int = 20
    messages_per_minute: int = 600
    """From one address; relays are not counted."""
    recipients: int = 100
    login_failures: int = 5
    """In one connection; four times as many from one address within a quarter of an hour."""
    largest: int = 150 * MEGABYTE
    """The largest message that is taken."""
    idle_seconds: float = 300.0
    message_seconds: float = 900.0
    grace_seconds: float = 20.0
    """For messages under way when we stop."""
    waiting: int = 20_000
    """Undecided submissions from which on nothing more is taken."""

    @classmethod
    def of(cls, section: SmtpSection, path: Callable[[Path], Path]) -> "SmtpSettings":
        """The settings of a site; `path` makes its paths absolute."""
        return cls(
            listen=section.listen,
            listen_tls=section.listen_tls,
            listen_lmtp=section.listen_lmtp,
            hostname=section.hostname or getfqdn(),
            certificate=path(section.certificate) if section.certificate else None,
            key=path(section.key) if section.key else None,
            require_tls=section.require_tls,
            logins=path(section.logins),
            anyone=section.accept == "anyone",
            relays=tuple(ip_network(relay) for relay in section.relays),
            connections=section.connections,
            connections_per_address=section.connections_per_address,
            messages_per_minute=section.messages_per_minute,
            recipients=section.recipients,
            login_failures=section.login_failures,
            largest=section.message_megabytes * MEGABYTE,
            idle_seconds=section.idle_seconds,
            message_seconds=section.message_seconds,
            grace_seconds=section.grace_seconds,
            waiting=section.waiting,
        )
