"""`vbdaemon backup DIR` while the daemon runs, and `vbdaemon restore DIR --to SITE` while it does not."""

from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.progress import Counting
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, become_owner
from vbdaemon.clock import system_clock
from vbdaemon.operation.backup import BackupMade, make_backup
from vbdaemon.operation.backup_manifest import open_backup, wrong_files
from vbdaemon.operation.restore import Restored
from vbdaemon.operation.restore import restore as put_back
from vbdaemon.operation.status_mark import BACKUP
from vbdaemon.state import markers

MEGABYTE = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Each backup gets a folder of its own in it.")],
    with_quarantine: Annotated[bool, typer.Option("--with-quarantine", help="Quarantined bytes too.")] = False,
    keep: Annotated[int, typer.Option(min=0, help="Remove the oldest beyond so many; 0 keeps all.")] = 0,
    verify: Annotated[bool, typer.Option("--verify", help="Read every byte of it again afterwards.")] = False,
) -> None:
    """Copy state, spool, settings and plugins as of one moment; what has not changed is linked to the former backup."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    at = system_clock()
    with Counting() as counting:
        made = make_backup(settings, folder, at, quarantine=with_quarantine, keep=keep, progress=counting)
    wrong = list(wrong_files(open_backup(made.folder))) if verify else []
    words = f"{made.folder}, {made.facts.submissions} submissions"
    state.write(lambda c: markers.mark(c, BACKUP, at, words))
    _print(made, verified=verify and not wrong)
    for line in (*made.trouble, *wrong):
        typer.echo(f"warning: {line}", err=True)
    if made.trouble or wrong:
        raise typer.Exit(1)


def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A backup, or the folder of backups: the newest.")],
    to: Annotated[Path, typer.Option("--to", metavar="SITE", help="The site's folder, the one with config/ in it.")],
    force: Annotated[bool, typer.Option("--force", help="Set aside what lies there.")] = False,
) -> None:
    """Verify every hash of a backup, then put it into a site on which no daemon runs."""
    become_owner(to / "spool")
    chosen = open_backup(source)
    with Counting() as counting:
        done = put_back(chosen, to, system_clock(), force=force, progress=counting)
    _print_restored(done, to)


def _print(made: BackupMade, *, verified: bool) -> None:
    for name in made.removed:
        typer.echo(f"removed {name}")
    copied = f"{made.copied} files copied ({made.copied_bytes / MEGABYTE:.1f} MB), {made.linked} linked"
    typer.echo(f"{made.folder}: {made.facts.submissions} submissions, {copied}{', verified' if verified else ''}")
    typer.echo(
        "quarantine is in it: keep it where state secrets are kept" if made.facts.quarantine else "no quarantine"
    )


def _print_restored(done: Restored, site: Path) -> None:
    typer.echo(f"{done.spool}: {done.submissions} submissions, {done.files} files verified and put back")
    if done.set_aside is not None:
        typer.echo(f"what lay there before: {done.set_aside}")
    typer.echo("settings were there already and stay as they are" if done.kept_config else f"settings: {site}/config")
    for path in done.left:
        typer.echo(f"warning: {path} may not be written by this user; copy it from the backup", err=True)
    for submission_id in done.locked:
        typer.echo(f"warning: {submission_id} was quarantined since the backup; its bytes stay locked away", err=True)
    for last in done.last_numbers:
        typer.echo(f"register {last} was the last number; numbers given since the backup would be given again")
    typer.echo("next: vbdaemon fsck, then vbdaemon check, then start the daemon")
