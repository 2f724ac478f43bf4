"""A report whose every cell is words already: what the page for screens and the PDF are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """One column of a table."""

    title: str
    width: float
    """Share of the page beside the other columns."""
    align: str
    """left, right or center."""
    number: str = ""
    """What stands under the title: "(1)"."""


@dataclass(frozen=True, slots=True)
class PaperBar:
    """One bar of a chart; lengths are shares of the longest possible bar, between 0 and 1."""

    label: str
    length: float
    words: str
    """The figure at the end of the bar."""
    light: str = ""
    """green, amber, red, or nothing."""


@dataclass(frozen=True, slots=True)
class PaperChart:
    """A bar chart, with a line where the target is."""

    title: str
    bars: tuple[PaperBar, ...]
    target: float | None = None
    target_words: str = ""


@dataclass(frozen=True, slots=True)
class PaperCell:
    """Words, and how they stand against a target."""

    words: str
    light: str = ""


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A table with a heading, a chart at most, and notes under it."""

    heading: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[PaperCell, ...], ...]
    notes: tuple[str, ...] = ()
    chart: PaperChart | None = None
    total: bool = False
    """The last row adds up those above it."""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report in words."""

    title: str
    subtitle: str
    parent: str
    office: str
    made: str
    """When it was made, in words."""
    sections: tuple[PaperSection, ...]
    notes: tuple[str, ...] = ()
    landscape: bool = False
