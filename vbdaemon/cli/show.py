"""`vbdaemon show ID`: the whole story of a submission."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Annotated, Any

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.cli.worker import one_worker
from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import Event, strictest
from vbdaemon.operation.contract import document as document_json
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, deliveries, events, submissions
from vbdaemon.state.records import Decision, DeliveryRow, HoldKind, SubmissionRow, SubmissionState

COMMANDS = {
    SubmissionState.HELD: ("release", "reject", "retry"),
    SubmissionState.WAITING: ("hold", "reject"),
    SubmissionState.REJECTED: ("retry",),
    SubmissionState.ACCEPTED: ("hold",),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)


def show(
    context: typer.Context,
    submission_id: Annotated[str, typer.Argument(metavar="ID")],
    html: Annotated[Path | None, typer.Option("--html", help="Write one page with picture and evidence here.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Everything about one submission: verdict, reasons, signatures, deliveries, events, and what can be done."""
    site: Site = context.obj
    settings = site.settings()
    state = open_reader(settings)
    row = state.read(lambda c: submissions.get(c, submission_id))
    decision = state.read(lambda c: decisions.latest(c, submission_id))
    sent = state.read(lambda c: deliveries.of_submission(c, submission_id))
    history = state.read(lambda c: events.of_submission(c, submission_id))
    if html is not None:
        html.write_text(_page(settings, row, decision, history), encoding="utf-8")
        typer.echo(f"written to {html}")
    elif as_json:
        typer.echo(json.dumps(_json(row, decision, sent, history), ensure_ascii=False, indent=1))
    else:
        _print(row, decision, sent, history)


def commands(row: SubmissionRow) -> tuple[str, ...]:
    """The exact commands that a person can give now."""
    verbs = COMMANDS.get(row.state, ())
    if row.hold_kind is HoldKind.FAILURE:  # nothing was decided, so there is nothing to release
        verbs = ("retry", "reject")
    return tuple(f'vbdaemon {verb} {row.id} --reason "…"' for verb in verbs)


def _page(settings: Settings, row: SubmissionRow, decision: Decision | None, history: tuple[Event, ...]) -> str:
    from vbdaemon.operation.picture import PictureTask  # noqa: PLC0415 - only for pages
    from vbdaemon.rendering.page import Story, render_submission  # noqa: PLC0415 - only for pages

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
            events=history,
            commands=commands(row),
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


def _json(
    row: SubmissionRow, decision: Decision | None, sent: tuple[DeliveryRow, ...], history: tuple[Event, ...]
) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "state": row.state,
        "hold_kind": row.hold_kind,
        "verdict": row.verdict,
        "version": row.version,
        "snapshot": row.snapshot,
        "plugins": list(decision.plugins) if decision else [],
        "documents": [document_json(each) for each in decision.documents] if decision else [],
        "deliveries": [
            {"id": d.id, "kind": d.kind, "state": d.state, "to": d.address, "name": d.name, "words": d.words}
            for d in sent
        ],
        "events": [{"at": e.at.isoformat(), "kind": e.kind, "words": e.words} for e in history],
        "commands": list(commands(row)),
    }


def _print(
    row: SubmissionRow, decision: Decision | None, sent: tuple[DeliveryRow, ...], history: tuple[Event, ...]
) -> None:
    local = row.received_at.astimezone(VIETNAM)
    held = f" ({row.hold_kind})" if row.hold_kind else ""
    typer.echo(f"{row.id}: {row.state}{held}, received {local:%d/%m/%Y %H:%M:%S} from {row.source}")
    for document in decision.documents if decision else ():
        kind = document.classification
        name = f"{kind.form_name or '?'} {kind.designation or ''}" if kind else ""
        register = f", số đến {document.register.number}/{document.register.year}" if document.register else ""
        typer.echo(f"  {document.main}: {name} -> {document.verdict.kind}{register}")
        for finding in document.findings:
            clause = f" [{finding.clause}]" if finding.clause else ""
            typer.echo(f"    {finding.severity}: {finding.code}: {finding.message}{clause}")
        told = {finding.code for finding in document.findings}
        for reason in document.verdict.reasons:
            if reason.code not in told:
                typer.echo(f"    reason: {reason.code}: {reason.message}")
        for report in document.signatures:
            typer.echo(
                f"    signature {report.field}: {report.status} {report.subindication or ''} {report.role} "
                f"{report.signer or '?'} certificate {report.certificate or '?'}"
            )
    for delivery in sent:
        typer.echo(f"  {delivery.kind}: {delivery.state} {delivery.address}/{delivery.name} {delivery.words or ''}")
    for event in history:
        typer.echo(f"  {event.at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}  {event.kind}: {event.words}")
    for command in commands(row):
        typer.echo(f"  can be done: {command}")
