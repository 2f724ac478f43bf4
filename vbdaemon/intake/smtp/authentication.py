"""AUTH PLAIN and LOGIN (RFC 4954, 4616), inside TLS only."""

# ruff: noqa: N802 - the library finds commands by these names

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.session import Session

MECHANISMS = ("PLAIN", "LOGIN")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client says it is. The password is in no representation of it."""

    login: str
    password: str = field(repr=False)


class Authenticating(Session):
    """A session in which clients can log in."""

    @property
    def offers_login(self) -> bool:
        """True where a client may log in."""
        return self.secured and len(self.hall.logins) > 0 and not self.lmtp

    async def smtp_AUTH(self, arg: str | None) -> None:
        """AUTH mechanism [initial response]."""
        words = (arg or "").split()
        refusal = self._login_refusal(words)
        if refusal:
            await self.push(refusal)
            return
        initial = words[1] if len(words) > 1 else None
        said = await (self._plain(initial) if words[0].upper() == "PLAIN" else self._login(initial))
        if isinstance(said, str):
            await self.push(said)
            return
        await self._log_in(said)

    def _login_refusal(self, words: list[str]) -> str:
        if not 1 <= len(words) <= 2:  # noqa: PLR2004 - mechanism and initial response
            return reply.LOGIN_SYNTAX
        if not self.secured:
            return reply.LOGIN_NEEDS_TLS
        if self.login is not None:
            return reply.LOGIN_TWICE
        if self.began is not None:
            return reply.LOGIN_DURING_MESSAGE
        if words[0].upper() not in MECHANISMS or self.lmtp:
            return reply.LOGIN_MECHANISM
        return ""

    async def _log_in(self, said: Credentials) -> None:
        hall = self.hall
        if not hall.limits.may_log_in(self.client, hall.monotonic()):
            self.leave(reply.TOO_MANY_FAILURES)
            return
        if await hall.verify(said.login, said.password):
            self.login = said.login
            await self.push(reply.LOGIN_OK)
            return
        hall.limits.login_failed(self.client, hall.monotonic())
        hall.log.warning("login failed", peer=self.client)
        self._failed_logins += 1
        if self._failed_logins >= hall.settings.login_failures:
            self.leave(reply.TOO_MANY_FAILURES)
            return
        await self.push(reply.LOGIN_WRONG)

    async def _plain(self, initial: str | None) -> Credentials | str:
        response = await self._response(b"") if initial is None else _decoded(initial.encode())
        if isinstance(response, str):
            return response
        parts = response.split(b"\0")
        if len(parts) != 3:  # noqa: PLR2004 - authorization identity, login, password (RFC 4616 §2)
            return reply.LOGIN_SYNTAX
        return _credentials(parts[1], parts[2], parts[0])

    async def _login(self, initial: str | None) -> Credentials | str:
        login = await self._response(b"Username:") if initial is None else _decoded(initial.encode())
        if isinstance(login, str):
            return login
        password = await self._response(b"Password:")
        if isinstance(password, str):
            return password
        return _credentials(login, password)

    async def _response(self, challenge: bytes) -> bytes | str:
        await self.push(b"334 " + b64encode(challenge))
        line = await self._reader.readline()
        return reply.LOGIN_ABORTED if line.strip() == b"*" else _decoded(line.strip())


def _decoded(text: bytes) -> bytes | str:
    """The bytes, or the reply when it is not base 64; "=" is an empty response (RFC 4954 §4)."""
    try:
        return b"" if text == b"=" else b64decode(text, validate=True)
    except binascii.Error:
        return reply.LOGIN_SYNTAX


def _credentials(login: bytes, password: bytes, authority: bytes = b"") -> Credentials | str:
    """Nobody acts for another: an authorization identity must be the login itself."""
    if not login or authority not in (b"", login):
        return reply.LOGIN_SYNTAX if not login else reply.LOGIN_WRONG
    try:
        return Credentials(login.decode(), password.decode())
    except UnicodeDecodeError:
        return reply.LOGIN_WRONG
