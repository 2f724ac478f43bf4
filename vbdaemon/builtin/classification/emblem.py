"""The Quốc hiệu at the head of a document, and the heading of Party papers in its place."""

import re

from rapidfuzz import fuzz

from vbdaemon.builtin.classification.sheet import Leaf, Piece
from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.model import Box, Line

_NATIONAL = "cong hoa xa hoi chu nghia viet nam"
_PARTY = "dang cong san viet nam"
_MOTTO = "doc lap - tu do - hanh phuc"
_CLUE = re.compile(r"cong h|hoi chu n|chu nghia|cong san|ong hoa")
_LEAST = 19
_LONGEST = 80
_ALIKE = 86
_TOP = 0.5
"""Share of the page in which a head can stand."""
_MANY = 40
"""Lines of a page without places in which a head can stand."""


def national(text: str) -> bool:
    """True for a line that is, or ends with, the Quốc hiệu; OCR variants and both places of the tone."""
    return _like(text, _NATIONAL)


def party(text: str) -> bool:
    """True for the heading of a Party paper, which stands where others have the Quốc hiệu."""
    return _like(text, _PARTY)


def motto(text: str) -> bool:
    """True for the Tiêu ngữ."""
    words = bare(text)
    return "hanh phuc" in words[-14:] or (len(words) >= _LEAST and fuzz.ratio(words, _MOTTO) > _ALIKE)


def emblem(leaf: Leaf) -> Piece | None:
    """The Quốc hiệu (or the Party's heading) in the upper half of the page."""
    for index, piece in enumerate(leaf.pieces):
        box = piece.box
        if (box.y0 > leaf.height * _TOP) if box else index > _MANY:
            continue
        if national(piece.text) or party(piece.text):
            return piece
    return None


def split(piece: Piece) -> tuple[Piece | None, Piece]:
    """The issuer's words that OCR ran together with the Quốc hiệu, and the Quốc hiệu alone."""
    words = bare(piece.text)
    start = max(words.find("cong hoa xa"), words.find("cong h"), words.find("dang cong san"))
    cut = words.find("cong hoa xa")
    start = cut if cut >= 0 else start
    if start <= 2:  # noqa: PLR2004 - a stray mark before it is no issuer
        return None, piece
    return cut_at(piece, start)


def cut_at(piece: Piece, start: int) -> tuple[Piece, Piece]:
    """Two pieces: before and from character `start`; places in proportion to the letters."""
    line, box = piece.lines[0], piece.box
    left, right = piece.text[:start].strip(), piece.text[start:].strip()
    if box is None:
        return Piece(left, piece.page, (_line(line, left, None),)), Piece(
            right, piece.page, (_line(line, right, None),)
        )
    middle = box.x0 + (box.x1 - box.x0) * start / max(1, len(piece.text))
    return (
        Piece(left, piece.page, (_line(line, left, Box(box.x0, box.y0, middle - 2, box.y1)),)),
        Piece(right, piece.page, (_line(line, right, Box(middle, box.y0, box.x1, box.y1)),)),
    )


def _line(line: Line, text: str, box: Box | None) -> Line:
    return Line(text, box, line.size, line.font, line.bold, line.italic, line.source, line.confidence)


def _like(text: str, words: str) -> bool:
    if not _LEAST <= len(text) <= _LONGEST:
        return False
    capitals = sum(c.isupper() for c in text)
    if capitals < 0.6 * sum(c.isalpha() for c in text):
        return False
    letters = bare(text)
    return bool(_CLUE.search(letters)) and fuzz.partial_ratio(letters, words) >= _ALIKE
