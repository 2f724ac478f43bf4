"""What people do, and what happened: acts, waivers, events."""

from dataclasses import dataclass
from datetime import date, datetime
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
    CORRECT = "correct"
    """Type in what was read wrongly or not at all."""
    RESEND = "resend"
    """Forward an accepted document to one more unit, or once more to the same."""
    ASSIGN = "assign"
    """Say who deals with an accepted document (phân công xử lý)."""
    RECALL = "recall"
    """Withdraw a document that was forwarded (thu hồi), for an update or a replacement too."""
    PAPER = "paper"
    """The paper copy of a document came, or is no longer awaited."""


class Withdrawal(StrEnum):
    """What became of a document after it was sent (Bussiness of the exchange packets)."""

    RECALL = "recall"
    """Thu hồi."""
    UPDATE = "update"
    """Cập nhật."""
    REPLACE = "replace"
    """Thay thế."""


class CorrectedField(StrEnum):
    """What a person can type in."""

    FORM = "form"
    """Slug of the form, e.g. "cong-van"."""
    NUMBER = "number"
    """What stands before the first slash."""
    SYMBOL = "symbol"
    """What stands after it."""
    DATE = "date"
    """Date of issue, ISO 8601."""
    ISSUER = "issuer"
    """Name of the issuer; matched with the directory where it is a unit's."""
    SUBJECT = "subject"
    """Trích yếu."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a named person typed in about a document; it stands beside the reading, which is kept."""

    file: str
    """SHA-256 of the document's main file."""
    page: int
    """Page on which the document begins."""
    field: CorrectedField
    value: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a release waives: this finding on these bytes. New findings hold again."""

    code: str
    file: str
    """SHA-256 of the main file the finding was about."""
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who deals with a document: one leads, others support, by when, and the leader's note (ý kiến chỉ đạo)."""

    lead: str
    """Code of a unit, or "unit/account" for a person of it."""
    support: tuple[str, ...] = ()
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did, who and why."""

    kind: ActKind
    submission: str
    who: str
    why: str
    at: datetime
    expected_version: int
    document: int = 0
    """Which document of the submission, counted from 0 (correct, resend)."""
    corrected: tuple[tuple[CorrectedField, str], ...] = ()
    """What is typed in (correct)."""
    unit: str | None = None
    """Code of the unit that is to have it (resend)."""
    title: str = ""
    """Title of the person, where it stands on what leaves the house (reject, assign)."""
    instead: bool = False
    """The reason is told instead of the prepared ones (reject)."""
    assignment: Assignment | None = None
    """Who deals with it (assign)."""
    withdrawal: Withdrawal | None = None
    """Recall, update or replacement (recall)."""
    replaced_by: str = ""
    """Number, symbol and date of what takes its place (recall)."""
    details: tuple[tuple[str, str], ...] = ()
    """What else this kind of act needs (paper)."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, once, forever. Carries no document text, name or subject."""

    id: int
    at: datetime
    kind: str
    submission: str | None
    words: str
