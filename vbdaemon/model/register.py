"""The books of the register: which there are, who gives their numbers, and which document goes into which."""

from dataclasses import dataclass
from enum import StrEnum


class Numbering(StrEnum):
    """Who gives the arrival numbers (số đến)."""

    OWN = "own"
    """vbdaemon: consecutive, without gaps, from 1 each year."""
    EXTERNAL = "external"
    """Another system; a line waits until a person types the number in."""
    OFF = "off"
    """No register is kept here."""


class Direction(StrEnum):
    """Which way a document goes."""

    INCOMING = "incoming"
    """Văn bản đến: it gets an arrival number."""
    OUTGOING = "outgoing"
    """Văn bản đi: it bears the issuer's own number."""


class Medium(StrEnum):
    """In what form a document arrived."""

    ELECTRONIC = "electronic"
    """Bản điện tử."""
    PAPER = "paper"
    """Bản giấy: a person typed it in."""


class Series(StrEnum):
    """Within what outgoing numbers are consecutive in a year (NĐ 30/2020 art. 15 leaves it to the agency)."""

    BOOK = "book"
    """All documents of the book together."""
    FORM = "form"
    """Each form (hình thức) for itself."""
    SYMBOL = "symbol"
    """Each symbol (ký hiệu) for itself."""


@dataclass(frozen=True, slots=True)
class Book:
    """One book; it counts by years."""

    name: str
    """Short and unaccented: "den", "di"; it stands in "den/2026/15"."""
    direction: Direction = Direction.INCOMING
    title: str = ""
    """Printed instead of "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" (ĐI)."""
    forms: tuple[str, ...] = ()
    """Slugs of forms that go into it."""
    issuers: tuple[str, ...] = ()
    """Codes of units whose documents go into it; "H40.15*" for all codes that begin so."""
    start: int = 1
    """First number of a book that has none yet; every later year begins with 1."""

    def takes(self, form: str | None, issuer_unit: str | None) -> bool:
        """True when a document belongs here by its form and by its issuer, as far as either is named."""
        return (not self.forms or form in self.forms) and (not self.issuers or self._issued_by(issuer_unit))

    def _issued_by(self, unit: str | None) -> bool:
        return unit is not None and any(
            unit.startswith(code[:-1]) if code.endswith("*") else unit == code for code in self.issuers
        )


@dataclass(frozen=True, slots=True)
class Books:
    """All books of the office."""

    incoming: Book = Book("den")
    outgoing: Book = Book("di", Direction.OUTGOING)
    further: tuple[Book, ...] = ()
    """Special ones; the first that takes a document gets it."""
    numbering: Numbering = Numbering.OWN
    series: Series = Series.FORM

    def book_for(self, direction: Direction, form: str | None, issuer_unit: str | None) -> Book:
        """The book that a new document goes into."""
        special = (book for book in self.further if book.direction is direction and book.takes(form, issuer_unit))
        return next(special, self.incoming if direction is Direction.INCOMING else self.outgoing)

    def named(self, name: str) -> Book | None:
        """The book of that name, or None."""
        return next((book for book in (self.incoming, self.outgoing, *self.further) if book.name == name), None)
