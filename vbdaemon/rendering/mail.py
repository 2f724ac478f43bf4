"""The bytes of a mail: the same delivery, files and snapshot give the same bytes, so that a repeat is recognisable.

7-bit throughout, every part in base64, lines end in CRLF: no server on the way has a reason to change anything.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

from vbdaemon.errors import ConfigurationError, SpoolDamaged
from vbdaemon.model import Delivery, DeliveryKind, OutgoingFile, Smarthost, Snapshot
from vbdaemon.rendering.mail_address import wire_address
from vbdaemon.rendering.mail_header import (
    EOL,
    address_field,
    attachment_fields,
    date_field,
    reference_fields,
    text_field,
)
from vbdaemon.rendering.mail_subject import mail_subject
from vbdaemon.rendering.names import unique_names

COVER_NAME = "thu.txt"
"""Our own file of a forwarded document that is the mail's text, not an attachment."""
DELIVERY_FIELD = "X-vbdaemon-delivery"
REPORT_TYPE = "vbdaemon-status"
"""Of the report (RFC 6522) that a notice or digest is."""
_LINE = 57
"""Bytes that one line of base64 carries."""
_AT_ONCE = _LINE * 16_384
_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
"""By ending, and the same on every machine; a mail inside a mail is bytes, or a server might take it apart."""


def compose(delivery: Delivery, files: tuple[OutgoingFile, ...], snapshot: Snapshot) -> Iterator[bytes]:
    """The mail piece by piece. SpoolDamaged when a file is not what was stored; the pieces before it are then void.

    A forwarded document: text for people, every file, the sheet, `vbdaemon.json`. A notice or digest: a report
    (RFC 6522) of text, the same as HTML and as PDF where there is one, and the machine part with the coded status.
    """
    smarthost = snapshot.mail.smarthost
    if smarthost is None:
        raise ConfigurationError("no [smarthost] is configured: no mail leaves")
    own = {PurePath(file.name).suffix: file.body for file in files if file.body is not None}
    machine = own.get(".json") or b"{}"
    head = _head(delivery, mail_subject(delivery, machine, snapshot.office.name), smarthost, snapshot.office.name)
    yield head.encode()  # beyond ASCII only where an address is: then the server has agreed to that
    if delivery.kind is DeliveryKind.FORWARD:
        yield from _forward(delivery, files)
    else:
        yield from _report(delivery, files)


def _head(delivery: Delivery, subject: str, smarthost: Smarthost, office: str) -> str:
    answers = delivery.kind is not DeliveryKind.FORWARD
    fields = [
        date_field(delivery.created_at),
        address_field("From", office, wire_address(smarthost.sender)),
        address_field("To", "", wire_address(delivery.destination.address)),
        text_field("Subject", subject),
        f"Message-ID: <{delivery.known_as}@{smarthost.hostname}>{EOL}",
        reference_fields(delivery.in_reply_to),
        f"Auto-Submitted: {'auto-replied' if answers else 'auto-generated'}{EOL}",
        # No Precedence: the null sender and these two keep machines from answering; "bulk" only looks like spam.
        f"X-Auto-Response-Suppress: {'All' if answers else 'OOF, AutoReply'}{EOL}",
        f"{DELIVERY_FIELD}: {delivery.id}{EOL}",
        f"MIME-Version: 1.0{EOL}",
    ]
    return "".join(fields)


def _forward(delivery: Delivery, files: tuple[OutgoingFile, ...]) -> Iterator[bytes]:
    cover = next((file.body for file in files if file.name == COVER_NAME and file.body is not None), b"")
    attached = [file for file in files if file.body is None or file.name != COVER_NAME]
    mark = _boundary(delivery, "f")
    yield _ascii(f'Content-Type: multipart/mixed;{EOL} boundary="{mark}"{EOL}{EOL}')
    yield from _text(mark, "plain", cover)
    for file, name in _named(attached):
        yield from _attachment(mark, file, name)
    yield _ascii(f"--{mark}--{EOL}")


