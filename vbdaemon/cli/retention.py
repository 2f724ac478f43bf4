"""`vbdaemon retention list|approve`: what may be disposed of, and a person's approval of exactly that."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import who_answers, why
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.operation.retention import (
    DisposalList,
    RetentionError,
    RetentionRule,
    dispose,
    propose,
    read_list,
    write_list,
)
from vbdaemon.spool.store import Spool

MEGABYTE = 1_000_000
Days = Annotated[int | None, typer.Option(min=0, help="Days since it was decided.")]

app = typer.Typer(help="Disposing of what is settled: a list, and a person who approves it.", no_args_is_help=True)


@app.command("list")
def list_disposals(
    context: typer.Context,
    accepted: Days = None,
    rejected: Days = None,
    filed: Days = None,
    checked: Days = None,
    quarantined: Days = None,
    quarantine: Annotated[
        list[str] | None, typer.Option("--quarantine", metavar="ID", help="A quarantined one, by name.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the list to be approved.")] = None,
) -> None:
    """What could be disposed of; nothing is deleted by this. Without days for a state nothing of it is listed."""
    site: Site = context.obj
    settings = site.settings()
    rule = RetentionRule(accepted, rejected, filed, checked, quarantined)
    if rule == RetentionRule():
        raise ConfigurationError(
            "say after how many days: --accepted, --rejected, --filed, --checked or --quarantined DAYS"
        )
    spool = Spool(settings.path(settings.spool.path))
    listed = propose(open_reader(settings), spool, rule, system_clock(), tuple(quarantine or ()))
    _print(listed)
    if out is not None and listed.entries:
        write_list(out, listed)
        typer.echo(f'written to {out}; a person approves it: vbdaemon retention approve {out} --reason "…" --by NAME')


@app.command()
def approve(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help='As "vbdaemon retention list --out" wrote it.')],
    reason: Annotated[str, typer.Option("--reason", help="Why, e.g. the decision that permits it; it is recorded.")],
    by: Annotated[str | None, typer.Option("--by", help="Who approves, by name.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the bytes of everything on the list; rows, register numbers and events stay. There is no way back."""
    site: Site = context.obj
    settings = site.settings()
    by_whom, because = who_answers(by), why(reason)
    listed = read_list(file)
    _print(listed)
    if not yes and not _agreed(listed):
        raise RetentionError("nothing was disposed of; look at the list, then repeat with --yes")
    spool = Spool(settings.path(settings.spool.path))
    done = dispose(listed, open_reader(settings), spool, by_whom, because, system_clock())
    for words in done.kept:
        typer.echo(f"kept: {words}", err=True)
    typer.echo(f"disposed of {len(done.gone)} submissions, kept {len(done.kept)}; approved by {by_whom}")
    if done.kept:
        raise typer.Exit(1)


def _print(listed: DisposalList) -> None:
    for entry in listed.entries:
        settled = f"{entry.settled_at.astimezone(VIETNAM):%d/%m/%Y}"
        numbers = " ".join(entry.numbers) or "-"
        typer.echo(f"{entry.id}  {entry.state:<11}  {settled}  {numbers:<16}  {len(entry.hashes)} files")
    size = sum(entry.size for entry in listed.entries) / MEGABYTE
    typer.echo(f"{len(listed.entries)} submissions, {size:.1f} MB" if listed.entries else "nothing may be disposed of")


def _agreed(listed: DisposalList) -> bool:
    """A person at a terminal is asked; a script must say --yes."""
    if not listed.entries or not sys.stdin.isatty():
        return not listed.entries
    return typer.confirm(f"Delete the bytes of these {len(listed.entries)} submissions for ever?")
