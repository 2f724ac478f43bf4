"""`vbdaemon replay --since …`: the archive judged again, with a plugin or rules that are to be tried."""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.choice import moment
from vbdaemon.cli.differences import by_field, line, table
from vbdaemon.cli.plugin_switch import require_there
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.operation.replay import Replayed, replay, with_rules
from vbdaemon.pipeline.pool import Pool
from vbdaemon.pipeline.setup import comparing_setup, deadlines
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import archive

NOT_EVALUATED = "duplicates, the register, and files that join an earlier document"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay_archive)


@dataclass(slots=True)
class Report:
    """What came out."""

    differing: list[Replayed] = field(default_factory=list)
    failed: list[Replayed] = field(default_factory=list)
    compared: int = 0
    documents: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, one: Replayed) -> None:
        """One more submission."""
        if one.left_out:
            self.left_out[one.left_out] += 1
        elif one.failed:
            self.failed.append(one)
        else:
            self.compared += 1
            self.documents += one.documents
            if one.differences:
                self.differing.append(one)


def replay_archive(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="Received since 2026-03-02, 2026-03-02T08:00, 12h or 3d.")],
    until: Annotated[str | None, typer.Option(help="Received before.")] = None,
    plugins: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME", help="With this plugin too; several times.")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="With this policy.")] = None,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", metavar="FILE", help="With these lists, forms or rules of format.")
    ] = None,
    parallel: Annotated[int, typer.Option(min=0, help="Workers; 0 = one for each processor.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Judge what was received again and tell what would change; nothing is stored or sent. Exit 1 when something is."""
    site: Site = context.obj
    settings = site.settings()
    for name in plugins or ():
        require_there(settings, name)
    now, state = system_clock(), open_reader(settings)
    start, end = moment(since, now), moment(until, now) if until else None
    ids = state.read(lambda c: archive.decided(c, start, end))
    report = Report()
    report.left_out.update(
        {kind.value.lower(): count for kind, count in state.read(lambda c: archive.others(c, start, end)).items()}
    )
    with _pool(settings, with_rules(settings, policy, rules or ()), plugins or (), parallel) as pool:
        for one in _shown(replay(state, pool, ids), len(ids)):
            report.add(one)
    with quiet_pipe():
        typer.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=1)) if as_json else _print(report)
    if report.differing or report.failed:
        raise typer.Exit(1)


@contextmanager
def _pool(settings: Settings, tried: Settings, plugins: Sequence[str], parallel: int) -> Iterator[Pool]:
    """Workers with what is tried; they read the spool, and write to a folder that goes with them."""
    scratch = Path(tempfile.mkdtemp(prefix="vbdaemon-"))
    setup = comparing_setup(tried, build_snapshot(tried), *plugins, scratch=scratch)
    try:
        pool = Pool("replay", setup, parallel or os.cpu_count() or 1, deadlines(settings))
        try:
            yield pool
        finally:
            pool.abandon()  # after Ctrl-C nobody waits for what is under way
            pool.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _shown(replayed: Iterator[Replayed], total: int) -> Iterator[Replayed]:
    """With a bar on stderr, where that is a terminal."""
    from rich.console import Console  # noqa: PLC0415 - rich is loaded by this command alone
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("judged again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(replayed, total)


def _print(report: Report) -> None:
    for one in report.differing:
        for each in one.differences:
            typer.echo(line(one.received_at, one.submission, each))
    for one in report.failed:
        typer.echo(f"{one.submission}  failed: {one.failed}")
    changes = [each for one in report.differing for each in one.differences]
    typer.echo(f"compared {report.compared} submissions with {report.documents} documents")
    typer.echo(f"  would change: {len(report.differing)} submissions ({by_field(changes)})")
    typer.echo(f"  failed: {len(report.failed)}")
    if report.left_out:
        typer.echo(f"  left out: {', '.join(f'{words} {count}' for words, count in report.left_out.most_common())}")
    typer.echo(f"not evaluated: {NOT_EVALUATED}")


def _as_json(report: Report) -> dict[str, object]:
    return {
        "compared": report.compared,
        "documents": report.documents,
        "differences": [
            table(one.submission, one.received_at, each) for one in report.differing for each in one.differences
        ],
        "failed": [{"submission": one.submission, "words": one.failed} for one in report.failed],
        "left_out": dict(report.left_out),
        "not_evaluated": NOT_EVALUATED,
    }
