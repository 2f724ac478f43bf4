"""Reading a PDF: pypdf for the structure, pdfium for text and pictures, OCR for picture pages."""

from contextlib import closing
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from vbdaemon.model import Content, ContentKind, Limits, Page, Problem, ProblemKind
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.pdf_page import ReadPage, page_size, read_page
from vbdaemon.reading.pdf_picture import read_pictures
from vbdaemon.reading.pdf_stamp import read_stamps, stamped
from vbdaemon.reading.pdf_structure import Structure, ends_properly, plain_pages, read_structure
from vbdaemon.reading.pdf_verdict import Draft, drafted
from vbdaemon.reading.unread import unread

FIRST_PAGES = 30
"""Of a long file, this many pages from the start are read …"""
LAST_PAGES = 10
"""… and this many at the end, where a signature block or an annex may stand."""


def read_pdf(path: Path, sha256: str, limits: Limits, ocr: Recogniser | None) -> Content:
    """Content of a PDF. Never raises for what the file is; what went wrong is among the problems.

    `pages` holds the first and last pages of long files, all pages of others, in order.
    """
    structure = guarded(lambda: read_structure(path), "structure")
    if isinstance(structure, Structure) and structure.encrypted:
        return _refused(sha256, Problem(ProblemKind.ENCRYPTED, "opens with a password only"))
    result = guarded(lambda: _by_pdfium(path, sha256, limits, ocr), "pdfium")
    if isinstance(result, Problem) or not result.page_count:
        result = _by_pypdf(path, sha256, structure, limits)
    problems = result.problems
    if result.pages and not ends_properly(path):
        problems = (*problems, Problem(ProblemKind.DAMAGED, "the end of the file is missing"))
    fields = structure.signature_fields if isinstance(structure, Structure) else result.signature_fields
    return Content(sha256, ContentKind.PDF, result.pages, result.page_count, fields, problems)


def wanted(page_count: int) -> tuple[int, ...]:
    """Indices of the pages to read."""
    if page_count <= FIRST_PAGES + LAST_PAGES:
        return tuple(range(page_count))
    return (*range(FIRST_PAGES), *range(page_count - LAST_PAGES, page_count))


def _refused(sha256: str, *problems: Problem) -> Content:
    return Content(sha256, ContentKind.PDF, problems=problems)


def _by_pdfium(path: Path, sha256: str, limits: Limits, ocr: Recogniser | None) -> Content:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            return _refused(sha256, Problem(ProblemKind.ENCRYPTED, "opens with a password only"))
        raise
    with closing(document):
        count = len(document)
        problems: list[Problem] = []
        if count > limits.pages:
            problems.append(Problem(ProblemKind.OVER_LIMIT, f"{count} pages, {limits.pages} allowed"))
        drafts: list[Draft] = []
        for index in wanted(count):
            draft = _draft(document, index, limits)
            drafts.append(draft)
            problems.extend(draft.problems)
        problems.extend(unread(set(range(1, count + 1)) - {draft.page.number for draft in drafts}))
        fields = max(0, raw.FPDF_GetSignatureCount(document.raw))
    pages = tuple(draft.page for draft in drafts)
    if any(draft.picture for draft in drafts):
        # opened again: in the first one the widgets are part of the pages by now and would cover print
        with closing(pypdfium2.PdfDocument(path)) as untouched:
            pages, more = read_pictures(untouched, drafts, limits, ocr)
        problems.extend(more)
    if ocr is not None and stamped(pages):
        with closing(pypdfium2.PdfDocument(path)) as untouched:
            pages, more = read_stamps(untouched, pages, ocr)
        problems.extend(more)
    return Content(sha256, ContentKind.PDF, pages, count, fields, tuple(problems))


def _draft(document: pypdfium2.PdfDocument, index: int, limits: Limits) -> Draft:
    """What one pass over a page says; pages too large or broken come out empty, with a problem."""
    number = index + 1
    width, height = page_size(document, index)
    if not 0 < max(width, height) <= limits.page_points:
        problem = Problem(ProblemKind.OVER_LIMIT, f"page of {width:.0f} x {height:.0f} points", number)
        return Draft(Page(number, width, height), problems=(problem,))
    read = guarded(lambda: read_page(document, index), "a page", number)
    if isinstance(read, ReadPage):
        return drafted(number, read)
    return Draft(Page(number, width, height), problems=(read,))


def _by_pypdf(path: Path, sha256: str, structure: Structure | Problem, limits: Limits) -> Content:
    """The second opinion: text without positions. Both parsers failed = DAMAGED."""
    damaged = Problem(ProblemKind.DAMAGED, "neither pdfium nor pypdf can read this file")
    if isinstance(structure, Problem) or not structure.page_count:
        return _refused(sha256, damaged)
    count = min(structure.page_count, limits.pages)
    pages = guarded(lambda: plain_pages(path, wanted(count)), "text")
    if isinstance(pages, Problem) or not any(page.lines for page in pages):
        return _refused(sha256, damaged)
    note = Problem(ProblemKind.DAMAGED, "pdfium refused this file; text was read without positions")
    return Content(sha256, ContentKind.PDF, pages, structure.page_count, structure.signature_fields, (note,))
