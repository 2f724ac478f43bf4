"""A connection: its bytes, its time, its end. What is said in it is `dialogue`'s and `authentication`'s."""

import asyncio
from functools import cache
from typing import Any, Final

from aiosmtpd.smtp import SMTP, TLSSetupException

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.gate import Peer
from vbdaemon.intake.smtp.hall import Hall
from vbdaemon.intake.smtp.reception import Reception

COMMANDS_WITHOUT_MESSAGE: Final = 100
LEAVING_SECONDS: Final = 30.0
"""For a client to read our last words."""


class _NoTimer:
    """Stands where the library keeps a timer for each connection: here one look goes over all of them."""

    def cancel(self) -> None:
        """Nothing runs."""


class _NoHooks:
    """Where the library looks for hooks: all we have to say stands in the session itself."""

    def __dir__(self) -> list[str]:
        return []


class Session(SMTP):
    """The library's connection, with bulk DATA, one look for all time limits, and replies with enhanced codes."""

    line_length_limit = 8192
    """Of commands; DATA has lines of any length."""
    command_size_limit = 2048

    lmtp = False

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.peer = Peer(None, self.lmtp)
        self.login: str | None = None
        self.heard = hall.monotonic()
        self.began: float | None = None
        """When the message under way was announced."""
        self._reception: Reception | None = None
        self._settling = False
        self._commands = 0
        self._left: float | None = None
        self._failed_logins = 0
        self._counted = ""
        self._refusal: str | None = None
        context = hall.certificate.context if hall.certificate else None
        super().__init__(
            _NoHooks(),
            data_size_limit=hall.settings.largest,
            enable_SMTPUTF8=True,
            hostname=hall.settings.hostname,
            ident="LMTP" if self.lmtp else "ESMTP",
            tls_context=context,
            require_starttls=False,
            loop=asyncio.get_running_loop(),
        )

    @classmethod
    @cache
    def _commands_known(cls) -> tuple[str, ...]:
        return tuple(name for name in dir(cls) if name.startswith("smtp_"))

    def __dir__(self) -> tuple[str, ...]:
        """The library goes through all names for its commands, at each connection: a fifth of its time."""
        return self._commands_known()

    @property
    def secured(self) -> bool:
        """True inside TLS, whichever way it began."""
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    @property
    def client(self) -> str:
        """The client's address as a text; "" for a local socket."""
        return str(self.peer.address or "")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came, or goes on inside TLS."""
        self._timeout_handle = _NoTimer()  # type: ignore[assignment]  # the library only ever cancels it
        if self._refusal is None:
            self.peer = Peer.of(transport.get_extra_info("peername"), lmtp=self.lmtp)
            self._counted = self.client
            self._refusal = self.hall.limits.connect(self._counted, trusted=self.hall.gate.relays(self.peer))
            self.hall.sessions.add(self)
        self.login = None
        self.began = None
        super().connection_made(transport)
        self._commands = 0

    def connection_lost(self, error: Exception | None) -> None:
        """What was not handed in by now is forgotten."""
        if self in self.hall.sessions:
            self.hall.sessions.remove(self)
            self.hall.limits.disconnect(self._counted)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Commands go to the library's reader; the bytes of a message go past it."""
        reception = self._reception
        if reception is None:
            super().data_received(data)
            return
        self.heard = self.hall.monotonic()
        rest = reception.feed(data)
        if rest is not None:
            self._reception = None
            if rest:
                super().data_received(rest)

    async def _handle_client(self) -> None:
        refusal = self._refusal or (reply.STOPPING if self.hall.stopping else "")
        if refusal:
            self.leave(refusal)
            return
        await super()._handle_client()

    async def push(self, status: Any) -> None:
        """Send a reply."""
        await super().push(reply.coded(status) if isinstance(status, str) else status)

    async def handle_exception(self, error: Exception) -> str:
        """A mistake of ours costs the client a repeat, never a message."""
        if isinstance(error, TLSSetupException):
            self.hall.log.info("a client failed to start TLS", peer=self.client)
        else:
            self.hall.log.error("a mail session went wrong", error=type(error).__name__)
        return reply.TROUBLE

    def leave(self, words: str) -> None:
        """Say why, and hang up."""
        if self.transport is None or self.transport.is_closing():
            return
        self._left = self.hall.monotonic()
        self._writer.write(f"{words}\r\n".encode())
        self.transport.close()

    def look(self, now: float) -> None:
        """Ends the session when its client took too long; while we are at work it waits for us."""
        settings = self.hall.settings
        if self._settling:
            return
        if self._left is not None:  # a client that reads nothing would keep its connection for ever
            if now - self._left > LEAVING_SECONDS:
                self.cut()
            return
        if self.began is not None and now - self.began > settings.message_seconds:
            self.leave(reply.TOO_LONG)
        elif now - self.heard > settings.idle_seconds:
            self.leave(reply.IDLE)

    def stop(self) -> None:
        """Ends the session, unless a message is on its way in: then after that."""
        if self._reception is None and not self._settling:
            self.leave(reply.STOPPING)

    def cut(self) -> None:
        """Ends the session whatever is under way."""
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.Transport):
                transport.abort()

    def _reset_timeout(self, duration: float | None = None) -> None:
        """The library says so at each good command."""
        del duration
        self.heard = self.hall.monotonic()
        self._commands += 1
        if self._commands > COMMANDS_WITHOUT_MESSAGE + self.hall.settings.recipients:
            self.leave(reply.TOO_MANY_COMMANDS)
