"""Acts of people, applied by the daemon."""

from collections.abc import Callable
from functools import partial

import structlog

from vbdaemon.clock import Clock
from vbdaemon.operation import acts as operation_acts
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts
from vbdaemon.state.records import ActState
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")


class Acts:
    """Applies what people typed, in the order in which they typed it."""

    def __init__(
        self,
        state: State,
        spool: Spool,
        desk: Callable[[], Desk],
        clock: Clock,
        applied: tuple[Callable[[], None], ...],
    ) -> None:
        """Each of `applied` is called after each act: something may wait or be due now."""
        self._state = state
        self._spool = spool
        self._desk = desk
        self._clock = clock
        self._applied = applied

    def tick(self) -> None:
        """Apply what is queued."""
        for act in self._state.read(acts.queued):
            bench = operation_acts.Bench(self._spool, self._desk())
            outcome = self._state.write(partial(operation_acts.apply, act=act, bench=bench, at=self._clock()))
            log.info("act", act=act.kind.value, submission=act.submission, outcome=outcome.value)
            if outcome is ActState.APPLIED:
                operation_acts.finish(act, self._spool, self._state)
            for each in self._applied:
                each()
