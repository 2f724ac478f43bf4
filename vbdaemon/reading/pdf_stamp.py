"""Stamps that lie as pictures on pages with real text: a mark of secrecy there counts like a printed one."""

from collections.abc import Sequence
from dataclasses import replace

import pypdfium2

from vbdaemon.model import Box, Page, Problem
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.line import Row, lines
from vbdaemon.reading.mark import mark_on
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Recogniser
from vbdaemon.reading.pdf_page import PICTURE_DPI, opened
from vbdaemon.reading.scan import mark_rows
from vbdaemon.reading.sheet import Sheet

MOST_STAMPS = 4
"""Pictures looked at in one file."""
_UPPER = 0.45
_WIDE, _HIGH = (28.0, 240.0), (10.0, 160.0)
_SQUARE = (0.8, 1.25)
"""Logos, state emblems and two-dimensional codes are square; marks are not (NĐ 30/2020 App. I, box 10)."""


def stamped(drafts: Sequence[Page]) -> list[tuple[Page, Box]]:
    """The pictures on text pages that may be stamped marks, the first few."""
    found = ((page, box) for page in drafts if page.lines and not page.image_only for box in page.ink)
    return [(page, box) for page, box in found if _sized(page, box)][:MOST_STAMPS]


def read_stamps(
    document: pypdfium2.PdfDocument, pages: Sequence[Page], ocr: Recogniser
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """The pages with what their stamps say, and what went wrong. `document` must not have been flattened."""
    read: dict[int, list[Row]] = {}
    problems: list[Problem] = []
    for page, box in stamped(pages):
        rows = guarded(lambda page=page, box=box: _rows(document, page, box, ocr), "a stamp", page.number)  # type: ignore[misc]  # mypy cannot infer bound defaults
        if isinstance(rows, Problem):
            problems.append(rows)
        else:
            read.setdefault(page.number, []).extend(rows)
    changed = (
        replace(p, lines=(*p.lines, *lines(found)), ocr=True) if (found := read.get(p.number)) else p for p in pages
    )
    return tuple(changed), tuple(problems)


def _rows(document: pypdfium2.PdfDocument, page: Page, box: Box, ocr: Recogniser) -> list[Row]:
    with opened(document, page.number - 1) as drawn:
        edges = (box.x0, page.height - box.y1, page.width - box.x1, box.y0)
        bitmap = drawn.render(scale=PICTURE_DPI / 72, crop=tuple(max(0.0, e) for e in edges), rev_byteorder=True)
        try:
            picture = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    sheet = Sheet(picture, box.x1 - box.x0, box.y1 - box.y0)
    try:
        return list(mark_rows([mark_on(sheet, box)], sheet.dpi, ocr))
    except (OcrTimeout, OcrUnavailable):
        return []  # the text of the page was read; a picture that may be a stamp is no reason to hold it


def _sized(page: Page, box: Box) -> bool:
    width, height = box.x1 - box.x0, max(box.y1 - box.y0, 0.1)
    fits = _WIDE[0] <= width <= _WIDE[1] and _HIGH[0] <= height <= _HIGH[1]
    return fits and box.y0 < _UPPER * page.height and not _SQUARE[0] <= width / height <= _SQUARE[1]
