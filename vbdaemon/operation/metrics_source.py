"""Measurements of the ways in: which cannot be reached, and what waits in them."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import Metric

from vbdaemon.operation.metrics_family import gauge
from vbdaemon.operation.status_pulse import SourceState


def of_sources(look: Callable[[], Iterable[SourceState]]) -> Iterator[Metric]:
    """Two gauges with a row for each source, as the daemon sees them now."""
    sources = tuple(look())
    usable = (((each.name, each.channel), 1.0 if each.usable else 0.0) for each in sources)
    yield gauge("source_usable", "1 while the source can be looked at, else 0.", ["source", "channel"], usable)
    waiting = (((each.name, each.channel), each.waiting) for each in sources)
    yield gauge("source_waiting", "What was seen in a source and not taken yet.", ["source", "channel"], waiting)
