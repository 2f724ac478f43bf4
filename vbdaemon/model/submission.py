"""What was handed in: files, the envelope they came in, and the documents they make up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from vbdaemon.model.act import Correction, Waiver
from vbdaemon.model.content import Content


class Channel(StrEnum):
    """The way by which a submission came in."""

    FOLDER = "folder"
    """A shared folder."""
    IMAP = "imap"
    """A mailbox that we read."""
    SMTP = "smtp"
    """Our own mail listener."""
    INSPECT = "inspect"
    """`vbdaemon inspect`: judged, never registered or forwarded."""


class Purpose(StrEnum):
    """What a submission is handed in for."""

    EXCHANGE = "exchange"
    """To be registered and forwarded, or refused."""
    PREFLIGHT = "preflight"
    """To be checked before it is sent: answered with the check sheet, neither registered nor forwarded."""


class FileRole(StrEnum):
    """What a file is to its document."""

    MAIN = "main"
    """The official document itself."""
    ANNEX = "annex"
    """An annex (phụ lục, tài liệu kèm theo)."""
    EDITABLE = "editable"
    """The editable file (tệp soạn thảo, Word/Excel) of the main file."""
    DRAFT = "draft"
    """The draft that a Tờ trình carries."""
    BODY = "body"
    """The text of a mail: kept for people, not judged as a document."""
    SHEET = "sheet"
    """Another vbdaemon's own sheet about the document: kept, not judged as a document."""
    OTHER = "other"
    """Anything else that came along."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who handed in, when, by which source. Facts only: their meaning is looked up in the directory."""

    source: str
    """Name of the configured source."""
    channel: Channel
    received_at: datetime
    """Aware, UTC."""
    unit: str | None = None
    """Code of the unit that the source is bound to (folder), None when unbound."""
    account: str | None = None
    """Name of the authenticated account: a bound drop folder, or an SMTP login."""
    mail_from: str | None = None
    """SMTP envelope sender; "" is the null sender."""
    recipients: tuple[str, ...] = ()
    """SMTP envelope recipients."""
    purpose: Purpose = Purpose.EXCHANGE
    peer: str | None = None
    """IP address of the SMTP client; None for a local socket and for other channels."""
    sender_known_checks: bool = True
    """False when the checks of sender and account make no sense (inspect without --from)."""
    recipient_checks: bool = True
    """False when routing makes no sense (inspect without --to)."""


@dataclass(frozen=True, slots=True)
class File:
    """Stored bytes of a submission. The bytes at `path` are never rewritten."""

    name: str
    """As the sender named it; NFC; no path parts."""
    sha256: str
    size: int
    """Bytes."""
    media_type: str
    """By content (magic bytes), e.g. application/pdf."""
    path: Path
    """Where the bytes can be read during this call."""
    role: FileRole = FileRole.OTHER
    container: str | None = None
    """Name of the mail or archive that this file was unpacked from."""
    inline: bool = False
    """A small picture that the text of a mail shows (logo, handwritten name): kept, never read or judged."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file taken out of a mail or an archive by `unpack`."""

    name: str
    body: bytes
    role: FileRole = FileRole.OTHER
    inline: bool = False
    """As in File."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What another vbdaemon says of the files it sends: roles and hashes, never validity (`vbdaemon.json`)."""

    delivery: str
    """The sender's id of this delivery: our answer names it."""
    roles: tuple[tuple[str, str], ...] = ()
    """(SHA-256, role) of each file of the document."""
    sheets: tuple[str, ...] = ()
    """SHA-256 of the sender's own sheets that came along: no documents."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One act of handing in: a mail, or a dropped group of files."""

    id: str
    envelope: Envelope
    files: tuple[File, ...]
    waivers: tuple[Waiver, ...] = ()
    """What people released: exactly these findings on this evidence."""
    corrections: tuple[Correction, ...] = ()
    """What people typed in about its documents, the latest last."""
    manifest: Manifest | None = None
    """What another vbdaemon said of the files."""


@dataclass(frozen=True, slots=True)
class Document:
    """One official document (văn bản): main file, annexes, editable file, and the draft of a Tờ trình."""

    main: File
    annexes: tuple[File, ...] = ()
    editable: File | None = None
    draft: File | None = None
    others: tuple[File, ...] = ()
    contents: tuple[Content, ...] = ()
    """One for each file that was read, in the order of `files`."""
    first_page: int = 1
    """Page of the main file on which this document begins (several documents can share a file)."""
    last_page: int | None = None
    """Last page of this document in the main file; None = to the end."""

    @property
    def files(self) -> tuple[File, ...]:
        """Every file of the document, the main one first."""
        optional = tuple(f for f in (self.editable, self.draft) if f is not None)
        return (self.main, *self.annexes, *optional, *self.others)

    @property
    def content(self) -> Content | None:
        """What reading found in the main file."""
        return self.content_of(self.main)

    def content_of(self, file: File | None) -> Content | None:
        """What reading found in `file`; None when it is absent or was not read."""
        if file is None:
            return None
        return next((c for c in self.contents if c.file == file.sha256), None)
