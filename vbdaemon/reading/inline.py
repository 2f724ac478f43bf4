"""Pictures that a mail's text shows: a logo is no document, a scanned page pasted into the text is one."""

from io import BytesIO

from vbdaemon.model import Problem
from vbdaemon.reading.edge import guarded

_PAGE_SIDE = 600
"""Pixels; a page that can be read has more on both sides (A4 at 75 dpi: 620 x 877)."""


def is_decoration(body: bytes) -> bool:
    """True for a picture that is smaller than a page that can be read; False for anything that is no picture."""
    size = guarded(lambda: _size(body), "picture")
    return not isinstance(size, Problem) and min(size) < _PAGE_SIDE


def _size(body: bytes) -> tuple[int, int]:
    from PIL import Image  # noqa: PLC0415 - most mails show no picture

    with Image.open(BytesIO(body)) as picture:
        return picture.size
