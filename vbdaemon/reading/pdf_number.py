"""The numbers of the pages of a PDF."""

import re
from collections.abc import Sequence

from vbdaemon.model import Box
from vbdaemon.model.layout import Alignment, PageNumber, Zone
from vbdaemon.reading.pdf_line import SetLine

_HEAD, _FOOT = 0.15, 0.85
"""Shares of the height above and below which page numbers stand."""
_FIGURES = re.compile(r"\W*(\d{1,4}|[ivxlIVXL]{1,7})\W*")


def is_figure(line: SetLine, lines: Sequence[SetLine], sizes: Sequence[tuple[float, float]]) -> bool:
    """True for a number alone at the very top or bottom of its page."""
    if not _FIGURES.fullmatch(line.text):
        return False
    others = [other.box for other in lines if other.page == line.page and other is not line]
    height = sizes[line.page - 1][1]
    first = line.box.y0 < height * _HEAD and all(line.box.y1 <= box.y1 for box in others)
    last = line.box.y0 > height * _FOOT and all(line.box.y0 >= box.y0 for box in others)
    return first or last


def page_number(figures: Sequence[SetLine], sizes: Sequence[tuple[float, float]]) -> PageNumber | None:
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
