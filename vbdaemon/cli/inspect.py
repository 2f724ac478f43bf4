"""`vbdaemon inspect PATH…`: the whole decision on files, with no side effect."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.worker import one_worker
from vbdaemon.clock import system_clock
from vbdaemon.config import load_settings
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.model import Channel, Directory, Envelope, Severity, Snapshot
from vbdaemon.operation.contract import inspection, shown_path
from vbdaemon.operation.inspection import InspectTask, each_file
from vbdaemon.operation.signature_glance import signature_lines
from vbdaemon.pipeline.pool import AttemptFailed, Pool
from vbdaemon.snapshot import build_snapshot, default_snapshot
from vbdaemon.state.records import Decision


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(inspect)


def inspect(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, or a folder as one submission.")],
    sender: Annotated[str | None, typer.Option("--from", help="Address or unit code of the sender.")] = None,
    recipient: Annotated[str | None, typer.Option("--to", help="Address or unit code of the recipient.")] = None,
    together: Annotated[bool, typer.Option("--together", help="All paths are one submission.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
    show: Annotated[
        Path | None,
        typer.Option("--show", metavar="OUT.png", help="Draw page 1 with what was found on it."),
    ] = None,
) -> None:
    """Judge files as the daemon would; nothing is stored, registered or sent."""
    site: Site = context.obj
    settings = load_settings(site.path()) if site.exists() or site.config else None
    snapshot = build_snapshot(settings) if settings else default_snapshot()
    envelope = _envelope(sender, recipient, snapshot.directory)
    submissions = [tuple(paths)] if together else [(path,) for path in paths]
    bad = False
    with quiet_pipe(), one_worker(settings, snapshot) as pool:
        futures = [(group, pool.submit(InspectTask(group, envelope))) for group in submissions]
        separator = "["
        for group, future in futures:
            try:
                element = inspection(shown_path(group[0]), future.result())
            except VbdaemonError as error:
                element = _failed(group[0], error, snapshot)
            bad = bad or element["verdict"] != "ACCEPT"
            if as_json:
                typer.echo(separator + json.dumps(element, ensure_ascii=False))
                separator = ","
            else:
                _print(element)
        if show is not None:
            _draw(futures[0][0], futures[0][1].result(), show, pool)
        if as_json:
            typer.echo("]" if separator == "," else "[]")
    if bad:
        raise typer.Exit(1)


def _envelope(sender: str | None, recipient: str | None, directory: Directory) -> Envelope:
    unit = None
    account = None
    for each in directory.units:
        for candidate in each.accounts:
            if sender in candidate.addresses or sender == candidate.name:
                unit, account = each.code, candidate.name
        if unit is None and (sender == each.code or sender in each.addresses):
            unit = each.code
    return Envelope(
        source="inspect",
        channel=Channel.FOLDER if account else Channel.INSPECT,
        received_at=system_clock(),
        unit=unit,
        account=account,
        mail_from=sender,
        recipients=(recipient,) if recipient else (),
        sender_known_checks=sender is not None,
        recipient_checks=recipient is not None,
    )


def _draw(group: tuple[Path, ...], decision: Decision, target: Path, pool: Pool) -> None:
    """The first document's first page, with the parts that were found boxed and named."""
    from vbdaemon.operation.picture import DrawTask  # noqa: PLC0415 - only for pictures
    from vbdaemon.reading.labelled import labelled  # noqa: PLC0415 - only for pictures

    document = decision.documents[0]
    path = next((path for path in each_file(group) if path.name == document.main), None)
    if path is None or document.classification is None:
        raise VbdaemonError(f"{group[0]}: nothing was found that could be drawn")
    boxes = tuple(labelled(document.classification, document.first_page, document.main_sha256))
    target.write_bytes(pool.submit(DrawTask(path, document.first_page, boxes)).result())
    typer.echo(f"drawn: {target}", err=True)


def _failed(path: Path, error: VbdaemonError, snapshot: Snapshot) -> dict[str, Any]:
    """What could not be decided is HELD, with the reason; a path that is not there is a mistake of the caller."""
    if not isinstance(error, AttemptFailed) or not path.exists():
        raise ConfigurationError(str(error) if path.exists() else f"{path}: no such file; name files or folders")
    finding = snapshot.policy.finding("processing-failed", detail=str(error))
    entry = {
        "code": finding.code,
        "severity": Severity.ERROR,
        "message": finding.message,
        "english": f"{finding.english} {error}",
        "clause": finding.clause,
        "evidence": None,
    }
    return {
        "schema": 1,
        "path": shown_path(path),
        "verdict": "HOLD",
        "reasons": ["processing-failed"],
        "findings": [entry],
        "seconds": 0.0,
        "files": [],
        "documents": [
            {
                "main": path.name,
                "classification": None,
                "signatures": [],
                "findings": [entry],
                "verdict": "HOLD",
                "reasons": ["processing-failed"],
            }
        ],
    }


def _print(element: dict[str, Any]) -> None:
    typer.echo(f"{element['path']}: {element['verdict']}  ({element['seconds']:.2f} s)")
    for document in element["documents"]:
        kind = document["classification"] or {}
        designation = f"{kind.get('number') or '?'}/{kind.get('symbol') or '?'}"
        typer.echo(
            f"  {document['main']}: {kind.get('form_name') or 'form unknown'} {designation} "
            f"{kind.get('date') or ''} {kind.get('issuer') or ''} -> {document['verdict']}"
        )
        for report in document["signatures"]:
            first, *more = signature_lines(report)
            typer.echo(f"    signature {first}")
            for line in more:
                typer.echo(f"        {line}")
        for finding in document["findings"]:
            clause = f" [{finding['clause']}]" if finding["clause"] else ""
            english = f" / {finding['english']}" if finding["code"] == "processing-failed" else ""
            typer.echo(f"    {finding['severity']}: {finding['code']}: {finding['message']}{english}{clause}")
        told = {finding["code"] for finding in document["findings"]}
        for code in document["reasons"]:
            if code not in told:
                typer.echo(f"    reason: {code}")
