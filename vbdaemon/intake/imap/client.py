"""Connecting to a mail server and logging in; and parting from it."""

import contextlib
import logging
import re
import ssl
from typing import Any, Final

import imapclient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.trouble import LinkLost, LoginRefused, plain, words_of_link
from vbdaemon.model import Security

FAREWELL_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 30.0
_ATOM = re.compile(r"[A-Za-z0-9@._+-]+")
_BREAK = re.compile(r"[\r\n\0]")


def log_in_to(settings: MailboxSettings, secret: str) -> Any:
    """Connect and log in with a password or an access token; LinkLost or LoginRefused say why not."""
    # The library offers every line that it reads to its log, documents too.
    logging.getLogger("imapclient").setLevel(logging.CRITICAL + 1)
    client = _connect(settings)
    with contextlib.ExitStack() as undo:
        undo.callback(close_client, client, politely=False)
        _log_in(client, settings, secret)
        undo.pop_all()
    return client


def _connect(settings: MailboxSettings) -> Any:
    timeout = imapclient.SocketTimeout(
        connect=min(CONNECT_SECONDS, settings.socket_seconds), read=settings.socket_seconds
    )
    try:
        tls = None if settings.security is Security.PLAIN else ssl.create_default_context(cafile=settings.ca)
    except OSError as error:
        reason = "not a PEM file with certificates" if isinstance(error, ssl.SSLError) else error.strerror
        raise LinkLost(f"ca {settings.ca}: {reason}") from None
    implicit = settings.security is Security.TLS
    client = None
    try:
        client = imapclient.IMAPClient(
            settings.host, settings.port, ssl=implicit, ssl_context=tls if implicit else None, timeout=timeout
        )
        if settings.security is Security.STARTTLS:
            client.starttls(tls)
    except IMAPClientError as error:
        close_client(client, politely=False)
        where = f"{settings.host}:{settings.port}"
        raise LinkLost(f"{where}: no IMAP session ({plain(str(error))}); check port and security") from None
    except OSError as error:
        close_client(client, politely=False)
        raise LinkLost(words_of_link(error, settings.host, settings.port, timeout.connect)) from None
    return client


def _log_in(client: Any, settings: MailboxSettings, secret: str) -> None:
    where = f"{settings.host}:{settings.port}"
    if _BREAK.search(settings.username + secret):
        raise LoginRefused(f"{where}: username or secret holds a line break; nothing was sent")
    try:
        if settings.token is not None:
            client.oauth2_login(settings.username, secret)
        elif (settings.username + secret).isascii():
            client.login(_astring(settings.username), secret)
        else:
            client.plain_login(settings.username, secret)
    except (IMAPClientAbortError, ProtocolError):
        raise LinkLost(f"{where}: the connection broke during login") from None
    except IMAPClientError as error:
        answer = plain(str(error).removeprefix("login failed: ").removeprefix("authenticate failed: "), (secret,))
        remedy = "the grant of [imap.oauth]" if settings.token is not None else "username and password"
        raise LoginRefused(f"{where}: login refused ({answer}); check {remedy}") from None
    except OSError as error:
        raise LinkLost(words_of_link(error, settings.host, settings.port, settings.socket_seconds)) from None


def _astring(username: str) -> str:
    """The library quotes passwords only; a name with a backslash or a blank needs it too."""
    if _ATOM.fullmatch(username):
        return username
    escaped = username.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def close_client(client: Any, *, politely: bool) -> None:
    """Log out if asked to, and close the socket in any case; nothing that fails here matters any more."""
    if client is None:
        return
    with contextlib.suppress(IMAPClientError, OSError, ValueError):
        if politely:
            client.socket().settimeout(FAREWELL_SECONDS)
            client.logout()
    with contextlib.suppress(IMAPClientError, OSError, ValueError):
        client.shutdown()
