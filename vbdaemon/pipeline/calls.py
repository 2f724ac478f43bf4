"""How often each hook of each plugin was called, how long it took, and how it ended: counted in the worker."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vbdaemon.registry import Plugin

STARTUP = "startup"
"""The hook that fails when a plugin that was loaded before cannot be loaded again."""
Told = tuple[int, int, float, int, int]
"""As it travels: number of the call, calls, seconds, failures, failures since the last that went well."""


@dataclass(frozen=True, slots=True)
class CallSum:
    """Calls of one hook of one plugin during one task."""

    plugin: str
    hook: str
    calls: int
    seconds: float
    failures: int = 0
    """That raised, or answered what the hook does not take, or took their worker with them."""
    run: int = 0
    """Failures since the last call that went well."""
    fatal: bool = False
    """It took its worker with it: a crash, or a hang that had to be ended."""
    version: str = "?"
    """Of the plugin."""
    hooks: tuple[str, ...] = ()
    """All that the plugin has."""

    @property
    def went_well(self) -> bool:
        """True when at least one call did."""
        return self.calls > self.failures


def not_started(words: str, plugins: Iterable[Plugin]) -> tuple[CallSum, ...]:
    """A worker did not start: a failure of the plugin that the words begin with; of nobody when they name none."""
    return tuple(
        CallSum(each.name, STARTUP, 1, 0.0, 1, 1, fatal=True, version=each.version, hooks=each.hooks)
        for each in plugins
        if words.startswith(f"plugin {each.name!r}")
    )


class CallCounter:
    """What was called since it was asked last."""

    def __init__(self) -> None:
        self._sums: dict[int, list[float]] = {}

    def add(self, index: int, seconds: float, *, failed: bool) -> None:
        """A call ended."""
        row = self._sums.get(index)
        if row is None:
            row = self._sums[index] = [0, 0.0, 0, 0]
        row[0] += 1
        row[1] += seconds
        row[2] += failed
        row[3] = row[3] + 1 if failed else 0

    def take(self) -> tuple[Told, ...]:
        """Everything since the last time."""
        sums, self._sums = self._sums, {}
        return tuple((index, int(c), s, int(f), int(run)) for index, (c, s, f, run) in sums.items())


class Caller:
    """What the numbers of a worker's calls stand for."""

    def __init__(self, calls: tuple[tuple[str, str], ...], plugins: Iterable[Plugin]) -> None:
        self._calls = calls
        self._plugins = {plugin.name: plugin for plugin in plugins}

    def hook(self, index: int) -> str:
        """The hook of that call."""
        return self._calls[index][1]

    def summed(self, told: tuple[Told, ...]) -> tuple[CallSum, ...]:
        """With names."""
        return tuple(self._sum(index, calls, seconds, failures, run) for index, calls, seconds, failures, run in told)

    def fatal(self, index: int, seconds: float) -> CallSum:
        """The call in which the worker ended."""
        return replace(self._sum(index, 1, seconds, 1, 1), fatal=True)

    def _sum(self, index: int, calls: int, seconds: float, failures: int, run: int) -> CallSum:
        name, hook = self._calls[index]
        plugin = self._plugins[name]
        return CallSum(name, hook, calls, seconds, failures, run, version=plugin.version, hooks=plugin.hooks)
