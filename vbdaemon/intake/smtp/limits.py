"""How much one address may do: connections, messages, failed logins. Time comes in as a parameter; one thread asks."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from vbdaemon.intake.smtp import reply
from vbdaemon.intake.smtp.settings import SmtpSettings

MINUTE: Final = 60.0
FAILURES_LAST: Final = 900.0
FAILURES_FACTOR: Final = 4


@dataclass(slots=True)
class _Bucket:
    """Fills steadily; each act takes one out."""

    left: float
    at: float

    def fill(self, now: float, most: float, per_second: float) -> None:
        self.left = min(most, self.left + (now - self.at) * per_second)
        self.at = now


class _Allowance:
    """So many acts within a time, for each address; an unused allowance comes back steadily."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = float(most)
        self._rate = most / seconds
        self._buckets: dict[str, _Bucket] = {}

    def left(self, address: str, now: float) -> bool:
        """True while one more act is allowed."""
        bucket = self._buckets.get(address)
        if bucket is None:
            return True
        bucket.fill(now, self._most, self._rate)
        return bucket.left >= 1.0

    def take(self, address: str, now: float) -> None:
        """One act was done."""
        bucket = self._buckets.setdefault(address, _Bucket(self._most, now))
        bucket.fill(now, self._most, self._rate)
        bucket.left -= 1.0

    def forget(self, now: float) -> None:
        """Addresses whose allowance is whole again take no memory."""
        for address, bucket in list(self._buckets.items()):
            bucket.fill(now, self._most, self._rate)
            if bucket.left >= self._most:
                del self._buckets[address]


class Limits:
    """Counts what is open and what was done. An address is a text; "" stands for local sockets."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._open: Counter[str] = Counter()
        self._messages = _Allowance(settings.messages_per_minute, MINUTE)
        self._failures = _Allowance(settings.login_failures * FAILURES_FACTOR, FAILURES_LAST)

    def connect(self, address: str, *, trusted: bool) -> str:
        """Counts a connection; the reply that refuses it, or "". Each one that was counted is to be disconnected."""
        self._open[address] += 1
        if self._open.total() > self._settings.connections:
            return reply.BUSY
        if not trusted and self._open[address] > self._settings.connections_per_address:
            return reply.BUSY_ADDRESS
        return ""

    def disconnect(self, address: str) -> None:
        """The connection has ended."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def message(self, address: str, now: float) -> bool:
        """Counts a message; False when there were too many."""
        allowed = self._messages.left(address, now)
        if allowed:
            self._messages.take(address, now)
        return allowed

    def may_log_in(self, address: str, now: float) -> bool:
        """False after too many failures."""
        return self._failures.left(address, now)

    def login_failed(self, address: str, now: float) -> None:
        """Counts a failed login."""
        self._failures.take(address, now)

    def forget(self, now: float) -> None:
        """Drop what needs no remembering."""
        self._messages.forget(now)
        self._failures.forget(now)
