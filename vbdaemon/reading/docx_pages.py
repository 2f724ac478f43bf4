"""Whether a Word document runs over one page: by its own marks, else by the height that its words need."""

import math
from collections import defaultdict
from collections.abc import Sequence

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Paragraph, Sheet, Zone
from vbdaemon.reading.times import text_width

_TIMES_LINE = 1.15
_SURELY_MORE, _SURELY_LESS = 1.15, 0.85
"""Shares of the page's height; in between it cannot be told."""
_NO_SIZE = 13.0


def several_pages(body: _Element, paragraphs: Sequence[Paragraph], sheets: Sequence[Sheet]) -> bool | None:
    """True or False where that is certain enough, otherwise None."""
    if next(body.iter(qn("w:lastRenderedPageBreak")), None) is not None or len(sheets) > 1:
        return True
    breaks = (each for each in body.iter(qn("w:br")) if each.get(qn("w:type")) == "page")
    if next(breaks, None) is not None or next(body.iter(qn("w:pageBreakBefore")), None) is not None:
        return True
    if not sheets:
        return None
    sheet = sheets[0]
    room = sheet.height - (sheet.top or 0.0) - (sheet.bottom or 0.0)
    width = sheet.width - (sheet.left or 0.0) - (sheet.right or 0.0)
    share = _height(paragraphs, max(width, 1.0)) / max(room, 1.0)
    return True if share > _SURELY_MORE else False if share < _SURELY_LESS else None


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
