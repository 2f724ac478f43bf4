"""`vbdaemon list`: what came in and where it stands."""

import json
from itertools import islice
from typing import Annotated, Any

import typer

from vbdaemon.cli.choice import wanted
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.errors import SpoolDamaged
from vbdaemon.spool.store import Spool
from vbdaemon.state import deliveries
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.search import Match, Wanted, found, reasons_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("list")(list_submissions)


def list_submissions(
    context: typer.Context,
    state: Annotated[list[SubmissionState] | None, typer.Option(help="Only these states.")] = None,
    hold: Annotated[list[HoldKind] | None, typer.Option(help="Only what is held so.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only these sources; NAME* for all that begin so.")] = None,
    unit: Annotated[str | None, typer.Option(help="Handed in or issued by this unit (code or folder).")] = None,
    form: Annotated[str | None, typer.Option(help="With a document of this form, e.g. cong-van.")] = None,
    reason: Annotated[str | None, typer.Option(help="With this reason, e.g. certificate-untrusted.")] = None,
    since: Annotated[str | None, typer.Option(help="Received since 2026-03-02, 2026-03-02T08:00, 12h or 3d.")] = None,
    until: Annotated[str | None, typer.Option(help="Received before.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Newest first, at most so many.")] = 200,
    after: Annotated[str | None, typer.Option(metavar="ID", help="The page that goes on behind this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
) -> None:
    """List submissions, newest first."""
    site: Site = context.obj
    settings = site.settings()
    store, spool = open_reader(settings), Spool(settings.path(settings.spool.path))
    choice = wanted(
        settings,
        system_clock(),
        states=state or (),
        holds=hold or (),
        sources=source or (),
        unit=unit,
        form=form,
        reason=reason,
        since=since,
        until=until,
    )
    rows, more = store.read(lambda c: _page(c, spool, choice, limit, after))
    with quiet_pipe():
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                typer.echo(_line(row))
    if more:
        typer.echo(f"there are more: the same with --after {rows[-1]['id']}", err=True)


def _page(
    connection: Connection, spool: Spool, choice: Wanted, limit: int, after: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """The entries, and whether there are more behind them."""
    matches = found(connection, choice, limit + 1, after)
    rows = [_entry(connection, spool, match) for match in islice(matches, limit)]
    return rows, next(matches, None) is not None


def _line(row: dict[str, Any]) -> str:
    reasons = " ".join(row["reasons"]) or "-"
    return f"{row['id']}  {row['local_time']}  {row['state']:<11}  {row['source']:<28}  {reasons}"


def _entry(connection: Connection, spool: Spool, match: Match) -> dict[str, Any]:
    row, decision = match.row, match.decision
    return {
        "id": row.id,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "local_time": f"{row.received_at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}",
        "state": row.state,
        "hold_kind": row.hold_kind,
        "verdict": row.verdict,
        "reasons": list(reasons_of(match)),
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
