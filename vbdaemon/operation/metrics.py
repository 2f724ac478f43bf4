"""Measurements for Prometheus: what waits, how long, and what was done."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from vbdaemon import __version__
from vbdaemon.clock import Clock
from vbdaemon.operation.disk import Room
from vbdaemon.operation.metrics_count import EventCounts
from vbdaemon.operation.metrics_text import Metric, MetricKind, Sample, exposition
from vbdaemon.operation.notify_heartbeat import Heartbeat
from vbdaemon.operation.status import destinations
from vbdaemon.operation.status_age import queues
from vbdaemon.operation.status_held import HeldReasons
from vbdaemon.operation.status_mark import BACKUP
from vbdaemon.operation.status_trust import TrustLine, trust_lines
from vbdaemon.signature.trust import traces
from vbdaemon.state import markers, queue_views
from vbdaemon.state.store import State

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
        ends = tuple(Sample(line.ends_at.timestamp(), {"authority": line.name}) for line in self._lines)
        lists = tuple(
            Sample(line.crl_ends_at.timestamp(), {"authority": line.name})
            for line in self._lines
            if line.crl_ends_at is not None
        )
        yield _gauge("certificate_end_timestamp_seconds", "When an authority's certificate ends.", *_once(ends))
        yield _gauge("crl_end_timestamp_seconds", "When the newest CRL of an authority ends.", *_once(lists))


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

    def page(self) -> str:
        """The page that Prometheus reads; StateError when the database does not answer."""
        with self._lock:
            return exposition(self._metrics())

    def _metrics(self) -> Iterator[Metric]:
        self._counts.catch_up()
        yield _gauge("build_info", "Always 1; the version is a label.", Sample(1, {"version": __version__}))
        yield from self._queues()
        yield from self._counts.metrics()
        yield from self._machine()
        for further in self._further:
            yield from further()

    def _queues(self) -> Iterator[Metric]:
        now = self._clock()
        outstanding = self._state.read(queue_views.outstanding)
        stages = [queue for queue in queues(self._state.read(queue_views.queued), outstanding, now) if not queue.name]
        yield _gauge("queue", "What waits, by stage.", *(Sample(q.total, {"stage": q.stage}) for q in stages))
        oldest = (Sample(queue.oldest_seconds, {"stage": queue.stage}) for queue in stages)
        yield _gauge("oldest_waiting_seconds", "How long the oldest waits, by stage; 0 when nothing does.", *oldest)
        held = (Sample(h.count, {"reason": h.code, "kind": h.kind}) for h in self._held.counted(self._state))
        yield _gauge("held", "Held submissions by reason.", *held)
        lines = destinations(outstanding, now)[:MOST_DESTINATIONS]
        samples = (
            Sample(count, {"destination": line.destination, "state": name})
            for line in lines
            for name, count in (("due", line.due), ("failing", line.failing), ("given_up", line.given_up))
        )
        yield _gauge("deliveries_outstanding", "What has not arrived; failing ones are due as well.", *samples)
        backup = self._state.read(lambda c: markers.last_mark(c, BACKUP))
        if backup is not None:
            yield _gauge("last_backup_timestamp_seconds", "When the last backup ended.", Sample(backup.at.timestamp()))

    def _machine(self) -> Iterator[Metric]:
        rooms = tuple(self._disk())
        free = (Sample(room.free, {"path": str(room.path)}) for room in rooms)
        yield _gauge("disk_free_bytes", "What may still be written.", *free)
        yield _gauge("disk_bytes", "Size.", *(Sample(room.total, {"path": str(room.path)}) for room in rooms))
        yield _gauge("intake_paused", "1 while nothing is taken in.", Sample(1 if self._paused() else 0))
        if self._heartbeat is not None:
            silent = (Sample(pulse.silent_seconds, {"loop": pulse.loop}) for pulse in self._heartbeat.pulses())
            yield _gauge("loop_silent_seconds", "Since a loop last turned.", *silent)


def _gauge(name: str, words: str, *samples: Sample) -> Metric:
    return Metric(f"vbdaemon_{name}", MetricKind.GAUGE, words, samples)


def _once(samples: tuple[Sample, ...]) -> Iterator[Sample]:
    """One sample a set of labels: a renewed authority bears the same name, the later end counts."""
    latest: dict[tuple[str, ...], Sample] = {}
    for sample in samples:
        key = tuple(sample.labels.values())
        if key not in latest or latest[key].value < sample.value:
            latest[key] = sample
    yield from latest.values()
