"""Picture pages of a PDF: which are drawn, which parts of them are read, and the pages that come of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pypdfium2

from vbdaemon.model import Limits, Page, Problem, ProblemKind
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.pdf_page import PictureTooLarge, draw
from vbdaemon.reading.pdf_verdict import Draft, distrusted_lines, page_lines
from vbdaemon.reading.scan import Seen, look
from vbdaemon.reading.sheet import Sheet, is_blank, seals


@dataclass(slots=True)
class _Drawer:
    """Draws each page at most once; a blank page's picture is dropped at once."""

    document: pypdfium2.PdfDocument
    drawn: int = 0
    sheets: dict[int, Sheet] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def sheet(self, number: int) -> Sheet | None:
        """The page as a picture; None when it is blank or cannot be drawn."""
        if number in self.sheets:
            return self.sheets[number]
        if number in self.blank | self.failed:
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

    def _drawn(self, number: int) -> Sheet | Problem:
        try:
            return draw(self.document, number)
        except PictureTooLarge as error:
            return Problem(ProblemKind.OVER_LIMIT, str(error), number)


def read_pictures(
    document: pypdfium2.PdfDocument, drafts: Sequence[Draft], limits: Limits, ocr: Recogniser | None
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """The pages with what their pictures say, and what went wrong.

    Read are page 1 and the page with the signature block; other picture pages stay unread.
    """
    drawer = _Drawer(document)
    parts: dict[int, tuple[str, ...]] = {}
    first = next((d for d in drafts if d.picture and d.page.number == 1), None)
    if first is not None and drawer.sheet(1) is not None and limits.ocr_pages > 0:
        parts[1] = ("heading", "rest")
    block = _block_page(drafts, drawer, limits)
    if block is not None and block not in parts and limits.ocr_pages > len(parts):
        parts[block] = ("block",)
    pages, problems = [], []
    for draft in drafts:
        number = draft.page.number
        sheet = drawer.sheets.get(number)
        if not draft.picture or sheet is None:
            pages.append(replace(draft.page, blank=True, image_only=False) if number in drawer.blank else draft.page)
            continue
        seen = look(number, sheet, ocr, parts.get(number, ()))
        pages.append(_page(draft, seen, with_seals=number == block))
        problems.extend([seen.problem] if seen.problem else [])
    return tuple(pages), (*drawer.problems, *problems)


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


def _page(draft: Draft, seen: Seen, *, with_seals: bool) -> Page:
    """The page as read; seals count on the page with the signature block only: elsewhere they shine through."""
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
        seals=seen.seals if with_seals else (),
    )
