"""Whether there is room for more: disk and queue, looked at now and then, never in the middle of a dialogue."""

from collections.abc import Callable

from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.folder_door import Log, words_of
from vbdaemon.intake.smtp import reply

AGAIN_AT = 0.95
"""Taking in goes on when so much of the limit waits: at the limit itself it would stop and go with every decision."""


class Pressure:
    """Looked at by one thread, read by another."""

    def __init__(self, full: Callable[[], str], waiting: Callable[[], int], most: int, log: Log) -> None:
        self._full = full
        self._waiting = waiting
        self._most = most
        self._log = log
        self._refusal = ""

    @property
    def refusal(self) -> str:
        """The reply to whoever wants to send; "" while there is room."""
        return self._refusal

    def look(self) -> None:
        """Measure; what cannot be told leaves the answer as it was: admission itself will tell."""
        try:
            full, waiting = self._full(), self._waiting()
        except (VbdaemonError, OSError) as error:
            self._log.warning("room for mail cannot be told", error=words_of(error))
            return
        bound = self._most * AGAIN_AT if self._refusal == reply.CROWDED else self._most
        refusal = reply.NO_ROOM if full else reply.CROWDED if waiting >= bound else ""
        if refusal != self._refusal:
            event = "mail is refused for now" if refusal else "mail is taken again"
            self._log.warning(event, why=full, waiting=waiting)
        self._refusal = refusal
