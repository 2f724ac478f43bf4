"""What a daemon works by: settings and the snapshot made of them, read together and in force together."""

from dataclasses import dataclass

import structlog

from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import lay_out
from vbdaemon.model import Snapshot
from vbdaemon.snapshot import build_snapshot, traces

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Basis:
    """One state of the site's files."""

    settings: Settings
    snapshot: Snapshot
    traces: tuple[tuple[str, int, int], ...]
    """Of the files, taken before they were read: a change meanwhile is seen at the next look."""

    @classmethod
    def of(cls, settings: Settings) -> "Basis":
        """Read everything that the settings name; ConfigurationError (or a child) names the file that is wrong."""
        seen = traces(settings)
        return cls(settings, build_snapshot(settings), seen)


class Evidence:
    """Rules, units and trust: looked at each second, taken up whole when they changed."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._seen = basis.traces

    def look(self) -> Basis | None:
        """What is to be in force from now on; None while nothing new is, or what is new cannot be used (it is said)."""
        now = traces(self._basis.settings)
        if now == self._seen:
            return None
        self._seen = now
        try:
            basis = Basis.of(self._basis.settings)
            lay_out(basis.settings, basis.snapshot)
        except ConfigurationError as error:
            log.error("changed files are not usable, the former ones stay in force", error=str(error))
            return None
        return None if basis.snapshot.version == self._basis.snapshot.version else basis
