"""The layout of a born-digital PDF: places, fonts and sizes as shown; of a scan the sheet's size alone."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from vbdaemon.model import Box, Limits, Problem, ProblemKind
from vbdaemon.model.layout import (
    Alignment,
    Layout,
    LayoutKind,
    PageNumber,
    Paragraph,
    Run,
    Sheet,
    Side,
    Stroke,
    StrokeKind,
    Zone,
)
from vbdaemon.reading.blank import filled
from vbdaemon.reading.line import rows
from vbdaemon.reading.pdf_line import SetLine, set_lines
from vbdaemon.reading.pdf_page import opened, page_size, read_page
from vbdaemon.reading.pdf_stroke import strokes
from vbdaemon.reading.pdf_verdict import drafted

MOST_PAGES = 30
"""Pages from the first on whose layout is read."""
_HEAD, _FOOT = 0.15, 0.85
"""Shares of the height above and below which page numbers stand."""
_EDGE = 3.0
_FULL = 40.0
"""Points: a line that ends so near the right edge was broken by it."""
_LINE_GAP = 2.3
_CENTRED = 7.0
_LONG = 250.0
"""Points: lines as long as this begin at an edge, or are paragraphs' first lines."""
_INDENTED = 8.0
_SHORT = 60.0
"""Points: a line that begins further right than this begins no paragraph."""
_NEEDED = 4
"""Lines at an edge that make it an edge."""
_FIGURES = re.compile(r"\W*(\d{1,4}|[ivxlIVXL]{1,7})\W*")


@dataclass(frozen=True, slots=True)
class _Area:
    """Where the body's lines begin and end, points; None = too few lines to tell."""

    left: float | None
    right: float | None


def read_pdf_layout(path: Path, sha256: str, limits: Limits) -> Layout:
    """The layout of a PDF; raises what pdfium raises."""
    with closing(pypdfium2.PdfDocument(path)) as document:
        count = len(document)
        sizes = [page_size(document, index) for index in range(min(count, MOST_PAGES))]
        if any(not 0 < max(size) <= limits.page_points for size in sizes):
            return Layout(sha256, LayoutKind.PDF, problems=(Problem(ProblemKind.OVER_LIMIT, "page too large"),))
        lines: list[SetLine] = []
        for index, size in enumerate(sizes):
            found = _page_lines(document, index)
            if found is None and index == 0:
                return Layout(sha256, LayoutKind.SCAN, tuple(Sheet(*s, page=n) for n, s in enumerate(sizes, 1)))
            lines.extend(line for line in found or () if line.box.y0 < size[1])
    figures = [line for line in lines if _is_figure(line, lines, sizes)]
    number = _page_number(figures, sizes)
    body = [line for line in lines if not any(line is figure for figure in figures)]
    area = _area(body)
    sheets = tuple(_sheet(size, n, area) for n, size in enumerate(sizes, 1))
    cut = (Problem(ProblemKind.OVER_LIMIT, f"the first {MOST_PAGES} pages"),) if count > MOST_PAGES else ()
    found_paragraphs = tuple(_paragraph(n, group, area) for n, group in enumerate(_groups(body, area)))
    return Layout(sha256, LayoutKind.PDF, sheets, found_paragraphs, number, count > 1, problems=cut)


def _page_lines(document: pypdfium2.PdfDocument, index: int) -> list[SetLine] | None:
    """The lines of a page; None for a picture, whose type nobody can measure."""
    read = read_page(document, index)
    if drafted(index + 1, read).picture:
        return None
    with opened(document, index) as page:
        drawn = strokes(page, read.space)
    widgets = [part for row in rows(read.text.widgets) for part in row]
    merged, _ = filled(rows(read.text.visible), widgets)  # signatures and stamps are no part of the layout
    return set_lines(index + 1, read.space.width, merged, drawn)


def _is_figure(line: SetLine, lines: Sequence[SetLine], sizes: Sequence[tuple[float, float]]) -> bool:
    """True for a number alone at the very top or bottom of its page."""
    if not _FIGURES.fullmatch(line.text):
        return False
    others = [other.box for other in lines if other.page == line.page and other is not line]
    height = sizes[line.page - 1][1]
    first = line.box.y0 < height * _HEAD and all(line.box.y1 <= box.y1 for box in others)
    last = line.box.y0 > height * _FOOT and all(line.box.y0 >= box.y0 for box in others)
    return first or last


