"""The text format in which Prometheus reads measurements (exposition format, version 0.0.4)."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Bounds of the histograms of durations."""


class MetricKind(StrEnum):
    """What a number means."""

    GAUGE = "gauge"
    """How it is now."""
    COUNTER = "counter"
    """Only ever grows, from zero at the daemon's start."""
    HISTOGRAM = "histogram"
    """How many were at most so long, their count and sum."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One number with its labels; `suffix` is for the parts of a histogram."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """Samples under one name."""

    name: str
    kind: MetricKind
    help: str
    samples: tuple[Sample, ...]


@dataclass(slots=True)
class Histogram:
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

    def samples(self, labels: Mapping[str, str]) -> Iterator[Sample]:
        """As Prometheus wants them: cumulative buckets, the sum, the count."""
        for bound, count in zip(self.bounds, self.counts or [0] * len(self.bounds), strict=True):
            yield Sample(count, {**labels, "le": _number(bound)}, "_bucket")
        yield Sample(self.count, {**labels, "le": "+Inf"}, "_bucket")
        yield Sample(self.total, labels, "_sum")
        yield Sample(self.count, labels, "_count")


def exposition(metrics: Iterable[Metric]) -> str:
    """The page that Prometheus reads."""
    return "".join(line for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    described = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    yield f"# HELP {metric.name} {described}\n# TYPE {metric.name} {metric.kind}\n"
    for sample in metric.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
        yield f"{metric.name}{sample.suffix}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if math.isinf(value) or math.isnan(value):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(str(value), "NaN")
    return str(int(value)) if value == int(value) else repr(round(value, 6))
