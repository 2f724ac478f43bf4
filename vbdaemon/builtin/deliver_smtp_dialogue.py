"""One mail through one SMTP dialogue: every reply has its meaning for whether, and how, the mail is tried again."""

import smtplib
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model import Outcome, Security, Smarthost
from vbdaemon.rendering.words import sentence

MOST_WORDS = 300
TOO_BIG = 552
"""RFC 1870: the message is larger than the server takes; the one refusal at MAIL that is about the message."""
PARTING_SECONDS = 1.0
OURS = ("5.7.", "relay", "authenticat")
"""A smarthost that refuses a recipient in such words refuses us: we may not relay, or did not log in."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail with its envelope; addresses are as the dialogue carries them, "" is the null sender."""

    sender: str
    recipient: str
    size: int
    pieces: Iterable[bytes]

    @property
    def international(self) -> bool:
        """An address has letters beyond ASCII: only a server with SMTPUTF8 (RFC 6531) takes it."""
        return not (self.sender + self.recipient).isascii()


class Step(StrEnum):
    """How far the dialogue came: who is to blame for a refusal depends on it."""

    CONNECTION = "connection"
    """Connecting, greeting, EHLO, TLS."""
    LOGIN = "login"
    """AUTH."""
    SENDER = "sender"
    """MAIL FROM."""
    RECIPIENT = "recipient"
    """RCPT TO."""
    DATA = "data"
    """From DATA to the last byte of the mail."""
    END = "end"
    """The final dot is on its way: whether the mail was taken is known only with the answer."""


class _Refused(Exception):
    """A reply other than success."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


def send(letter: Letter, smarthost: Smarthost, password: str) -> Outcome:
    """How it ended, in the server's words. Never raises for what a server or the network does."""
    return _talk(smarthost, password, lambda dialogue: dialogue.hand_over(letter))


def knock(smarthost: Smarthost, password: str) -> Outcome:
    """Whether it lets us in: connected, protected and logged in as the settings say; no mail is sent."""
    return _talk(smarthost, password, lambda _: "it lets us in")


def _talk(smarthost: Smarthost, password: str, say: "Callable[[_Dialogue], str]") -> Outcome:
    dialogue = _Dialogue(smarthost)
    try:
        dialogue.open()
        dialogue.log_in(password)
        return Outcome.delivered(say(dialogue))
    except _Refused as refusal:
        return _meaning(dialogue.step, refusal.code, str(refusal), smarthost)
    except smtplib.SMTPResponseException as refusal:
        error = refusal.smtp_error
        words = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
        return _meaning(dialogue.step, refusal.smtp_code, words, smarthost)
    except (OSError, smtplib.SMTPException) as error:
        return _broken(dialogue.step, error, smarthost)
    finally:
        dialogue.close()


