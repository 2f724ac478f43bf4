"""One killable worker for a command, its scratch in a folder that goes with it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vbdaemon.config import PluginsSection, Settings, WorkersSection
from vbdaemon.model import Snapshot
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.worker import WorkerSetup

MEGABYTE = 1 << 20


@contextmanager
def one_worker(settings: Settings | None, snapshot: Snapshot) -> Iterator[Pool]:
    """A pool of one, with the site's plugins when there is a site."""
    workers = settings.workers if settings else WorkersSection()
    plugins = settings.plugins if settings else PluginsSection()
    scratch = Path(tempfile.mkdtemp(prefix="vbdaemon-"))
    setup = WorkerSetup(
        snapshot=snapshot,
        spool=scratch,
        plugin_folder=settings.path(plugins.folder) if settings else None,
        enabled=plugins.acting,
        tables=plugins.acting_tables,
        memory_bytes=workers.memory_megabytes * MEGABYTE,
        fast_signatures=workers.fast_signatures,
    )
    try:
        pool = Pool("command", setup, 1, Deadlines(workers.call_seconds, {"read": workers.read_seconds}))
        try:
            yield pool
        finally:
            pool.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
