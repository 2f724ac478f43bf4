"""The dialogue before a message: EHLO, MAIL, RCPT (RFC 5321 §4.1.1)."""

# ruff: noqa: N802 - the library finds commands by these names

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.authentication import MECHANISMS, Authenticating
from vbdaemon.intake.smtp.gate import Sender
from vbdaemon.intake.smtp.path import Path, read_path
from vbdaemon.model import Purpose


class Dialogue(Authenticating):
    """A session in which messages are announced."""

    def _set_rset_state(self) -> None:
        """The library says so at RSET, HELO, EHLO and STARTTLS: no message is under way."""
        super()._set_rset_state()  # type: ignore[no-untyped-call]  # the library leaves it unannotated
        self.began = None
        self._sender: Sender | None = None
        self._recipients: list[str] = []
        self._purpose: Purpose | None = None

    async def smtp_HELO(self, hostname: str | None) -> None:
        """HELO name."""
        await self._greet(hostname, extended=False)

    async def smtp_EHLO(self, hostname: str | None) -> None:
        """EHLO name."""
        await self._greet(hostname, extended=True)

    async def _greet(self, hostname: str | None, *, extended: bool) -> None:
        if not hostname:
            await self.push("501 5.5.4 Say your name")
            return
        self._set_rset_state()
        assert self.session is not None
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        lines = [self.hostname, *(self._offers() if extended else ())]
        body = "".join(f"250-{line}\r\n" for line in lines[:-1]) + f"250 {lines[-1]}"
        await self.push(body.encode())

    def _offers(self) -> list[str]:
        offers = [f"SIZE {self.hall.settings.largest}", "8BITMIME", "SMTPUTF8", "PIPELINING"]
        if self.tls_context is not None and not self.secured:
            offers.append("STARTTLS")
        if self.offers_login:
            offers.append(f"AUTH {' '.join(MECHANISMS)}")
        return [*offers, "ENHANCEDSTATUSCODES"]

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """STARTTLS, once; what the client knew of us before does not count any more."""
        if self.secured:
            await self.push("503 5.5.1 TLS is on already")
            return
        await super().smtp_STARTTLS(arg or "")

    async def smtp_VRFY(self, arg: str | None) -> None:
        """Nobody is told which addresses there are."""
        await self.push(reply.NO_VERIFYING if arg else "501 5.5.4 Syntax: VRFY address")

    async def smtp_HELP(self, arg: str | None) -> None:
        """HELP."""
        del arg
        await self.push("214 2.0.0 See RFC 5321")

    async def smtp_MAIL(self, arg: str | None) -> None:
        """MAIL FROM:<address> [SIZE=…] [BODY=…] [SMTPUTF8]."""
        if await self.check_helo_needed():
            return
        sender = self._from(read_path("FROM", arg))
        if isinstance(sender, str):
            await self.push(sender)
            return
        self._sender = sender
        self.began = self.hall.monotonic()
        await self.push(reply.SENDER_OK)

    def _from(self, path: Path | None) -> Sender | str:
        hall = self.hall
        if self._sender is not None:
            return reply.NESTED
        if hall.settings.require_tls and not self.secured and not self.peer.ours:
            return reply.TLS_FIRST
        if path is None or not path.readable:
            return reply.MAIL_SYNTAX
        if path.address is None:
            return reply.SENDER_SYNTAX
        refusal = self._parameters(path) or hall.pressure.refusal
        if refusal:
            return refusal
        sender = hall.gate.sender(self.peer, self.login, path.address)
        if isinstance(sender, Sender) and self._too_fast():
            return reply.TOO_FAST
        return sender

    def _too_fast(self) -> bool:
        hall = self.hall
        return not hall.gate.relays(self.peer) and not hall.limits.message(self.client, hall.monotonic())

    def _parameters(self, path: Path) -> str:
        """The reply that refuses the parameters, or ""."""
        given = dict(path.parameters)
        size = given.pop("SIZE", "0")
        body = given.pop("BODY", "7BIT").upper()
        international = "SMTPUTF8" in given
        if given.pop("SMTPUTF8", "") or not size.isdecimal() or body not in ("7BIT", "8BITMIME"):
            return reply.MAIL_SYNTAX
        given.pop("AUTH", "")  # who first submitted it (RFC 4954 §5): nothing that we believe
        if given:
            return reply.PARAMETERS
        if path.address and not path.address.isascii() and not international:
            return reply.NEEDS_UTF8
        return reply.TOO_LARGE if int(size[:20]) > self.hall.settings.largest else ""

    async def smtp_RCPT(self, arg: str | None) -> None:
        """RCPT TO:<address>."""
        if await self.check_helo_needed():
            return
        refusal = self._to(read_path("TO", arg))
        await self.push(refusal or reply.RECIPIENT_OK)

    def _to(self, path: Path | None) -> str:
        """The reply that refuses the recipient, or ""."""
        if self._sender is None:
            return reply.MAIL_FIRST
        if path is None or not path.readable:
            return reply.RCPT_SYNTAX
        if not path.address:
            return reply.RECIPIENT_SYNTAX
        if path.parameters:
            return reply.PARAMETERS
        if len(self._recipients) >= self.hall.settings.recipients:
            return reply.TOO_MANY_RECIPIENTS
        purpose = self.hall.gate.recipient(self._sender, path.address, self._purpose)
        if not isinstance(purpose, Purpose):
            return purpose
        self._purpose = purpose
        self._recipients.append(path.address)
        return ""
