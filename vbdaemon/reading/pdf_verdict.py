"""Text page, picture page or blank page: what one pass over a PDF page amounts to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vbdaemon.model import Box, Line, Page, Problem, ProblemKind, TextSource
from vbdaemon.reading.blank import filled
from vbdaemon.reading.encoding import MIN_VISIBLE, is_garbage, is_legacy, reads_as_vietnamese
from vbdaemon.reading.line import Row, lines, rows
from vbdaemon.reading.pdf_page import Objects, ReadPage
from vbdaemon.reading.piece import Piece
from vbdaemon.reading.space import Space

PICTURE_SHARE = 0.6
"""A page is a picture when pictures cover this part of it."""
OVERPRINT = 200
"""Visible characters over a page-filling picture that make it a text page with a background."""
HIDDEN_CONFIDENCE = 0.5
"""Of a scanner's own text layer, used only where no OCR is at hand."""
_INK_POINTS = 8.0
_INK_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Draft:
    """A page before pictures are read."""

    page: Page
    picture: bool = False
    """Must be drawn: its text layer is missing or worthless."""
    widgets: tuple[Piece, ...] = ()
    hidden: tuple[Piece, ...] = ()
    """A text layer that is distrusted."""
    problems: tuple[Problem, ...] = ()


def drafted(number: int, read: ReadPage) -> Draft:
    """The finished page where it has real text, otherwise the page as one to be drawn."""
    space, text, objects = read.space, read.text, read.objects
    words = "".join(piece.text for piece in text.visible)
    legacy = is_legacy(" ".join(p.text for p in text.visible), {p.style.font or "" for p in text.visible})
    problems = (Problem(ProblemKind.LEGACY_ENCODING, "text in TCVN3 or VNI letters", number),) if legacy else ()
    empty = Page(number, space.width, space.height)
    if legacy or not _trusted(words, objects, space):
        something = objects.count > 0 or bool(text.hidden)
        if something or text.widgets:
            distrusted = () if legacy else (*text.visible, *text.hidden)
            page = replace(empty, image_only=something, lines=page_lines((), text.widgets), ink=objects.widget_ink)
            return Draft(page, something, tuple(text.widgets), tuple(distrusted), problems)
        return Draft(replace(empty, blank=True))
    ink = (*_ink(objects.pictures, space), *objects.widget_ink)
    return Draft(replace(empty, lines=page_lines(rows(text.visible), text.widgets), ink=ink), problems=problems)


def page_lines(found: Iterable[Row], widgets: Sequence[Piece]) -> tuple[Line, ...]:
    """All lines of a page from top to bottom, widgets at their places."""
    merged, alone = filled(found, [part for row in rows(widgets) for part in row])
    return lines(sorted([*merged, *rows(alone)], key=lambda row: max(p.y1 for p in row)))


def distrusted_lines(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """Lines of a scanner's own text layer, marked as what they are: somebody else's OCR."""
    if is_garbage("".join(p.text for p in pieces)):
        return ()
    marked = (replace(p, source=TextSource.OCR, confidence=HIDDEN_CONFIDENCE) for p in pieces)
    return lines(rows(marked))


def _trusted(words: str, objects: Objects, space: Space) -> bool:
    """True when the visible text is what a reader of the page sees."""
    visible = len("".join(words.split()))
    if not visible or is_garbage(words):
        return False
    if _covered(objects.pictures, space) < PICTURE_SHARE:
        return visible >= MIN_VISIBLE or not objects.pictures
    hidden_behind = objects.last_text < objects.last_picture
    return visible >= OVERPRINT and not hidden_behind and reads_as_vietnamese(words)


def _covered(pictures: Iterable[Box], space: Space) -> float:
    """Part of the page under pictures; scanners cut a page into strips, so areas are added up."""
    area = max(space.width * space.height, 1.0)
    return sum(_inside(box, space) for box in pictures) / area


def _inside(box: Box, space: Space) -> float:
    width = min(box.x1, space.width) - max(box.x0, 0.0)
    height = min(box.y1, space.height) - max(box.y0, 0.0)
    return max(width, 0.0) * max(height, 0.0)


def _ink(pictures: Iterable[Box], space: Space) -> tuple[Box, ...]:
    """Pictures that can be a signature or a seal: no specks, no backgrounds."""
    most = _INK_MOST * space.width * space.height
    return tuple(
        box for box in pictures if min(box.x1 - box.x0, box.y1 - box.y0) >= _INK_POINTS and _inside(box, space) < most
    )
