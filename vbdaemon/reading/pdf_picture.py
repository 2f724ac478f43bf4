"""Picture pages: which are drawn, which parts of them are read, and the pages that come of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pypdfium2

from vbdaemon.model import Limits, Page, Problem, ProblemKind
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.mark import red_marks
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.opening import TOP_SHARE, runs_on
from vbdaemon.reading.pdf_page import PictureTooLarge, draw
from vbdaemon.reading.pdf_verdict import Draft, distrusted_lines, page_lines
from vbdaemon.reading.scan import Part, Seen, look
from vbdaemon.reading.sheet import Sheet, is_blank, seals
from vbdaemon.reading.unread import unread

TOPS_PER_PAGE = 3
"""As many tops of pages take the time of one page."""
Draws = Callable[[int], Sheet]
"""Draws a page by its number, from 1; PictureTooLarge, and whatever a foreign parser raises."""


@dataclass(slots=True)
class _Drawer:
    """Draws each page at most once; a blank page's picture is dropped at once."""

    draws: Draws
    drawn: int = 0
    sheets: dict[int, Sheet] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    """Seen, and needed no more."""
    blank: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def sheet(self, number: int) -> Sheet | None:
        """The page as a picture; None when it is blank, cannot be drawn or was dropped."""
        if number in self.sheets:
            return self.sheets[number]
        if number in self.blank | self.failed | self.done:
            return None
        self.drawn += 1
        picture = guarded(lambda: self._drawn(number), "a page's picture", number)
        if isinstance(picture, Problem):
            self.problems.append(picture)
            self.failed.add(number)  # not blank: nobody knows what stands there
            return None
        if is_blank(picture):
            self.blank.add(number)
            return None
        self.sheets[number] = picture
        return picture

    def drop(self, number: int) -> None:
        """Let go of a picture that is needed no more: a page takes 12 MB."""
        self.sheets.pop(number, None)
        self.done.add(number)

    def _drawn(self, number: int) -> Sheet | Problem:
        try:
            return self.draws(number)
        except PictureTooLarge as error:
            return Problem(ProblemKind.OVER_LIMIT, str(error), number)


def read_pictures(
    document: pypdfium2.PdfDocument, drafts: Sequence[Draft], limits: Limits, ocr: Recogniser | None
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """The pages of a PDF with what their pictures say, and what went wrong."""
    return read_drawn(lambda number: draw(document, number), drafts, limits, ocr)


def read_drawn(
    draws: Draws, drafts: Sequence[Draft], limits: Limits, ocr: Recogniser | None
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """The pages with what their pictures say, and what went wrong.

    Read are page 1, the page with the signature block, and the top of every page that does not go on with
    running text: another document may begin there. Pages are drawn while the engine reads the one before.
    """
    drawer = _Drawer(draws)
    seen: dict[int, Seen] = {}
    left = limits.ocr_pages
    first = next((d for d in drafts if d.picture and d.page.number == 1), None)
    opening = drawer.sheet(1) if first is not None and left > 0 else None
    page_one = look(1, opening, ocr, (Part.HEADING, Part.REST)) if opening is not None else None
    left -= page_one is not None
    block = _block_page(drafts, drawer, limits)
    tops = (
        _tops(drafts, drawer, skipped={1, block}, most=left * TOPS_PER_PAGE - TOPS_PER_PAGE) if left > 1 and ocr else []
    )
    if page_one is not None:
        seen[1] = page_one()
    last = drawer.sheet(block) if block is not None and block not in seen and left > 0 else None
    if block is not None and last is not None:
        parts = (Part.BLOCK,) if runs_on(last) else (Part.HEADING, Part.BLOCK)
        seen[block] = look(block, last, ocr, parts)()
    for number in tops:
        sheet = drawer.sheet(number)
        if sheet is not None:
            seen[number] = look(number, sheet, ocr, (Part.TOP,))()
            drawer.drop(number)
    pages = tuple(_page(draft, seen.get(draft.page.number), drawer, block) for draft in drafts)
    looked_at = seen.keys() | drawer.blank | drawer.failed | drawer.done
    beyond = (d.page.number for d in drafts if d.picture and not d.page.blank and d.page.number not in looked_at)
    told = ocr is not None or not limits.ocr_pages  # a missing engine is a problem of its own on page 1
    return pages, (
        *drawer.problems,
        *(s.problem for s in seen.values() if s.problem),
        *(unread(beyond) if told else ()),
    )


def _block_page(drafts: Sequence[Draft], drawer: _Drawer, limits: Limits) -> int | None:
    """Number of the picture page with the signature block, looked for from the end; blank pages skipped.

    The last page with a seal; without any (a black and white scan) the last page that is not blank.
    """
    last = None
    for draft in reversed(drafts):
        if draft.page.blank:
            continue
        if not draft.picture or drawer.drawn > limits.ocr_pages:
            break
        sheet = drawer.sheet(draft.page.number)
        if sheet is None:
            continue
        if seals(sheet):
            return draft.page.number
        last = last or draft.page.number
    return last


def _tops(drafts: Sequence[Draft], drawer: _Drawer, *, skipped: set[int | None], most: int) -> list[int]:
    """Numbers of the picture pages on which something may begin, or which bear a red mark."""
    found: list[int] = []
    for draft in drafts:
        number = draft.page.number
        sheet = drawer.sheet(number) if draft.picture and number not in skipped and len(found) < most else None
        if sheet is None:
            continue
        if runs_on(sheet) and not red_marks(sheet, TOP_SHARE * sheet.height):
            drawer.drop(number)
        else:
            found.append(number)
    return found


def _page(draft: Draft, seen: Seen | None, drawer: _Drawer, block: int | None) -> Page:
    """The page as read; seals count on the page with the signature block only: elsewhere they shine through."""
    number = draft.page.number
    if seen is None:
        return replace(draft.page, blank=True, image_only=False) if number in drawer.blank else draft.page
    rows = list(seen.rows)
    read = page_lines(rows, draft.widgets)
    if seen.problem is not None:
        read = (*distrusted_lines(draft.hidden), *read)
    return replace(
        draft.page,
        width=seen.sheet.width,
        height=seen.sheet.height,
        lines=read,
        ocr=bool(rows),
        seals=seen.seals if number == block else (),
    )
