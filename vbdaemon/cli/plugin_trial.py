"""`vbdaemon plugin test NAME`: its hooks on samples, and its own tests; nothing is stored."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from vbdaemon.cli.plugin_switch import require_there
from vbdaemon.cli.site import Site
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError, PluginError, VbdaemonError
from vbdaemon.model import Destination, Snapshot
from vbdaemon.operation.plugin_draft import known_hooks
from vbdaemon.operation.plugin_sample import Given, Sample, SampleTask, given, outside
from vbdaemon.operation.plugin_trial import CallTask, OwnTestTask, own_tests, trial_pool
from vbdaemon.pipeline.pool import Pool
from vbdaemon.snapshot import build_snapshot

OUTSIDE = ("deliver", "track_event")
"""Hooks that have an effect outside."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test")(try_out)


def try_out(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A plugin, whether enabled or not.")],
    files: Annotated[
        list[Path] | None, typer.Option("--file", metavar="PATH", help="Your own samples instead; a folder is one.")
    ] = None,
    acting: Annotated[
        bool, typer.Option("--outside", help="Call deliver and track_event too: they write and send for real.")
    ] = False,
) -> None:
    """Call every hook of a plugin on samples, run its own tests; exit 1 when something fails."""
    site: Site = context.obj
    settings = site.settings()
    require_there(settings, name)
    missing = [path for path in files or () if not path.exists()]
    if missing:
        raise ConfigurationError(f"{missing[0]}: no such file; name files or folders")
    snapshot, now = build_snapshot(settings), system_clock()
    report = Report(settings.path(settings.plugins.folder) / f"{name}.py")
    try:
        with trial_pool(settings, snapshot, name) as pool, _samples(settings, snapshot, files, now) as samples:
            Trial(pool, name, report).run(samples, now, acting=acting)
    except PluginError as error:
        typer.echo(f"FAILED  {error}")
        raise typer.Exit(1) from error
    typer.echo(f"{name}: {report.failed} of {report.count} failed" if report.failed else f"{name}: all is well")
    if report.failed:
        raise typer.Exit(1)


class Report:
    """Prints line by line, and counts."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.count = 0
        self.failed = 0

    def line(self, what: str, about: str, words: str, seconds: float) -> None:
        """A call that went well."""
        self.count += 1
        typer.echo(f"  {what:<15} {about:<28} {seconds:7.3f} s  {words}")

    def failure(self, what: str, about: str, error: VbdaemonError) -> None:
        """A call that did not."""
        self.count += 1
        self.failed += 1
        typer.echo(f"  {what:<15} {about:<28} FAILED     {error}")
        typer.echo(f"{'':18}remedy: mend {self.file}; plugins/README.md says what {what} gets and may answer")


class Trial:
    """Every hook of one plugin, then its tests."""

    def __init__(self, pool: Pool, name: str, report: Report) -> None:
        self._pool = pool
        self._name = name
        self._report = report

    def run(self, samples: list[Sample], now: datetime, *, acting: bool) -> None:
        """Hook by hook, in the order in which the daemon calls them."""
        plugin = next(plugin for plugin in self._pool.ready.plugins if plugin.name == self._name)
        typer.echo(f"{plugin.name} {plugin.version}: {', '.join(plugin.hooks)}")
        destinations: dict[Destination, None] = {}
        for hook in (hook for hook in self._hooks() if hook not in OUTSIDE):
            for sample in samples:
                for call in given(hook, sample):
                    destinations.update(dict.fromkeys(self._call(hook, call)))
        for hook in (hook for hook in self._hooks() if hook in OUTSIDE):
            if not acting:
                typer.echo(f"  {hook:<15} not called: it acts outside; --outside calls it")
                continue
            for call in outside(hook, samples[0], tuple(destinations), now):
                self._call(hook, call)
        self._own_tests()

    def _hooks(self) -> list[str]:
        order = self._pool.ready.order
        return [hook for hook in known_hooks() if self._name in order.get(hook, ()) and hook != "startup"]

    def _call(self, hook: str, call: Given) -> tuple[Destination, ...]:
        try:
            answer = self._pool.submit(CallTask(self._name, hook, call.arguments)).result()
        except VbdaemonError as error:
            self._report.failure(hook, call.about, error)
            return ()
        self._report.line(hook, call.about, answer.words, answer.seconds)
        return answer.destinations

    def _own_tests(self) -> None:
        tests = own_tests(self._report.file.parent, self._name)
        if tests is None:
            return
        queued: list[tuple[str, Future[Any]]] = [
            (function, self._pool.submit(OwnTestTask(tests.file, function))) for function in tests.plain
        ]
        for function, future in queued:
            try:
                self._report.line("test", "passed", _sentence(function), future.result())
            except VbdaemonError as error:
                self._report.failure("test", _sentence(function), error)
        if tests.others:
            typer.echo(f"  test            {tests.others} more need pytest: python -m pytest {tests.file}")


def _sentence(function: str) -> str:
    return function.removeprefix("test_").replace("_", " ")


@contextmanager
def _samples(settings: Settings, snapshot: Snapshot, files: list[Path] | None, now: datetime) -> Iterator[list[Sample]]:
    """What the built-ins find in the samples, whose bytes are there as long as this lasts."""
    with tempfile.TemporaryDirectory(prefix="vbdaemon-") as folder:
        made = [path.absolute() for path in files] if files else _made(Path(folder))
        unpacked = Path(folder, "unpacked")
        unpacked.mkdir()
        with trial_pool(settings, snapshot) as pool:
            futures = [pool.submit(SampleTask(path, unpacked, now)) for path in made]
            yield [future.result() for future in futures]


def _made(folder: Path) -> list[Path]:
    from vbdaemon.testing import sample_papers  # noqa: PLC0415 - typesetting is only needed here

    return sample_papers(folder)
