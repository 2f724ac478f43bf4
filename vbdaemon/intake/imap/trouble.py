"""What can go wrong with a mail server, in words with their remedy; no server's answer about content is repeated."""

import re
import socket
import ssl
from typing import Final

from vbdaemon.errors import VbdaemonError

MOST_LETTERS: Final = 160
_CODE = re.compile(r"\[([A-Z][A-Z0-9-]*)[\] ]")
_UNTOLD: Final = re.compile(r"[^\x20-\x7e]+")


class MailboxTrouble(VbdaemonError):
    """A mailbox cannot be used now; it is tried again."""


class LinkLost(MailboxTrouble):
    """The connection to the mail server broke; a new one is made."""


class LoginRefused(MailboxTrouble):
    """The mail server refused the login; check username and password."""


class ServerRefused(MailboxTrouble):
    """The mail server refused a command; the connection can be used on."""

    def __init__(self, command: str, answer: str) -> None:
        self.code = code_of(answer)
        super().__init__(f"the server refused {command}: {plain(answer)}")


def code_of(answer: str) -> str:
    """The response code (RFC 9051 §7.1) of an answer, such as OVERQUOTA; empty when it has none."""
    found = _CODE.search(answer)
    return found[1] if found else ""


def plain(answer: str, secrets: tuple[str, ...] = ()) -> str:
    """A server's answer to a command, fit for a log: one short line, without secrets of ours."""
    for secret in secrets:
        answer = answer.replace(secret, "***") if secret else answer
    return _UNTOLD.sub(" ", answer).strip()[:MOST_LETTERS]


def words_of_link(error: OSError, host: str, port: int, seconds: float) -> str:
    """Why there is no connection, and what to do."""
    where = f"{host}:{port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{where}: the server's certificate is not accepted ({error.verify_message}); "
            "set ca to the CA certificates of your mail server, or host to the name in its certificate"
        )
    if isinstance(error, ssl.SSLError):
        return f"{where}: no TLS ({error.reason or 'broken off'}); check port and security"
    if isinstance(error, socket.gaierror):
        return f"{where}: this host is not known; check host and the name service"
    if isinstance(error, TimeoutError):
        return f"{where}: no answer within {seconds:g} s; check the network and the firewall"
    if isinstance(error, ConnectionRefusedError):
        return f"{where}: nobody answers; check host and port"
    return f"{where}: {error.strerror or type(error).__name__}"
