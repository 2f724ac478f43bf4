"""The layout of a Word document: what is set in it, with real inheritance; places on pages are unknown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.model.layout import Alignment, Layout, LayoutKind, Paragraph, Run, Side, Stroke, StrokeKind, Zone
from vbdaemon.reading.archive import archive_problem
from vbdaemon.reading.docx import _theme_fonts
from vbdaemon.reading.docx_pages import several_pages
from vbdaemon.reading.docx_runs import contents
from vbdaemon.reading.docx_sheet import page_number, running_parts, sheets
from vbdaemon.reading.docx_spread import Spread, Spreads
from vbdaemon.reading.docx_stroke import bordered, is_typed
from vbdaemon.reading.docx_style import Format, Styles
from vbdaemon.reading.docx_walk import Place, paragraphs
from vbdaemon.reading.line import joins_blank
from vbdaemon.reading.times import text_width

FIRST_PARAGRAPHS = 4_000
"""Of a longer document, so many paragraphs from the start are measured: a check of format may not cost a deadline …"""
LAST_PARAGRAPHS = 2_000
"""… and this many at the end, where the signature block and annexes stand."""
_COLUMNS = re.compile(r"\t+| {6,}")
_EMPTY_LINE = 13.0
"""Points: height taken for an empty paragraph."""

_ONE_LINE = 0.95
"""Words that take this share of the room at most surely fit one line."""

Flow = tuple[Zone, int | None, int | None]


@dataclass(slots=True)
class _Above:
    """What stands above the next paragraph of a column."""

    space: float | None = None
    style: str = ""
    contextual: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads paragraph after paragraph, and remembers what stands above in each column."""

    styles: Styles
    spreads: Spreads
    room: float | None
    above: dict[Flow, _Above] = field(default_factory=dict)

    def read(self, index: int, element: _Element, place: Place) -> Iterator[Paragraph]:
        """One paragraph, or one for each of its lines and columns."""
        properties = element.find(qn("w:pPr"))
        spread = self.spreads.of(properties, place.table_style)
        inherited = self.styles.paragraph(element)
        runs, strokes = contents(element, self.styles, inherited)
        room = place.width if place.zone is not Zone.BODY else self.room
        strokes.extend(bordered(properties, room))
        whole = Paragraph(
            index,
            tuple(runs),
            place.zone,
            place.side,
            place.table,
            place.column,
            spread.alignment or Alignment.LEFT,
            None if _pushed(runs) else spread.indent,
            gap=self._gap(place, spread, self.spreads.style_of(properties), empty=not _visible(runs)),
            spacing=spread.spacing(_largest(runs, inherited)),
            strokes=tuple(strokes),
            numbered=spread.numbering is not None and spread.numbering[0] != "0",
        )
        for part in _parts(whole):
            width = text_width(part.runs)
            one = room is not None and width + max(spread.indent, 0.0) < _ONE_LINE * room
            # of words that are broken the last line's length is unknown
            yield replace(part, width=width if room is None or width <= room else None, lines=1 if one else None)

    def _gap(self, place: Place, spread: Spread, style: str, *, empty: bool) -> float | None:
        """Space above: what the one before leaves below, empty paragraphs, and its own."""
        if place.table is not None:
            self.above.pop((Zone.BODY, None, None), None)  # how far a table reaches is unknown
        above = self.above.setdefault((place.zone, place.table, place.column), _Above())
        same = spread.contextual and above.style == style
        before = 0.0 if same else spread.before or 0.0
        left = 0.0 if above.contextual and above.style == style else above.space
        gap = None if left is None else left + before
        after = spread.after or 0.0
        above.space = (gap or before) + _EMPTY_LINE + after if empty else after
        above.style, above.contextual = style, bool(spread.contextual) and not empty
        return gap


