"""`vbdaemon list`: what came in and where it stands."""

import json
from typing import Annotated, Any

import typer

from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.errors import SpoolDamaged
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, deliveries, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, SubmissionRow, SubmissionState


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("list")(list_submissions)


def list_submissions(
    context: typer.Context,
    state: Annotated[list[SubmissionState] | None, typer.Option(help="Only these states.")] = None,
    limit: Annotated[int, typer.Option(help="Newest first, at most so many.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
) -> None:
    """List submissions, newest first."""
    site: Site = context.obj
    settings = site.settings()
    store, spool = open_reader(settings), Spool(settings.path(settings.spool.path))
    rows = store.read(lambda c: [_entry(c, spool, row) for row in submissions.listed(c, tuple(state or ()), limit)])
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            reasons = " ".join(row["reasons"]) or "-"
            typer.echo(f"{row['id']}  {row['received_at'][:19]}  {row['state']:<11}  {row['source']:<28}  {reasons}")


def _entry(connection: Connection, spool: Spool, row: SubmissionRow) -> dict[str, Any]:
    decision = decisions.latest(connection, row.id)
    return {
        "id": row.id,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "state": row.state,
        "verdict": row.verdict,
        "reasons": reasons_of(decision, row),
        "files": [file.sha256 for file in decision.files] if decision else _handed_in(spool, row),
        "documents": _documents(decision),
        "deliveries": [
            {
                "kind": delivery.kind,
                "state": delivery.state,
                "destination": delivery.address,
                "name": delivery.name,
                "words": delivery.words,
            }
            for delivery in deliveries.of_submission(connection, row.id)
        ],
    }


def _handed_in(spool: Spool, row: SubmissionRow) -> list[str]:
    """Hashes of what was handed in, while nothing is decided."""
    try:
        return [file.sha256 for file in spool.load(row.id).files]
    except SpoolDamaged:
        return []


def reasons_of(decision: Decision | None, row: SubmissionRow) -> list[str]:
    """Codes of the reasons for the submission's verdict, the strictest documents' first."""
    if decision is None:
        return ["processing-failed"] if row.state is SubmissionState.HELD else []
    ranked = sorted(decision.documents, key=lambda d: -d.verdict.kind.rank)
    return list(dict.fromkeys(reason.code for d in ranked for reason in d.verdict.reasons))


def _documents(decision: Decision | None) -> list[dict[str, Any]]:
    return [
        {
            "main_sha256": document.main_sha256,
            "verdict": document.verdict.kind,
            "reasons": [
                {"code": reason.code, "message": reason.message, "english": reason.english, "clause": reason.clause}
                for reason in document.verdict.reasons
            ],
            "findings": [
                {"code": f.code, "severity": f.severity, "message": f.message, "clause": f.clause}
                for f in document.findings
            ],
            "register": document.register.number if document.register else None,
        }
        for document in (decision.documents if decision else ())
    ]
