"""Media types by content (magic bytes), the name only where bytes cannot tell; cheap to import."""

import re
import zipfile
from pathlib import Path

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
SEVEN_ZIP = "application/x-7z-compressed"
RAR = "application/vnd.rar"
TNEF = "application/vnd.ms-tnef"
CMS = "application/pkcs7-mime"
MAIL = "message/rfc822"
TEXT = "text/plain"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"

PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff"})
"""Kinds in which a photographed or scanned page can come."""
DOCUMENTS = frozenset({PDF, DOCX, XLSX, DOC, XLS, OLE, ZIP, SEVEN_ZIP, RAR})
"""What a report or status never is, whatever its parts are called."""

HEAD_BYTES = 4096
"""As many leading bytes as `media_type` makes use of."""

_MAGIC = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"\x1f\x8b", "application/gzip"),
)
_CMS = re.compile(
    rb"\x30(?:\x80|[\x00-\x7f]|\x81.|\x82..|\x83.{3}|\x84.{4})\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03\x06]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x09\x17])",
    re.DOTALL,
)
"""How signed, enveloped, encrypted, compressed and authenticated-enveloped data begin (RFC 5652)."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE_NAMES = {".doc": DOC, ".dot": DOC, ".xls": XLS, ".xlt": XLS}
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEADER = re.compile(rb"([!-9;-~]{1,60}):[ \t\r\n]")
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_MAIL_HEADERS = frozenset(
    b"received return-path from to cc date subject message-id mime-version content-type sender reply-to "
    b"delivered-to dkim-signature x-original-to authentication-results content-transfer-encoding".split()
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")


def media_type(head: bytes, name: str, path: Path | None = None) -> str:
    """Media type of a file that begins with `head`; `path` lets zips be told apart with certainty.

    Unknown bytes are application/octet-stream, none at all application/x-empty. Never raises.
    """
    if not head:
        return EMPTY
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _CMS.match(head):
        return CMS
    if head.startswith(_ZIP):
        return _zip_type(head, path)
    if head.startswith(_OLE):
        return _ole_type(head, name)
    if _is_mail(head, name):
        return MAIL
    # PDF readers accept junk before the header within the first 1024 bytes (PDF 32000-1 Annex H)
    if b"%PDF-" in head[:1024]:
        return PDF
    return _text_type(head, name)


def _zip_type(head: bytes, path: Path | None) -> str:
    names = _zip_names(path)
    if names is None:  # no directory at hand: the first local headers carry names in clear
        return DOCX if b"word/" in head else XLSX if b"xl/" in head else ZIP
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else ZIP


def _zip_names(path: Path | None) -> set[str] | None:
    if path is None:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError):
        return None


def _ole_type(head: bytes, name: str) -> str:
    # stream names are UTF-16; the directory need not lie in the head, then the name decides
    if "WordDocument".encode("utf-16-le") in head:
        return DOC
    if "Workbook".encode("utf-16-le") in head:
        return XLS
    return _OLE_NAMES.get(Path(name).suffix.lower(), OLE)


def _is_mail(head: bytes, name: str) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if start.startswith(b"From "):  # mbox separator line
        start = start.partition(b"\n")[2]
    named = name.lower().endswith(".eml")
    if not named and not _HEADER.match(start):
        return False
    block = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = [line for line in block.splitlines() if line and line[:1] not in b" \t"]
    known = sum(1 for line in lines if line.partition(b":")[0].strip().lower() in _MAIL_HEADERS)
    if named and _FIELD.match(start):  # before the known fields may stand pages of others
        return True
    return known >= 2  # noqa: PLR2004 - one alone may be a note


def _text_type(head: bytes, name: str) -> str:
    if head.startswith(_BOMS):
        return TEXT
    if head.translate(None, _CONTROLS) != head:
        return UNKNOWN
    lowered = head[:512].lstrip().lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if lowered.startswith(b"<?xml"):
        return "application/xml"
    return TEXT if _reads_as_utf8(head) or name.lower().endswith(".txt") else UNKNOWN


def _reads_as_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # a letter cut at the end of the head
    return True
