"""A document of the corpus before it is set: its words, marks and what is written by hand."""

from dataclasses import dataclass
from enum import StrEnum


class MarkStyle(StrEnum):
    """How a mark of secrecy or urgency comes onto the page."""

    PRINTED = "printed"
    """Framed print, black."""
    PLAIN = "plain"
    """Bold print without a frame."""
    STAMPED = "stamped"
    """A red stamp, almost level."""
    SLANTED = "slanted"
    """A red stamp, turned."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and how it looks."""

    words: str
    style: MarkStyle
    degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class Paper:
    """All words of a document, in the order of its parts."""

    parent: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str | None
    """None = an empty blank."""
    number_tail: str
    """What follows the number: "/QĐ-UBND", "-CV/HU"."""
    place: str
    day: str | None
    """None = an empty blank."""
    month: str
    year: str
    form_name: str | None
    subject: str
    addressees: tuple[str, ...]
    grounds: tuple[str, ...]
    paragraphs: tuple[str, ...]
    authority: str | None
    title: str
    signer: str
    recipients: tuple[str, ...]
    electronic: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    draft: bool = False
    by_hand: bool = False
    """Number and day are written by hand."""
    party: bool = False
    received: tuple[str, ...] = ()
    """Words of a receiver's stamp over page 1."""
    sealed: bool = False
