"""The servers on the listening sockets."""

import asyncio
import socket
from functools import partial
from typing import Any, Final

from vbdaemon.intake.smtp.hall import Hall
from vbdaemon.intake.smtp.receiver import LmtpReceiver, Receiver

HANDSHAKE_SECONDS: Final = 30.0
GOODBYE_SECONDS: Final = 5.0


class Listening:
    """Opens and closes the doors; "smtp", "smtps" and "lmtp" say what is spoken behind each."""

    def __init__(self, sockets: dict[str, list[socket.socket]], hall: Hall) -> None:
        self._sockets = sockets
        self._hall = hall
        self._servers: list[asyncio.Server] = []
        self.addresses = tuple(f"{kind} {_words(each)}" for kind, some in sockets.items() for each in some)

    async def begin(self) -> None:
        """Connections are accepted from now on."""
        for kind, some in self._sockets.items():
            for each in some:
                self._servers.append(await self._serve(kind, each))

    def end(self) -> None:
        """No new connections."""
        for server in self._servers:
            server.close()

    async def _serve(self, kind: str, listener: socket.socket) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        make = partial(LmtpReceiver if kind == "lmtp" else Receiver, self._hall)
        certificate = self._hall.certificate if kind == "smtps" else None
        context = certificate.context if certificate else None
        times: dict[str, Any] = {"backlog": socket.SOMAXCONN}
        if context is not None:
            times |= {"ssl_handshake_timeout": HANDSHAKE_SECONDS, "ssl_shutdown_timeout": GOODBYE_SECONDS}
        if listener.family == socket.AF_UNIX:
            return await loop.create_unix_server(make, sock=listener, ssl=context, **times)
        return await loop.create_server(make, sock=listener, ssl=context, **times)


def _words(listener: socket.socket) -> str:
    name = listener.getsockname()
    if not isinstance(name, tuple):
        return str(name)
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{host}:{name[1]}"
