"""`vbdaemon show ID`: the whole story of a submission."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.show_story import WholeStory, as_json, commands, gather
from vbdaemon.cli.show_text import print_story
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.worker import one_worker
from vbdaemon.config import Settings
from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import strictest
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import SubmissionRow, SubmissionState


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)


def show(
    context: typer.Context,
    submission_id: Annotated[str, typer.Argument(metavar="ID")],
    html: Annotated[Path | None, typer.Option("--html", help="Write one page with picture and evidence here.")] = None,
    json_wanted: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Everything about one submission: verdict, reasons, signatures, deliveries, events, and what can be done."""
    site: Site = context.obj
    settings = site.settings()
    story = open_reader(settings).read(lambda c: gather(c, submission_id))
    if html is not None:
        html.write_text(_page(settings, story), encoding="utf-8")
        typer.echo(f"written to {html}")
        return
    with quiet_pipe():
        if json_wanted:
            typer.echo(json.dumps(as_json(story), ensure_ascii=False, indent=1))
        else:
            print_story(story)


def _page(settings: Settings, story: WholeStory) -> str:
    from vbdaemon.operation.picture import PictureTask  # noqa: PLC0415 - only for pages
    from vbdaemon.rendering.page import Story, render_submission  # noqa: PLC0415 - only for pages

    row, decision = story.row, story.decision
    paths = _paths(Spool(settings.path(settings.spool.path)), row)
    documents = decision.documents if decision else ()
    with one_worker(settings, build_snapshot(settings)) as pool:
        drawn = [
            pool.submit(PictureTask(paths[d.main_sha256], d.first_page)) if d.main_sha256 in paths else None
            for d in documents
        ]
        pictures = tuple(_drawn(future) for future in drawn)
    return render_submission(
        Story(
            submission=row.id,
            state=row.state,
            source=row.source,
            received_at=row.received_at,
            verdict=strictest(tuple(d.verdict for d in documents)) if documents else None,
            documents=documents,
            events=story.events,
            commands=commands(story),
            pictures=pictures,
            files=decision.files if decision else (),
        )
    )


def _drawn(future: "Future[bytes | None] | None") -> bytes | None:
    """The picture; what cannot be drawn is left out."""
    try:
        return future.result() if future else None
    except AttemptFailed:
        return None


def _paths(spool: Spool, row: SubmissionRow) -> dict[str, Path]:
    """Where the bytes lie, by SHA-256; nothing of what is locked away or damaged."""
    if row.state is SubmissionState.QUARANTINED:
        return {}
    try:
        stored = spool.load(row.id)
    except SpoolDamaged:
        return {}
    return {file.sha256: spool.folder_of(row.id) / file.stored for file in stored.files}
