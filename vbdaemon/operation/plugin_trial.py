"""Trying a plugin: each call of a hook is a task of its own in a killable worker, so that the culprit is named."""

import ast
import importlib.util
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vbdaemon.config import Settings
from vbdaemon.errors import PluginFailed, VbdaemonError
from vbdaemon.model import Destination, Snapshot
from vbdaemon.operation.plugin_answer import told
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.setup import worker_setup
from vbdaemon.pipeline.worker import Workplace

TEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call came to."""

    words: str
    seconds: float
    destinations: tuple[Destination, ...] = ()
    """Where `route` wants the document to go: `deliver` is tried with these."""


@dataclass(frozen=True, slots=True)
class CallTask:
    """Call one hook of one plugin, and no other plugin's."""

    plugin: str
    hook: str
    arguments: Mapping[str, Any]

    def run(self, place: Workplace) -> Answered:
        """The answer in words; VbdaemonError with the plugin's own words, for here its author reads them."""
        started = time.perf_counter()
        try:
            value = place.registry.ask(self.plugin, self.hook, **{**self.arguments, "snapshot": place.snapshot})
        except PluginFailed as failure:
            own = " ".join(str(failure.__cause__ or "").split())
            raise VbdaemonError(f"{failure.cause}{f': {own}' if own else ''}") from failure
        seconds = time.perf_counter() - started
        words = "done" if self.hook == "track_event" else told(value)
        return Answered(words, seconds, value if self.hook == "route" and value else ())


@dataclass(frozen=True, slots=True)
class OwnTestTask:
    """Run one test function of the file that lies beside the plugin."""

    file: Path
    function: str

    def run(self, place: Workplace) -> float:
        """Seconds; what the test raises fails the task, with file and line."""
        del place
        spec = importlib.util.spec_from_file_location(f"vbdaemon_site_{self.file.stem}", self.file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        test: Callable[[], None] = getattr(module, self.function)
        started = time.perf_counter()
        test()
        return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class OwnTests:
    """The test file of a plugin."""

    file: Path
    plain: tuple[str, ...]
    """Functions that need nothing but to be called."""
    others: int
    """Those that only pytest can run: they take fixtures or parameters."""


def own_tests(folder: Path, name: str) -> OwnTests | None:
    """The tests beside a plugin, from their text; None where there are none."""
    for file in (folder / "tests" / f"test_{name}.py", folder / f"test_{name}.py"):
        if file.is_file():
            break
    else:
        return None
    try:
        tree = ast.parse(file.read_bytes(), file.name)
    except (SyntaxError, ValueError) as error:
        raise VbdaemonError(f"{file} is no Python: {error}; mend it") from error
    tests = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    plain = tuple(n.name for n in tests if not n.args.args and not n.decorator_list)
    return OwnTests(file, plain, len(tests) - len(plain))


@contextmanager
def trial_pool(settings: Settings, snapshot: Snapshot, plugin: str | None = None) -> Iterator[Pool]:
    """One worker with this plugin alone, or without any of the site's; PluginError when it does not load."""
    enabled = () if plugin is None else (plugin,)
    tables = {name: table for name, table in settings.plugins.tables.items() if name in enabled}
    workers = settings.workers
    with tempfile.TemporaryDirectory(prefix="vbdaemon-") as scratch:
        setup = replace(worker_setup(settings, snapshot), spool=Path(scratch), enabled=enabled, tables=tables)
        by_hook = {"read": workers.read_seconds, "deliver": 120.0}
        pool = Pool("plugin-test", setup, 1, Deadlines(workers.call_seconds, by_hook, TEST_SECONDS))
        try:
            yield pool
        finally:
            pool.close()
