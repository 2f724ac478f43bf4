"""What people do, and what happened: acts, waivers, events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ActKind(StrEnum):
    """What a person can do to a submission."""

    HOLD = "hold"
    """Stop it; only a person lets it go on."""
    RELEASE = "release"
    """Let it go on, waiving exactly the findings it is held for."""
    REJECT = "reject"
    """Refuse it with a reason."""
    RETRY = "retry"
    """Judge it again from the start."""
    QUARANTINE = "quarantine"
    """Lock it away after all."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a release waives: this finding on these bytes. New findings hold again."""

    code: str
    file: str
    """SHA-256 of the main file the finding was about."""
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did, who and why."""

    kind: ActKind
    submission: str
    who: str
    why: str
    at: datetime
    expected_version: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, once, forever. Carries no document text, name or subject."""

    id: int
    at: datetime
    kind: str
    submission: str | None
    words: str
