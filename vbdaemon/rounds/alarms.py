"""Once a minute: what broke its promise, is held too long or was given up becomes an alarm, and is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.operation.alarms import AlarmTerms, Causes
from vbdaemon.operation.alarms_mail import tell
from vbdaemon.state import alarm_causes, alarms
from vbdaemon.state.alarms import Alarm
from vbdaemon.state.connection import Connection
from vbdaemon.state.store import State

log = structlog.get_logger("alarms")
EVERY = timedelta(minutes=1)


class Alarms:
    """Raises alarms, clears those whose cause is gone, and gathers mails about them."""

    def __init__(self, state: State, clock: Clock, terms: Callable[[], AlarmTerms], due: Callable[[], None]) -> None:
        """`due` is called when a mail was written."""
        self._state = state
        self._clock = clock
        self._terms = terms
        self._due = due
        self._causes = Causes()
        self._next = clock()
        self._tell_after = clock()

    def tick(self) -> None:
        """Look once a minute; nothing is written while all is well."""
        at = self._clock()
        if at < self._next:
            return
        self._next = at + EVERY
        terms = self._terms()
        new = self._causes.found(self._state, terms, at)
        if new:
            raised = self._state.write(partial(_raise, new=new))
            if raised:
                log.warning("alarms raised", count=raised, first=new[0].submission, kind=new[0].kind.value)
        gone = self._state.read(alarm_causes.settled)
        if gone:
            self._state.write(partial(alarms.clear, which=gone, at=at))
        self._tell(terms, at)

    def _tell(self, terms: AlarmTerms, at: datetime) -> None:
        """One mail for all that came up since the last one, and not too many mails."""
        if not terms.mail or at < self._tell_after or not self._state.read(alarms.untold):
            return
        self._tell_after = at + terms.gather
        if self._state.write(partial(tell, addresses=terms.mail, at=at)):
            self._due()


def _raise(connection: Connection, new: tuple[Alarm, ...]) -> int:
    return sum(alarms.raise_alarm(connection, alarm) for alarm in new)
