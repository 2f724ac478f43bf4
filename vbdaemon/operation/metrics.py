"""Measurements for Prometheus: what waits, how long, and what was done."""

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.core import Metric

from vbdaemon import __version__
from vbdaemon.clock import VIETNAM, Clock
from vbdaemon.operation.disk import Room
from vbdaemon.operation.metrics_count import EventCounts
from vbdaemon.operation.metrics_family import Rows, gauge
from vbdaemon.operation.notify_heartbeat import Heartbeat
from vbdaemon.operation.status import destinations
from vbdaemon.operation.status_age import queues
from vbdaemon.operation.status_held import HeldReasons
from vbdaemon.operation.status_mark import BACKUP
from vbdaemon.operation.status_trust import TrustLine, trust_lines
from vbdaemon.signature.trust import traces
from vbdaemon.state import alarms, markers, papers, queue_views
from vbdaemon.state.store import State

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
MOST_DESTINATIONS = 50
"""Destinations with a measurement of their own; those in least trouble are left out."""
Further = Callable[[], Iterable[Metric]]
"""Measurements of other rooms, such as seconds spent in each plugin."""


class TrustAges:
    """Reads the trust folder again only when something in it changed."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._traces: object = None
        self._lines: tuple[TrustLine, ...] = ()

    def metrics(self) -> Iterator[Metric]:
        """When certificates and CRLs end, as Unix time."""
        now = traces(self._folder)
        if now != self._traces:
            self._traces, self._lines = now, trust_lines(self._folder, self._clock())
        ends = ((line.name, line.ends_at.timestamp()) for line in self._lines)
        lists = ((line.name, line.crl_ends_at.timestamp()) for line in self._lines if line.crl_ends_at is not None)
        words = "When an authority's certificate ends."
        yield gauge("certificate_end_timestamp_seconds", words, ["authority"], _latest(ends))
        words = "When the newest CRL of an authority ends."
        yield gauge("crl_end_timestamp_seconds", words, ["authority"], _latest(lists))


class MetricReader:
    """Reads the state when asked, from any thread. One for a daemon: its counters begin with it."""

    def __init__(
        self,
        state: State,
        clock: Clock,
        *,
        heartbeat: Heartbeat | None = None,
        disk: Callable[[], Iterable[Room]] = tuple,
        paused: Callable[[], str] = str,
        further: Iterable[Further] = (),
    ) -> None:
        self._state = state
        self._clock = clock
        self._heartbeat = heartbeat
        self._disk = disk
        self._paused = paused
        self._further = tuple(further)
        self._counts = EventCounts(state)
        self._held = HeldReasons()
        self._lock = threading.Lock()

    def page(self) -> bytes:
        """The page that Prometheus reads; StateError when the database does not answer."""
        with self._lock:
            return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Every measurement, as it is now."""
        self._counts.catch_up()
        yield gauge("build_info", "Always 1; the version is a label.", ["version"], [((__version__,), 1)])
        yield from self._queues()
        yield from self._counts.metrics()
        yield from self._machine()
        for further in self._further:
            yield from further()

    def _queues(self) -> Iterator[Metric]:
        now = self._clock()
        outstanding = self._state.read(queue_views.outstanding)
        stages = [queue for queue in queues(self._state.read(queue_views.queued), outstanding, now) if not queue.name]
        yield gauge("queue", "What waits, by stage.", ["stage"], (((q.stage,), q.total) for q in stages))
        words = "How long the oldest waits, by stage; 0 when nothing does."
        yield gauge("oldest_waiting_seconds", words, ["stage"], (((q.stage,), q.oldest_seconds) for q in stages))
        held = (((each.code, each.kind), each.count) for each in self._held.counted(self._state))
        yield gauge("held", "Held submissions by reason.", ["reason", "kind"], held)
        rows = (
            ((line.destination, name), count)
            for line in destinations(outstanding, now)[:MOST_DESTINATIONS]
            for name, count in (("due", line.due), ("failing", line.failing), ("given_up", line.given_up))
        )
        words = "What has not arrived; failing ones are due as well."
        yield gauge("deliveries_outstanding", words, ["destination", "state"], rows)
        yield from self._duties(now)
        backup = self._state.read(lambda c: markers.last_mark(c, BACKUP))
        if backup is not None:
            yield gauge(
                "last_backup_timestamp_seconds", "When the last backup ended.", [], [((), backup.at.timestamp())]
            )

    def _duties(self, now: datetime) -> Iterator[Metric]:
        """What people owe: alarms to be seen to, papers to be had."""
        open_alarms = (((kind.value,), count) for kind, count in self._state.read(alarms.counts).items())
        yield gauge("alarms", "Open alarms.", ["kind"], open_alarms)
        today = now.astimezone(VIETNAM).date()
        awaited, overdue = self._state.read(lambda c: papers.open_counts(c, today))
        words = "Papers that are awaited beside documents; overdue ones are due as well."
        yield gauge("papers", words, ["state"], ((("due",), awaited), (("overdue",), overdue)))

    def _machine(self) -> Iterator[Metric]:
        rooms = tuple(self._disk())
        yield gauge(
            "disk_free_bytes", "What may still be written.", ["path"], (((str(r.path),), r.free) for r in rooms)
        )
        yield gauge("disk_bytes", "Size.", ["path"], (((str(room.path),), room.total) for room in rooms))
        yield gauge("intake_paused", "1 while nothing is taken in.", [], [((), 1 if self._paused() else 0)])
        if self._heartbeat is not None:
            silent = (((pulse.loop,), pulse.silent_seconds) for pulse in self._heartbeat.pulses())
            yield gauge("loop_silent_seconds", "Since a loop last turned.", ["loop"], silent)


def _latest(ends: Iterable[tuple[str, float]]) -> Rows:
    """One row an authority: a renewed one bears the same name, and the later end counts."""
    latest: dict[str, float] = {}
    for name, at in ends:
        latest[name] = max(at, latest.get(name, at))
    return (((name,), at) for name, at in latest.items())
