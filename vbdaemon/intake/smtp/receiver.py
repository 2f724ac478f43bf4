"""DATA, and the answer to it: 250 only when the row is committed. LMTP answers for each recipient (RFC 2033)."""

# ruff: noqa: N802 - the library finds commands by these names

import asyncio
from typing import Final

from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.folder_door import words_of
from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.dialogue import Dialogue
from vbdaemon.intake.smtp.reception import Reception
from vbdaemon.model import Channel, Envelope, Purpose

SOURCE: Final = "smtp"
"""Name of the listener as a source of submissions."""


class Receiver(Dialogue):
    """A session that takes messages."""

    async def smtp_DATA(self, arg: str | None) -> None:
        """DATA: the message, in bulk."""
        if await self.check_helo_needed():
            return
        if arg or self._sender is None or not self._recipients:
            early = reply.RCPT_FIRST if self._sender else reply.MAIL_FIRST
            await self.push("501 5.5.4 Syntax: DATA" if arg else early)
            return
        reception = Reception(self.hall.vault, self.hall.settings.largest, self._flow)
        try:
            await self._receive(reception)
        except BaseException:
            reception.deposit.abandon()
            raise
        answer, admitted = await self._settle(reception)
        await self._answer(answer, admitted)

    async def _receive(self, reception: Reception) -> None:
        self._reception = reception
        await self.push(reply.GO_ON)
        early: bytearray = self._reader._buffer  # type: ignore[attr-defined]  # noqa: SLF001 - the library has no question for it
        if early and self._reception is not None:  # a client that did not wait for 354
            self.data_received(await self._reader.read(len(early)))
        await reception.ended

    async def _settle(self, reception: Reception) -> tuple[str, str]:
        """The reply, and the id when the message is ours."""
        if reception.too_large:
            reception.deposit.abandon()
            return reply.TOO_LARGE, ""
        self._settling = True
        try:
            admitted = await reception.deposit.close(reception.last, self._envelope(), self._key())
        except (OSError, VbdaemonError) as error:
            self.hall.log.error("a message was not taken", error=words_of(error))
            return reply.for_error(error), ""
        finally:
            self._settling = False
            self.heard = self.hall.monotonic()
        return reply.queued(admitted.id), admitted.id

    async def _answer(self, answer: str, admitted: str) -> None:
        vault = self.hall.vault
        copies = len(self._recipients) if self.lmtp else 1
        self._set_rset_state()
        self._commands = 0
        if admitted:
            vault.failpoint("smtp.admitted")
        await self.push("\r\n".join([answer] * copies).encode())
        if admitted:
            vault.failpoint("smtp.answered")
            self.hall.acknowledged.append(admitted)
        if self.hall.stopping:
            self.leave(reply.STOPPING)

    def _envelope(self) -> Envelope:
        assert self._sender is not None
        return Envelope(
            source=SOURCE,
            channel=Channel.SMTP,
            received_at=self.hall.clock(),
            unit=self._sender.unit,
            account=self._sender.account,
            mail_from=self._sender.mail_from,
            recipients=tuple(self._recipients),
            purpose=self._purpose or Purpose.EXCHANGE,
            peer=self.client or None,
        )

    def _key(self) -> str:
        """With the bytes' hash: what a client that got no answer sends again is the same submission."""
        assert self._sender is not None
        sender = self._sender
        recipients = " ".join(sorted({address.casefold() for address in self._recipients}))
        return f"{sender.mail_from.casefold()} {sender.unit} {sender.account} {recipients}"

    def _flow(self, on: bool) -> None:
        if isinstance(self.transport, asyncio.Transport):
            if on:
                self.transport.resume_reading()
            else:
                self.transport.pause_reading()


class LmtpReceiver(Receiver):
    """The same behind another mail server, by LMTP."""

    lmtp = True

    async def smtp_LHLO(self, hostname: str | None) -> None:
        """LHLO name."""
        await self._greet(hostname, extended=True)

    async def smtp_HELO(self, hostname: str | None) -> None:
        """Not in LMTP."""
        del hostname
        await self.push("500 5.5.1 Say LHLO")

    async def smtp_EHLO(self, hostname: str | None) -> None:
        """Not in LMTP."""
        await self.smtp_HELO(hostname)
