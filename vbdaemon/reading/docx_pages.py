"""Whether a Word document runs over one page: by its own marks, else by the height that its words need."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Paragraph, Sheet, Zone
from vbdaemon.reading.annex import ANNEX_LINE
from vbdaemon.reading.times import text_width

_TEXT, _RENDERED, _BREAK = qn("w:t"), qn("w:lastRenderedPageBreak"), qn("w:br")
_BEFORE, _SECTION, _PARAGRAPH = qn("w:pageBreakBefore"), qn("w:sectPr"), qn("w:p")
_CHANGED = qn("w:sectPrChange")
_TIMES_LINE = 1.15
_SURELY_MORE, _SURELY_LESS = 1.15, 0.85
"""Shares of the page's height; in between it cannot be told."""
_NO_SIZE = 13.0


def several_pages(body: _Element, paragraphs: Sequence[Paragraph], sheets: Sequence[Sheet]) -> bool | None:
    """True or False where that is certain enough, otherwise None; annexes do not count, they have numbers of their own.

    A break counts when words of the document itself follow it.
    """
    broken, last = False, None
    sections = _starts(body)
    for element in body.iter(_TEXT, _RENDERED, _BREAK, _BEFORE, _SECTION):
        if element.tag == _TEXT and (element.text or "").strip():
            owner = next(element.iterancestors(_PARAGRAPH), None)
            if owner is not last and ANNEX_LINE.match(_words(owner)):
                break
            if broken:
                return True
            last = owner
        elif element.tag != _TEXT:
            broken = broken or _breaks(element, sections)
    if not sheets:
        return None
    paragraphs = list(takewhile(lambda p: not ANNEX_LINE.match(p.text.strip()), paragraphs))
    sheet = sheets[0]
    room = sheet.height - (sheet.top or 0.0) - (sheet.bottom or 0.0)
    width = sheet.width - (sheet.left or 0.0) - (sheet.right or 0.0)
    share = _height(paragraphs, max(width, 1.0)) / max(room, 1.0)
    return True if share > _SURELY_MORE else False if share < _SURELY_LESS else None


def _words(paragraph: _Element | None) -> str:
    return "" if paragraph is None else "".join(each.text or "" for each in paragraph.iter(_TEXT)).strip()


def _breaks(element: _Element, sections: dict[_Element, bool]) -> bool:
    if element.tag == _SECTION:
        return sections.get(element, False)
    return element.tag in {_RENDERED, _BEFORE} or element.get(qn("w:type")) == "page"


def _starts(body: _Element) -> dict[_Element, bool]:
    """Whether the section after this one begins a page: each says at its own end how it begins."""
    found = [each for each in body.iter(_SECTION) if next(each.iterancestors(_CHANGED), None) is None]
    kinds = [each.find(qn("w:type")) for each in found]
    begins = [kind is None or kind.get(qn("w:val"), "nextPage") != "continuous" for kind in kinds]
    return dict(zip(found[:-1], begins[1:], strict=True))


def _height(paragraphs: Sequence[Paragraph], width: float) -> float:
    """Points: the text's, and of each table its highest column's."""
    flows: dict[tuple[int | None, int | None], float] = defaultdict(float)
    for paragraph in paragraphs:
        if paragraph.zone in {Zone.BODY, Zone.CELL}:
            room = width if paragraph.table is None else width / 2
            size = max((run.size or _NO_SIZE for run in paragraph.runs), default=_NO_SIZE)
            lines = max(1, math.ceil(text_width(paragraph.runs) / room))
            height = lines * size * _TIMES_LINE * (paragraph.spacing or 1.0)
            flows[paragraph.table, paragraph.column] += height + (paragraph.gap or 0.0)
    tables: dict[int | None, float] = defaultdict(float)
    for (table, _), height in flows.items():
        tables[table] = max(tables[table], height)
    return sum(tables.values())
