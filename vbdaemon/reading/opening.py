"""How a page opens: with running text, or with something that may be the head of a document."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from PIL import Image
from rapidfuzz import fuzz

from vbdaemon.reading.blob import unaccented
from vbdaemon.reading.sheet import Sheet, ink_rows

TOP_SHARE = 0.24
"""Part of a page in which a head shows its Quốc hiệu."""
_EDGE_POINTS = 20.0
_LINE_POINTS = (4.0, 24.0)
_SHORT = 0.12
"""Lines shorter than this part of the page are page numbers and specks."""
_FULL = 0.6
_GAP_POINTS = 16.0
"""The two halves of a head stand further apart than any two words of running text."""
_LOOKED_AT = 3
_CRESTS = ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam")
_EMBLEMS = (*_CRESTS, "doc lap tu do hanh phuc")
_ALIKE = 78
_LEAST = 14


def runs_on(sheet: Sheet) -> bool:
    """True when the page goes on with running text: most of its first lines fill the width without a gap.

    Seen on the picture, without reading. A head has two columns or a centred line, so it never looks so.
    """
    left, right = _EDGE_POINTS, sheet.width - _EDGE_POINTS
    pixel = 72 / sheet.dpi
    band = sheet.band(_EDGE_POINTS, TOP_SHARE * sheet.height)
    grey = band.crop((round(left / pixel), 0, round(right / pixel), band.height))
    small = grey.reduce(3) if min(grey.size) >= 3 else grey  # noqa: PLR2004 - too small to be reduced
    scale = (right - left) / max(small.width, 1)
    lines = [_reach(small.crop((0, a, small.width, b)), scale) for a, b in _rows(small, scale)]
    long = [(width, gap) for width, gap in lines if width > _SHORT * sheet.width][:_LOOKED_AT]
    full = [width for width, gap in long if width > _FULL * sheet.width and gap < _GAP_POINTS]
    return len(full) >= 2  # noqa: PLR2004 - one line could be a heading


def is_emblem(text: str) -> bool:
    """True for a line that reads like the Quốc hiệu or the heading of Party papers."""
    words = _plain(text)
    return len(words) >= _LEAST and any(fuzz.partial_ratio(words, emblem) >= _ALIKE for emblem in _CRESTS)


def shows_emblem(texts: Iterable[str]) -> bool:
    """True when a line reads like the Quốc hiệu, the Tiêu ngữ, or the heading of Party papers."""
    for text in texts:
        words = _plain(text)
        if len(words) >= _LEAST and any(fuzz.partial_ratio(words, emblem) >= _ALIKE for emblem in _EMBLEMS):
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(unaccented(text).replace("-", " ").split())


def _rows(grey: Image.Image, scale: float) -> Iterator[tuple[int, int]]:
    """Top and bottom of each line of text; runs too high to be one are left out."""
    start = 0
    for inked, group in groupby(ink_rows(grey)):
        size = len(list(group))
        if inked and _LINE_POINTS[0] <= size * scale <= _LINE_POINTS[1]:
            yield start, start + size
        start += size


def _reach(line: Image.Image, scale: float) -> tuple[float, float]:
    """Width of the ink and its widest inner gap, in points."""
    inked = [x for x, ink in enumerate(ink_rows(line.transpose(Image.Transpose.ROTATE_90))) if ink]
    if not inked:
        return 0.0, 0.0
    gap = max((b - a for a, b in pairwise(inked)), default=0)
    return (inked[-1] - inked[0]) * scale, gap * scale
