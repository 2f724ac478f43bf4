"""Admission: the one door. A committed row is the act of acceptance; only then may a source acknowledge."""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.clock import Clock
from vbdaemon.errors import StateError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.identity import NewId, random_id
from vbdaemon.model import Envelope
from vbdaemon.spool.incoming import Incoming
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import Admitted, State


@dataclass(frozen=True, slots=True)
class SourceKey:
    """What makes a submission the same one when its source offers it again."""

    source: str
    key: str


class Admission:
    """Writes to the spool, commits the row, and answers whether a submission is ours now."""

    def __init__(
        self,
        spool: Spool,
        state: State,
        clock: Clock,
        new_id: NewId = random_id,
        failpoint: Failpoint = pass_by,
        on_admitted: Callable[[str], None] | None = None,
        require: Callable[[], object] = int,
    ) -> None:
        self._spool = spool
        self._state = state
        self._clock = clock
        self._new_id = new_id
        self._failpoint = failpoint
        self._on_admitted = on_admitted
        self._require = require

    def now(self) -> datetime:
        """The moment to write on an envelope."""
        return self._clock()

    def begin(self, submission_id: str | None = None) -> Incoming:
        """A draft in the spool, to be filled, then admitted or abandoned; OSError (ENOSPC) while there is no room."""
        self._require()
        return self._spool.begin(submission_id or self.new_id())

    def new_id(self) -> str:
        """An id for a submission that a source is about to claim."""
        return self._new_id(self._clock())

    def admit(self, incoming: Incoming, envelope: Envelope, key: SourceKey) -> "Future[Admitted]":
        """Seal the bytes, then commit the row. When the future answers, the submission is ours.

        The answer names the id under which it is known: another one, when this key was admitted before;
        our copy is then an orphan and set aside. The future fails with StateError or OSError: nothing was promised.
        """
        incoming.seal(envelope)
        future = self._state.admit(incoming.id, key.source, key.key, envelope.received_at)
        answer: Future[Admitted] = Future()
        future.add_done_callback(lambda done: self._settle(incoming.id, done, answer))
        return answer

    def known(self, submission_id: str) -> bool:
        """True when a row with this id was committed."""
        return self._state.is_known(submission_id)

    def seen(self, key: SourceKey) -> str | None:
        """Id under which this key was admitted before, or None."""
        return self._state.find_key(key.source, key.key)

    def acknowledge(self, submission_id: str) -> None:
        """The source was told (file removed, 250 said, message flagged); recorded lazily, it may be repeated."""
        self._state.acknowledge(submission_id)

    def _retract(self, submission_id: str) -> None:
        """No row, no promise: the copy goes, or a long outage of the database would fill the disk with copies.

        While the database cannot say whether the row is there, the copy stays; recovery finds it.
        """
        with contextlib.suppress(StateError):
            if not self._state.is_known(submission_id):
                self._spool.retract(submission_id)

    def _settle(self, submission_id: str, done: "Future[Admitted]", answer: "Future[Admitted]") -> None:
        error = done.exception()
        if error is not None:
            self._retract(submission_id)
            answer.set_exception(error)
            return
        admitted = done.result()
        self._failpoint("admission.committed")
        if admitted.id != submission_id:
            with contextlib.suppress(OSError):  # recovery moves it later
                self._spool.orphan(submission_id)
        answer.set_result(admitted)
        if self._on_admitted is not None and admitted.new:
            self._on_admitted(admitted.id)
