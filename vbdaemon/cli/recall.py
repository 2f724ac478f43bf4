"""`vbdaemon recall ID`: a document that was accepted is recalled, updated or replaced, and everyone who has it told."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from vbdaemon.cli.act_apply import apply_all, tell
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.typed import day, who, why
from vbdaemon.clock import system_clock
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Act, ActKind, Withdrawal
from vbdaemon.state import follow, submissions
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class _Meant:
    """The document that is meant: its submission, ordinal from 0, and the version of it that was seen."""

    submission: str
    ordinal: int
    version: int


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(recall)


def recall(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Why; everyone who has it is told.")],
    submission: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The document's submission, or a held request for a recall.")
    ] = None,
    number: Annotated[str | None, typer.Option("--number", metavar="15/QĐ-UBND", help="Instead of ID.")] = None,
    issued_on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Date of issue: 2026-01-31 or 31/01/2026.")
    ] = None,
    document: Annotated[int, typer.Option("--document", min=1, help="Which of several documents.")] = 1,
    update: Annotated[bool, typer.Option("--update", help="A new version follows.")] = False,
    replaced_by: Annotated[
        str, typer.Option("--replaced-by", metavar="TEXT", help='What takes its place: "16/QĐ-UBND ngày 20/01/2026".')
    ] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Withdraw a document that was forwarded: what waits is stopped, recipients are told, the record stays."""
    if update and replaced_by:
        raise ConfigurationError("--update and --replaced-by: one of them")
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    meant = _meant(state, submission, number, None if issued_on is None else day(issued_on), document)
    kind = Withdrawal.UPDATE if update else Withdrawal.REPLACE if replaced_by else None
    act = Act(
        ActKind.RECALL,
        meant.submission,
        who(by),
        why(reason),
        system_clock(),
        meant.version,
        document=meant.ordinal,
        withdrawal=kind,
        replaced_by=replaced_by.strip(),
    )
    tell(apply_all(settings, state, [act]), as_json=as_json)


def _meant(state: State, submission: str | None, number: str | None, day: date | None, document: int) -> _Meant:
    if (submission is None) == (number is None):
        raise ConfigurationError("name the document by ID, or by --number and --date")
    if submission is not None:
        row = state.read(lambda c: submissions.get(c, submission))
        return _Meant(row.id, document - 1, row.version)
    before, _, symbol = (number or "").strip().partition("/")
    if not symbol:
        raise ConfigurationError(f'--number {number!r}: write it whole, as "15/QĐ-UBND"')
    fitting = state.read(lambda c: follow.accepted_as(c, before.strip(), symbol.strip(), day))
    if not fitting:
        raise ConfigurationError(f'no accepted document is numbered {number}; see "vbdaemon register search"')
    if len(fitting) > 1:
        named = "; ".join(f"{each.submission} ({each.issuer})" for each in fitting)
        raise ConfigurationError(f"several documents are numbered {number}: {named}; name one by its ID")
    return _Meant(fitting[0].submission, fitting[0].ordinal, fitting[0].version)
