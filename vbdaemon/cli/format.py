"""`vbdaemon format FILE`: the format (thể thức) of one file against its rules, before it is sent."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vbdaemon.builtin.format.examination import Examination, FormatTask
from vbdaemon.builtin.format.output import CommentTask, labels, remarks
from vbdaemon.builtin.format_check import told
from vbdaemon.cli.site import Site, quiet_pipe
from vbdaemon.cli.worker import one_worker
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import load_settings
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.model import Box
from vbdaemon.model.format import FormatRules
from vbdaemon.model.format_result import Fault, FormatOutcome, FormatResult
from vbdaemon.model.layout import LayoutKind
from vbdaemon.operation.contract import shown_path
from vbdaemon.operation.picture import DrawTask
from vbdaemon.pipeline.pool import Pool
from vbdaemon.rules.format import load_format_rules
from vbdaemon.snapshot import build_snapshot, default_snapshot


class RuleChoice(StrEnum):
    """Rules that can be asked for, whatever the document's date."""

    TT01 = "tt01"
    """Thông tư 01/2011/TT-BNV."""
    ND30 = "nd30"
    """Nghị định 30/2020/NĐ-CP."""


_SETS = {RuleChoice.TT01: "format-tt01-2011", RuleChoice.ND30: "format-nd30-2020"}
_SIGNS = {
    FormatOutcome.PASS: "ok",
    FormatOutcome.FAIL: "FAULT",
    FormatOutcome.NOT_CHECKABLE: "not checkable",
    FormatOutcome.ABSENT: "-",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="format")(check_format)