def read_docx_layout(path: Path, sha256: str, limits: Limits) -> Layout:
    """The layout of a Word document; raises whatever python-docx raises."""
    problem = archive_problem(path, limits)
    if problem is not None:
        return Layout(sha256, LayoutKind.DOCX, problems=(problem,))
    document = docx.Document(str(path))
    if document.element.getroottree().docinfo.doctype:
        return Layout(sha256, LayoutKind.DOCX, problems=(Problem(ProblemKind.DAMAGED, "entities of its own"),))
    body = document.element.body
    styles = Styles(document.styles.element, _theme_fonts(document))
    spreads = Spreads(document.styles.element, _numbering(document))
    found_sheets = sheets(body)
    room = next((s.width - (s.left or 0.0) - (s.right or 0.0) for s in found_sheets), None)
    found: list[Paragraph] = []
    problems: list[Problem] = []
    every = list(enumerate(paragraphs(body)))
    parts = [every]
    if len(every) > FIRST_PARAGRAPHS + LAST_PARAGRAPHS:
        parts = [every[:FIRST_PARAGRAPHS], every[-LAST_PARAGRAPHS:]]
        words = f"{len(every)} paragraphs, the first {FIRST_PARAGRAPHS} and the last {LAST_PARAGRAPHS} measured"
        problems.append(Problem(ProblemKind.OVER_LIMIT, words))
    for part in parts:
        reader = _Reader(styles, spreads, room)
        for index, (element, place) in part:
            found.extend(reader.read(index, element, place))
    for running, zone in running_parts(document):
        reader = _Reader(styles, spreads, room)
        for element, place in paragraphs(running, zone):
            found.extend(reader.read(-1, element, place))
    return Layout(
        sha256,
        LayoutKind.DOCX,
        found_sheets,
        tuple(_with_strokes(found)),
        page_number(document, styles, spreads),
        several_pages(body, found, found_sheets),
        tuple(problems),
    )


def _numbering(document: Document) -> _Element | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            element: _Element = relation.target_part.element
            return element
    return None


def _parts(whole: Paragraph) -> Iterator[Paragraph]:
    """Lines that breaks part, columns that tabs part; their share of spacing is unknown."""
    text = whole.text
    if "\n" not in text and not _COLUMNS.search(text):
        yield whole
        return
    lines = _split(whole.runs, [m.span() for m in re.finditer("\n", text)])
    for number, line in enumerate(lines):
        columns = _split(line, _gaps("".join(run.text for run in line)))
        for column, runs in enumerate(columns):
            part = replace(whole, runs=runs)
            if number:
                part = replace(part, gap=None, indent=None)
            if len(columns) > 1:
                side = {0: Side.LEFT, len(columns) - 1: Side.RIGHT}.get(column)
                part = replace(part, side=side, alignment=None, indent=None)
            yield part if number == len(lines) - 1 else replace(part, strokes=())


def _gaps(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for gap in _COLUMNS.finditer(text):
        before, after = text[start : gap.start()], text[gap.end() :]
        if before.strip() and after.strip() and not joins_blank(before, after):
            found.append(gap.span())
            start = gap.end()
    return found


def _split(runs: Iterable[Run], gaps: list[tuple[int, int]]) -> list[tuple[Run, ...]]:
    """The runs parted at these places of their text."""
    parts: list[list[Run]] = [[] for _ in range(len(gaps) + 1)]
    edges = [0, *(edge for gap in gaps for edge in gap), 1 << 30]
    at = 0
    for run in runs:
        for number, part in enumerate(parts):
            start, end = edges[2 * number], edges[2 * number + 1]
            words = run.text[max(start - at, 0) : max(end - at, 0)]
            if words:
                part.append(replace(run, text=words) if words != run.text else run)
        at += len(run.text)
    return [tuple(part) for part in parts]


def _with_strokes(found: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Lines drawn or typed in a paragraph without words belong to the words above it, in the same column."""
    held: list[Paragraph] = []
    last: dict[Flow, int] = {}
    for paragraph in found:
        flow = (paragraph.zone, paragraph.table, paragraph.column)
        typed = is_typed(paragraph.text)
        if (paragraph.empty or typed) and flow in last:
            width = (Stroke(StrokeKind.TYPED, paragraph.width),) if typed else ()
            owner = held[last[flow]]
            held[last[flow]] = replace(owner, strokes=(*owner.strokes, *paragraph.strokes, *width))
            paragraph = replace(paragraph, runs=(), strokes=())  # noqa: PLW2901 - its words were a line
        elif not paragraph.empty:
            last[flow] = len(held)
        held.append(paragraph)
    yield from held


def _pushed(runs: Iterable[Run]) -> bool:
    """True when tabs or blanks stand before the words: where the first line begins then is not set but typed."""
    text = "".join(run.text for run in runs)
    return text[:1] in {"\t", " ", "\xa0"}


def _visible(runs: Iterable[Run]) -> bool:
    return any(not run.text.isspace() for run in runs)


def _largest(runs: Iterable[Run], inherited: Format) -> float:
    return max((run.size or 0.0 for run in runs), default=0.0) or inherited.size or 10.0
