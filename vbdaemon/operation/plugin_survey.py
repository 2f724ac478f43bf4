"""Which of a site's plugins load, found out in a worker: one that hangs or crashes breaks only that."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.errors import PluginError
from vbdaemon.model import Snapshot
from vbdaemon.operation.checkup import Problem, Weight
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.setup import MEGABYTE
from vbdaemon.pipeline.worker import Ready, WorkerSetup
from vbdaemon.registry import BUILTINS, Plugin


@dataclass(frozen=True, slots=True)
class Survey:
    """The plugins of a site."""

    acting: tuple[Plugin, ...]
    """In the order in which they are asked, the built-ins last."""
    order: Mapping[str, tuple[str, ...]]
    """By hook."""
    aside: tuple[Plugin, ...]
    """Enabled and loadable, but not asked: they watch only, or were switched off."""
    broken: Mapping[str, str]
    """What does not load, and why."""


def survey(settings: Settings, off: frozenset[str] = frozenset()) -> Survey:
    """Load everything that is enabled; `off` names what was switched off."""
    plugins = settings.plugins
    apart = [name for name in dict.fromkeys(plugins.enabled) if name in plugins.shadow or name in off]
    acting = [name for name in dict.fromkeys(plugins.enabled) if name not in apart]
    broken = dict(_misnamed(settings))
    alone: dict[str, Plugin] = {}
    try:
        ready = loaded(settings, [name for name in acting if name not in broken])
    except PluginError:  # one of them: each is tried alone
        alone = dict(_each(settings, [name for name in acting if name not in broken], broken))
        ready = loaded(settings, [name for name in acting if name in alone])
    aside = dict(_each(settings, [name for name in apart if name not in broken], broken))
    return Survey(ready.plugins, ready.order, tuple(aside.values()), broken)


def check_plugins(settings: Settings) -> Iterator[Problem]:
    """Each that does not load, those too that only watch."""
    for words in survey(settings).broken.values():
        yield Problem(Weight.ERROR, words, "see plugins/README.md")


def loaded(settings: Settings, names: Iterable[str]) -> Ready:
    """What a worker with these plugins says; PluginError when it does not start."""
    wanted = tuple(names)
    tables = {name: table for name, table in settings.plugins.tables.items() if name in wanted}
    with _setup(settings, wanted, tables) as setup:
        pool = Pool("plugins", setup, 1, Deadlines(settings.workers.call_seconds))
        pool.close()
        return pool.ready


def _each(settings: Settings, names: Iterable[str], broken: dict[str, str]) -> Iterator[tuple[str, Plugin]]:
    for name in names:
        try:
            ready = loaded(settings, (name,))
        except PluginError as error:
            broken[name] = str(error)
        else:
            yield name, next(plugin for plugin in ready.plugins if plugin.name == name)


def _misnamed(settings: Settings) -> Iterator[tuple[str, str]]:
    taken = {dotted.rpartition(".")[2] for dotted in BUILTINS}
    for name in settings.plugins.enabled:
        if name in taken:
            yield name, f"plugin {name!r}: a built-in has this name; rename the file"
        elif settings.plugins.enabled.count(name) > 1:
            yield name, f"plugin {name!r} stands twice in [plugins] enabled; take one out"
    for name in settings.plugins.tables:
        if name not in settings.plugins.enabled:
            yield name, f"[plugins.{name}] has settings, but it is not in [plugins] enabled; add it there"


@contextmanager
def _setup(
    settings: Settings, names: tuple[str, ...], tables: Mapping[str, Mapping[str, object]]
) -> Iterator[WorkerSetup]:
    scratch = Path(tempfile.mkdtemp(prefix="vbdaemon-"))
    folder = settings.path(settings.plugins.folder)
    try:
        memory = settings.workers.memory_megabytes * MEGABYTE
        yield WorkerSetup(Snapshot("survey"), scratch, folder, names, tables, memory, fast_signatures=False)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
