"""Counters from the events: each committed event counts once, from the daemon's start on.

What an alert asks for is there from the start, as nought: Prometheus sees no increase in what begins with one.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from prometheus_client.core import Metric

from vbdaemon.model import DeliveryKind, Event, VerdictKind
from vbdaemon.operation.metrics_family import Durations, counter, histogram
from vbdaemon.reload import REFUSED
from vbdaemon.state import events, markers, stories, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.store import State

AT_ONCE = 500
MOST_AT_ONE_READING = 20_000
"""Events that one reading catches up at most; the next goes on."""
ADMITTED = "admitted from source "
KINDS = frozenset(DeliveryKind)
RETURNED = "returned"
"""Of a mail that came back: it names no kind."""


class EventCounts:
    """Reads what was committed since it read last. Not for two threads at once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._seen = state.read(markers.last_event_id)
        self._received: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter(dict.fromkeys((kind.value for kind in VerdictKind), 0))
        self._reasons: Counter[tuple[str, str]] = Counter()
        ends = ((kind, end) for kind in (*KINDS, RETURNED) for end in ("delivered", "failed"))
        self._deliveries: Counter[tuple[str, str]] = Counter(dict.fromkeys(ends, 0))
        self._kinds: Counter[str] = Counter({REFUSED: 0})
        self._seconds = {stage: Durations() for stage in ("wait", "decide", "deliver")}

    def catch_up(self) -> None:
        """Count what is new."""
        for _ in range(MOST_AT_ONE_READING // AT_ONCE):
            batch = self._state.read(partial(events.after, event_id=self._seen, limit=AT_ONCE))
            for event in batch:
                self._count(event)
                self._seen = event.id
            if len(batch) < AT_ONCE:
                return

    def metrics(self) -> tuple[Metric, ...]:
        """What was counted so far."""
        return (
            counter("submissions_received", "Submissions that were admitted.", ["source"], _rows(self._received)),
            counter("decisions", "Decisions by verdict.", ["verdict"], _rows(self._verdicts)),
            counter("verdict_reasons", "Reasons of decisions.", ["verdict", "reason"], sorted(self._reasons.items())),
            counter("deliveries", "Deliveries that ended.", ["kind", "outcome"], sorted(self._deliveries.items())),
            counter("events", "Events by kind, acts of people among them.", ["kind"], _rows(self._kinds)),
            histogram(
                "stage_seconds",
                "Seconds from receipt to a worker (wait), in the worker (decide), from decision to arrival (deliver).",
                "stage",
                self._seconds.items(),
            ),
        )

    def _count(self, event: Event) -> None:
        self._kinds[event.kind] += 1
        if event.kind == "admitted" and event.words.startswith(ADMITTED):
            self._received[event.words.removeprefix(ADMITTED)] += 1
        elif event.kind == "decided":
            verdict, *codes = event.words.split()
            self._verdicts[verdict] += 1
            self._reasons.update((verdict, code) for code in codes)
            self._state.read(partial(self._time_decision, event=event))
        elif event.kind in ("delivery-delivered", "delivery-failed"):
            first = event.words.partition(" ")[0]
            kind = first if first in KINDS else RETURNED
            self._deliveries[kind, event.kind.removeprefix("delivery-")] += 1
            self._state.read(partial(self._time_delivery, event=event))

    def _time_decision(self, connection: Connection, event: Event) -> None:
        """A person's decision has no attempt that ended with it, and is not timed."""
        if event.submission is None:
            return
        for attempt in stories.attempts_of(connection, event.submission):
            if attempt.ended_at == event.at:
                self._seconds["decide"].add(_between(attempt.started_at, attempt.ended_at))
                if attempt.number == 1:
                    received_at = submissions.get(connection, event.submission).received_at
                    self._seconds["wait"].add(_between(received_at, attempt.started_at))

    def _time_delivery(self, connection: Connection, event: Event) -> None:
        if event.submission is None or event.kind != "delivery-delivered":
            return
        decided_at = submissions.get(connection, event.submission).decided_at
        if decided_at is not None:
            self._seconds["deliver"].add(_between(decided_at, event.at))


def _between(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()


def _rows(counts: Counter[str]) -> Iterator[tuple[tuple[str], float]]:
    return (((value,), count) for value, count in sorted(counts.items()))
