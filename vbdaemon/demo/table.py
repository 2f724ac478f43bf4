"""The table that the demo prints: Vietnamese first, English beside."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from vbdaemon.demo.result import CaseResult
from vbdaemon.model import VerdictKind

_WIDTH = 150
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
    table.add_column("Hồ sơ đến / What came in", ratio=26)
    table.add_column("Kết quả / Verdict", min_width=17)
    table.add_column("Lý do, căn cứ / Reason, clause", ratio=42)
    table.add_column("Nơi nhận kết quả / Where it lies", ratio=36, overflow="fold")
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
    return f"{escape(vietnamese)}\n[dim]{escape(case.english)}[/dim]\n[dim]{escape(case.drop)}[/dim]"


def _verdict(result: CaseResult) -> str:
    verdict = result.submission.verdict if result.submission else None
    if verdict is None:
        return "—"
    return f"[bold {_COLOURS[verdict]}]{verdict.vietnamese}\n{verdict.value}[/]"


def _reasons(result: CaseResult) -> str:
    lines = []
    for reason in result.reasons:
        clause = f" [dim]({escape(reason.clause)})[/dim]" if reason.clause else ""
        lines.append(f"[bold]{escape(reason.code)}[/bold] {escape(reason.message)}{clause}")
    lines += [f"[red]✗ {escape(fault)}[/red]" for fault in result.faults]
    return "\n".join(lines) or "—"


def _places(result: CaseResult, folder: Path) -> str:
    words = {"notice": "phiếu / notice", "forward": "chuyển đến / forwarded"}
    lines = [
        f"[dim]{words[kind]}:[/dim] {escape(str(place.relative_to(folder)))}"
        for kind in words
        for place in result.places(kind)
    ]
    return "\n".join(lines) or "—"


def _tick(result: CaseResult) -> str:
    return "[green]✓[/green]" if result.as_expected else "[red]✗[/red]"
