"""Do the loops really turn? Each beats; the watchdog is pinged only while none is late."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import structlog

from vbdaemon.operation.notify import Notifier

log = structlog.get_logger("heartbeat")
WITHIN_SECONDS = 60.0
"""Longer than any turn may take: SQLite alone waits up to ten seconds for its lock."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One loop: how long ago it turned, and how long it may take."""

    loop: str
    silent_seconds: float
    within_seconds: float
    vital: bool
    """False for a loop that may hang without our fault, such as one in a network mount: shown, never fatal."""

    @property
    def late(self) -> bool:
        """It should have turned by now."""
        return self.silent_seconds > self.within_seconds


class Heartbeat:
    """Who turned when. `beat` is cheap, may be called from any thread, and ignores loops that nobody expects."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._expected: dict[str, tuple[float, bool]] = {}
        self._last: dict[str, float] = {}

    def expect(self, loop: str, within_seconds: float = WITHIN_SECONDS, *, vital: bool = True) -> Callable[[], None]:
        """From now on the loop beats; the answer is its beat, to be handed to it."""
        with self._lock:
            self._expected[loop] = (within_seconds, vital)
            self._last[loop] = self._monotonic()
        return lambda: self.beat(loop)

    def forget(self, loop: str) -> None:
        """The loop ended as it should."""
        with self._lock:
            self._expected.pop(loop, None)
            self._last.pop(loop, None)

    def beat(self, loop: str) -> None:
        """The loop turned."""
        with self._lock:
            if loop in self._expected:
                self._last[loop] = self._monotonic()

    def pulses(self) -> tuple[Pulse, ...]:
        """Every loop, by name."""
        now = self._monotonic()
        with self._lock:
            return tuple(
                Pulse(loop, max(0.0, now - self._last[loop]), within, vital)
                for loop, (within, vital) in sorted(self._expected.items())
            )

    def late(self) -> tuple[Pulse, ...]:
        """The vital loops that do not turn."""
        return tuple(pulse for pulse in self.pulses() if pulse.late and pulse.vital)


class Watchdog:
    """`tick` in the main loop: pings systemd when it is time and every vital loop turns, else names the late ones."""

    def __init__(self, notifier: Notifier, heartbeat: Heartbeat, monotonic: Callable[[], float]) -> None:
        self._notifier = notifier
        self._heartbeat = heartbeat
        self._monotonic = monotonic
        self._due = float("-inf")
        self._told: tuple[str, ...] = ()

    def tick(self) -> bool:
        """True when systemd was pinged."""
        now = self._monotonic()
        every = self._notifier.ping_seconds
        late = self._heartbeat.late()
        self._tell(late)
        if late or every is None or now < self._due:
            return False
        self._due = now + every
        return self._notifier.ping()

    def _tell(self, late: tuple[Pulse, ...]) -> None:
        names = tuple(pulse.loop for pulse in late)
        if names and names != self._told:
            log.error("a loop does not turn; the watchdog is not pinged", loops=list(names))
        self._told = names


class Probe:
    """Beats for a thread that only waits for work, such as the database's writer: it is given a little work to do."""

    def __init__(self, ask: "Callable[[], Future[Any]]", beat: Callable[[], None]) -> None:
        self._ask = ask
        self._beat = beat
        self._asked: Future[Any] | None = None

    def tick(self) -> None:
        """Ask again once the former question was answered; an error is an answer: the thread turns."""
        if self._asked is None or self._asked.done():
            self._asked = self._ask()
            self._asked.add_done_callback(lambda _: self._beat())