def _page_number(figures: Sequence[SetLine], sizes: Sequence[tuple[float, float]]) -> PageNumber | None:
    """The number on the second or a later page; the first page's shows whether it is hidden there."""
    later = next((line for line in figures if line.page > 1), None)
    if later is None:
        return None
    width, height = sizes[later.page - 1]
    zone = Zone.HEADER if later.box.y0 < height / 2 else Zone.FOOTER
    words = _FIGURES.fullmatch(later.text)
    shown = words[1] if words else ""
    return PageNumber(
        zone,
        later.runs[0],
        _number_alignment(later.box, width),
        arabic=shown.isdigit(),
        start=int(shown) - later.page + 1 if shown.isdigit() else None,
        first_hidden=not any(line.page == 1 for line in figures),
        page=later.page,
        box=later.box,
    )


def _number_alignment(box: Box, width: float) -> Alignment:
    share = box.centre[0] / width
    return Alignment.LEFT if share < 0.35 else Alignment.CENTRE if share < 0.7 else Alignment.RIGHT  # noqa: PLR2004


def _area(lines: Sequence[SetLine]) -> _Area:
    """The edges at which enough lines begin and end."""
    wide = [line for line in lines if line.side is Side.WHOLE and not line.in_table]
    lefts = Counter(round(line.box.x0) for line in wide)
    rights = Counter(round(line.box.x1) for line in wide)
    long = [round(line.box.x0) for line in wide if line.box.x1 - line.box.x0 > _LONG]
    left = min(long, default=0)
    right = max((x for x in rights if _near(rights, x) >= _NEEDED), key=lambda x: _near(rights, x), default=None)
    return _Area(left if _near(lefts, left) >= _NEEDED else None, right)


def _near(edges: Counter[int], x: int) -> int:
    return sum(edges[x + step] for step in (-1, 0, 1))


def _sheet(size: tuple[float, float], number: int, area: _Area) -> Sheet:
    width, height = size
    return Sheet(
        width,
        height,
        left=area.left,
        right=width - area.right if area.right is not None else None,
        page=number,
    )


def _groups(lines: Sequence[SetLine], area: _Area) -> list[list[SetLine]]:
    """Lines of the body joined where the right edge broke them; others one by one."""
    groups: list[list[SetLine]] = []
    for line in lines:
        if groups and _goes_on(groups[-1][-1], line, area):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _goes_on(last: SetLine, line: SetLine, area: _Area) -> bool:
    if area.left is None or area.right is None or last.beside or line.beside or last.in_table or line.in_table:
        return False
    broken = last.box.x1 > area.right - _FULL and last.box.x0 < area.left + _FULL * 2
    flush = abs(line.box.x0 - area.left) < _EDGE
    near = line.page != last.page or line.box.y1 - last.box.y1 < _LINE_GAP * last.size
    return broken and flush and near


def _paragraph(index: int, group: Sequence[SetLine], area: _Area) -> Paragraph:
    first, last = group[0], group[-1]
    on_page = [line.box for line in group if line.page == first.page]
    edges = (
        min(b.x0 for b in on_page),
        min(b.y0 for b in on_page),
        max(b.x1 for b in on_page),
        max(b.y1 for b in on_page),
    )
    return Paragraph(
        index,
        tuple(_joined(group)),
        Zone.CELL if first.in_table else Zone.BODY,
        first.side if len(group) == 1 else Side.WHOLE,
        alignment=_alignment(group, area),
        indent=_indent(group, area),
        strokes=tuple(Stroke(StrokeKind.DRAWN, s.x1 - s.x0) for line in group for s in line.strokes),
        width=last.box.x1 - last.box.x0,
        lines=len(group),
        page=first.page,
        box=Box(*(round(edge, 1) for edge in edges)),
    )


def _joined(group: Sequence[SetLine]) -> Iterator[Run]:
    for number, line in enumerate(group):
        if number and not group[number - 1].text.endswith(" "):
            yield Run(" ")
        yield from line.runs


def _alignment(group: Sequence[SetLine], area: _Area) -> Alignment | None:
    """Justified or ragged by the lines that the edge broke; centred by the page; otherwise unknown."""
    left, right = area.left, area.right
    if left is None or right is None:
        return None
    broken = group[:-1]
    if len(broken) > 1:
        even = all(abs(line.box.x1 - right) < _EDGE for line in broken)
        return Alignment.JUSTIFY if even else Alignment.LEFT
    if len(group) > 1 or group[0].beside:
        return None
    box = group[0].box
    if box.x0 > left + _INDENTED and abs(box.centre[0] - (left + right) / 2) < _CENTRED:
        return Alignment.CENTRE
    if box.x1 > right - _EDGE:
        return Alignment.RIGHT if box.x0 > left + _SHORT else None
    return Alignment.LEFT if box.x0 < left + _EDGE else None


def _indent(group: Sequence[SetLine], area: _Area) -> float | None:
    """Of a line by itself only where it begins near the edge, as paragraphs do."""
    if area.left is None or (len(group) == 1 and (group[0].beside or group[0].box.x0 > area.left + _SHORT)):
        return None
    return max(0.0, round(group[0].box.x0 - area.left, 1))
