"""The tables of the settings that are about mail: what comes in, what goes out, whose word counts."""

import re
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from vbdaemon.config.section import Section
from vbdaemon.model import Proof, SecretKind, SecretSource, Security

_LISTEN = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]*):(?P<port>\d{1,5})|systemd|systemd:[A-Za-z0-9_-]+")


def _listen(text: str) -> str:
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:  # noqa: PLR2004 - the highest port there is
        raise ValueError('say "address:port", such as "127.0.0.1:2525", or "systemd" for an inherited socket')
    return text


def _secret(text: str) -> str:
    kind, found, name = text.partition(":")
    if not found or not name or kind not in {member.value for member in SecretKind}:
        raise ValueError('say where it lies: "file:PATH", "env:NAME" or "credential:NAME"; never the secret itself')
    return text


def _is_here(host: str) -> bool:
    """True for a host name or address of this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Listen = Annotated[str, AfterValidator(_listen)]
"""address:port, [IPv6]:port, or "systemd" (a socket handed over by systemd, by name with "systemd:NAME")."""
Secret = Annotated[str, AfterValidator(_secret)]
"""Where a secret lies: file:PATH (relative to the settings), env:NAME, credential:NAME."""


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f'{error}; say an address or a network, such as "10.1.2.0/24"') from error


Network = Annotated[str, AfterValidator(_network)]
"""An address or a network (CIDR)."""


def secret_source(text: str, base: Path) -> SecretSource:
    """The value of a `Secret` key; a file's path is made absolute from the settings' folder."""
    kind, _, name = text.partition(":")
    where = SecretKind(kind)
    return SecretSource(where, str(Path(base, name).resolve()) if where is SecretKind.FILE else name)


class MailSection(Section):
    """`[mail]`: this office's addresses, and by what a sender is known."""

    addresses: tuple[str, ...] = ()
    preflight: tuple[str, ...] = ()
    authservers: tuple[str, ...] = ()
    unit_by: tuple[Proof, ...] = (
        Proof.LOGIN,
        Proof.RESULTS_AUTH,
        Proof.RESULTS_DKIM,
        Proof.RESULTS_SPF,
        Proof.NETWORK,
    )
    account_by: tuple[Proof, ...] = (Proof.LOGIN, Proof.RESULTS_AUTH)
    notices_per_hour: int = Field(default=20, ge=1)
    give_up_days: float = Field(default=5.0, gt=0)


class SmtpSection(Section):
    """`[smtp]`: our own listener; off while every `listen` is empty. Durations in seconds."""

    listen: tuple[Listen, ...] = ()
    listen_tls: tuple[Listen, ...] = ()
    listen_lmtp: tuple[Listen, ...] = ()
    hostname: str = ""
    certificate: Path | None = None
    key: Path | None = None
    require_tls: bool = False
    logins: Path = Path("logins.toml")
    accept: Literal["known", "anyone"] = "known"
    relays: tuple[Network, ...] = ()
    connections: int = Field(default=200, ge=1)
    connections_per_address: int = Field(default=20, ge=1)
    messages_per_minute: int = Field(default=600, ge=1)
    recipients: int = Field(default=100, ge=1)
    login_failures: int = Field(default=5, ge=1)
    idle_seconds: float = Field(default=300.0, gt=0)
    message_seconds: float = Field(default=900.0, gt=0)
    message_megabytes: int = Field(default=150, ge=1)
    grace_seconds: float = Field(default=20.0, ge=0)
    waiting: int = Field(default=20_000, ge=1)
    free_megabytes: int = Field(default=500, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> "SmtpSection":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key go together")
        if (self.listen_tls or self.require_tls) and self.certificate is None:
            raise ValueError("listen_tls and require_tls need certificate and key")
        return self

    @property
    def on(self) -> bool:
        """True when anything is listened on."""
        return bool(self.listen or self.listen_tls or self.listen_lmtp)


class OauthSection(Section):
    """`[imap.oauth]`: XOAUTH2 with a refresh token that the provider may replace at each use.

    Without token_file the client asks in its own right (client credentials), which needs secret.
    """

    provider: Literal["microsoft", "google", "other"] = "other"
    tenant: str = Field(default="organizations", pattern=r"^[A-Za-z0-9.-]+$")
    client: str = Field(min_length=1)
    secret: Secret | None = None
    token_file: Path | None = None
    token_url: str = Field(default="", pattern=r"^(https://\S+)?$")
    scope: str = ""

    @model_validator(mode="after")
    def _proved(self) -> "OauthSection":
        if self.token_file is None and self.secret is None:
            raise ValueError("give token_file (a refresh token), or secret (the client's own right)")
        return self


class ImapSection(Section):
    """`[[imap]]`: a mailbox that we read. Durations in seconds."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[^/\s][^/]*$")
    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    security: Security = Security.TLS
    ca: Path | None = None
    username: str = Field(min_length=1)
    password: Secret | None = None
    oauth: OauthSection | None = None
    preset: Literal["", "zimbra", "exchange", "google", "microsoft365"] = ""
    folders: tuple[Annotated[str, Field(min_length=1, max_length=190)], ...] = Field(default=("INBOX",), min_length=1)
    after: Literal["flag", "move", "delete", "nothing"] = "flag"
    moved_to: str = Field(default="Da tiep nhan", min_length=1, max_length=190)
    unit: str | None = None
    account: str | None = None
    idle: bool = True
    poll_seconds: float = Field(default=60.0, gt=0)
    socket_seconds: float = Field(default=60.0, gt=0)
    since: date | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> "ImapSection":
        if (self.password is None) == (self.oauth is None):
            raise ValueError("give either password or an [imap.oauth] table")
        hosted = self.preset in ("google", "microsoft365")
        if not self.host and not hosted:
            raise ValueError("host is missing")
        oauth = self.oauth
        if oauth is not None and oauth.provider == "other" and not oauth.token_url and not hosted:
            raise ValueError('oauth: give provider = "microsoft" or "google", or token_url')
        return self

    @model_validator(mode="after")
    def _sound(self) -> "ImapSection":
        if self.security is Security.PLAIN and not _is_here(self.host):
            raise ValueError('security = "plain" would show the password to the network; it is for this machine only')
        if len(set(self.folders)) < len(self.folders):
            raise ValueError("a folder stands twice in folders")
        if self.after == "move" and self.moved_to in self.folders:
            raise ValueError("moved_to is one of the folders that are read: messages would come round for ever")
        return self


class SmarthostSection(Section):
    """`[smarthost]`: the server that takes our outgoing mail."""

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Security = Security.STARTTLS
    ca: Path | None = None
    username: str = ""
    password: Secret | None = None
    sender: str = Field(min_length=3)
    hostname: str = ""
    seconds: float = Field(default=60.0, gt=0)

    @model_validator(mode="after")
    def _guarded(self) -> "SmarthostSection":
        if bool(self.username) != (self.password is not None):
            raise ValueError("username and password go together")
        return self
