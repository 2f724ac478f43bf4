"""What reading found in one file: lines with positions, pages, and what could not be read."""

from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model.place import Box, TextSource


class ContentKind(StrEnum):
    """What a file turned out to be, by its bytes, never by its name alone."""

    PDF = "pdf"
    """Portable Document Format."""
    DOCX = "docx"
    """Word, Office Open XML."""
    XLSX = "xlsx"
    """Excel, Office Open XML."""
    DOC = "doc"
    """Word 97-2003: accepted as an editable file, its format is not checkable."""
    XLS = "xls"
    """Excel 97-2003: accepted as an editable file, its format is not checkable."""
    TEXT = "text"
    """Plain text, such as the body of a mail."""
    OTHER = "other"
    """Anything else; stored and passed on, never judged as a document."""


class ProblemKind(StrEnum):
    """Why a file, or a part of it, could not be read."""

    EMPTY = "empty"
    """No bytes at all."""
    ENCRYPTED = "encrypted"
    """Protected by a password."""
    DAMAGED = "damaged"
    """Our parsers refused it, or it ends too early."""
    OVER_LIMIT = "over-limit"
    """Larger than our limits on size, pages, dimensions or nesting."""
    OCR_UNAVAILABLE = "ocr-unavailable"
    """A picture page could not be read because no OCR engine is installed."""
    LEGACY_ENCODING = "legacy-encoding"
    """Text in TCVN3 or VNI fonts: not Unicode."""
    PAGES_UNREAD = "pages-unread"
    """Pages beyond what we read of one file."""
    UNSUPPORTED = "unsupported"
    """A kind of file that we store but do not read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong while reading; `words` are for the operator, without document text."""

    kind: ProblemKind
    words: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline, unbroken by a wide gap; NFC.

    Two columns of a heading are two lines even when they share a baseline.
    """

    text: str
    box: Box | None = None
    """None where the format has no pages (docx)."""
    size: float | None = None
    """Font size in points."""
    font: str | None = None
    bold: bool = False
    italic: bool = False
    source: TextSource = TextSource.TEXT
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page as shown: lines from top to bottom, left to right."""

    number: int
    width: float
    """Points."""
    height: float
    """Points."""
    lines: tuple[Line, ...] = ()
    image_only: bool = False
    """No usable text layer: the page is a picture."""
    ocr: bool = False
    """Lines came (at least partly) from OCR."""
    blank: bool = False
    seals: tuple[Box, ...] = ()
    """Red, seal-sized regions seen on a picture page."""
    ink: tuple[Box, ...] = ()
    """Regions with pictures or handwriting on a page that has text (signature images)."""

    @property
    def text(self) -> str:
        """All lines, one a row."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Content:
    """What reading found in one file."""

    file: str
    """SHA-256 of the bytes, hexadecimal."""
    kind: ContentKind
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    """Pages in the file; `pages` may hold fewer when not all were needed."""
    signature_fields: int = 0
    """Signed signature fields that the structure shows (PDF)."""
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """All pages, one after the other."""
        return "\n".join(page.text for page in self.pages)

    @property
    def scanned(self) -> bool:
        """True when the first page is a picture without a usable text layer."""
        return bool(self.pages) and self.pages[0].image_only

    def has(self, kind: ProblemKind) -> bool:
        """True when reading met a problem of this kind."""
        return any(problem.kind is kind for problem in self.problems)
