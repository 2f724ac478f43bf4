"""`vbdaemon paper list|received|waive|await`: papers that must come beside electronic documents (Phụ lục II)."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated

import typer

from vbdaemon.cli.act_apply import apply_all, tell
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.typed import who, why
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ActRefused
from vbdaemon.model import Act, ActKind
from vbdaemon.operation.acts_on_papers import AWAIT, DO, RECEIVED, WAIVE
from vbdaemon.state import papers, submissions
from vbdaemon.state.papers import PaperRow, PaperState
from vbdaemon.state.store import State

app = typer.Typer(help="Papers that must come beside electronic documents (Phụ lục II).", no_args_is_help=True)
ARRIVAL = re.compile(r"(\d{1,7})/(\d{4})")
NOTE = "the paper came"

Which = Annotated[list[str], typer.Argument(metavar="ID", help="Ids, or arrival numbers (số đến) such as 123/2026.")]
Document = Annotated[int | None, typer.Option("--document", min=1, help="Which of several; left out: all awaited.")]
By = Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed."""

    do: str
    ids: Sequence[str]
    document: int | None
    who: str
    why: str


@app.command("list")
def list_papers(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those past their day.")] = False,
    unit: Annotated[str | None, typer.Option("--unit", help="Code of the unit that handed in.")] = None,
    state: Annotated[PaperState, typer.Option("--state", help="Awaited ones, unless said otherwise.")] = PaperState.DUE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
) -> None:
    """Papers that are awaited, the longest due first."""
    site: Site = context.obj
    store = open_reader(site.settings())
    today = system_clock().astimezone(VIETNAM).date()
    wanted = partial(papers.listed, state=state, overdue_on=today if overdue else None, unit=unit)
    rows = [row.shown for row in store.read(wanted)]
    with quiet_pipe():
        if as_json:
            table = [{**asdict(row), "overdue": row.is_overdue(today)} for row in rows]
            typer.echo(json.dumps(table, ensure_ascii=False, indent=1, default=lambda value: value.isoformat()))
            return
        for row in rows:
            late = "OVERDUE" if row.is_overdue(today) else ""
            told = f"reminded {row.reminders} times" if row.reminders else ""
            typer.echo(
                f"{row.submission:<18} {row.arrival or '-':<10} {row.designation or '-':<22} {row.unit or '-':<16} "
                f"{row.due_on:%d/%m/%Y}  {late:<8}{told}".rstrip()
            )
        late_ones = sum(row.is_overdue(today) for row in rows)
        typer.echo(f"{len(rows)} papers, {late_ones} overdue" if rows else "no such paper")


@app.command()
def received(
    context: typer.Context,
    ids: Which,
    document: Document = None,
    note: Annotated[str, typer.Option("--note", "--reason", help="Where it lies, how it came; it is recorded.")] = NOTE,
    by: By = None,
) -> None:
    """The paper is here."""
    _act(context, _Asked(RECEIVED, ids, document, who(by), note.strip() or NOTE))


@app.command()
def waive(
    context: typer.Context,
    ids: Which,
    reason: Annotated[str, typer.Option("--reason", help="Why it need not come; it is recorded.")],
    document: Document = None,
    by: By = None,
) -> None:
    """The paper need not come; nobody is reminded of it."""
    _act(context, _Asked(WAIVE, ids, document, who(by), why(reason)))


@app.command("await")
def await_again(
    context: typer.Context,
    ids: Which,
    reason: Annotated[str, typer.Option("--reason", help="Why, e.g. a mistake; it is recorded.")],
    document: Document = None,
    by: By = None,
) -> None:
    """It was not here after all: await it again."""
    _act(context, _Asked(AWAIT, ids, document, who(by), why(reason)))


def _act(context: typer.Context, asked: _Asked) -> None:
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    acts = [
        Act(
            ActKind.PAPER,
            paper.submission,
            asked.who,
            asked.why,
            system_clock(),
            state.read(partial(submissions.get, submission_id=paper.submission)).version,
            document=paper.ordinal,
            details=((DO, asked.do),),
        )
        for each in asked.ids
        for paper in _papers(settings, state, each, asked)
    ]
    tell(apply_all(settings, state, acts))


def _papers(settings: Settings, state: State, given: str, asked: _Asked) -> Iterator[PaperRow]:
    """What an id or an arrival number names; ActRefused when it names no paper, or more than one submission's."""
    arrival = ARRIVAL.fullmatch(given.strip())
    if arrival:
        found = _arrived(settings, state, int(arrival[1]), int(arrival[2]))
    else:
        row = state.read(partial(submissions.get, submission_id=given))
        found = state.read(partial(papers.listed, submission=row.id))
    if len({paper.submission for paper in found}) > 1:
        raise ActRefused(f"{given} stands in several books: {', '.join(paper.submission for paper in found)}; name one")
    if asked.document is not None:
        found = tuple(paper for paper in found if paper.ordinal == asked.document - 1)
    elif len(found) > 1:
        found = tuple(p for p in found if (p.state is PaperState.DUE) is (asked.do != AWAIT)) or found
    if not found:
        raise ActRefused(f'no paper is awaited of {given}; see "vbdaemon paper list"')
    yield from found


def _arrived(settings: Settings, state: State, number: int, year: int) -> tuple[PaperRow, ...]:
    register = settings.register_
    books = (register.book, *(book.name for book in register.books))
    return state.read(partial(papers.arrivals, books=books, year=year, number=number))
