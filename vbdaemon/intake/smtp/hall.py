"""What all sessions of the listener share. Only the event loop's thread touches it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vbdaemon.directory.logins import Logins
from vbdaemon.intake.folder_door import Log
from vbdaemon.intake.smtp.certificate import Certificate
from vbdaemon.intake.smtp.deposit import Vault
from vbdaemon.intake.smtp.gate import Gate
from vbdaemon.intake.smtp.limits import Limits
from vbdaemon.intake.smtp.pressure import Pressure
from vbdaemon.intake.smtp.settings import SmtpSettings

LOGINS_AT_ONCE = 2
"""One takes 64 MB and a core for some 50 ms."""


class Watched(Protocol):
    """A session, as those see it who watch over all of them."""

    def look(self, now: float) -> None:
        """Ends the session when its client took too long."""

    def stop(self) -> None:
        """Ends the session, now or after the message that is under way."""

    def cut(self) -> None:
        """Ends the session whatever is under way."""


@dataclass(slots=True)
class Hall:
    """Replaced in parts: `gate` with the snapshot, `logins` with their file."""

    settings: SmtpSettings
    gate: Gate
    limits: Limits
    pressure: Pressure
    vault: Vault
    certificate: Certificate | None
    logins: Logins
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    log: Log
    log_in_threads: Executor
    """As many threads as logins may be checked at once; the others wait."""
    sessions: set[Watched] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    """Whose clients were told, since it was last recorded."""
    stopping: bool = False

    def record_acknowledged(self) -> None:
        """Those who were told are recorded together, now and then: a row each would cost another commit each."""
        told, self.acknowledged = self.acknowledged, []
        for submission_id in told:
            self.vault.door.acknowledge(submission_id)

    async def verify(self, login: str, password: str) -> bool:
        """True when this is the account's password."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.log_in_threads, self.logins.verify, login, password)
