"""One file to Content, by its media type; never raises for what the file is."""

from pathlib import Path, PurePath

from vbdaemon.model import Content, ContentKind, Limits, Problem, ProblemKind
from vbdaemon.reading import media
from vbdaemon.reading.archive import ARCHIVES, entries
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.ocr import Recogniser
from vbdaemon.reading.tnef import tnef_parts

_KINDS = {
    media.PDF: ContentKind.PDF,
    media.DOCX: ContentKind.DOCX,
    media.XLSX: ContentKind.XLSX,
    media.DOC: ContentKind.DOC,
    media.XLS: ContentKind.XLS,
    media.TEXT: ContentKind.TEXT,
}
_OLE_KINDS = frozenset({media.OLE, media.DOC, media.XLS})
_CONTAINERS = ARCHIVES | {media.MAIL, media.TNEF}
_SIGNATURES = frozenset({".p7s", ".sig"})
"""Endings of signatures that lie beside what they sign."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Stream in which Office keeps a document with a password (MS-OFFCRYPTO 2.3.4.4)."""
_NAMED = {".pdf": ContentKind.PDF, ".docx": ContentKind.DOCX, ".xlsx": ContentKind.XLSX}


def read_file(path: Path, name: str, sha256: str, media_type: str, limits: Limits, ocr: Recogniser | None) -> Content:
    """What reading found in the file at `path`, whose bytes are of `media_type`.

    Containers that come here were not unpacked: the content says why. Other kinds are OTHER.
    """
    kind = _kind(media_type, name)
    content = guarded(lambda: _read(path, name, sha256, media_type, limits, ocr), "reading")
    if isinstance(content, Problem):
        return Content(sha256, kind, problems=(content,))
    return content


def _kind(media_type: str, name: str) -> ContentKind:
    """By content; only a file that is empty or nothing known goes by the name that it claims."""
    if media_type in {media.EMPTY, media.UNKNOWN, media.OLE}:
        return _NAMED.get(PurePath(name).suffix.lower(), ContentKind.OTHER)
    return _KINDS.get(media_type, ContentKind.OTHER)


def _read(path: Path, name: str, sha256: str, media_type: str, limits: Limits, ocr: Recogniser | None) -> Content:
    kind = _kind(media_type, name)
    size = path.stat().st_size
    if not path.is_file():
        return Content(sha256, kind, problems=(Problem(ProblemKind.DAMAGED, "not a file"),))
    if size == 0:
        return Content(sha256, kind, problems=(Problem(ProblemKind.EMPTY, "no bytes"),))
    if size > limits.file_bytes:
        words = f"{size} bytes, {limits.file_bytes} allowed"
        return Content(sha256, kind, problems=(Problem(ProblemKind.OVER_LIMIT, words),))
    if media_type == media.CMS and PurePath(name).suffix.lower() in _SIGNATURES:
        # one that is broken proves nothing, and hides nothing
        return Content(sha256, kind, problems=(Problem(ProblemKind.UNSUPPORTED, "signature, stored"),))
    return _parsed(path, sha256, media_type, kind, limits, ocr)


def _parsed(
    path: Path, sha256: str, media_type: str, kind: ContentKind, limits: Limits, ocr: Recogniser | None
) -> Content:
    # each parser costs tenths of a second to import, so only the one that is needed
    match media_type:
        case media.PDF:
            from vbdaemon.reading.pdf import read_pdf  # noqa: PLC0415 - see above

            return read_pdf(path, sha256, limits, ocr)
        case media.DOCX:
            from vbdaemon.reading.docx import read_docx  # noqa: PLC0415

            return read_docx(path, sha256, limits)
        case media.XLSX:
            from vbdaemon.reading.xlsx import read_xlsx  # noqa: PLC0415

            return read_xlsx(path, sha256, limits)
        case media.TEXT:
            from vbdaemon.reading.text import read_text  # noqa: PLC0415

            return read_text(path, sha256)
    if media_type in media.PICTURES:
        from vbdaemon.reading.photo import read_photo  # noqa: PLC0415

        return read_photo(path, sha256, limits, ocr)
    return Content(sha256, kind, problems=(_unread(path, media_type, kind, limits),))


def _unread(path: Path, media_type: str, kind: ContentKind, limits: Limits) -> Problem:
    """Why a file was not read."""
    if media_type in _CONTAINERS:
        # a sound container that nobody unpacked lies deeper than the limits allow
        return _closed(path, media_type, limits) or Problem(ProblemKind.OVER_LIMIT, "container was not unpacked")
    if media_type == media.CMS:
        content = signed_content(path.read_bytes())
        return content if isinstance(content, Problem) else Problem(ProblemKind.UNSUPPORTED, "signature, stored")
    if media_type in _OLE_KINDS and _LOCKED in path.read_bytes():
        return Problem(ProblemKind.ENCRYPTED, "opens with a password only")
    if media_type == media.UNKNOWN and kind is not ContentKind.OTHER:
        return Problem(ProblemKind.DAMAGED, f"named .{kind}, but the bytes are something else")
    return Problem(ProblemKind.UNSUPPORTED, f"{media_type} is stored, not read")


def _closed(path: Path, media_type: str, limits: Limits) -> Problem | None:
    """Why a container cannot be opened; None when it can."""
    found: object
    if media_type == media.MAIL:
        found = mail_parts(path.read_bytes(), limits)
    elif media_type == media.TNEF:
        found = tnef_parts(path.read_bytes(), limits)
    else:
        found = entries(path, limits, media_type)
    return found if isinstance(found, Problem) else None
