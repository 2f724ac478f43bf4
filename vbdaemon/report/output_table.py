"""A report as text for a terminal."""

import io
import re

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vbdaemon.report.sheet import Light, Report, Section
from vbdaemon.report.words import cell_words, moment_words, number_words

LIGHTS = {Light.GREEN: ("●", "green"), Light.AMBER: ("▲", "yellow"), Light.RED: ("■", "red")}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
"""What could move a terminal's cursor or turn its text around: a subject can hold anything."""


def write_table(report: Report, width: int, *, colour: bool = False) -> bytes:
    """The report as lines of at most `width` letters; `colour` with the colours of a terminal."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    console.print(_plain(report.title), style="bold")
    console.print(_plain(report.subtitle))
    for section in report.sections:
        _print_section(console, section)
    for note in report.notes:
        console.print(_plain(note))
    console.print(Text(f"Lập lúc {moment_words(report.made_at)}"))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()).encode()


def _print_section(console: Console, section: Section) -> None:
    console.print()
    if section.heading:
        console.print(_plain(section.heading), style="bold")
    if section.columns:
        console.print(_table(section))
    if section.chart is not None and section.chart.target is not None:
        decimals = 0 if section.chart.percent else 1
        target = number_words(section.chart.target, decimals, percent=section.chart.percent)
        console.print(_plain(f"{section.chart.title}: chỉ tiêu {target}"))
    for note in section.notes:
        console.print(_plain(note))


def _table(section: Section) -> Table:
    lights = {(row, column): light for row, column, light in section.lights}
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for column in section.columns:
        table.add_column(_plain(column.title), justify=column.align.value, overflow="fold")
    for number, row in enumerate(section.rows):
        words = [cell_words(cell, column) for cell, column in zip(row, section.columns, strict=True)]
        last = section.total and number == len(section.rows) - 1
        if last:
            table.add_section()
        cells = (_lit(each, lights.get((number, place))) for place, each in enumerate(words))
        table.add_row(*cells, style="bold" if last else None)
    if not section.rows:
        table.add_row("Không có số liệu.")
    return table


def _lit(words: str, light: Light | None) -> Text:
    if light is None:
        return _plain(words)
    mark, colour = LIGHTS[light]
    return Text(f"{mark} {words}", style=colour)


def _plain(words: str) -> Text:
    """Never markup, never a control character."""
    return Text(CONTROL.sub("\ufffd", words))
