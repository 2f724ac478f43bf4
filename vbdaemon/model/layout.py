"""How a document is set on its pages: paper, margins, paragraphs with type and spacing, lines, page numbers.

`Content` says what a document says; `Layout` says how it looks. A fact that a file does not give is None:
nothing here is guessed, so that a check can answer "not checkable".
"""

from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model.content import Problem
from vbdaemon.model.place import Box


class LayoutKind(StrEnum):
    """What the layout was read from; rules name the kinds on which they can be checked."""

    DOCX = "docx"
    """A Word file: type, spacing and indents as set, places on the page unknown."""
    PDF = "pdf"
    """A born-digital PDF: places, fonts and sizes as shown."""
    SCAN = "scan"
    """Pictures of pages: the sheet's size alone."""


class Alignment(StrEnum):
    """How the lines of a paragraph stand between its edges."""

    LEFT = "left"
    """Even on the left."""
    CENTRE = "centre"
    """Centred."""
    RIGHT = "right"
    """Even on the right."""
    JUSTIFY = "justify"
    """Even on both sides."""


class Zone(StrEnum):
    """Where a paragraph stands."""

    BODY = "body"
    """In the flow of the text."""
    CELL = "cell"
    """In a table."""
    BOX = "box"
    """In a text box."""
    HEADER = "header"
    """In the top margin."""
    FOOTER = "footer"
    """In the bottom margin."""


class Side(StrEnum):
    """Which part of the page's width a paragraph takes."""

    LEFT = "left"
    """The left column."""
    RIGHT = "right"
    """The right column."""
    WHOLE = "whole"
    """The whole width."""


class StrokeKind(StrEnum):
    """What draws a line below words."""

    DRAWN = "drawn"
    """A shape or a path."""
    BORDER = "border"
    """The border of a paragraph."""
    TYPED = "typed"
    """Hyphens or low lines in a row."""
    UNDERLINE = "underline"
    """The words themselves are underlined."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are set alike; capitals made by the style are capitals here. Unknown is None."""

    text: str
    font: str | None = None
    size: float | None = None
    """Points."""
    bold: bool | None = None
    italic: bool | None = None
    colour: str | None = None
    """RRGGBB, upper case; black where the file says "automatic"."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A horizontal line that belongs to a paragraph."""

    kind: StrokeKind
    length: float | None = None
    """Points."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a line of a column where the file knows no paragraphs (PDF)."""

    index: int
    """Counted from 0 over all paragraphs of the file, empty ones included."""
    runs: tuple[Run, ...]
    zone: Zone = Zone.BODY
    side: Side | None = Side.WHOLE
    table: int | None = None
    column: int | None = None
    alignment: Alignment | None = None
    indent: float | None = None
    """Of the first line from the column's left edge, points."""
    gap: float | None = None
    """Empty space above, points; None for the first and where it is unknown."""
    spacing: float | None = None
    """Distance of lines, 1.0 = single."""
    strokes: tuple[Stroke, ...] = ()
    width: float | None = None
    """Length of its last line of text, points."""
    numbered: bool = False
    """The program numbers it: the number is no part of the text."""
    lines: int | None = None
    """Lines it takes on the page; in a Word file 1 where its words surely fit one, otherwise unknown."""
    page: int | None = None
    box: Box | None = None

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(run.text for run in self.runs)

    @property
    def empty(self) -> bool:
        """True without a visible character."""
        return not any(run.text and not run.text.isspace() for run in self.runs)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section's paper and margins, points."""

    width: float
    height: float
    top: float | None = None
    bottom: float | None = None
    left: float | None = None
    right: float | None = None
    wide_table: bool = False
    """It holds a table: such a section may lie on its side."""
    page: int | None = None

    @property
    def landscape(self) -> bool:
        """True when it lies on its side."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class PageNumber:
    """How pages are numbered."""

    zone: Zone
    run: Run
    alignment: Alignment | None
    arabic: bool = True
    start: int | None = None
    """Number of the first page; None = 1."""
    first_hidden: bool | None = None
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is known of how one file is set."""

    file: str
    """SHA-256 of the bytes, hexadecimal."""
    kind: LayoutKind
    sheets: tuple[Sheet, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    page_number: PageNumber | None = None
    several_pages: bool | None = None
    """None = cannot be told."""
    problems: tuple[Problem, ...] = ()
