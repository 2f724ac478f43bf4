"""Settings of one mailbox account, as the intake uses them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from vbdaemon.config.mail import ImapSection, OauthSection, secret_source
from vbdaemon.intake.imap.preset import PRESETS, TOKEN_URLS, scope_of
from vbdaemon.model import SecretSource, Security


class After(StrEnum):
    """What becomes of a message in the mailbox once its submission is ours."""

    FLAG = "flag"
    """It stays and carries a mark."""
    MOVE = "move"
    """It goes to another folder."""
    DELETE = "delete"
    """It is removed."""
    NOTHING = "nothing"
    """It stays as it is; only our table knows."""


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """How access tokens (XOAUTH2) are had."""

    url: str
    client: str
    secret: SecretSource | None
    token_file: Path | None
    """Holds the refresh token, which the provider may replace; None: the client's own right (client credentials)."""
    scope: str


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One account; exactly one of `password` and `token` is set. Durations in seconds."""

    name: str
    host: str
    username: str
    port: int = 993
    security: Security = Security.TLS
    ca: Path | None = None
    """CA certificates (PEM) to trust instead of the system's."""
    password: SecretSource | None = None
    token: TokenSettings | None = None
    folders: tuple[str, ...] = ("INBOX",)
    after: After = After.FLAG
    moved_to: str = ""
    unit: str | None = None
    account: str | None = None
    idle: bool = True
    poll_seconds: float = 60.0
    socket_seconds: float = 60.0
    since: date | None = None
    """What arrived before this day is left alone."""
    largest: int = 100 << 20
    """Bytes; a larger message is not fetched."""
    hint: str = ""
    """For the operator: what is particular about this kind of server."""

    def source(self, folder: str) -> str:
        """Name of a folder as a source of submissions."""
        return f"{self.name}/{folder}"


def mailbox_settings(section: ImapSection, base: Path, largest: int) -> MailboxSettings:
    """The account of an `[[imap]]` table; file names are relative to `base`, `largest` is in bytes."""
    preset = PRESETS[section.preset]
    return MailboxSettings(
        name=section.name,
        host=section.host or preset.host,
        username=section.username,
        port=section.port,
        security=section.security,
        ca=None if section.ca is None else Path(base, section.ca).resolve(),
        password=None if section.password is None else secret_source(section.password, base),
        token=None if section.oauth is None else _token_settings(section.oauth, preset.provider, base),
        folders=section.folders,
        after=After(section.after),
        moved_to=section.moved_to,
        unit=section.unit,
        account=section.account,
        idle=section.idle,
        poll_seconds=section.poll_seconds,
        socket_seconds=section.socket_seconds,
        since=section.since,
        largest=largest,
        hint=preset.hint,
    )


def _token_settings(section: OauthSection, provider: str, base: Path) -> TokenSettings:
    chosen = section.provider if section.provider != "other" else provider or section.provider
    return TokenSettings(
        url=section.token_url or TOKEN_URLS[chosen].format(tenant=section.tenant),
        client=section.client,
        secret=None if section.secret is None else secret_source(section.secret, base),
        token_file=None if section.token_file is None else Path(base, section.token_file).resolve(),
        scope=section.scope or scope_of(chosen, by_client=section.token_file is None),
    )
