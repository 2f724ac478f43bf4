"""What every report is before it becomes a file: a titled paper of sections, each a table with a chart at most."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vbdaemon.errors import VbdaemonError

Cell = str | int | float | date | datetime | bool | None
"""Numbers stay numbers and dates dates: each form of output writes them the Vietnamese way itself."""


class ReportTooLong(VbdaemonError):
    """The report has too many rows for this form; choose a shorter period, a unit, or --format csv."""


class Align(StrEnum):
    """How a column stands."""

    LEFT = "left"
    """Words."""
    RIGHT = "right"
    """Numbers."""
    CENTER = "center"
    """Dates, short codes."""


class Light(StrEnum):
    """How a figure stands against its target."""

    GREEN = "green"
    """Reached."""
    AMBER = "amber"
    """Nearly."""
    RED = "red"
    """Missed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    """Vietnamese."""
    width: float = 10.0
    """Share of the page beside the other columns."""
    align: Align = Align.LEFT
    percent: bool = False
    """Values are shares between 0 and 1, shown as per cent."""
    decimals: int = 0
    duration: bool = False
    """Values are seconds, shown in the unit that fits: "12 giây", "3 giờ 05 phút"."""
    grouped: bool = True
    """False: years and register numbers, written without a stop between thousands."""
    number: str = ""
    """What stands under the title in registers: "(1)"."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    value: float
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart; drawn as inline SVG in HTML and in PDF."""

    title: str
    bars: tuple[Bar, ...]
    percent: bool = False
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a heading, notes under it, and a chart at most."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    lights: tuple[tuple[int, int, Light], ...] = ()
    """Cells (row, column) with a traffic light."""
    total: bool = False
    """The last row adds up those above it."""
    new_page: bool = False
    """In print it begins on a page of its own: a page for each unit."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; the same value gives every form of output."""

    name: str
    """Stem of file names: "bao-cao-quy_2026-q1"."""
    title: str
    subtitle: str
    office: str
    parent: str
    made_at: datetime
    sections: tuple[Section, ...]
    landscape: bool = False
    notes: tuple[str, ...] = field(default=())
