"""Zip archives within limits: claimed sizes are checked before anything is unpacked, real ones while unpacking."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.reading.name import clean_name

_HARMLESS_BYTES = 10_000_000
"""Unpacked sizes below this are no bomb whatever their ratio: office XML packs very well."""
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_CHUNK = 1 << 20
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,  # zipfile says so of an entry that wants a password
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, unpacked."""

    name: str
    body: bytes


def archive_problem(path: Path, limits: Limits) -> Problem | None:
    """Why this zip may not be unpacked, by its directory alone; None when nothing speaks against it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _directory_problem(archive.infolist(), limits)
    except _UNREADABLE as error:
        return Problem(ProblemKind.DAMAGED, f"zip directory: {type(error).__name__}")


def entries(path: Path, limits: Limits) -> tuple[Entry, ...] | Problem:
    """All files of a zip, or why it was left as it is. Folders and the metadata of macOS are left out."""
    problem = archive_problem(path, limits)
    if problem is not None:
        return problem
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_unpacked(archive, limits))
    except _TooLarge:
        return Problem(ProblemKind.OVER_LIMIT, "unpacks to more than it claims")
    except _UNREADABLE as error:
        return Problem(ProblemKind.DAMAGED, f"zip entry: {type(error).__name__}")


class _TooLarge(Exception):
    """More bytes came out than the limits allow."""


def _directory_problem(infos: list[zipfile.ZipInfo], limits: Limits) -> Problem | None:
    if len(infos) > limits.archive_files:
        return Problem(ProblemKind.OVER_LIMIT, f"{len(infos)} entries, {limits.archive_files} allowed")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        return Problem(ProblemKind.ENCRYPTED, "an entry of the zip has a password")
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > limits.archive_bytes:
        return Problem(ProblemKind.OVER_LIMIT, f"unpacks to {unpacked} bytes, {limits.archive_bytes} allowed")
    if unpacked > _HARMLESS_BYTES and unpacked > limits.archive_ratio * max(packed, 1):
        return Problem(ProblemKind.OVER_LIMIT, f"unpacks to more than {limits.archive_ratio} times its size")
    return None


def _unpacked(archive: zipfile.ZipFile, limits: Limits) -> Iterator[Entry]:
    left = limits.archive_bytes
    for number, info in enumerate(archive.infolist(), 1):
        name = _name(info)
        if info.is_dir() or _is_metadata(name):
            continue
        body = _body(archive, info, min(left, limits.file_bytes))
        left -= len(body)
        yield Entry(clean_name(name, body, number), body)


def _body(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry; the claimed size is not trusted."""
    parts, size = [], 0
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise _TooLarge
            parts.append(chunk)
    return b"".join(parts)


def _is_metadata(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _name(info: zipfile.ZipInfo) -> str:
    """An entry's name: UTF-8 where flagged; otherwise what Vietnamese Windows programs write.

    APPNOTE 4.4.4 says code page 437 without the flag, but most packers store the system's bytes.
    """
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        stored = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp1258"):
        try:
            return stored.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename
