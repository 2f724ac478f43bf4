"""Values for tests of plugins, and of vbdaemon itself: each call makes one, with what matters to the test said.

Heavy libraries are loaded only by the call that needs them.
"""

import hashlib
import mimetypes
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from vbdaemon.model import (
    Box,
    Channel,
    Classification,
    Content,
    ContentKind,
    Directory,
    Document,
    Envelope,
    Evidence,
    File,
    FileRole,
    Found,
    Line,
    NumberState,
    Page,
    Position,
    Revocation,
    SignatureArea,
    SignatureReport,
    SignatureStatus,
    Signer,
    SignerRole,
    Snapshot,
    Submission,
    TextSource,
    TimeSource,
    TransmissionForm,
    Unit,
)
from vbdaemon.trial import demo_pki as demo_pki  # noqa: PLC0414 - for those who import it from here
from vbdaemon.trial import make_registry as make_registry  # noqa: PLC0414 - as above

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Noon in Viet Nam on a Monday: when things happen in tests, unless they say otherwise."""
TODAY = date(2026, 3, 2)
A4 = (595.28, 841.89)
_OFFICE_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".eml": "message/rfc822",
}
T = TypeVar("T")


class FrozenClock:
    """A clock that stands still until it is moved; call it for the present moment (aware, UTC)."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The present moment."""
        return self.now

    def advance(self, **passed: float) -> datetime:
        """Move on by what `timedelta` takes (seconds=, minutes=, days=…); the answer is the new present."""
        self.now += timedelta(**passed)
        return self.now


def found(
    value: T, *, source: TextSource = TextSource.TEXT, confidence: float = 1.0, words: str | None = None
) -> Found[T]:
    """The value as a classifier gives it, with its evidence on page 1."""
    return Found(value, confidence, source, Evidence(words if words is not None else str(value), page=1))


def make_file(
    name: str = "cong-van.pdf",
    body: bytes = b"%PDF-1.7\n%%EOF\n",
    *,
    folder: Path | None = None,
    role: FileRole = FileRole.MAIN,
    media_type: str | None = None,
) -> File:
    """A file; with `folder` its bytes are written there, without it only its name, size and hash are real."""
    path = (folder or Path()) / name
    if folder is not None:
        path.write_bytes(body)
    suffix = Path(name).suffix.lower()
    guessed = media_type or _OFFICE_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(name, hashlib.sha256(body).hexdigest(), len(body), guessed, path, role)


def make_content(file: File, *lines: str | Line, kind: ContentKind = ContentKind.PDF, **changes: Any) -> Content:
    """What reading found in `file`: these lines, from top to bottom on one A4 page."""
    made = tuple(line if isinstance(line, Line) else _line(line, row) for row, line in enumerate(lines))
    return replace(Content(file=file.sha256, kind=kind, pages=(Page(1, *A4, lines=made),), page_count=1), **changes)


def make_document(
    main: File | None = None,
    *,
    annexes: Iterable[File] = (),
    editable: File | None = None,
    draft: File | None = None,
    contents: Iterable[Content] = (),
) -> Document:
    """A document of one main file, and whatever else is named."""
    return Document(main or make_file(), tuple(annexes), editable, draft, contents=tuple(contents))


def make_submission(
    *files: File,
    id: str = "20260302-0001",  # noqa: A002 - the value's own word
    source: str = "phong-noi-vu/gui",
    channel: Channel = Channel.FOLDER,
    received_at: datetime = NOON,
    **envelope: Any,
) -> Submission:
    """A submission of these files (one, when none is named); further words are fields of its Envelope."""
    return Submission(id, Envelope(source, channel, received_at, **envelope), files or (make_file(),))


def make_classification(
    form: str | None = "cong-van",
    *,
    form_name: str | None = "Công văn",
    number: str | None = "15",
    symbol: str | None = "PNV-TCCC",
    issued_on: date | None = TODAY,
    issuer: str | None = "Phòng Nội vụ",
    subject: str | None = "rà soát đội ngũ cán bộ, công chức cấp xã",
    signer: Signer | None = Signer(None, "TRƯỞNG PHÒNG", "Trần Thị Hoài Thu"),  # noqa: B008 - a frozen value
    addressees: Iterable[str] = ("Ủy ban nhân dân huyện Sông Lam",),
    recipients: Iterable[str] = ("Như trên", "Lưu: VT"),
    source: TextSource = TextSource.TEXT,
    confidence: float = 1.0,
    **changes: Any,
) -> Classification:
    """A công văn as the classifier describes it; further words are fields of Classification, as they stand."""

    def value(known: T | None) -> Found[T] | None:
        return None if known is None else found(known, source=source, confidence=confidence)

    made = Classification(
        form=value(form),
        form_name=form_name,
        number=value(number),
        number_state=NumberState.READ if number else NumberState.BLANK,
        symbol=value(symbol),
        issued_on=value(issued_on),
        issuer=value(issuer),
        subject=value(subject),
        signer=value(signer),
        addressees=tuple(found(words, source=source, confidence=confidence) for words in addressees),
        recipients=tuple(found(words, source=source, confidence=confidence) for words in recipients),
        transmission=TransmissionForm.ELECTRONIC,
    )
    return replace(made, **changes)


def make_signature(
    file: File | None = None,
    *,
    role: SignerRole = SignerRole.ORGANISATION,
    status: SignatureStatus = SignatureStatus.PASSED,
    signer: str = "Phòng Nội vụ huyện Sông Lam",
    **changes: Any,
) -> SignatureReport:
    """A signature that passed every check, at the signature block; further words change its fields."""
    signed = file or make_file()
    made = SignatureReport(
        file=signed.sha256,
        file_name=signed.name,
        field="CoQuan",
        status=status,
        intact=True,
        trusted=True,
        role=role,
        signer=signer,
        certificate=hashlib.sha256(signer.encode()).hexdigest(),
        signed_at=NOON - timedelta(hours=1),
        time_source=TimeSource.TIMESTAMP,
        covers_whole_file=True,
        altered_after=False,
        digest="sha256",
        revocation=Revocation.GOOD,
        position=Position(1, SignatureArea.SIGNATURE_BLOCK, Box(340, 620, 440, 700)),
        chain=("Root CA", "CA G2", signer),
    )
    return replace(made, **changes)


def make_unit(code: str = "H40.15.01", name: str = "Phòng Nội vụ huyện Sông Lam", **fields: Any) -> Unit:
    """A unit that this office serves, of the group "huyen"; further words are fields of Unit."""
    return Unit(code, name, **{"groups": ("huyen",), "served": True, **fields})


def make_snapshot(*units: Unit, **changes: Any) -> Snapshot:
    """The rules that vbdaemon comes with, a directory of these units; further words are fields of Snapshot."""
    from vbdaemon.snapshot import default_snapshot  # noqa: PLC0415 - reads rule files, which light tests do not need

    return replace(default_snapshot(), **{"version": "test", "directory": Directory(units), **changes})


def demo_pdf(**fields: Any) -> bytes:
    """A typeset PDF of a công văn as real offices write them, not signed; words are fields of DemoDocument."""
    from vbdaemon.demo.document import DemoDocument  # noqa: PLC0415 - typst is loaded by this call alone
    from vbdaemon.demo.typesetting import typeset  # noqa: PLC0415 - as above

    written: dict[str, Any] = {
        "parent": "ỦY BAN NHÂN DÂN\nHUYỆN SÔNG LAM",
        "issuer": "PHÒNG NỘI VỤ",
        "number": "15",
        "symbol": "PNV-TCCC",
        "place": "Sông Lam",
        "issued_on": TODAY,
        "subject": "rà soát đội ngũ cán bộ, công chức cấp xã",
        "addressees": ("Ủy ban nhân dân huyện Sông Lam",),
        "paragraphs": ("Phòng Nội vụ báo cáo kết quả rà soát đội ngũ cán bộ, công chức cấp xã./.",),
        "title": "TRƯỞNG PHÒNG",
        "signer": "Trần Thị Hoài Thu",
        "recipients": ("Như trên", "Lưu: VT"),
    }
    return typeset(DemoDocument(**{**written, **fields})).pdf


def sample_papers(folder: Path) -> list[Path]:
    """Two small submissions written into `folder`: a công văn as PDF, and a ZIP with a Giấy mời and a text file."""
    letter, packed = folder / "15-PNV-TCCC.pdf", folder / "giay-moi.zip"
    letter.write_bytes(demo_pdf())
    invitation = demo_pdf(number="16", symbol="GM-PNV", form_name="GIẤY MỜI", subject="Họp giao ban tháng 3 năm 2026")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("16-GM-PNV.pdf", invitation)
        archive.writestr("ghi-chu.txt", "Kính gửi văn thư: xin chuyển sớm.\n")
    return [letter, packed]


def _line(words: str, row: int) -> Line:
    top = 60.0 + row * 20
    return Line(words, Box(85, top, 85 + 6.5 * len(words), top + 14), size=14.0)
