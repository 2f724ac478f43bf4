"""The table that the demo prints: Vietnamese first, English beside."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from vbdaemon.demo.listing import ListedReason
from vbdaemon.demo.result import CaseResult
from vbdaemon.model import VerdictKind

_WIDTH = 160
_TOLD = 2
"""Reasons that are told in words; of others the table names the codes."""
_COLOURS = {
    VerdictKind.ACCEPT: "green",
    VerdictKind.HOLD: "yellow",
    VerdictKind.REJECT: "red",
    VerdictKind.QUARANTINE: "magenta",
}


def print_results(results: Sequence[CaseResult], folder: Path, out: TextIO, *, ocr: bool) -> None:
    """Print a row for each case, what differs from what it should be, and one line that sums up."""
    console = Console(file=out, highlight=False, soft_wrap=False)
    if console.width < _WIDTH:
        console = Console(file=out, highlight=False, width=_WIDTH)
    table = Table(show_lines=True, title="vbdaemon demo", expand=True)
    table.add_column("Hồ sơ đến / What came in", ratio=28, overflow="fold")
    table.add_column("Kết quả / Verdict", min_width=17)
    table.add_column("Lý do, căn cứ / Reason, clause", ratio=46)
    table.add_column("Nơi nhận kết quả / Where it lies", ratio=40, overflow="fold")
    table.add_column("", width=2)
    for result in results:
        table.add_row(_arrival(result), _verdict(result), _reasons(result), _places(result, folder), _tick(result))
    console.print(table)
    if not ocr:
        console.print(
            "Máy này chưa cài OCR (tesseract, tiếng Việt): bản quét chờ xem xét. / "
            "No OCR (tesseract with Vietnamese) is installed: scans are held with ocr-unavailable."
        )
    good = sum(result.as_expected for result in results)
    console.print(f"{good}/{len(results)} đúng như mong đợi / as expected. Files: {folder}", markup=False)


def _arrival(result: CaseResult) -> str:
    case = result.case
    vietnamese = case.vietnamese[0].upper() + case.vietnamese[1:]
    return f"{escape(vietnamese)}\n[dim]{escape(case.english)}[/dim]\n[dim]{escape(case.way)}[/dim]"


def _verdict(result: CaseResult) -> str:
    verdict = result.submission.verdict if result.submission else None
    if verdict is None:
        return "—"
    return f"[bold {_COLOURS[verdict]}]{verdict.vietnamese}\n{verdict.value}[/]"


def _reasons(result: CaseResult) -> str:
    lines = [_told(reason) for reason in result.reasons[:_TOLD]]
    if len(result.reasons) > _TOLD:
        lines.append("+ " + ", ".join(reason.code for reason in result.reasons[_TOLD:]))
    lines += [f"[red]✗ {escape(fault)}[/red]" for fault in result.faults]
    return "\n".join(lines) or "—"


def _told(reason: ListedReason) -> str:
    english = f" / {reason.english}" if reason.english else ""
    clause = f"\n[dim]{escape(reason.clause)}[/dim]" if reason.clause else ""
    return f"[bold]{escape(reason.code)}[/bold]: {escape(reason.message)}{escape(english)}{clause}"


def _places(result: CaseResult, folder: Path) -> str:
    lines = []
    for kind, words in (("notice", "Phiếu / Notice:"), ("forward", "Chuyển đến / Forwarded:")):
        places = result.places(kind)
        if places:
            lines.append(f"[dim]{words}[/dim]")
            lines += [escape(str(place.relative_to(folder))) for place in places]
    return "\n".join(lines) or "—"


def _tick(result: CaseResult) -> str:
    return "[green]✓[/green]" if result.as_expected else "[red]✗[/red]"
