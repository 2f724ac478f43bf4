"""Families of measurements, named and labelled the same way everywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

PREFIX = "vbdaemon"
SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Bounds of the histograms of durations."""
Rows = Iterable[tuple[Sequence[str], float]]
"""Label values in the order of the labels, and the number."""


def gauge(name: str, words: str, labels: Sequence[str], rows: Rows) -> Metric:
    """How it is now."""
    family = GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def counter(name: str, words: str, labels: Sequence[str], rows: Rows) -> Metric:
    """Only ever grows, from zero at the daemon's start; "_total" is added to the name."""
    family = CounterMetricFamily(f"{PREFIX}_{name}", words, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


@dataclass(slots=True)
class Durations:
    """Durations in seconds, counted by bounds."""

    bounds: tuple[float, ...] = SECONDS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0
    count: int = 0

    def add(self, seconds: float) -> None:
        """One more duration; a clock that was set back counts as none."""
        seconds = max(0.0, seconds)
        self.counts = self.counts or [0] * len(self.bounds)
        for number, bound in enumerate(self.bounds):
            if seconds <= bound:
                self.counts[number] += 1
        self.total += seconds
        self.count += 1

    def buckets(self) -> list[tuple[str, float]]:
        """As Prometheus wants them: cumulative, the last one holds all."""
        counts = self.counts or [0] * len(self.bounds)
        known = [(str(bound), float(count)) for bound, count in zip(self.bounds, counts, strict=True)]
        return [*known, ("+Inf", float(self.count))]


def histogram(name: str, words: str, label: str, rows: Iterable[tuple[str, Durations]]) -> Metric:
    """How many were at most so long, their count and sum."""
    family = HistogramMetricFamily(f"{PREFIX}_{name}", words, labels=[label])
    for value, durations in rows:
        family.add_metric([value], durations.buckets(), durations.total)
    return family
