"""What workers are started with, as the settings have it."""

from vbdaemon.config import Settings
from vbdaemon.model import Snapshot
from vbdaemon.pipeline.worker import WorkerSetup

MEGABYTE = 1 << 20


def worker_setup(settings: Settings, snapshot: Snapshot) -> WorkerSetup:
    """What workers are started with."""
    return WorkerSetup(
        snapshot=snapshot,
        spool=settings.path(settings.spool.path),
        plugin_folder=settings.path(settings.plugins.folder),
        enabled=settings.plugins.enabled,
        tables=settings.plugins.tables,
        memory_bytes=settings.workers.memory_megabytes * MEGABYTE,
        fast_signatures=settings.workers.fast_signatures,
    )
