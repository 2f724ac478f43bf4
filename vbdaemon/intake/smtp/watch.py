"""Looks over all sessions now and then: who took too long, what changed on disk, how full it is."""

import asyncio
from typing import Final

from vbdaemon.directory.logins import load_logins
from vbdaemon.errors import ConfigurationError
from vbdaemon.intake.smtp.hall import Hall

STOP_STEP: Final = 0.02
FORGET_EVERY: Final = 60
"""Looks between two cleanings of what is remembered of addresses."""


class Watch:
    """Runs in the listener's loop."""

    def __init__(self, hall: Hall, seconds: float) -> None:
        self._hall = hall
        self._seconds = seconds
        self._logins_trace = self._trace_logins()
        self._complaint = ""
        self._outside: asyncio.Future[None] | None = None

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        looks = 0
        while True:
            await asyncio.sleep(self._seconds)
            looks += 1
            now = self._hall.monotonic()
            for session in list(self._hall.sessions):
                session.look(now)
            self._hall.record_acknowledged()
            if looks % FORGET_EVERY == 0:
                self._hall.limits.forget(now)
            if self._outside is None or self._outside.done():  # a database that hangs must not stop the clock here
                self._outside = loop.run_in_executor(None, self._look_outside)

    async def end_sessions(self) -> None:
        """Messages under way come to their end within the grace time; what is left then is cut."""
        hall = self._hall
        hall.stopping = True
        for session in list(hall.sessions):
            session.stop()
        for _ in range(int(hall.settings.grace_seconds / STOP_STEP)):
            if not hall.sessions:
                break
            await asyncio.sleep(STOP_STEP)
        if hall.sessions:
            for session in list(hall.sessions):
                session.cut()
            await asyncio.sleep(STOP_STEP)
        hall.record_acknowledged()

    def _look_outside(self) -> None:
        """Room, and new files for certificate and logins; what is not usable changes nothing and is said once."""
        hall = self._hall
        hall.pressure.look()
        try:
            if hall.certificate is not None and hall.certificate.refresh():
                hall.log.info("a new certificate is in use")
            trace = self._trace_logins()
            if trace != self._logins_trace:
                self._logins_trace = trace
                hall.logins = load_logins(hall.settings.logins)
                hall.log.info("new password hashes are in use", logins=len(hall.logins))
        except ConfigurationError as error:
            if str(error) != self._complaint:
                hall.log.error("a changed file is not usable, the former one stays in force", error=str(error))
            self._complaint = str(error)

    def _trace_logins(self) -> tuple[int, ...]:
        try:
            found = self._hall.settings.logins.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode
