"""One message on its way from the connection to the spool and through admission."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from vbdaemon.errors import VbdaemonError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.admission import SourceKey
from vbdaemon.model import Envelope
from vbdaemon.spool.incoming import FileWriter, Incoming
from vbdaemon.state.store import Admitted

NAME: Final = "thu.eml"
"""Name of the message in its submission: its bytes as they came."""


class Door(Protocol):
    """Admission, as the listener sees it."""

    def begin(self, submission_id: str | None = None) -> Incoming:
        """A draft in the spool."""

    def admit(self, incoming: Incoming, envelope: Envelope, key: SourceKey) -> "Future[Admitted]":
        """Seal the draft and commit its row."""

    def acknowledge(self, submission_id: str) -> None:
        """The client was told."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Where messages are put: the threads that write, and the door behind them."""

    door: Door
    threads: Executor
    failpoint: Failpoint


class Deposit:
    """Fed by the event loop, which it never blocks; works in a thread, step by step, in order."""

    def __init__(self, vault: Vault, relieved: Callable[[], None]) -> None:
        """`relieved` is called in the loop each time that everything given so far was written."""
        self._vault = vault
        self._relieved = relieved
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._steps: deque[Callable[[], None]] = deque()
        self._working = False
        self._incoming: Incoming | None = None
        self._writer: FileWriter | None = None
        self._error: BaseException | None = None
        self._answer: asyncio.Future[Admitted] = self._loop.create_future()
        self._answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, if nobody waits

    def put(self, block: bytes) -> None:
        """The next bytes of the message."""
        self._do(partial(self._write, block), self._tell_relief)

    def close(self, last: bytes, envelope: Envelope, key: str) -> "asyncio.Future[Admitted]":
        """That was all. The answer comes when the submission is ours; it fails with OSError or VbdaemonError."""
        self._do(partial(self._write, last), partial(self._admit, envelope, key))
        return self._answer

    def abandon(self) -> None:
        """The message did not come to its end, or is too large: nothing of it is kept."""
        self._do(self._forget)

    def _do(self, *steps: Callable[[], None]) -> None:
        with self._lock:
            self._steps.extend(steps)
            if self._working:
                return
            self._working = True
        self._vault.threads.submit(self._work).add_done_callback(self._worked)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._steps:
                    self._working = False
                    return
                step = self._steps.popleft()
            step()

    def _worked(self, done: "Future[None]") -> None:
        """A mistake that nobody expected must not leave the client without an answer."""
        error = done.exception()
        if error is not None:
            self._fail(error)

    def _write(self, block: bytes) -> None:
        if self._error is not None:
            return
        try:
            if self._writer is None:
                self._incoming = self._vault.door.begin()
                self._writer = self._incoming.write(NAME)
            self._writer.write(block)
        except (OSError, VbdaemonError) as error:
            self._error = error
            return
        self._vault.failpoint("smtp.written")

    def _admit(self, envelope: Envelope, key: str) -> None:
        if self._error is None:
            try:
                assert self._writer is not None
                assert self._incoming is not None
                digest = self._incoming.finish(self._writer).sha256
                source = SourceKey(envelope.source, f"{digest} {key}")
                self._vault.door.admit(self._incoming, envelope, source).add_done_callback(self._admitted)
            except (OSError, VbdaemonError) as error:
                self._error = error
        if self._error is not None:
            self._forget()
            self._fail(self._error)

    def _forget(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._incoming is not None:
            self._incoming.abandon()

    def _admitted(self, done: "Future[Admitted]") -> None:
        error = done.exception()
        if error is not None:
            self._fail(error)
            return
        self._tell(partial(self._succeed, done.result()))

    def _succeed(self, admitted: Admitted) -> None:
        if not self._answer.done():  # cancelled when the client is gone
            self._answer.set_result(admitted)

    def _fail(self, error: BaseException) -> None:
        expected = isinstance(error, (OSError, VbdaemonError))
        self._tell(partial(self._fail_now, error if expected else VbdaemonError(type(error).__name__)))

    def _fail_now(self, error: BaseException) -> None:
        if not self._answer.done():
            self._answer.set_exception(error)

    def _tell_relief(self) -> None:
        self._tell(self._relieved)

    def _tell(self, what: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is there to be told
            self._loop.call_soon_threadsafe(what)
