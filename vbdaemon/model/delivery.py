"""What leaves the house: destinations, deliveries, notices, outcomes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from vbdaemon.model.act import Correction, Withdrawal
from vbdaemon.model.classification import Classification, Secrecy
from vbdaemon.model.finding import Finding, Verdict
from vbdaemon.model.place import Box
from vbdaemon.model.signature import SignatureReport
from vbdaemon.model.submission import FileRole


class DeliveryKind(StrEnum):
    """Why something is sent."""

    FORWARD = "forward"
    """An accepted document to a recipient."""
    NOTICE = "notice"
    """A message to the one who handed in."""
    DIGEST = "digest"
    """One message instead of many notices to the same address."""


class OutcomeKind(StrEnum):
    """How one attempt at delivery ended."""

    DELIVERED = "DELIVERED"
    """The destination has it, durably."""
    DEFERRED = "DEFERRED"
    """Try again later."""
    FAILED = "FAILED"
    """Will never succeed; the operator is told."""


class CodedStatus(StrEnum):
    """Status codes of the exchange packets."""

    ARRIVED = "01"
    """Đã đến."""
    REFUSED = "02"
    """Từ chối tiếp nhận (also: trả lại)."""
    RECEIVED = "03"
    """Đã tiếp nhận."""
    ASSIGNED = "04"
    """Phân công xử lý."""
    RECALL_ASKED = "13"
    """Yêu cầu lấy lại."""
    RECALL_GRANTED = "15"
    """Đồng ý lấy lại, cập nhật."""
    RECALL_DENIED = "16"
    """Từ chối lấy lại, cập nhật."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a delivery goes."""

    scheme: str
    """ "folder" or "smtp"; a plugin may add its own."""
    address: str
    """Folder: path relative to the exchange root; smtp: a mail address."""
    unit: str | None = None
    """Code of the unit, when it is one of the directory."""


@dataclass(frozen=True, slots=True)
class RegisterNumber:
    """A number in the register of incoming documents (số đến)."""

    book: str
    year: int
    number: int
    registered_on: date


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a submission as a decision keeps it; in quarantine the name is the SHA-256."""

    name: str
    role: FileRole
    sha256: str
    media_type: str
    size: int
    container: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The person who confirmed a refusal: their name stands on it (552/UBND §1, §3)."""

    name: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlacePicture:
    """A place on a page that a reason speaks of, drawn when the document was judged."""

    file: str
    """SHA-256 of the file."""
    page: int
    box: Box | None
    """None: the whole page."""
    png: bytes = b""
    """Given to `compose_notice`; empty in a kept decision, the bytes lie in the spool beside the submission."""


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    """One document of a submission with everything that was found and decided."""

    main: str
    """Name of the main file."""
    main_sha256: str
    files: tuple[str, ...]
    """SHA-256 of every file of the document, the main one first."""
    classification: Classification | None
    signatures: tuple[SignatureReport, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    destinations: tuple[Destination, ...] = ()
    register: RegisterNumber | None = None
    duplicate_of: RegisterNumber | None = None
    """Set when the same bytes were accepted before: not registered or forwarded again."""
    filed_with: RegisterNumber | None = None
    """Set when a lone editable file or annex was filed with a document accepted before."""
    first_page: int = 1
    """Page of the main file on which this document begins."""
    pages: int | None = None
    """Its pages in the main file; None where the file has none (Word, Excel), or nobody counted them."""
    language: str = ""
    """ "Tiếng Việt" when what was read of it is; empty otherwise, never guessed."""
    secrecy: Secrecy | None = None
    """In quarantine: the mark that was found; the classification itself is not kept."""
    corrections: tuple[Correction, ...] = ()
    """What people typed in; the classification holds it already."""
    returned: bool = False
    """A draft that is returned (trả lại), not a document refused (từ chối)."""
    confirmed: Confirmation | None = None
    """Who confirmed the refusal; None = no person did."""
    pictures: tuple[PlacePicture, ...] = ()
    """Of the places that its reasons speak of; none of restricted documents."""
    withdrawn: Withdrawal | None = None
    """Recalled, updated or replaced since: nothing more of it is forwarded."""


@dataclass(frozen=True, slots=True)
class RecallRequest:
    """What the letter says by which another office asks for a document back: a claim, a person decides."""

    kind: Withdrawal
    delivery: str
    """The sender's id of the delivery by which we got it."""
    sha256: str
    """Of its main file."""
    number: str = ""
    symbol: str = ""
    date: str = ""
    """ISO 8601."""
    reason: str = ""
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The message that tells the submitter (phiếu phản hồi)."""

    status: CodedStatus
    title: str
    text: str
    html: str
    machine: str
    """JSON with the coded status."""
    pdf: bytes | None = None
    """The same words typeset; None = it goes out without."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that a delivery carries; exactly one of `path` and `body` is set."""

    name: str
    sha256: str
    path: str | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to bring to one destination; the name is the same at every repeat."""

    id: str
    submission: str
    kind: DeliveryKind
    destination: Destination
    name: str
    """Deterministic folder or subject stem, safe on Windows, at most 120 characters."""
    created_at: datetime
    document: int | None = None
    """Index of the document within the submission; None = the whole submission."""
    subject: str = ""
    """What a mail's subject says; empty for a restricted document."""
    in_reply_to: str = ""
    """Message-ID of the mail that handed the submission in."""
    countersign: str = ""
    """What proves that a report is about this delivery; "" for one of before the office had a key."""

    @property
    def known_as(self) -> str:
        """The left half of its Message-ID, the same at every repeat: the id, and the countersign after a dot."""
        return f"{self.id}.{self.countersign}" if self.countersign else self.id


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, in the operator's words."""

    kind: OutcomeKind
    words: str = ""

    @classmethod
    def delivered(cls, words: str = "") -> "Outcome":
        """The destination has it."""
        return cls(OutcomeKind.DELIVERED, words)

    @classmethod
    def deferred(cls, words: str) -> "Outcome":
        """To be tried again."""
        return cls(OutcomeKind.DEFERRED, words)

    @classmethod
    def failed(cls, words: str) -> "Outcome":
        """Never to be tried again without a person."""
        return cls(OutcomeKind.FAILED, words)
