"""Listening sockets: our own, or handed over by systemd (sd_listen_fds(3))."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vbdaemon.errors import ConfigurationError

FIRST_INHERITED: Final = 3
WAITING_CONNECTIONS: Final = 256
SYSTEMD: Final = "systemd"
PRIVILEGED: Final = 1024


@dataclass(frozen=True, slots=True)
class Inherited:
    """A socket that systemd opened for us."""

    name: str
    """FileDescriptorName= of the socket unit."""
    fd: int


def inherited(environment: Mapping[str, str]) -> tuple[Inherited, ...]:
    """What systemd handed to this very process."""
    if environment.get("LISTEN_PID") != str(os.getpid()):
        return ()
    count = environment.get("LISTEN_FDS", "")
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    return tuple(
        Inherited(names[number] if number < len(names) else "unknown", FIRST_INHERITED + number)
        for number in range(int(count) if count.isdecimal() else 0)
    )


class Sockets:
    """Opens what the settings name; each inherited socket goes to one listener."""

    def __init__(self, handed: tuple[Inherited, ...], named: tuple[str, ...]) -> None:
        """`named`: every `listen` value of the settings; a socket that one of them names is not for plain "systemd"."""
        wanted = {_name(where) for where in named}
        self._named = {each.name: [e for e in handed if e.name == each.name] for each in handed if each.name in wanted}
        self._rest = [each for each in handed if each.name not in wanted]

    def open(self, where: str) -> list[socket.socket]:
        """The sockets for one `listen` value; ConfigurationError says what stands in the way."""
        if where != SYSTEMD and not _name(where):
            return [_bound(where)]
        found = self._named.pop(_name(where), []) if _name(where) else self._rest
        if not found:
            raise ConfigurationError(f"listen {where}: systemd handed no such socket over; enable its .socket unit")
        if not _name(where):
            self._rest = []
        return [_adopted(each) for each in found]


def _name(where: str) -> str:
    """The name in "systemd:NAME", else ""."""
    return where.removeprefix(f"{SYSTEMD}:") if where.startswith(f"{SYSTEMD}:") else ""


def _adopted(handed: Inherited) -> socket.socket:
    try:
        os.set_inheritable(handed.fd, False)  # workers must not keep the port open
        made = socket.socket(fileno=os.dup(handed.fd))  # a listener that is opened anew finds it again
    except OSError as error:
        raise ConfigurationError(f"inherited socket {handed.name}: {error.strerror}") from error
    made.setblocking(False)
    return made


def _bound(where: str) -> socket.socket:
    host, _, port = where.rpartition(":")
    bare = host.strip("[]")
    both = not bare and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in bare else socket.AF_INET
    try:
        made = socket.create_server((bare, int(port)), family=family, backlog=WAITING_CONNECTIONS, dualstack_ipv6=both)
    except OSError as error:
        remedy = 'a port below 1024 comes from systemd: say "systemd"' if int(port) < PRIVILEGED else "is it in use?"
        raise ConfigurationError(f"listen {where}: {error.strerror or error}; {remedy}") from error
    made.setblocking(False)
    return made
