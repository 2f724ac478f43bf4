"""`vbdaemon register list|show|search|incomplete|gaps`: what stands in the books."""

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_choice import one_line
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.state import register_reindex, register_search, register_words
from vbdaemon.state.connection import Connection
from vbdaemon.state.register_gaps import gaps
from vbdaemon.state.register_line import RESTRICTED, Change, Line

BookName = Annotated[str | None, typer.Option("--book", help="Only this book.")]
Year = Annotated[int | None, typer.Option("--year", min=1, max=9999, help="Only this year.")]
FormSlug = Annotated[str | None, typer.Option("--form", help="Only this form, e.g. cong-van.")]
Most = Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="At most so many.")]
AT_ONCE = 1000
"""Lines in one commit."""
AsJson = Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(list_lines)
    app.command()(show)
    app.command()(search)
    app.command()(incomplete)
    app.command("gaps")(list_gaps)
    app.command()(reindex)


def list_lines(
    context: typer.Context,
    book: BookName = None,
    year: Year = None,
    form: FormSlug = None,
    limit: Most = 200,
    after: Annotated[str | None, typer.Option(metavar="ID", help="The page that goes on behind this line.")] = None,
    as_json: AsJson = False,
) -> None:
    """Lines of the register, the latest first."""

    def found(connection: Connection) -> list[Line]:
        below = one_line(connection, after).id if after else None
        return register_search.listed(connection, limit, book=book, year=year, form=form, below=below)

    _tell(open_reader(_settings(context)).read(found), as_json=as_json)


def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words, 15/QĐ-UBND, 15/01/2026, 01/2026, "thanh*".')],
    book: BookName = None,
    year: Year = None,
    form: FormSlug = None,
    limit: Most = 50,
    as_json: AsJson = False,
) -> None:
    """Lines with all these words in number, symbol, issuer, subject, signer or date; accents may be left out."""
    asked = " ".join(words)
    if not register_words.asked(asked).tiers:
        raise ConfigurationError(f'{asked!r} has no word to look for; "vbdaemon register list" shows all')
    store = open_reader(_settings(context))
    lines = store.read(lambda c: register_search.search(c, asked, limit, book=book, year=year, form=form))
    _tell(lines, as_json=as_json)


def incomplete(
    context: typer.Context, book: BookName = None, year: Year = None, limit: Most = 200, as_json: AsJson = False
) -> None:
    """Lines that wait for a person to type something in (cần bổ sung), oldest first."""
    store = open_reader(_settings(context))
    _tell(store.read(lambda c: register_search.incomplete(c, limit, book=book, year=year)), as_json=as_json, lacks=True)


def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help='den/2026/15, "@17", or a submission\'s id.')],
    as_json: AsJson = False,
) -> None:
    """Everything a line says, and everything that was changed in it."""
    found = open_reader(_settings(context)).read(lambda c: _with_changes(c, name))
    with quiet_pipe():
        if as_json:
            table = [_entry(line) | {"changes": [_change(each) for each in changes]} for line, changes in found]
            typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
            return
        for line, changes in found:
            for key, value in _entry(line).items():
                if value not in (None, "", []):
                    typer.echo(f"{key:<16} {', '.join(value) if isinstance(value, list) else value}")
            for each in changes:
                when = f"{each.at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
                typer.echo(
                    f"{when}  {each.field}: {each.before or '-'} -> {each.after or '-'}  ({each.who}: {each.why})"
                )


def list_gaps(context: typer.Context, as_json: AsJson = False) -> None:
    """Numbers that no line bears; among outgoing ones within what [register] series says. None is ever filled in."""
    settings = _settings(context)
    found = open_reader(settings).read(lambda c: gaps(c, settings.register_.value().series))
    with quiet_pipe():
        if as_json:
            table = [
                {"book": g.book, "year": g.year, "series": g.series, "first": g.first, "last": g.last} for g in found
            ]
            typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
            return
        for gap in found:
            typer.echo(f"{gap.book}/{gap.year}  {gap.series or '-':<20} {gap.words}")
        if not found:
            typer.echo("no gaps")


def reindex(context: typer.Context) -> None:
    """Make the search index anew, beside a running daemon too: after a repair of the database."""
    store = open_reader(_settings(context))
    last: int | None = 0
    while last is not None:
        last = store.write(lambda c, after=last: register_reindex.reindex(c, after, AT_ONCE))  # type: ignore[misc]  # bound now
    typer.echo("the search index is made anew")


def _settings(context: typer.Context) -> Settings:
    site: Site = context.obj
    return site.settings()


def _with_changes(connection: Connection, name: str) -> list[tuple[Line, list[Change]]]:
    lines = register_search.resolve(connection, name)
    return [(line, register_search.changes_of(connection, line.id)) for line in lines]


def _tell(lines: list[Line], *, as_json: bool, lacks: bool = False) -> None:
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps([_entry(line) for line in lines], ensure_ascii=False, indent=1))
            return
        for line in lines:
            typer.echo(_row(line, lacks=lacks))
        if not lines:
            typer.echo("nothing found", err=True)


def _row(line: Line, *, lacks: bool) -> str:
    issued = f"{line.issued_on:%d/%m/%Y}" if line.issued_on else "-"
    said = f"{line.form or ''} ({RESTRICTED})" if line.restricted else (line.subject or "-")
    if lacks:
        said = f"cần bổ sung: {', '.join(line.missing)}"
    mark = "HỦY " if line.void else ""
    head = f"{line.key:<14}  {line.registered_on:%d/%m/%Y}  {line.designation or '-':<20}  {issued:<10}"
    return f"{head}  {line.issuer or '-'}: {mark}{said}"


def _entry(line: Line) -> dict[str, Any]:
    """Every field by its name; moments and days as ISO 8601."""
    entry: dict[str, Any] = {"key": line.key, "name": line.name, "designation": line.designation}
    for each in fields(line):
        value = getattr(line, each.name)
        entry[each.name] = value.isoformat() if isinstance(value, date | datetime) else value
    return entry | {"missing": list(line.missing)}


def _change(change: Change) -> dict[str, Any]:
    return {
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "who": change.who,
        "why": change.why,
        "at": change.at.isoformat(),
    }
