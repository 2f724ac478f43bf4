"""What a check against the rules of format answers: outcomes, faults, and their places."""

from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model.format import FormatRule, Measure
from vbdaemon.model.place import Box


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was measured."""

    words: str = ""
    index: int | None = None
    """Paragraph of a Word file, from 0."""
    page: int | None = None
    """From 1."""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One measure that is not as allowed; both in Vietnamese words."""

    measure: Measure | None
    """None: the component is missing."""
    measured: str
    allowed: str
    spot: Spot


class FormatOutcome(StrEnum):
    """What a check of one rule came to."""

    PASS = "pass"  # noqa: S105 - an outcome
    """As the rule asks."""
    FAIL = "fail"
    """Not as the rule asks."""
    NOT_CHECKABLE = "not-checkable"
    """This kind of file, or this file, does not show it."""
    ABSENT = "absent"
    """The document has no such component, and needs none."""


@dataclass(frozen=True, slots=True)
class FormatResult:
    """The answer to one rule; faults of one kind are told once, at the first place."""

    rule: FormatRule
    outcome: FormatOutcome
    faults: tuple[Fault, ...] = ()
    unseen: tuple[Measure, ...] = ()
    """Measures that this file does not show."""
