"""A page as a picture for people, never for decisions."""

import io
from pathlib import Path

import pypdfium2

WIDTH = 900
"""Pixels."""
LONGEST = 14_400.0
"""Points; a longer page is not drawn (PDF 32000-1 Annex C)."""


def page_png(path: Path, page: int) -> bytes | None:
    """PNG of a page (counted from 1) with its form widgets; None when the file has no such page or is no PDF."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        document.init_forms()
        if not 1 <= page <= len(document):
            return None
        width, height = document[page - 1].get_size()
        if not 0 < width <= LONGEST or not 0 < height <= LONGEST:
            return None
        picture = document[page - 1].render(scale=WIDTH / width, may_draw_forms=True).to_pil()
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "PNG", optimize=True)
        return buffer.getvalue()
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()
