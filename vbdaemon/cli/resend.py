"""`vbdaemon resend ID --to UNIT --reason WHY`: an accepted document goes to one more unit, or once more."""

from typing import Annotated

import typer

from vbdaemon.cli.act_apply import apply_all, tell
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import who, why
from vbdaemon.clock import system_clock
from vbdaemon.model import Act, ActKind
from vbdaemon.state import submissions


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(resend)


def resend(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(metavar="ID", help='As "vbdaemon list" shows it.')],
    to: Annotated[list[str], typer.Option("--to", metavar="UNIT", help="Code of a unit; may be given several times.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    document: Annotated[int, typer.Option("--document", min=1, help="Which of several documents.")] = 1,
    by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
) -> None:
    """Forward an accepted document to further units, or once more to one that lost it."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    row = state.read(lambda c: submissions.get(c, submission))
    by_whom, because, at = who(by), why(reason), system_clock()
    acts = [
        Act(ActKind.RESEND, row.id, by_whom, because, at, row.version, document=document - 1, unit=unit)
        for unit in dict.fromkeys(to)
    ]
    tell(apply_all(settings, state, acts))
