"""The layout of a born-digital PDF: places, fonts and sizes as shown; of a scan the sheet's size alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from vbdaemon.model import Box, Limits, Problem, ProblemKind
from vbdaemon.model.layout import (
    Alignment,
    Layout,
    LayoutKind,
    Paragraph,
    Run,
    Sheet,
    Side,
    Stroke,
    StrokeKind,
    Zone,
)
from vbdaemon.reading.annex import ANNEX_LINE
from vbdaemon.reading.blank import filled
from vbdaemon.reading.line import rows
from vbdaemon.reading.pdf_line import SetLine, set_lines
from vbdaemon.reading.pdf_note import footnotes
from vbdaemon.reading.pdf_number import is_figure, page_number
from vbdaemon.reading.pdf_page import opened, page_size, read_page
from vbdaemon.reading.pdf_stroke import strokes
from vbdaemon.reading.pdf_verdict import drafted

MOST_PAGES = 30
"""Pages from the first on whose layout is read."""
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


@dataclass(frozen=True, slots=True)
class _Area:
    """Where the body's lines begin and end, points; None = too few lines to tell."""

    left: float | None
    right: float | None


def read_pdf_layout(path: Path, sha256: str, limits: Limits) -> Layout:
    """The layout of a PDF; raises what pdfium raises."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            locked = Problem(ProblemKind.ENCRYPTED, "opens with a password only")
            return Layout(sha256, LayoutKind.PDF, problems=(locked,))
        raise
    with closing(document):
        count = len(document)
        sizes = [page_size(document, index) for index in range(min(count, MOST_PAGES))]
        if any(not 0 < max(size) <= limits.page_points for size in sizes):
            return Layout(sha256, LayoutKind.PDF, problems=(Problem(ProblemKind.OVER_LIMIT, "page too large"),))
        lines: list[SetLine] = []
        pictures: list[int] = []
        for index, size in enumerate(sizes):
            found = _page_lines(document, index)
            if found is None and index == 0:
                return Layout(sha256, LayoutKind.SCAN, tuple(Sheet(*s, page=n) for n, s in enumerate(sizes, 1)))
            pictures.extend([index + 1] if found is None else [])
            lines.extend(line for line in found or () if line.box.y0 < size[1])
    figures = [line for line in lines if is_figure(line, lines, sizes)]
    number = page_number(figures, sizes)
    body = [line for line in lines if not any(line is figure for figure in figures)]
    area = _area(body)
    sheets = tuple(_sheet(size, n, area) for n, size in enumerate(sizes, 1))
    cut: tuple[Problem, ...] = (
        (Problem(ProblemKind.OVER_LIMIT, f"the first {MOST_PAGES} pages"),) if count > MOST_PAGES else ()
    )
    notes = list(footnotes(body))
    body = [line for line in body if not any(line is note for note in notes)]
    found_paragraphs = tuple(_paragraph(n, group, area) for n, group in enumerate(_groups(body, area)))
    below = (_paragraph(n, [note], area) for n, note in enumerate(notes, len(found_paragraphs)))
    found_paragraphs += tuple(replace(paragraph, zone=Zone.FOOTER) for paragraph in below)
    if pictures:
        cut += (Problem(ProblemKind.PAGES_UNREAD, f"pages that are pictures: {len(pictures)}", pictures[0]),)
    several = _several(body, count)
    return Layout(sha256, LayoutKind.PDF, sheets, found_paragraphs, number, several, problems=cut)


def _several(lines: Sequence[SetLine], count: int) -> bool | None:
    """Whether the document itself runs over one page: annexes have numbers of their own, an empty page needs none."""
    annex = next((n for n, line in enumerate(lines) if ANNEX_LINE.match(line.text.strip())), len(lines))
    if any(line.page > 1 for line in lines[:annex]):
        return True
    # pages behind without a line are empty, or pictures that nobody can read here
    return False if annex < len(lines) or count == 1 else None


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


def _area(lines: Sequence[SetLine]) -> _Area:
    """The edges at which enough lines begin and end."""
    wide = [line for line in lines if line.side is Side.WHOLE and not line.in_table]
    lefts = Counter(round(line.box.x0) for line in wide)
    rights = Counter(round(line.box.x1) for line in wide)
    long = [round(line.box.x0) for line in wide if line.box.x1 - line.box.x0 > _LONG]
    left = min(long, default=0)
    right = max((x for x in rights if _near(rights, x) >= _NEEDED), key=lambda x: _near(rights, x), default=None)
    # where paragraphs are one line each, their first lines make an edge that is none: others begin left of it
    outside = any(line.box.x0 < left - _INDENTED for line in lines if not line.in_table)
    return _Area(left if _near(lefts, left) >= _NEEDED and not outside else None, right)


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
    if last.beside or line.beside or last.in_table or line.in_table:
        return False
    if area.left is None or area.right is None:
        return _runs_on(last, line)
    broken = last.box.x1 > area.right - _FULL and last.box.x0 < area.left + _FULL * 2
    flush = abs(line.box.x0 - area.left) < _EDGE
    near = line.page != last.page or line.box.y1 - last.box.y1 < _LINE_GAP * last.size
    return broken and flush and near


def _runs_on(last: SetLine, line: SetLine) -> bool:
    """On a page with too few lines to tell its edges: a sentence that goes on in small letters a line below."""
    ended = last.text.rstrip().endswith((".", ";", ":", "/"))
    near = line.page == last.page and line.box.y1 - last.box.y1 < _LINE_GAP * last.size
    long = last.box.x1 - last.box.x0 > _LONG
    return near and long and not ended and line.text[:1].islower() and line.box.x0 <= last.box.x0 + _EDGE


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
