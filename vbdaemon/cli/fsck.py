"""`vbdaemon fsck [--repair]`: spool against state."""

import json
from typing import Annotated

import typer

from vbdaemon.claim import Ownership, is_running
from vbdaemon.cli.progress import Counting
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import StateLocked
from vbdaemon.model.register import Numbering
from vbdaemon.operation.fsck import NOTES, Examination, Fault
from vbdaemon.operation.fsck_repair import mend
from vbdaemon.spool.store import Spool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(fsck)


def fsck(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what is provable; no daemon may run.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Do not read every byte again.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compare spool and state, hashes included; exit 1 when something is wrong that was not mended."""
    site: Site = context.obj
    settings = site.settings()
    spool = Spool(settings.path(settings.spool.path))
    state = open_reader(settings)
    owner = _own(settings) if repair else None
    try:
        with Counting() as counting:
            running = owner is None and is_running(spool.root)
            own = settings.register_.value().numbering is Numbering.OWN
            look = Examination(spool, state, not quick, running, own_numbers=own, progress=counting)
            found = list(look.faults())
        mended = {
            n: mend(fault, spool, state, system_clock()) for n, fault in enumerate(found) if repair and fault.provable
        }
    finally:
        if owner is not None:
            owner.release()
    _print_json(found, mended) if as_json else _print(found, mended, repair=repair)
    if any(number not in mended and fault.kind not in NOTES for number, fault in enumerate(found)):
        raise typer.Exit(1)


def _own(settings: Settings) -> Ownership:
    owner = Ownership(settings.path(settings.spool.path))
    try:
        owner.take()
    except StateLocked as error:
        raise StateLocked("a daemon runs here; stop it before --repair: systemctl stop vbdaemon") from error
    return owner


def _print(found: list[Fault], mended: dict[int, str], *, repair: bool) -> None:
    for number, fault in enumerate(found):
        weight = "note" if fault.kind in NOTES else "mended" if number in mended else "wrong"
        typer.echo(f"{weight}: {fault.kind}: {fault.what}")
        typer.echo(f"    {mended.get(number, f'remedy: {fault.remedy}')}")
    wrong = sum(fault.kind not in NOTES for fault in found) - len(mended)
    provable = sum(fault.provable for fault in found)
    if not found:
        typer.echo("spool and state agree")
    elif provable and not repair:
        typer.echo(f"{wrong} wrong; {provable} of them can be mended: vbdaemon fsck --repair")
    else:
        typer.echo(f"{wrong} wrong, {len(mended)} mended")


def _print_json(found: list[Fault], mended: dict[int, str]) -> None:
    table = [
        {
            "kind": fault.kind,
            "submission": fault.submission,
            "what": fault.what,
            "remedy": fault.remedy,
            "provable": fault.provable,
            "note": fault.kind in NOTES,
            "mended": mended.get(number),
        }
        for number, fault in enumerate(found)
    ]
    typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
