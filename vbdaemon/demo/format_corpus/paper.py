"""A document of the corpus as a value: paragraphs that know which component they are and how they are set."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from vbdaemon.model.format import Part
from vbdaemon.model.layout import Alignment, Zone

TIMES = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph and its setting; lengths in points and millimetres as the rules have them."""

    part: Part | None
    text: str
    size: float = 14.0
    bold: bool = False
    italic: bool = False
    alignment: Alignment = Alignment.JUSTIFY
    indent: float = 0.0
    """Millimetres."""
    gap: float = 0.0
    """Points above."""
    spacing: float = 1.0
    font: str = TIMES
    colour: str = "000000"
    line: float | None = None
    """Line below, as a share of the words; 0 = the words are underlined instead."""
    lead: str = ""
    """Words at the beginning that are bold and belong to `part`."""
    lead_bold: bool = True
    lead_italic: bool = False
    lead_size: float | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """How pages are numbered."""

    zone: Zone = Zone.HEADER
    alignment: Alignment = Alignment.CENTRE
    size: float = 13.0
    bold: bool = False
    italic: bool = False
    roman: bool = False
    start: int = 1
    first_hidden: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Paper and margins, millimetres."""

    width: float = 210.0
    height: float = 297.0
    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 15.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A document from head to annex."""

    head_left: tuple[Words, ...]
    head_right: tuple[Words, ...]
    body: tuple[Words, ...]
    foot_left: tuple[Words, ...]
    foot_right: tuple[Words, ...]
    after: tuple[Words, ...] = ()
    annex: tuple[Words, ...] = ()
    page: Page = Page()
    numbers: Numbers | None = Numbers()

    def each(self, change: Callable[[Words], Words | None]) -> "Paper":
        """The document with every paragraph changed; None takes it out."""
        changed: dict[str, Any] = {name: _changed(getattr(self, name), change) for name in _PLACES}
        return replace(self, **changed)

    def one(self, part: Part, change: Callable[[Words], Words | None], last: bool = False) -> "Paper":
        """The document with the first (or the last) paragraph of a component changed."""
        every = [words for name in _PLACES for words in getattr(self, name) if words.part is part]
        if not every:
            return self
        wanted = every[-1] if last else every[0]
        return self.each(lambda words: change(words) if words is wanted else words)

    def has(self, part: Part) -> bool:
        """True when the component is in it."""
        return any(words.part is part for name in _PLACES for words in getattr(self, name))


_PLACES = ("head_left", "head_right", "body", "foot_left", "foot_right", "after", "annex")


def _changed(paragraphs: tuple[Words, ...], change: Callable[[Words], Words | None]) -> tuple[Words, ...]:
    return tuple(new for new in map(change, paragraphs) if new is not None)