def _report(delivery: Delivery, files: tuple[OutgoingFile, ...]) -> Iterator[bytes]:
    mark, inner = _boundary(delivery, "r"), _boundary(delivery, "t")
    texts = {kind: _own(files, ending) for kind, ending in (("plain", ".txt"), ("html", ".html"))}
    shown = [file for file in texts.values() if file is not None]
    yield _ascii(f'Content-Type: multipart/report; report-type={REPORT_TYPE};{EOL} boundary="{mark}"{EOL}{EOL}')
    machine, paper = _own(files, ".json"), _own(files, ".pdf")
    outer = _boundary(delivery, "m") if paper else mark
    if paper:  # a report's second part is the machine's (RFC 6522 §3): what people read is one part, PDF and all
        yield _ascii(f'--{mark}{EOL}Content-Type: multipart/mixed;{EOL} boundary="{outer}"{EOL}{EOL}')
    yield _ascii(f'--{outer}{EOL}Content-Type: multipart/alternative;{EOL} boundary="{inner}"{EOL}{EOL}')
    for kind, file in texts.items():
        if file is not None:
            yield from _text(inner, kind, file.body or b"")
    yield _ascii(f"--{inner}--{EOL}")
    if paper:
        yield from _attachment(outer, paper, paper.name)
        yield _ascii(f"--{outer}--{EOL}")
    rest = [file for file in files if file not in (*shown, machine, paper)]
    for file, name in _named([*([machine] if machine else []), *rest]):
        yield from _attachment(mark, file, name)
    yield _ascii(f"--{mark}--{EOL}")


def _own(files: Iterable[OutgoingFile], ending: str) -> OutgoingFile | None:
    return next((file for file in files if file.body is not None and file.name.endswith(ending)), None)


def _named(files: list[OutgoingFile]) -> list[tuple[OutgoingFile, str]]:
    """Safe, different names; our own files keep theirs, senders' step aside."""
    ours_first = sorted(files, key=lambda file: file.body is None)
    names = {id(file): name for file, name in zip(ours_first, unique_names(f.name for f in ours_first), strict=True)}
    return [(file, names[id(file)]) for file in files]


def _text(mark: str, kind: str, body: bytes) -> Iterator[bytes]:
    yield _ascii(
        f"--{mark}{EOL}Content-Type: text/{kind}; charset=utf-8{EOL}Content-Transfer-Encoding: base64{EOL}{EOL}"
    )
    if kind == "plain":  # text lines end in CRLF before they are encoded (RFC 2045 §6.8)
        body = b"\r\n".join(body.splitlines()) + b"\r\n"
    yield from _base64(BytesIO(body))


def _attachment(mark: str, file: OutgoingFile, name: str) -> Iterator[bytes]:
    media_type = _TYPES.get(PurePath(name).suffix.lower().removeprefix("."), "application/octet-stream")
    fields = attachment_fields(media_type, name)
    yield _ascii(f"--{mark}{EOL}{fields}Content-Transfer-Encoding: base64{EOL}{EOL}")
    digest = hashlib.sha256()
    with _opened(file) as source:
        yield from _base64(source, digest)
    if digest.hexdigest() != file.sha256:
        raise SpoolDamaged(f"file {file.sha256[:12]} in the spool is not what was stored; restore it from a backup")


def _base64(source: BinaryIO, digest: "hashlib._Hash | None" = None) -> Iterator[bytes]:
    while piece := source.read(_AT_ONCE):
        if digest is not None:
            digest.update(piece)
        lines = (b64encode(piece[at : at + _LINE]) for at in range(0, len(piece), _LINE))
        yield b"\r\n".join(lines) + b"\r\n"


def _opened(file: OutgoingFile) -> BinaryIO:
    if file.body is not None:
        return BytesIO(file.body)
    try:
        return Path(file.path or "").open("rb")
    except OSError as error:
        words = f"file {file.sha256[:12]} in the spool cannot be read: {error.strerror}; restore it from a backup"
        raise SpoolDamaged(words) from error


def _boundary(delivery: Delivery, part: str) -> str:
    """Base64 has no "_": no content can look like it."""
    return f"_{part}_{hashlib.sha256(delivery.id.encode()).hexdigest()[:32]}"


def _ascii(text: str) -> bytes:
    return text.encode("ascii")
