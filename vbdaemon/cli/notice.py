"""`vbdaemon notice preview ID`: what the sender would read, before or after he does."""

from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.worker import one_worker
from vbdaemon.config import Settings
from vbdaemon.delivery.notice import Addressed, Composed
from vbdaemon.errors import ActRefused, ConfigurationError
from vbdaemon.operation.notice_preview import PreviewTask
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import Decision, SubmissionRow

app = typer.Typer(help="Notices (phiếu phản hồi) to senders.", no_args_is_help=True)


@app.callback()
def notices() -> None:
    """Notices (phiếu phản hồi) to senders."""


@app.command()
def preview(
    context: typer.Context,
    submission_id: Annotated[str, typer.Argument(metavar="ID", help='As "vbdaemon list" shows it.')],
    html: Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Write the page here.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="OUT", help="Write the PDF here, unsigned.")] = None,
) -> None:
    """The notice on the latest decision, by today's settings and templates; nothing is sent or recorded."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    row = state.read(lambda c: submissions.get(c, submission_id))
    decision = state.read(lambda c: decisions.latest(c, row.id))
    if decision is None:
        raise ActRefused(f"{row.id} is not decided yet: there is nothing to tell")
    if decision.correspondence is not None:
        raise ActRefused(f"{row.id} hands in no document: it is not answered")
    composed = _composed(settings, row, decision)
    if decision.reply is None:
        typer.echo("note: the sender is not known for certain: this notice would not leave", err=True)
    if composed.trouble:
        typer.echo(f"note: in the built-in words, because {composed.trouble}", err=True)
    if html is None and pdf is None:
        with quiet_pipe():
            typer.echo(composed.notice.text, nl=False)
    if html is not None:
        _write(html, composed.notice.html.encode())
    if pdf is not None:
        if composed.notice.pdf is None:
            raise ActRefused("this notice has no PDF: it is no answer yet, or [notices] pdf is false")
        _write(pdf, composed.notice.pdf)


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; name a file that can be written") from error
    typer.echo(f"written to {path}")


def _composed(settings: Settings, row: SubmissionRow, decision: Decision) -> Composed:
    """As the delivery would do it: where a plugin breaks the worker, in the built-in words."""
    unit = decision.reply.unit if decision.reply else decision.unit
    about = Addressed(row.id, unit, row.decided_at or row.received_at)
    spool = settings.path(settings.spool.path)
    with one_worker(settings, build_snapshot(settings)) as pool:
        try:
            return pool.submit(PreviewTask(about, decision, spool)).result()
        except AttemptFailed as broken:
            if broken.hook is None:
                raise
            plain = pool.submit(PreviewTask(about, decision, spool, plain=True)).result()
            return Composed(plain.notice, str(broken))
