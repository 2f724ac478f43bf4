"""Queues by age: how much waits how long, in columns, in the manner of qshape(1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vbdaemon.state.queue_views import UNDECIDED, Outstanding, Queued
from vbdaemon.state.records import DeliveryState, SubmissionState

BOUNDS = (
    ("5m", timedelta(minutes=5)),
    ("20m", timedelta(minutes=20)),
    ("80m", timedelta(minutes=80)),
    ("6h", timedelta(hours=6)),
    ("1d", timedelta(days=1)),
    ("4d", timedelta(days=4)),
    ("16d", timedelta(days=16)),
)
"""Each column counts what is younger than its bound and not in a column before; one more holds the rest."""
HEADINGS = (*(name for name, _ in BOUNDS), "16d+")


class Stage(StrEnum):
    """What is waited for."""

    DECIDE = "decide"
    """A worker."""
    HOLD = "hold"
    """A person, or evidence."""
    DELIVER = "deliver"
    """The destination."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits at one stage for the same: a source's turn, a kind of hold, a destination."""

    stage: Stage
    name: str
    """Empty for all of the stage."""
    total: int
    by_age: tuple[int, ...]
    """One number for each of HEADINGS."""
    oldest_seconds: float


def queues(submissions: Iterable[Queued], deliveries: Iterable[Outstanding], now: datetime) -> tuple[Queue, ...]:
    """Each stage: all of it first, then its parts, the longest queue first. Stages where nothing waits have one row."""
    waiting: dict[Stage, list[tuple[str, datetime]]] = {stage: [] for stage in Stage}
    for each in submissions:
        if each.state in UNDECIDED:
            waiting[Stage.DECIDE].append((each.source, each.received_at))
        elif each.state is SubmissionState.HELD:
            waiting[Stage.HOLD].append((each.hold_kind or "unknown", each.received_at))
    for delivery in deliveries:
        if delivery.state is DeliveryState.DUE:
            waiting[Stage.DELIVER].append((delivery.destination, delivery.created_at))
    return tuple(queue for stage, members in waiting.items() for queue in _of_stage(stage, members, now))


def _of_stage(stage: Stage, members: list[tuple[str, datetime]], now: datetime) -> list[Queue]:
    by_name: dict[str, list[datetime]] = {}
    for name, since in members:
        by_name.setdefault(name, []).append(since)
    parts = sorted((_queue(stage, name, moments, now) for name, moments in by_name.items()), key=lambda q: -q.total)
    return [_queue(stage, "", [since for _, since in members], now), *parts]


def _queue(stage: Stage, name: str, moments: list[datetime], now: datetime) -> Queue:
    counts = [0] * len(HEADINGS)
    for since in moments:
        age = now - since
        counts[next((n for n, (_, bound) in enumerate(BOUNDS) if age < bound), len(BOUNDS))] += 1
    oldest = max(((now - since).total_seconds() for since in moments), default=0.0)
    return Queue(stage, name, len(moments), tuple(counts), max(0.0, oldest))
