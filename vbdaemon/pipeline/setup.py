"""What workers are started with, as the settings have it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.model import Snapshot
from vbdaemon.pipeline.pool import Deadlines
from vbdaemon.pipeline.worker import WorkerSetup

MEGABYTE = 1 << 20
BEHIND = 10
"""Niceness of workers that only compare."""
DELIVER_SECONDS = 120.0


def worker_setup(settings: Settings, snapshot: Snapshot, bodies: Mapping[str, bytes] | None = None) -> WorkerSetup:
    """The site's plugins that act, but those that were switched off; `bodies` are their files as read before."""
    off = {each.name for each in snapshot.plugins_off}
    plugins = settings.plugins
    return WorkerSetup(
        snapshot=snapshot,
        spool=settings.path(settings.spool.path),
        plugin_folder=settings.path(plugins.folder),
        enabled=tuple(name for name in plugins.acting if name not in off),
        tables={name: table for name, table in plugins.acting_tables.items() if name not in off},
        memory_bytes=settings.workers.memory_megabytes * MEGABYTE,
        fast_signatures=settings.workers.fast_signatures,
        bodies=bodies or {},
    )


def comparing_setup(
    settings: Settings,
    snapshot: Snapshot,
    *others: str,
    bodies: Mapping[str, bytes] | None = None,
    scratch: Path | None = None,
) -> WorkerSetup:
    """The same with these plugins too, each at its place in the order; such workers stand back behind all others."""
    plugins = settings.plugins
    acting = worker_setup(settings, snapshot, bodies)
    tables = {name: table for name, table in plugins.tables.items() if name in others}
    enabled = tuple(name for name in plugins.with_(others) if name in acting.enabled or name in others)
    return replace(acting, enabled=enabled, tables={**acting.tables, **tables}, scratch=scratch, niceness=BEHIND)


def deadlines(settings: Settings) -> Deadlines:
    """How long a call may take."""
    workers = settings.workers
    return Deadlines(workers.call_seconds, {"read": workers.read_seconds, "deliver": DELIVER_SECONDS})
