"""The child: loads the plugins once, then runs tasks one by one until its parent hangs up."""

import logging
import os
import pickle
import shutil
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol, TypeVar

from vbdaemon.errors import PluginFailed, VbdaemonError
from vbdaemon.model import Snapshot
from vbdaemon.pipeline import answers
from vbdaemon.pipeline.beacon import Beacon, BeaconWatch
from vbdaemon.pipeline.calls import Told
from vbdaemon.pipeline.confinement import confine, stand_back
from vbdaemon.registry import Plugin, Registry, load_registry

TALKATIVE = ("pyhanko", "pyhanko_certvalidator", "pypdf", "fontTools", "PIL", "openpyxl", "libarchive")

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What a worker is started with. Parsing workers hold no secrets."""

    snapshot: Snapshot
    spool: Path
    plugin_folder: Path | None
    enabled: tuple[str, ...]
    tables: Mapping[str, Mapping[str, Any]]
    memory_bytes: int
    fast_signatures: bool = True
    """Replace hot spots of the pinned pyHanko by faster code that gives the same reports."""
    scratch: Path | None = None
    """Folder below which each worker has its scratch; None = the spool's own."""
    niceness: int = 0
    """How far the worker stands back behind others for the processor (0 to 19)."""
    bodies: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Plugin files as they were read with the settings: a worker that starts later loads the same."""

    def scratch_of(self, pid: int | None) -> Path:
        """The scratch of the worker with this process id."""
        return (self.scratch or self.spool / "scratch") / str(pid)


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a task finds in the worker."""

    registry: Registry
    snapshot: Snapshot
    spool: Path
    scratch: Path
    """A folder of this worker's own, emptied after every task."""


class Task(Protocol[T_co]):
    """Work for a worker; sent by value, its answer comes back by value."""

    def run(self, place: Workplace) -> T_co:
        """Do the work; VbdaemonError says what went wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has loaded its plugins."""

    plugins: tuple[Plugin, ...]
    calls: tuple[tuple[str, str], ...]
    """(plugin, hook) by the number that the beacon shows."""
    order: Mapping[str, tuple[str, ...]]
    """Plugins by hook, first called first."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task's answer."""

    value: Any
    calls: tuple[Told, ...] = ()
    spoiled: bool = False
    """Something that was started still runs: it has to end with the worker."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A task failed; `plugin` and `hook` name the culprit where there is one."""

    words: str
    plugin: str | None = None
    hook: str | None = None
    calls: tuple[Told, ...] = ()
    spoiled: bool = False


def serve(connection: Connection, beacon: Beacon, setup: WorkerSetup) -> None:
    """The worker's whole life."""
    confine(setup.memory_bytes)
    stand_back(setup.niceness)
    from vbdaemon.signature.fast_path import speed_up  # noqa: PLC0415 - the parent must not load pyHanko

    hush(TALKATIVE)
    speed_up(setup.fast_signatures)
    watch = BeaconWatch(beacon)
    try:
        registry = load_registry(setup.plugin_folder, setup.enabled, setup.tables, watch, bodies=setup.bodies)
    except VbdaemonError as error:
        answers.send(connection, Broken(str(error)))
        return
    order = {hook: registry.order(hook) for plugin in registry.plugins for hook in plugin.hooks}
    watch.know([(plugin, hook) for hook, plugins in order.items() for plugin in plugins])
    watch.counter.take()  # what starting cost is no document's
    scratch = setup.scratch_of(os.getpid())
    place = Workplace(registry, setup.snapshot, setup.spool, scratch)
    answers.send(connection, Ready(registry.plugins, tuple(watch.calls), order))
    while (task := _next(connection)) is not None:
        answer = _run(task, place)
        _send(connection, replace(answer, calls=watch.counter.take(), spoiled=watch.left()))
        shutil.rmtree(scratch, ignore_errors=True)


def _send(connection: Connection, answer: Done | Broken) -> None:
    """What a plugin put into a field of an answer may be something that no other process can read."""
    try:
        answers.send(connection, answer)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        words = f"a plugin's answer holds what cannot leave its worker: {type(error).__name__}"
        answers.send(connection, Broken(words, calls=answer.calls, spoiled=answer.spoiled))


def hush(loggers: tuple[str, ...]) -> None:
    """Parsers' own logs quote documents and certificates: they never reach our log."""
    for name in loggers:
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def _next(connection: Connection) -> Task[object] | None:
    try:
        task: Task[object] | None = connection.recv()
    except EOFError:
        return None
    return task


def _run(task: Task[object], place: Workplace) -> Done | Broken:
    place.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return Done(task.run(place))
    except PluginFailed as failure:
        return Broken(str(failure), failure.plugin, failure.hook)
    except VbdaemonError as error:
        return Broken(str(error))
    except Exception as error:  # noqa: BLE001 - the pipeline's own edge: a task that breaks is one failed attempt
        place_of = traceback.extract_tb(error.__traceback__)[-1]
        return Broken(f"{type(error).__name__} at {Path(place_of.filename).name}:{place_of.lineno}")
