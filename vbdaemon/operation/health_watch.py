"""What watches over the running daemon: heartbeats, watchdog, disk space, measurements, status; one object to wire."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from vbdaemon import __version__
from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.errors import StateError
from vbdaemon.operation.disk import LOW_WATER_BYTES, DiskMonitor, Room, rooms
from vbdaemon.operation.health import Health, HealthServer, Listen, health_of
from vbdaemon.operation.metrics import Further, MetricReader, TrustAges
from vbdaemon.operation.metrics_source import of_sources
from vbdaemon.operation.notify import Notifier
from vbdaemon.operation.notify_heartbeat import Heartbeat, Probe, Watchdog
from vbdaemon.operation.plugin_off import OFF
from vbdaemon.operation.status_pulse import DaemonPulse, PulseWriter, SourceState
from vbdaemon.state import alarms, plugin_marks, queue_views
from vbdaemon.state.events import record
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What the settings say about it."""

    spool: Path
    exchange: Path
    trust: Path
    low_water_bytes: int = LOW_WATER_BYTES
    listen: str = ""
    """Of `[metrics]`; empty = no server."""

    @classmethod
    def of(cls, settings: Settings, low_water_bytes: int = LOW_WATER_BYTES, listen: str = "") -> "WatchSettings":
        """Paths from the settings."""
        return cls(
            settings.path(settings.spool.path),
            settings.path(settings.exchange.root),
            settings.path(settings.trust.folder),
            low_water_bytes,
            listen,
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the daemon knows about itself at this moment."""

    snapshot: str
    sources: tuple[SourceState, ...] = ()
    plugins_off: tuple[str, ...] = ()


class Watch:
    """Made first, `open`ed when all else runs, `tick`ed each second, `close`d first."""

    def __init__(
        self,
        settings: WatchSettings,
        clock: Clock,
        environment: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.heartbeat = Heartbeat(monotonic)
        self._settings = settings
        self._clock = clock
        self._monotonic = monotonic
        self._started_at = clock()
        self._notifier = Notifier.of(environment, os.getpid())
        self._watchdog = Watchdog(self._notifier, self.heartbeat, monotonic)
        self._disk = DiskMonitor((settings.spool,), settings.low_water_bytes, monotonic, tell=self._tell)
        self._state: State | None = None
        self._writer: Probe | None = None
        self._pulse: PulseWriter | None = None
        self._server: HealthServer | None = None

    def loop(self, name: str) -> Callable[[], None]:
        """The beat of a vital loop, to be called at every turn."""
        return self.heartbeat.expect(name)

    def full(self) -> str:
        """Why nothing more is taken in, in words; empty while there is room."""
        return self._disk.paused()

    def require(self) -> None:
        """OSError (ENOSPC) while nothing more is taken in: asked by admission before it begins a draft."""
        self._disk.require()

    def open(self, state: State, look: Callable[[], Outlook], further: Iterable[Further] = ()) -> None:
        """Everything runs: answer questions, and tell systemd. ConfigurationError when the port is taken."""
        self._state = state
        self._writer = Probe(lambda: state.write_later(lambda _: None), self.heartbeat.expect("writer"))
        self._pulse = PulseWriter(self._settings.spool / "scratch", lambda at: self._told(at, look()), self._monotonic)
        if self._settings.listen:
            trust = TrustAges(self._settings.trust, self._clock)
            reader = MetricReader(
                state,
                self._clock,
                heartbeat=self.heartbeat,
                disk=self._rooms,
                paused=self.full,
                further=(trust.metrics, lambda: of_sources(lambda: look().sources), *further),
            )
            self._server = HealthServer(Listen.of(self._settings.listen), reader.page, self._health)
            self._server.start()
        self.tick()
        self._notifier.ready("takes documents in")

    def tick(self) -> None:
        """Ping, look at the disk, write down how it goes; in the main loop, which is watched by being here."""
        if self._writer is not None:
            self._writer.tick()
        self.full()
        if self._pulse is not None:
            self._pulse.tick(self._clock())
        self._watchdog.tick()

    def reloading(self) -> None:
        """Settings are read again; `reloaded` follows."""
        self._notifier.reloading(self._monotonic)

    def reloaded(self, words: str) -> None:
        """How that ended, for `systemctl status`."""
        self._notifier.ready(words)

    def close(self) -> None:
        """Before all else is stopped."""
        self._notifier.stopping("finishes what is under way")
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def port(self) -> int | None:
        """Where the server listens; None without one."""
        return self._server.port if self._server else None

    def _rooms(self) -> tuple[Room, ...]:
        return rooms((self._settings.spool, self._settings.exchange))

    def _health(self) -> Health:
        assert self._state is not None
        state = self._state
        health = health_of(self.heartbeat, self.full(), lambda: state.read(lambda c: queue_views.queued(c, ())))
        try:
            counts, off = state.read(alarms.counts), state.read(plugin_marks.off)
        except StateError:  # that it does not answer is said above
            return health
        return replace(health, alarms={kind.value: count for kind, count in counts.items()} | {OFF: len(off)})

    def _told(self, at: datetime, outlook: Outlook) -> DaemonPulse:
        return DaemonPulse(
            written_at=at,
            started_at=self._started_at,
            pid=os.getpid(),
            version=__version__,
            snapshot=outlook.snapshot,
            sources=outlook.sources,
            loops=self.heartbeat.pulses(),
            plugins_off=outlook.plugins_off,
            paused=self.full(),
        )

    def _tell(self, words: str) -> None:
        """An event, once there is a state to record it; the intake that asks does not wait for its commit."""
        if self._state is not None:
            at = self._clock()
            self._state.write_later(lambda c: record(c, at, "disk", None, words))
