"""What an operator can see of a mailbox."""

from dataclasses import dataclass, replace
from datetime import datetime

from vbdaemon.intake.folder_door import Log


@dataclass(frozen=True, slots=True)
class MailboxStanding:
    """One account at this moment."""

    name: str
    connected: bool = False
    last_success: datetime | None = None
    """When all its folders were last looked at; aware, UTC."""
    trouble: str = ""
    """What does not work, with its remedy; empty when all does."""
    waiting: int = 0
    """Messages that are not taken yet, or that the mailbox does not show as taken."""


class StandingRecord:
    """Keeps the standing of one account, and tells the log of each trouble once. Written by one thread, read by any."""

    def __init__(self, name: str, log: Log) -> None:
        self.now = MailboxStanding(name)
        self._log = log

    def connected(self) -> None:
        """A session is open."""
        self.now = replace(self.now, connected=True)

    def looked(self, waiting: int, at: datetime) -> None:
        """All folders were looked at."""
        if self.now.trouble:
            self._log.info("mailbox works again", mailbox=self.now.name)
        self.now = replace(self.now, last_success=at, trouble="", waiting=waiting)

    def hampered(self, words: str, waiting: int, at: datetime) -> None:
        """The folders were looked at, but something in them does not work."""
        self._tell(words)
        self.now = replace(self.now, last_success=at, trouble=words, waiting=waiting)

    def paused(self, words: str) -> None:
        """Nothing is taken now, for a reason of our own."""
        self._tell(words)
        self.now = replace(self.now, trouble=words)

    def failed(self, words: str) -> None:
        """The session ended, or there is none."""
        self._tell(words)
        self.now = replace(self.now, connected=False, trouble=words)

    def ended(self) -> None:
        """No session, and none is wanted."""
        self.now = replace(self.now, connected=False)

    def _tell(self, words: str) -> None:
        if words != self.now.trouble:
            self._log.warning("mailbox trouble", mailbox=self.now.name, why=words)
