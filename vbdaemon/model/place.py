"""Where something was seen: boxes on pages, evidence, and values that know how they were found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class TextSource(StrEnum):
    """How a piece of text came to us; what only OCR read never alone refuses a document."""

    TEXT = "text"
    """The text layer of the file itself."""
    WIDGET = "widget"
    """The appearance of a signature or stamp field drawn over the page."""
    OCR = "ocr"
    """Read from a picture."""
    METADATA = "metadata"
    """Properties of the file or message, not its pages."""
    PERSON = "person"
    """Typed in by a named person."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points (1/72 inch); origin is the top-left corner of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box, in points."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a statement rests on: the words seen, where, and the rule that read them."""

    words: str
    file: str | None = None
    """SHA-256 of the file, hexadecimal."""
    page: int | None = None
    """Counted from 1."""
    box: Box | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with its source, its confidence (0.0 to 1.0) and its evidence."""

    value: T
    confidence: float
    source: TextSource
    evidence: Evidence
