"""How often each hook of each plugin was called, how long it took, and how it ended: counted in the worker."""

from dataclasses import dataclass

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

    @property
    def went_well(self) -> bool:
        """True when at least one call did."""
        return self.calls > self.failures


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


def summed(told: tuple[Told, ...], calls: tuple[tuple[str, str], ...]) -> tuple[CallSum, ...]:
    """With the names that the numbers stand for."""
    return tuple(CallSum(*calls[index], count, seconds, failures, run) for index, count, seconds, failures, run in told)
