"""Settings read again when somebody asks (SIGHUP): all that follows from them is in force together, or nothing is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from vbdaemon.basis import Basis
from vbdaemon.config import Settings
from vbdaemon.errors import VbdaemonError
from vbdaemon.reload import REFUSED, TAKEN, Change

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Reload:
    """`ask` from anywhere, a signal's handler too; the next `tick` takes up what it reads, or refuses and says why."""

    reread: Callable[[], Settings]
    """Reads the settings file; ConfigurationError lists its mistakes."""
    present: Callable[[], Settings]
    """What is in force."""
    adopt: Callable[[Basis], None]
    """Takes up a new basis; a VbdaemonError leaves everything as it was."""
    begins: Callable[[], None]
    ends: Callable[[str], None]
    """Told in words how it ended, before and after to systemd."""
    record: Callable[[str, str], None]
    """Records an event: kind, words."""
    asked: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Read the settings again at the next look."""
        self.asked.set()

    def tick(self) -> None:
        """Do it if it was asked for."""
        if not self.asked.is_set():
            return
        self.asked.clear()
        self.begins()
        kind, words = self._try()
        self.ends(f"{kind}: {words}" if kind == REFUSED else "takes documents in")
        self.record(kind, words)

    def _try(self) -> tuple[str, str]:
        try:
            settings = self.reread()
            change = Change.between(self.present(), settings)
            change.require_live()
            self.adopt(Basis.of(settings))
        except VbdaemonError as error:
            words = "; ".join(str(error).splitlines())
            log.error("reload refused, the former settings stay in force", error=words)
            return REFUSED, words
        log.info("reloaded", changed=change.words)
        return TAKEN, change.words