def check_format(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Word file (.docx) or a PDF.")],
    rules: Annotated[RuleChoice | None, typer.Option("--rules", help="These rules, whatever its date.")] = None,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", metavar="OUT.docx", help="Write a copy with comments at the faults.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="OUT.png", help="Draw the first page with a fault (PDF).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Check the format of a document; exit 1 when a rule is not kept, or when no rules are for it."""
    if file.is_dir():
        raise ConfigurationError(f"{file}: is a folder; name a Word file or a PDF in it")
    if not file.is_file():
        raise ConfigurationError(f"{file}: no such file; name a Word file or a PDF")
    for target in (annotate, picture):
        if target is not None and target.resolve() == file.resolve():
            raise ConfigurationError(f"{target}: is the file itself; name another file to write")
    site: Site = context.obj
    settings = load_settings(site.path()) if site.exists() or site.config else None
    snapshot = build_snapshot(settings) if settings else default_snapshot()
    wanted = _wanted(snapshot.format_rules, rules)
    today = system_clock().astimezone(VIETNAM).date()
    with quiet_pipe(), one_worker(settings, snapshot) as pool:
        task = FormatTask(file, wanted, snapshot.forms, snapshot.limits, today)
        examination = pool.submit(task).result()
        # files first: whoever reads the table may stop reading before its end
        if annotate is not None:
            commented = CommentTask(file, tuple(remarks(examination)), snapshot.limits)
            _write(annotate, pool.submit(commented).result())
        if picture is not None:
            _draw(file, examination, picture, pool)
        if as_json:
            typer.echo(json.dumps(_element(file, examination), ensure_ascii=False))
        else:
            _print(file, examination, by_date=not wanted.forced)
    if examination.failed or not examination.results:
        raise typer.Exit(1)


def _wanted(of_site: FormatRules, asked: RuleChoice | None) -> FormatRules:
    """The rules that are asked for, else the site's own choice; where it has turned them off, those by date."""
    if asked:
        return FormatRules(load_format_rules(), _SETS[asked])
    return of_site if of_site.sets else FormatRules(load_format_rules())


def _draw(file: Path, examination: Examination, target: Path, pool: Pool) -> None:
    if examination.kind is not LayoutKind.PDF:
        raise VbdaemonError(f"{file.name}: places are known in born-digital PDFs only; use --annotate for Word files")
    page, boxes = labels(examination)
    _write(target, pool.submit(DrawTask(file, page, boxes)).result())


def _write(target: Path, body: bytes) -> None:
    try:
        target.write_bytes(body)
    except OSError as error:
        raise ConfigurationError(f"{target}: cannot be written: {error.strerror}") from error
    typer.echo(f"written: {target}", err=True)


def _print(file: Path, examination: Examination, *, by_date: bool) -> None:
    for line in _lines(file, examination, by_date=by_date):
        typer.echo(line)


def _lines(file: Path, examination: Examination, *, by_date: bool) -> Iterator[str]:
    if examination.rule_set is None:
        yield f"{file.name}: not checked: {_why(examination)}"
        return
    counts = _counts(examination)
    summary = ", ".join(f"{count} {_SIGNS[outcome]}" for outcome, count in counts.items() if outcome in _COUNTED)
    yield f"{file.name} ({examination.kind}), {examination.rule_set.title}: {summary}"
    if by_date and examination.issued_on is None:
        yield "  its date is not seen in the file: checked by the rules of today; --rules tt01 asks for the old ones"
    for result in examination.results:
        if result.outcome is not FormatOutcome.ABSENT:
            yield f"  {result.rule.id:14} {_SIGNS[result.outcome]:14} {result.rule.title}"
        if result.outcome is FormatOutcome.FAIL:
            for words in told(result):
                yield f"  {'':14} {'':14}   {words}"
            yield f"  {'':14} {'':14}   [{result.rule.clause}]{_place(result.faults[0])}"
    for problem in examination.problems:
        yield f"  {problem.kind}: {problem.words}"


def _why(examination: Examination) -> str:
    if examination.party:
        return "a Party paper has rules of its own"
    if examination.normative:
        return "a normative document (its number has the year) has rules of its own"
    return "no rules are for a document of its date"


_COUNTED = (FormatOutcome.FAIL, FormatOutcome.PASS, FormatOutcome.NOT_CHECKABLE)


def _place(fault: Fault) -> str:
    spot = fault.spot
    page = f" page {spot.page}" if spot.page else ""
    return f"{page}: {spot.words[:60]}" if spot.words else page


def _counts(examination: Examination) -> dict[FormatOutcome, int]:
    return {
        outcome: sum(result.outcome is outcome for result in examination.results)
        for outcome in (
            FormatOutcome.FAIL,
            FormatOutcome.PASS,
            FormatOutcome.NOT_CHECKABLE,
            FormatOutcome.ABSENT,
        )
    }


def _element(file: Path, examination: Examination) -> dict[str, Any]:
    return {
        "schema": 1,
        "path": shown_path(file),
        "kind": str(examination.kind),
        "rules": examination.rule_set.id if examination.rule_set else None,
        "party": examination.party,
        "normative": examination.normative,
        "date": examination.issued_on.isoformat() if examination.issued_on else None,
        "summary": {str(outcome): count for outcome, count in _counts(examination).items()},
        "results": [_result(result) for result in examination.results],
        "problems": [{"kind": str(p.kind), "words": p.words} for p in examination.problems],
    }


def _result(result: FormatResult) -> dict[str, Any]:
    rule = result.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "english": rule.english,
        "component": rule.component or None,
        "clause": rule.clause,
        "finding": rule.finding,
        "outcome": str(result.outcome),
        "faults": [_fault(fault) for fault in result.faults],
        "not_shown": [str(measure) for measure in result.unseen],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    spot, box = fault.spot, _corners(fault.spot.box)
    return {
        "measure": str(fault.measure) if fault.measure else None,
        "measured": fault.measured,
        "allowed": fault.allowed,
        "words": spot.words,
        "paragraph": spot.index,
        "page": spot.page,
        "box": box,
    }


def _corners(box: Box | None) -> list[float] | None:
    return [box.x0, box.y0, box.x1, box.y1] if box else None