class _Dialogue:
    """A connection to the smarthost, and how far it came."""

    def __init__(self, smarthost: Smarthost) -> None:
        self.step = Step.CONNECTION
        self._smarthost = smarthost
        self._client: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connected, greeted, protected as the settings say."""
        host = self._smarthost
        where, name, seconds = (host.host, host.port), host.hostname, host.seconds
        tls = _context(host) if host.security is not Security.PLAIN else None
        direct = host.security is Security.TLS
        self._client = client = (
            smtplib.SMTP_SSL(*where, name, timeout=seconds, context=tls)
            if direct
            else smtplib.SMTP(*where, name, timeout=seconds)
        )
        _expect(client.ehlo(), 2)
        if host.security is Security.STARTTLS:
            if not client.has_extn("starttls"):
                raise _Refused(0, 'it offers no STARTTLS; see "security" in [smarthost]')
            _expect(client.starttls(context=tls), 2)
            _expect(client.ehlo(), 2)

    def log_in(self, password: str) -> None:
        """Known to the smarthost, where the settings name a user."""
        self.step = Step.LOGIN
        if not self._smarthost.username:
            return
        if not password.isascii():
            raise _Refused(0, "its password has letters beyond ASCII, which AUTH PLAIN and LOGIN do not carry")
        self._connected.login(self._smarthost.username, password)

    def hand_over(self, letter: Letter) -> str:
        """The server's words once it has the mail."""
        client = self._connected
        self.step = Step.SENDER
        if letter.international:
            if not client.has_extn("smtputf8"):
                raise _Refused(TOO_BIG, "the smarthost takes no address with letters beyond ASCII (SMTPUTF8)")
            client.command_encoding = "utf-8"
        options = [f"SIZE={letter.size}"] if client.has_extn("size") else []
        options += ["SMTPUTF8"] if letter.international else []
        _expect(client.mail(letter.sender, options), 2)
        self.step = Step.RECIPIENT
        _expect(client.rcpt(letter.recipient), 2)
        self.step = Step.DATA
        _expect(client.docmd("DATA"), 3)
        for piece in letter.pieces:  # no line of it begins with a dot: headers, marks and base64 never do
            client.send(piece)
        self.step = Step.END
        client.send(b".\r\n")
        code, words = client.getreply()
        return f"{code} {_expect((code, words), 2)}"

    def close(self) -> None:
        """Politely where the server still listens."""
        client = self._client
        if client is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            if client.sock is not None and self.step is not Step.DATA:
                client.sock.settimeout(PARTING_SECONDS)
                client.quit()
        client.close()

    @property
    def _connected(self) -> smtplib.SMTP:
        assert self._client is not None
        return self._client


def _expect(reply: tuple[int, bytes | str], kind: int) -> str:
    """The words of a reply of this kind (its first digit)."""
    code, said = reply
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code // 100 != kind:
        raise _Refused(code, words)
    return _short(words)


def _context(smarthost: Smarthost) -> ssl.SSLContext:
    """The system's certificates, or the site's own CA; names are always checked."""
    return ssl.create_default_context(cafile=str(smarthost.ca) if smarthost.ca else None)


def _meaning(step: Step, code: int, words: str, smarthost: Smarthost) -> Outcome:
    """What a refusal means, by who is to blame for it."""
    said = _short(f"{code or ''} {words}")
    permanent = code // 100 == 5  # noqa: PLR2004 - replies that will not change (RFC 5321 §4.2.1)
    if step is Step.LOGIN:
        return Outcome.deferred(
            f"{_name(smarthost)} refuses our login: {said}; see username and password in [smarthost]"
        )
    if permanent and step is Step.SENDER and code != TOO_BIG:
        return Outcome.deferred(f"{_name(smarthost)} refuses our sender: {said}; see sender in [smarthost]")
    if permanent and step is Step.RECIPIENT and any(sign in said.casefold() for sign in OURS):
        return Outcome.deferred(f"{_name(smarthost)} does not relay for us: {said}; see [smarthost]")
    if permanent and step is not Step.CONNECTION:
        return Outcome.failed(f"{_name(smarthost)}: {said}")
    return Outcome.deferred(f"{_name(smarthost)}: {said}")


def _broken(step: Step, error: Exception, smarthost: Smarthost) -> Outcome:
    """The dialogue ended without an answer."""
    words = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    said = f"{_name(smarthost)}: {_short(words or type(error).__name__)}"
    if step is Step.END:
        doubt = "the connection ended before the answer; the mail may have been taken, it goes again as the same mail"
        return Outcome.deferred(f"doubtful: {said}; {doubt}")
    if isinstance(error, ssl.SSLCertVerificationError):
        said += "; its certificate must be issued by a CA that the system, or ca in [smarthost], trusts"
    return Outcome.deferred(f"{said} ({step.value})")


def _name(smarthost: Smarthost) -> str:
    return f"smarthost {smarthost.host}:{smarthost.port}"


def _short(words: str) -> str:
    return sentence(words)[:MOST_WORDS]
