"""Facts of documents that an earlier version decided, written a few at a time."""

from functools import partial

from vbdaemon.state import facts_backfill
from vbdaemon.state.store import State


class FactsBackfill:
    """Catches up once in the life of a database; statistics of the time before are complete when it is through."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._after: str | None = None if state.read(facts_backfill.is_done) else ""

    def tick(self) -> None:
        """The next ones."""
        if self._after is not None:
            self._after = self._state.write(partial(facts_backfill.backfill, after=self._after))
