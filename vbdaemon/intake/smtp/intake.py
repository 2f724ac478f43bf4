"""The listener as the daemon sees it: started, stopped, given a new snapshot."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vbdaemon.clock import system_clock
from vbdaemon.directory.logins import Logins, load_logins, strangers
from vbdaemon.errors import ConfigurationError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.folder_door import Log
from vbdaemon.intake.smtp.certificate import Certificate
from vbdaemon.intake.smtp.deposit import Door, Vault
from vbdaemon.intake.smtp.gate import Gate
from vbdaemon.intake.smtp.hall import LOGINS_AT_ONCE, Hall
from vbdaemon.intake.smtp.limits import Limits
from vbdaemon.intake.smtp.listening import Listening
from vbdaemon.intake.smtp.pressure import Pressure
from vbdaemon.intake.smtp.settings import SmtpSettings
from vbdaemon.intake.smtp.sockets import Sockets, inherited
from vbdaemon.intake.smtp.watch import Watch
from vbdaemon.model import Snapshot

WRITERS: Final = 8
"""Threads that write messages: what they sync at the same time shares the disk's work."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the listener gets from the outside."""

    full: Callable[[], str] = str
    """Why the disk takes nothing more, in words; "" while there is room. Asked in a thread."""
    waiting: Callable[[], int] = int
    """Undecided submissions. Asked in a thread; may fail with StateError."""
    clock: Callable[[], datetime] = system_clock
    monotonic: Callable[[], float] = time.monotonic
    environment: Mapping[str, str] | None = None
    """With systemd's LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES."""
    failpoint: Failpoint = pass_by
    look_seconds: float = 1.0


class SmtpIntake:
    """One thread with an event loop; a few more that write. `start`, `replace` and `stop` are for one other thread."""

    def __init__(
        self, settings: SmtpSettings, snapshot: Snapshot, door: Door, log: Log, around: Surroundings | None = None
    ) -> None:
        self._settings = settings
        self._around = around or Surroundings()
        self._log = log
        self._door = door
        self._gate = Gate(settings, snapshot)
        self._directory = snapshot.directory
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._hall: Hall | None = None

    def keys(self) -> tuple[Certificate | None, Logins]:
        """Our certificate and the logins as the settings name them; ConfigurationError when they are not usable."""
        settings = self._settings
        certificate = Certificate(settings.certificate, settings.key) if settings.certificate and settings.key else None
        return certificate, load_logins(settings.logins)

    def start(self) -> None:
        """Mail is taken from now on; ConfigurationError when an address, the certificate or logins are not usable."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # the library's own: it would quote what clients say
        settings, around = self._settings, self._around
        certificate, logins = self.keys()
        for login in strangers(logins, self._directory):
            self._log.warning("a password opens nothing: no account has this login", login=login)
        self._writers = ThreadPoolExecutor(WRITERS, "smtp-writer")
        self._checkers = ThreadPoolExecutor(LOGINS_AT_ONCE, "smtp-login")
        pressure = Pressure(around.full, around.waiting, settings.waiting, self._log)
        pressure.look()
        self._hall = Hall(
            settings,
            self._gate,
            Limits(settings),
            pressure,
            Vault(self._door, self._writers, around.failpoint),
            certificate,
            logins,
            around.clock,
            around.monotonic,
            self._log,
            self._checkers,
        )
        self._listening = Listening(self._open(), self._hall)
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="smtp", daemon=True)
        self._thread.start()
        ready.result()
        self._log.info("mail is taken", listen=self.addresses)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where we listen: "smtp 127.0.0.1:2525" and the like, in the order of the settings."""
        return self._listening.addresses

    def replace(self, snapshot: Snapshot) -> None:
        """Who may send, and to whom, is from now on as this snapshot says."""
        self._directory = snapshot.directory
        self._gate = Gate(self._settings, snapshot)
        if self._hall is not None:
            self._hall.gate = self._gate  # one assignment: sessions see the old or the new one

    def stop(self) -> bool:
        """Take nothing new; messages under way have the grace time. True when all ended by themselves."""
        if self._thread is None or self._loop is None or self._stop is None:
            return True
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(self._settings.grace_seconds + 10.0)
        ended = not self._thread.is_alive()
        self._writers.shutdown(wait=ended)
        self._checkers.shutdown(wait=ended)
        self._thread = None
        return ended

    def _open(self) -> dict[str, list[socket.socket]]:
        settings = self._settings
        by_kind = {"smtp": settings.listen, "smtps": settings.listen_tls, "lmtp": settings.listen_lmtp}
        named = tuple(where for wheres in by_kind.values() for where in wheres)
        sockets = Sockets(inherited(self._around.environment or {}), named)
        opened: dict[str, list[socket.socket]] = {kind: [] for kind in by_kind}
        try:
            for kind, wheres in by_kind.items():
                for where in wheres:
                    opened[kind] += sockets.open(where)
        except ConfigurationError:
            for each in (one for some in opened.values() for one in some):
                each.close()
            raise
        return opened

    def _run(self, ready: "Future[None]") -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: "Future[None]") -> None:
        assert self._hall is not None
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        watch = Watch(self._hall, self._around.look_seconds)
        try:
            await self._listening.begin()
        except OSError as error:
            ready.set_exception(error)
            return
        ready.set_result(None)
        stopped = asyncio.create_task(self._stop.wait())
        while not stopped.done():
            watching = asyncio.create_task(watch.run())
            await asyncio.wait({stopped, watching}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():  # it has no end of its own, and nothing may end it
                self._log.error("watching over mail went wrong", error=type(watching.exception()).__name__)
                await asyncio.sleep(self._around.look_seconds)
        watching.cancel()
        self._listening.end()
        await watch.end_sessions()
