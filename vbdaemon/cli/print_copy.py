"""`vbdaemon print ID`: a PDF copy of a registered document with the stamp ĐẾN; the original stays as it is."""

from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_choice import one_line, written
from vbdaemon.cli.site import Site
from vbdaemon.cli.worker import one_worker
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ActRefused
from vbdaemon.model import Snapshot
from vbdaemon.operation.register_printing import WITHDRAWN, Printing, printing_of
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import decisions
from vbdaemon.state.records import Decision
from vbdaemon.state.register_line import Line


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("print")(print_copy)


def print_copy(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="den/2026/15, or a submission's id.")],
    document: Annotated[int | None, typer.Option("--document", min=1, help="Which of several documents.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Otherwise a PDF in this folder.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="NAME", help="Another PDF of the document, not its main file.")
    ] = None,
) -> None:
    """Write a PDF copy with the stamp ĐẾN (35 x 50 mm) in an empty place; the original alone proves signatures."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    line = state.read(lambda c: one_line(c, name, document))
    _refuse_unstamped(line)
    decision = state.read(lambda c: decisions.latest(c, line.submission or ""))
    if decision is None:
        raise ActRefused(f"{line.key}: its decision is not kept any more")
    printing = printing_of(line, decision, file)
    target = out or Path(f"{line.book}-{line.year}-{line.arrival_number}_dau-den.pdf")
    body, shrunk = _made(settings, build_snapshot(settings), line, decision, printing)
    written(target, body)
    note = "; page 1 had no empty place, so its content was made smaller" if shrunk else ""
    typer.echo(f"written to {target}: a copy, the original is untouched{note}")
    if printing.withdrawn is not None:
        vietnamese, english = WITHDRAWN[printing.withdrawn]
        typer.echo(f"{line.key} was {english} ({vietnamese.lower()}): the copy says so", err=True)


def _refuse_unstamped(line: Line) -> None:
    """ActRefused for a line of which there is no copy, or nothing to stamp on it."""
    if line.submission is None or line.main_sha256 is None:
        raise ActRefused(f"{line.key} came on paper: there is no file to print")
    if line.void:
        raise ActRefused(f"{line.key} is void: a copy of it gets no stamp")
    if line.arrival_number is None:
        raise ActRefused(f"{line.key} has no arrival number, so there is nothing to stamp")


def _made(
    settings: Settings, snapshot: Snapshot, line: Line, decision: Decision, printing: Printing
) -> tuple[bytes, bool]:
    from vbdaemon.operation.register_copy import CopyTask  # noqa: PLC0415 - parsers and typesetting, here only
    from vbdaemon.rendering.arrival_stamp import ArrivalStamp  # noqa: PLC0415 - as above

    stamp = ArrivalStamp(
        office=snapshot.office.name or snapshot.office.parent,
        number=line.arrival_number or 0,
        day=line.registered_on,
        forwarded=line.receiver or "",
        file_code=line.file_code or "",
        id=line.submission or line.key,
        withdrawn=f"VĂN BẢN {WITHDRAWN[printing.withdrawn][0]}" if printing.withdrawn else "",
    )
    task = CopyTask(
        settings.path(settings.spool.path), line.submission or "", printing.sha256, decision, stamp,
        system_clock(), printing.first_page, printing.last_page,
    )  # fmt: skip
    with one_worker(settings, snapshot) as pool:
        try:
            return pool.submit(task).result()
        except AttemptFailed as failure:
            raise ActRefused(f"{line.key}: {failure}") from failure
