"""`vbdaemon register add|correct|void`: what people write into the register; each with a reason and a name."""

from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.register_choice import fields, one_line, told
from vbdaemon.cli.site import Site
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.model.register import Direction, Medium
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import register_acts
from vbdaemon.state.connection import Connection
from vbdaemon.state.register_acts import Paper
from vbdaemon.state.register_line import Line, Value
from vbdaemon.state.register_search import HIGHEST, alike
from vbdaemon.state.register_values import CORRECTED

Name = Annotated[str, typer.Argument(metavar="ID", help='den/2026/15, "@17" (line 17), or a submission\'s id.')]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]
By = Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")]
Which = Annotated[int | None, typer.Option("--document", min=1, help="Which of several documents.")]
Words = str | None
Form = Annotated[Words, typer.Option("--form", help='Slug, such as "cong-van".')]
Number = Annotated[Words, typer.Option("--number", help='"15/QĐ-UBND", or the number alone.')]
Symbol = Annotated[Words, typer.Option("--symbol", help="What stands behind the number.")]
Issued = Annotated[Words, typer.Option("--date", help="Date of the document: 2026-01-15 or 15/01/2026.")]
Issuer = Annotated[Words, typer.Option("--issuer", help="Tác giả.")]
Subject = Annotated[Words, typer.Option("--subject", help="Trích yếu.")]
Signer = Annotated[Words, typer.Option("--signer", help="Người ký.")]
Title = Annotated[Words, typer.Option("--signer-title", help="Chức vụ.")]
Urgency = Annotated[Words, typer.Option("--urgency", help="khan, thuong-khan or hoa-toc.")]
Due = Annotated[Words, typer.Option("--due", help="Deadline.")]
Receiver = Annotated[Words, typer.Option("--receiver", help="Unit or person that received it.")]
Transferred = Annotated[Words, typer.Option("--transferred", help="Day of handing on.")]
Recipients = Annotated[Words, typer.Option("--recipients", help="Outgoing: Nơi nhận.")]
KeptBy = Annotated[Words, typer.Option("--kept-by", help="Outgoing: who keeps the file copy.")]
FileCode = Annotated[Words, typer.Option("--file-code", help="Số và ký hiệu hồ sơ.")]
Language = Annotated[Words, typer.Option("--language")]
Pages = Annotated[int | None, typer.Option("--pages", min=1, max=999)]
Copies = Annotated[int | None, typer.Option("--copies", min=1, max=999)]
Note = Annotated[Words, typer.Option("--note", help="Ghi chú.")]
Sender = Annotated[Words, typer.Option("--from", metavar="UNIT", help="Code of the unit that handed it in.")]
Outgoing = Annotated[bool, typer.Option("--outgoing", help="Into the book of outgoing documents.")]
Restricted = Annotated[bool, typer.Option("--restricted", help="A complaint or denunciation: form only.")]
Again = Annotated[bool, typer.Option("--again", help="Though its like is registered already.")]
Arrival = Annotated[
    int | None, typer.Option("--arrival-number", min=1, max=HIGHEST, help="Where another system numbers.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(add)
    app.command()(correct)
    app.command()(void)


def add(
    context: typer.Context, reason: Reason, issuer: Issuer = None, number: Number = None, symbol: Symbol = None,
    date: Issued = None, form: Form = None, subject: Subject = None, signer: Signer = None,
    signer_title: Title = None, sender: Sender = None, urgency: Urgency = None, due: Due = None,
    receiver: Receiver = None, transferred: Transferred = None, recipients: Recipients = None, kept_by: KeptBy = None,
    file_code: FileCode = None, language: Language = None, pages: Pages = None, copies: Copies = None,
    note: Note = None, arrival_number: Arrival = None, outgoing: Outgoing = False, restricted: Restricted = False,
    again: Again = False, by: By = None,
) -> None:  # fmt: skip
    """Enter a document that came on paper, in the same series; coming electronically later, it joins this line."""
    settings = _settings(context)
    typed = {
        "issuer": issuer, "number": number, "symbol": symbol, "issued_on": date, "form": form, "subject": subject,
        "signer": signer, "signer_title": signer_title, "sender_unit": sender, "urgency": urgency, "due_on": due,
        "receiver": receiver, "transferred_on": transferred, "recipients": recipients, "kept_by": kept_by,
        "file_code": file_code, "language": language, "pages": pages, "copies": copies, "note": note,
    }  # fmt: skip
    if outgoing and issuer is None and not restricted:
        typed["issuer"] = settings.office.name or None  # what goes out is our own
    entered = fields(typed, settings) | _units(settings, issuer, sender)
    paper = Paper(entered, Direction.OUTGOING if outgoing else Direction.INCOMING, arrival_number, restricted, again)
    says, books = told(reason, by), settings.register_.value()
    line = open_reader(settings).write(lambda c: register_acts.enter_paper(c, paper, books, says))
    typer.echo(f"{line.key}: entered{_lacking(line)}")


def correct(
    context: typer.Context, name: Name, reason: Reason, document: Which = None, form: Form = None,
    number: Number = None, symbol: Symbol = None, date: Issued = None, issuer: Issuer = None, subject: Subject = None,
    signer: Signer = None, signer_title: Title = None, urgency: Urgency = None, due: Due = None,
    receiver: Receiver = None, transferred: Transferred = None, recipients: Recipients = None, kept_by: KeptBy = None,
    file_code: FileCode = None, language: Language = None, pages: Pages = None, copies: Copies = None,
    note: Note = None, arrival_number: Arrival = None, by: By = None,
) -> None:  # fmt: skip
    """Type in what a line lacks or says wrongly; what was there is kept beside it, its number never changes."""
    settings = _settings(context)
    typed = {
        "issuer": issuer, "number": number, "symbol": symbol, "issued_on": date, "form": form, "subject": subject,
        "signer": signer, "signer_title": signer_title, "urgency": urgency, "due_on": due, "receiver": receiver,
        "transferred_on": transferred, "recipients": recipients, "kept_by": kept_by, "file_code": file_code,
        "language": language, "pages": pages, "copies": copies, "note": note, "arrival_number": arrival_number,
    }  # fmt: skip
    changed = fields(typed, settings) | _units(settings, issuer, None)
    if not changed:
        raise ConfigurationError(
            'nothing to correct: name --number, --date, --issuer, …; see "register correct --help"'
        )
    says = told(reason, by)

    def change(connection: Connection) -> tuple[Line, Line | None]:
        line = register_acts.correct(connection, one_line(connection, name, document), changed, says)
        return line, alike(connection, line.number, line.symbol, line.issued_on, line.issuer, line.id)

    line, twin = open_reader(settings).write(change)
    typer.echo(f"{line.key}: corrected{_lacking(line)}")
    if line.medium is Medium.PAPER and line.submission is not None and changed.keys() & CORRECTED.keys():
        typer.echo(f"{line.key} is a paper and document {line.submission} in one: both are corrected", err=True)
    if twin is not None:
        typer.echo(f"{line.key} is like {twin.key} now; if they are one document, make one of them void", err=True)


def void(
    context: typer.Context,
    name: Name,
    reason: Reason,
    document: Which = None,
    undo: Annotated[bool, typer.Option("--undo", help="It was made void by mistake: it counts again.")] = False,
    by: By = None,
) -> None:
    """Mark a line void: its number stays in the book and is never given again."""
    says = told(reason, by)

    def change(connection: Connection) -> Line:
        line = one_line(connection, name, document)
        (register_acts.restore if undo else register_acts.make_void)(connection, line, says)
        return line

    line = open_reader(_settings(context)).write(change)
    typer.echo(f"{line.key}: {'counts again' if undo else 'void; the number stays'}")


def _settings(context: typer.Context) -> Settings:
    site: Site = context.obj
    return site.settings()


def _units(settings: Settings, issuer: str | None, sender: str | None) -> dict[str, Value]:
    """Code of the unit that issued, by its name; ConfigurationError for a sender's code that is none.

    None for an issuer that the directory does not know: no unit answers for what another issued.
    """
    if issuer is None and sender is None:
        return {}
    directory = build_snapshot(settings).directory
    if sender is not None and directory.unit(sender) is None:
        raise ConfigurationError(f'{sender!r} is no unit of the directory; see "vbdaemon units list"')
    said = (issuer or "").strip().casefold()
    named = (u.code for u in directory.units if said in {n.casefold() for n in (u.name, *u.aliases)})
    code = next(named, None) if said else None
    return {} if issuer is None else {"issuer_unit": code}


def _lacking(line: Line) -> str:
    return f"; still to be typed in: {', '.join(line.missing)}" if line.missing else ""
