"""Telling systemd how the service is doing: sd_notify(3), by a datagram to the socket that it names."""

import os
import socket
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass

import structlog

log = structlog.get_logger("notify")
VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
MICROSECONDS = 1_000_000
PINGS_IN_TIME = 3
"""Pings within each watchdog interval: one that is lost or late does no harm."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends words to systemd; without a socket (no systemd, or not Type=notify) every call does nothing."""

    address: str = ""
    """Path of the socket; a leading "@" means the abstract namespace."""
    watchdog_seconds: float = 0.0
    """After how long without a ping systemd ends the service; 0 = it does not watch."""

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int) -> "Notifier":
        """What the environment asks for; a watchdog meant for another process (WATCHDOG_PID) is none of ours."""
        address = environment.get("NOTIFY_SOCKET", "")
        for_us = environment.get("WATCHDOG_PID", str(pid)) == str(pid)
        microseconds = environment.get("WATCHDOG_USEC", "0")
        seconds = int(microseconds) / MICROSECONDS if for_us and microseconds.isdigit() else 0.0
        return cls(address if address[:1] in ("/", "@") else "", seconds if address else 0.0)

    @classmethod
    def taken_from(cls, environment: MutableMapping[str, str]) -> "Notifier":
        """Like `of`, and the variables are gone from the environment: no worker or tesseract inherits them."""
        notifier = cls.of(environment, os.getpid())
        for name in VARIABLES:
            environment.pop(name, None)
        return notifier

    @property
    def ping_seconds(self) -> float | None:
        """How often the watchdog wants to be pinged; None when it does not watch."""
        return self.watchdog_seconds / PINGS_IN_TIME if self.watchdog_seconds else None

    def ready(self, words: str = "") -> bool:
        """Started, or reloaded: everything runs."""
        return self._send("READY=1", *_status(words))

    def reloading(self, monotonic: Callable[[], float]) -> bool:
        """Settings are read again; `ready` follows. `monotonic` is CLOCK_MONOTONIC (time.monotonic)."""
        return self._send("RELOADING=1", f"MONOTONIC_USEC={int(monotonic() * MICROSECONDS)}")

    def stopping(self, words: str = "") -> bool:
        """What is under way is being finished."""
        return self._send("STOPPING=1", *_status(words))

    def status(self, words: str) -> bool:
        """One line that `systemctl status` shows."""
        return self._send(*_status(words))

    def ping(self) -> bool:
        """The watchdog is kept from biting for another interval."""
        return self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> bool:
        """True when systemd was told. That it cannot be told is no reason to stop."""
        if not self.address or not lines:
            return False
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)  # a full socket of a busy systemd must not hold the daemon
                line.sendto("\n".join(lines).encode(), address)
        except OSError as error:
            log.warning("systemd was not told", what=lines[0], error=error.strerror)
            return False
        return True


def _status(words: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(words.split())}",) if words else ()
