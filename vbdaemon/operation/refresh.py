"""The parent's refresh: now and then fetches what is wanted, beside all other work, never in a worker."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from vbdaemon.errors import VbdaemonError
from vbdaemon.operation.trust_intake import Taken, fetch_wanted
from vbdaemon.signature.fetch import PUBLISHERS, FetchRules
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.wanted import Wanted

log = structlog.get_logger("trust")
SOON = timedelta(seconds=30)
"""So that what is held together is asked for together."""
NUDGED_EVERY = timedelta(hours=1)
AFTER_TROUBLE = timedelta(hours=1)
"""How soon it is tried again when something could not be had."""

Ask = Callable[[TrustStore, datetime], tuple[Wanted, ...]]
"""Answers what is wanted beside what a store holds: `TrustUse.wanted`."""
Tell = Callable[[datetime, str], None]
"""Records an event."""


@dataclass(frozen=True, slots=True)
class RefreshSettings:
    """`[trust]`: off unless the office says so."""

    fetch: bool = False
    hosts: tuple[str, ...] = PUBLISHERS
    proxy: str = ""
    every_hours: float = 12.0

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> "RefreshSettings":
        """Those of the `[trust]` table; without hosts the government's and the national authority's."""
        known = {key: section[key] for key in ("fetch", "hosts", "proxy", "every_hours") if section.get(key)}
        return cls(**known)

    @property
    def rules(self) -> FetchRules:
        """Who may be asked, and through whom."""
        return FetchRules(hosts=tuple(self.hosts), proxy=self.proxy)


@dataclass(slots=True)
class Refresh:
    """`tick` each second; when it is due, one thread fetches. New files in the folder are found by the daemon itself.

    Failure is a line in the log and an event, never a verdict.
    """

    settings: RefreshSettings
    folder: Path
    ask: Ask
    tell: Tell
    monotonic: Callable[[], float] = time.monotonic
    _due: datetime | None = None
    _nudged: datetime | None = None
    _thread: threading.Thread | None = field(default=None, repr=False)

    def tick(self, now: datetime) -> None:
        """Start fetching when it is due; returns at once."""
        if not self.settings.fetch or (self._due is not None and now < self._due):
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._due = now + timedelta(hours=self.settings.every_hours)
        self._thread = threading.Thread(target=self._run, args=(now,), name="trust-refresh", daemon=True)
        self._thread.start()

    def nudge(self, now: datetime) -> None:
        """Something is held for want of evidence: look soon, and no more often than `NUDGED_EVERY`."""
        if self._nudged is not None and now < self._nudged + NUDGED_EVERY:
            return
        self._nudged = now
        self._due = min(self._due or now, now + SOON)

    def stop(self, seconds: float = 5.0) -> None:
        """Wait a little for what is under way; files appear whole or not at all, so leaving it is harmless."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, now: datetime) -> None:
        try:
            wanted = self.ask(TrustStore.load(self.folder), now)
            taken = fetch_wanted(wanted, self.folder, self.settings.rules, now, self.monotonic)
        except VbdaemonError as error:
            taken = Taken(refused=(str(error),))
        self._report(taken, now)

    def _report(self, taken: Taken, now: datetime) -> None:
        for offer in taken.added:
            log.info("trust refreshed", added=offer.words)
        outside = [*taken.refused, *(f"{offer.found_in}: {offer.words}" for offer in taken.unverified)]
        for words in outside:
            log.warning("trust refresh", trouble=words)
        if outside:
            self._due = min(self._due or now, now + AFTER_TROUBLE)
        if taken.added or outside:
            try:
                self.tell(now, f"trust refresh: {len(taken.added)} added, {len(outside)} in vain")
            except VbdaemonError as error:  # the state is closing; the log has it all
                log.warning("trust refresh", trouble=str(error))
