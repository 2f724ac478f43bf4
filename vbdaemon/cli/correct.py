"""`vbdaemon correct ID --number … --reason WHY`: type in what was read wrongly or not at all."""

from typing import Annotated

import typer

from vbdaemon.cli.act_apply import apply_all, tell
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import day, who, why
from vbdaemon.clock import system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Act, ActKind, CorrectedField
from vbdaemon.state import submissions


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(correct)


def correct(
    context: typer.Context,
    submission: Annotated[str, typer.Argument(metavar="ID", help='As "vbdaemon list" shows it.')],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    document: Annotated[int, typer.Option("--document", min=1, help="Which of several documents.")] = 1,
    form: Annotated[str | None, typer.Option("--form", help='Slug, such as "cong-van".')] = None,
    number: Annotated[str | None, typer.Option("--number", help='"299" or, with the symbol, "299/UBND-TTHC".')] = None,
    date: Annotated[str | None, typer.Option("--date", help="Date of issue, as 2025-01-15 or 15/01/2025.")] = None,
    issuer: Annotated[str | None, typer.Option("--issuer", help="Name of the issuing body.")] = None,
    subject: Annotated[str | None, typer.Option("--subject", help="Trích yếu.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
) -> None:
    """Type in what a document says where it was read wrongly; the reading itself is kept beside it."""
    typed = tuple(_typed(form, number, date, issuer, subject))
    if not typed:
        raise ConfigurationError("nothing to correct: name --form, --number, --date, --issuer or --subject")
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    row = state.read(lambda c: submissions.get(c, submission))
    act = Act(
        ActKind.CORRECT,
        row.id,
        who(by),
        why(reason),
        system_clock(),
        row.version,
        document=document - 1,
        corrected=typed,
    )
    tell(apply_all(settings, state, [act]))


def _typed(
    form: str | None, number: str | None, date: str | None, issuer: str | None, subject: str | None
) -> list[tuple[CorrectedField, str]]:
    typed = []
    if form is not None:
        typed.append((CorrectedField.FORM, form))
    if number is not None:
        first, slash, symbol = number.partition("/")
        typed.append((CorrectedField.NUMBER, first))
        if slash:
            typed.append((CorrectedField.SYMBOL, symbol))
    if date is not None:
        typed.append((CorrectedField.DATE, day(date).isoformat()))
    if issuer is not None:
        typed.append((CorrectedField.ISSUER, issuer))
    if subject is not None:
        typed.append((CorrectedField.SUBJECT, subject))
    return typed
