"""What a daemon works by: settings and the snapshot made of them, read together and in force together."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import lay_out
from vbdaemon.model import Snapshot
from vbdaemon.plugin_file import bodies_in
from vbdaemon.snapshot import build_snapshot, traces

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Basis:
    """One state of the site's files."""

    settings: Settings
    snapshot: Snapshot
    traces: tuple[tuple[str, int, int], ...]
    """Of the files, taken before they were read: a change meanwhile is seen at the next look."""
    bodies: Mapping[str, bytes]
    """Plugin files by name: workers load these until the settings are read again, whatever is saved meanwhile."""

    @classmethod
    def of(cls, settings: Settings, bodies: Mapping[str, bytes] | None = None) -> "Basis":
        """Read everything that the settings name; ConfigurationError (or a child) names the file that is wrong.

        With `bodies` the plugins stay as they were read before.
        """
        seen, plugins = traces(settings), settings.plugins
        if bodies is None:
            bodies = bodies_in(settings.path(plugins.folder), plugins.enabled)
        return cls(settings, build_snapshot(settings), seen, bodies)


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
            basis = Basis.of(self._basis.settings, self._basis.bodies)
            lay_out(basis.settings, basis.snapshot)
        except ConfigurationError as error:
            log.error("changed files are not usable, the former ones stay in force", error=str(error))
            return None
        return None if basis.snapshot.version == self._basis.snapshot.version else basis
