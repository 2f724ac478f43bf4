"""Calls, seconds and failures of each plugin, in memory, and what of it is to be written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.pipeline.calls import CallSum
from vbdaemon.state.plugin_marks import CallTotal


@dataclass(frozen=True, slots=True)
class Sum:
    """Of one plugin."""

    calls: int = 0
    seconds: float = 0.0
    failures: int = 0

    def plus(self, call: CallSum) -> "Sum":
        """With these calls too."""
        return Sum(self.calls + call.calls, self.seconds + call.seconds, self.failures + call.failures)


class PluginTally:
    """Not for two threads at once."""

    def __init__(self) -> None:
        self._all: dict[str, Sum] = {}
        self._new: dict[tuple[str, str], Sum] = {}

    def add(self, calls: Iterable[CallSum]) -> None:
        """More calls."""
        for each in calls:
            self._all[each.plugin] = self._all.get(each.plugin, Sum()).plus(each)
            key = each.plugin, each.version
            self._new[key] = self._new.get(key, Sum()).plus(each)

    def all(self) -> dict[str, Sum]:
        """Since the start, by plugin."""
        return dict(sorted(self._all.items()))

    def take(self, at: datetime) -> tuple[CallTotal, ...]:
        """What is new since it was taken last."""
        new, self._new = self._new, {}
        return tuple(
            CallTotal(name, version, each.calls, each.seconds, each.failures, at)
            for (name, version), each in sorted(new.items())
        )
