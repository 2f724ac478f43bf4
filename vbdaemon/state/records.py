"""Rows as values: what the other rooms get from the state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from vbdaemon.model import (
    ActKind,
    Assignment,
    CodedStatus,
    CorrectedField,
    Correspondence,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    FileRecord,
    Piece,
    Purpose,
    RecallRequest,
    VerdictKind,
    Withdrawal,
)


class SubmissionState(StrEnum):
    """Where a submission stands."""

    WAITING = "WAITING"
    """Admitted, to be decided."""
    DECIDING = "DECIDING"
    """An attempt at the decision was started."""
    HELD = "HELD"
    """A person or evidence is awaited."""
    ACCEPTED = "ACCEPTED"
    """Decided: at least one document goes on, none is held."""
    REJECTED = "REJECTED"
    """Decided: refused or returned."""
    QUARANTINED = "QUARANTINED"
    """Locked away."""
    CHECKED = "CHECKED"
    """A pre-flight: checked and answered, neither registered nor forwarded."""
    FILED = "FILED"
    """A message that hands in no document (bounce, coded status, automatic reply): recorded, nothing follows."""


class HoldKind(StrEnum):
    """Why a submission is held, which tells what can re-open it."""

    EVIDENCE = "evidence"
    """Re-opens by itself when rules, units or trust change."""
    REVIEW = "review"
    """A person must decide."""
    PERSON = "person"
    """Held by a person; nothing else re-opens it."""
    PIECES = "pieces"
    """A mail that waits for the other mails of a whole; re-opens when they came, or when too much time has passed."""
    COMPANION = "companion"
    """A file that waits for its document; re-opens when the same source brings an accepted one."""
    FAILURE = "failure"
    """Processing failed again and again."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    DUE = "DUE"
    """To be sent when its time has come."""
    DELIVERED = "DELIVERED"
    """The destination has it."""
    FAILED = "FAILED"
    """Given up; a person must act."""
    CANCELLED = "CANCELLED"
    """Withdrawn before it was sent."""
    GATHERED = "GATHERED"
    """A notice beyond what one address gets in an hour: it waits to be told in a digest."""
    DIGESTED = "DIGESTED"
    """Told in a digest; `words` is that delivery's id."""


class ActState(StrEnum):
    """What became of an act."""

    QUEUED = "QUEUED"
    """Not yet looked at."""
    APPLIED = "APPLIED"
    """Done."""
    REFUSED = "REFUSED"
    """Did not fit; the answer says why."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The answer to an admission: under which id the submission is known, and whether it is new."""

    id: str
    new: bool


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One submission as the state knows it."""

    id: str
    source: str
    received_at: datetime
    acknowledged: bool
    state: SubmissionState
    hold_kind: HoldKind | None
    verdict: VerdictKind | None
    version: int
    failures: int
    snapshot: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a submission, all of it."""

    documents: tuple[DocumentVerdict, ...]
    seconds: float = 0.0
    plugins: tuple[str, ...] = ()
    """Which plugin answered which hook, in which version: "hook:plugin:version"."""
    files: tuple[FileRecord, ...] = ()
    """Every file handed in or unpacked; quarantine keeps hashes only."""
    reply: Destination | None = None
    """Where notices to the sender go; None = nobody may be told."""
    snapshot: str | None = None
    """Version of the snapshot that it was made under; None = not made by a worker."""
    unit: str | None = None
    """Code of the unit that handed in, as far as that was proven."""
    account: str | None = None
    """Name of that unit's account with which it was handed in: a drop folder of its own, or a login."""
    purpose: Purpose = Purpose.EXCHANGE
    message_id: str = ""
    """Of the mail that handed in: our answer refers to it."""
    in_reply_to: str = ""
    """The sender's id of the delivery that this submission is to him, when he is a vbdaemon too."""
    piece: Piece | None = None
    """Set while the submission waits for the other pieces of a whole."""
    joined: tuple[str, ...] = ()
    """Submissions whose pieces were joined with this one's and decided here."""
    correspondence: Correspondence | None = None
    """Set when the submission is no document but a message about one of our deliveries."""
    recall: RecallRequest | None = None
    """Set when the submission asks us to give a document back: a person decides."""


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery as the state knows it."""

    id: str
    submission: str
    kind: DeliveryKind
    document: int | None
    version: int
    scheme: str
    address: str
    unit: str | None
    name: str
    state: DeliveryState
    urgency: int
    created_at: datetime
    due_at: datetime
    attempts: int
    words: str | None
    answer: CodedStatus | None = None
    """What the receiver said last."""
    answered_at: datetime | None = None
    answer_words: str | None = None
    """The receiver's register number, or codes of reasons."""
    key: str = ""
    """Unique within the submission: what makes it the same delivery when it is decided again."""


class Addressed(Protocol):
    """What says where a delivery goes."""

    @property
    def scheme(self) -> str:
        """Folder, smtp, or a scheme of a plugin."""

    @property
    def address(self) -> str:
        """As the scheme has it."""

    @property
    def unit(self) -> str | None:
        """Code, of a unit of the directory."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to be written; `key` makes it the same one when it is decided again."""

    kind: DeliveryKind
    key: str
    scheme: str
    address: str
    unit: str | None
    name: str
    document: int | None = None
    urgency: int = 0

    @classmethod
    def to(
        cls, there: Addressed, kind: DeliveryKind, key: str, name: str, document: int | None = None, urgency: int = 0
    ) -> "NewDelivery":
        """One that goes where a destination says, or where an earlier delivery went."""
        return cls(kind, key, there.scheme, there.address, there.unit, name, document, urgency)


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act as the state knows it."""

    id: int
    submission: str
    kind: ActKind
    who: str
    why: str
    at: datetime
    expected_version: int
    state: ActState
    answer: str | None
    document: int = 0
    corrected: tuple[tuple[CorrectedField, str], ...] = ()
    unit: str | None = None
    title: str = ""
    instead: bool = False
    assignment: Assignment | None = None
    withdrawal: Withdrawal | None = None
    replaced_by: str = ""
    details: tuple[tuple[str, str], ...] = ()
