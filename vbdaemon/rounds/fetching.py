"""CA certificates and revocation lists, fetched by the parent only, and only when the site says so."""

from collections.abc import Callable
from concurrent.futures import Future

import structlog

from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.errors import VbdaemonError
from vbdaemon.operation.refresh import Refresh, RefreshSettings
from vbdaemon.operation.trust_use import SignersTask, TrustUse
from vbdaemon.spool.store import Spool
from vbdaemon.state import submissions
from vbdaemon.state.events import record
from vbdaemon.state.records import HoldKind
from vbdaemon.state.store import State

log = structlog.get_logger("daemon")


class Fetching:
    """A round; and is told what was decided, since what is held for want of evidence asks for a fetch soon."""

    def __init__(
        self,
        settings: Settings,
        state: State,
        spool: Spool,
        submit: Callable[[SignersTask], "Future[tuple[bytes, ...]]"],
        clock: Clock,
    ) -> None:
        self._state = state
        self._clock = clock
        self._refresh = Refresh(
            RefreshSettings.of(settings.trust.model_dump()),
            settings.path(settings.trust.folder),
            TrustUse(state, spool, submit).wanted,
            lambda at, words: state.write(lambda c: record(c, at, "trust", None, words)),
        )

    def change(self, settings: Settings) -> None:
        """From now on as these settings say; the trust folder stays."""
        self._refresh.settings = RefreshSettings.of(settings.trust.model_dump())

    def tick(self) -> None:
        """Fetch when it is time; returns at once."""
        self._refresh.tick(self._clock())

    def decided(self, submission_id: str) -> None:
        """One that is held for want of evidence asks for it."""
        if not self._refresh.settings.fetch:
            return
        try:
            row = self._state.read(lambda c: submissions.get(c, submission_id))
        except VbdaemonError as error:  # it is fetched a little later then
            log.error("not looked at for evidence", submission=submission_id, error=str(error))
            return
        if row.hold_kind is HoldKind.EVIDENCE:
            self._refresh.nudge(self._clock())

    def stop(self) -> None:
        """Wait a little for what is under way."""
        self._refresh.stop()
