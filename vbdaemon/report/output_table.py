"""A report as text for a terminal: columns as wide as their words, folded where the terminal is narrower."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

from vbdaemon.report.sheet import Align, Light, Report, Section
from vbdaemon.report.words import cell_words, moment_words, number_words

LIGHTS = {Light.GREEN: ("●", "32"), Light.AMBER: ("▲", "33"), Light.RED: ("■", "31")}
"""The mark, and the code of its colour."""
BOLD = "1"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
"""What could move a terminal's cursor or turn its text around: a name can hold anything."""
GAP = "  "
SHORT = 14
"""Letters that a column of words keeps, however narrow the terminal is."""
Paint = Callable[[str, str], str]
"""Words and a code of colour to what the terminal is sent."""


def write_table(report: Report, width: int, *, colour: bool = False) -> bytes:
    """The report in lines of about `width` letters; `colour` with the colours of a terminal."""
    paint: Paint = _coloured if colour else lambda words, _: words
    lines = [paint(_visible(report.title), BOLD), _visible(report.subtitle)]
    for section in report.sections:
        lines += ["", *_section(section, width, paint)]
    lines += ["", *map(_visible, report.notes), f"Lập lúc {moment_words(report.made_at)}"]
    return "".join(f"{line.rstrip()}\n" for line in lines).encode()


def _section(section: Section, width: int, paint: Paint) -> Iterator[str]:
    if section.heading:
        yield paint(_visible(section.heading), BOLD)
    if section.columns:
        yield from _table(section, width, paint)
    if section.chart is not None and section.chart.target is not None:
        decimals = 0 if section.chart.percent else 1
        target = number_words(section.chart.target, decimals, percent=section.chart.percent)
        yield _visible(f"{section.chart.title}: chỉ tiêu {target}")
    yield from map(_visible, section.notes)


def _table(section: Section, width: int, paint: Paint) -> Iterator[str]:
    heads = [_visible(column.title) for column in section.columns]
    lights: dict[int, dict[int, Light]] = defaultdict(dict)
    for row, place, light in section.lights:
        lights[row][place] = light
    rows = [_words(section, number, lights) for number in range(len(section.rows))]
    aligned = [column.align for column in section.columns]
    widths = _widths(heads, rows, aligned, width)
    yield from _lines(heads, widths, [Align.CENTER] * len(heads), [BOLD] * len(heads), paint)
    rule = GAP.join("─" * each for each in widths)
    yield rule
    for number, words in enumerate(rows):
        last = section.total and number == len(rows) - 1
        if last:
            yield rule
        colours = {place: LIGHTS[light][1] for place, light in lights.get(number, {}).items()}
        yield from _lines(words, widths, aligned, [colours.get(p, BOLD * last) for p in range(len(words))], paint)
    if not rows:
        yield "Không có số liệu."


def _words(section: Section, number: int, lights: Mapping[int, Mapping[int, Light]]) -> list[str]:
    """The cells of a row in words, their lights in front of them."""
    marks = lights.get(number, {})
    cells = zip(section.rows[number], section.columns, strict=True)
    words = (_visible(cell_words(cell, column)) for cell, column in cells)
    return [f"{LIGHTS[marks[place]][0]} {each}" if place in marks else each for place, each in enumerate(words)]


def _widths(heads: list[str], rows: list[list[str]], aligned: list[Align], width: int) -> list[int]:
    """Wide enough for what stands in them; heads fold first, then words, numbers and days never."""
    room = width - len(GAP) * (len(heads) - 1)
    bodies = [max(map(cell_len, column), default=0) for column in zip(*rows, strict=True)] or [0] * len(heads)
    words = [max(map(cell_len, head.split(" "))) for head in heads]
    least = [max(word, min(body, SHORT) if align is Align.LEFT else body)
             for word, body, align in zip(words, bodies, aligned, strict=True)]  # fmt: skip
    whole = [max(wide, body) for wide, body in zip(least, bodies, strict=True)]
    widths = _grown(least, whole, room)
    return _grown(widths, [max(wide, cell_len(head)) for wide, head in zip(widths, heads, strict=True)], room)


def _grown(widths: list[int], wanted: list[int], room: int) -> list[int]:
    """As much of what is wanted as fits; the narrowest grow first."""
    grown = list(widths)
    spare = room - sum(grown)
    while spare > 0 and grown != wanted:
        short = [place for place in range(len(grown)) if grown[place] < wanted[place]]
        grown[min(short, key=lambda place: grown[place])] += 1
        spare -= 1
    return grown


def _lines(
    cells: list[str], widths: list[int], aligned: list[Align], colours: list[str], paint: Paint
) -> Iterator[str]:
    """One row, on as many lines as its longest cell needs."""
    folded = [_folded(words, wide) for words, wide in zip(cells, widths, strict=True)]
    for pieces in zip_longest(*folded, fillvalue=""):
        yield GAP.join(
            paint(_padded(piece, wide, align), colour)
            for piece, wide, align, colour in zip(pieces, widths, aligned, colours, strict=True)
        )


def _folded(words: str, width: int) -> list[str]:
    """Broken at blanks, and within a word that is longer than a line."""
    if cell_len(words) <= width:
        return [words]
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += chop_cells(word, width) or [""]
    return lines


def _padded(words: str, width: int, align: Align) -> str:
    room = max(0, width - cell_len(words))
    before = {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[align]
    return " " * before + words + " " * (room - before)


def _coloured(words: str, code: str) -> str:
    return f"\x1b[{code}m{words}\x1b[0m" if code else words


def _visible(words: str) -> str:
    """On one line, without control characters."""
    return CONTROL.sub("\ufffd", words.replace("\n", " "))
