"""A message's bytes between DATA and its end: gathered, counted, handed on in blocks."""

import asyncio
from collections.abc import Callable
from typing import Final

from vbdaemon.intake.smtp.data_stream import DataStream
from vbdaemon.intake.smtp.deposit import Deposit, Vault

BLOCK: Final = 256 * 1024
"""What is gathered before it is written: a small message is handed over as one block."""
AHEAD: Final = 4 * BLOCK
"""Unwritten bytes from which on the client waits."""


class Reception:
    """Fed with packets by the connection."""

    def __init__(self, vault: Vault, most: int, flow: Callable[[bool], None]) -> None:
        """`most` bytes are taken; `flow(False)` makes the client wait, `flow(True)` lets it go on."""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.size = 0
        self.deposit = Deposit(vault, self._relieved)
        self._stream = DataStream()
        self._most = most
        self._flow = flow
        self._blocks: list[bytes] = []
        self._gathered = 0
        self._ahead = 0
        self._handed = 0
        self._waiting = False

    @property
    def too_large(self) -> bool:
        """True when more came than is taken."""
        return self.size > self._most

    @property
    def last(self) -> bytes:
        """What was gathered and not yet handed on."""
        return self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)

    def feed(self, packet: bytes) -> bytes | None:
        """The next packet; answers what came after the message's end, None while it has not ended."""
        content, rest = self._stream.feed(packet)
        self.size += len(content)
        if self.too_large:  # read on, so that the dialogue stays in step, and keep nothing
            if self.size - len(content) <= self._most:
                self._blocks.clear()
                self.deposit.abandon()
        elif content:
            self._gather(content)
        if rest is not None and not self.ended.done():
            self.ended.set_result(None)
        return rest

    def _gather(self, content: bytes) -> None:
        self._blocks.append(content)
        self._gathered += len(content)
        if self._gathered < BLOCK:
            return
        self.deposit.put(self.last)
        self._blocks.clear()
        self._ahead += self._gathered
        self._gathered = 0
        self._handed += 1
        if self._ahead >= AHEAD and not self._waiting:
            self._waiting = True
            self._flow(False)

    def _relieved(self) -> None:
        """One block more was written."""
        self._handed -= 1
        if self._handed == 0:
            self._ahead = 0
            if self._waiting:
                self._waiting = False
                self._flow(True)
