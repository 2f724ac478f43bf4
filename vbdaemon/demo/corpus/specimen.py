"""What the corpus consists of: a made document, and what is true of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Split(StrEnum):
    """Words, layouts, fonts and noise of the two parts are disjoint."""

    TUNING = "tuning"
    """For working on the rules."""
    FIGURE = "figure"
    """For the printed figure alone."""


class Kind(StrEnum):
    """In which shape a document comes."""

    DIGITAL = "digital"
    """Born-digital PDF with number and day in its text."""
    WIDGET = "widget"
    """Born-digital PDF whose number and day are signed in."""
    WORD = "word"
    """Word file."""
    SCAN = "scan"
    """Image-only PDF."""
    PICTURE = "picture"
    """A page as JPEG or PNG."""

    @property
    def scanned(self) -> bool:
        """True where only OCR can read it."""
        return self in (Kind.SCAN, Kind.PICTURE)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a document; None = nothing of the sort stands there."""

    form: str
    channel: str
    number: str | None
    symbol: str
    issued_on: date | None
    issuer: str
    issuer_unit: str | None
    subject: str | None
    signer: str | None
    secrecy: str | None = None
    urgency: str | None = None
    draft: bool = False
    handwritten: bool = False
    """Number and day stand there by hand: they may be left unread, but never be wrong."""
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Specimen:
    """A made document; `traits` name what is special about it, for the worst cases."""

    name: str
    kind: Kind
    body: bytes
    truth: Truth
    traits: tuple[str, ...] = ()
