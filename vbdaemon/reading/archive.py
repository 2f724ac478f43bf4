"""Archives within limits: claimed sizes are checked before anything is unpacked, real ones while unpacking."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.reading.archive_foreign import ForeignEntry, foreign_entries, volume_entries
from vbdaemon.reading.archive_name import entry_name
from vbdaemon.reading.media import RAR, SEVEN_ZIP, ZIP
from vbdaemon.reading.name import clean_name

_HARMLESS_BYTES = 10_000_000
"""Unpacked sizes below this are no bomb whatever their ratio: office XML packs very well."""
_ENCRYPTED = 0x1
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


_FOREIGN = {RAR: ("rar5", "rar"), SEVEN_ZIP: ("7zip",)}
"""Formats of libarchive by media type."""
ARCHIVES = frozenset({ZIP, *_FOREIGN})
"""Media types that `entries` opens."""
_END = b"PK\x05\x06"
_END_BYTES = 65_557
"""The record at the end of a zip and its longest comment (APPNOTE 4.3.16)."""
_DIRECTORY_BYTES = 2_000
"""Of the directory for each file that the limits allow: names, extra fields, comments."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, unpacked."""

    name: str
    body: bytes


def archive_problem(path: Path, limits: Limits) -> Problem | None:
    """Why this zip may not be unpacked, by its directory alone; None when nothing speaks against it."""
    try:
        if _directory_bytes(path) > _DIRECTORY_BYTES * max(limits.archive_files, 1):
            # the library would read millions of entries before anybody could count them
            return Problem(ProblemKind.OVER_LIMIT, f"more than the {limits.archive_files} entries allowed")
        with zipfile.ZipFile(path) as archive:
            return _directory_problem(archive.infolist(), limits)
    except _UNREADABLE as error:
        return Problem(ProblemKind.DAMAGED, f"zip directory: {type(error).__name__}")


def entries(path: Path, limits: Limits, media_type: str = ZIP) -> tuple[Entry, ...] | Problem:
    """All files of an archive, or why it was left as it is. Folders and the metadata of macOS are left out."""
    if media_type in _FOREIGN:
        found = _cleaned(foreign_entries(path, _FOREIGN[media_type], limits))
    else:
        found = archive_problem(path, limits) or _zip_entries(path, limits)
    # what was cut off between two files looks like an archive that ends there
    return found or Problem(ProblemKind.DAMAGED, "no file is inside")


def _zip_entries(path: Path, limits: Limits) -> tuple[Entry, ...] | Problem:
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_unpacked(archive, limits))
    except NotImplementedError:  # LZMA, PPMd and the like: another library may know them
        return _cleaned(foreign_entries(path, ("zip",), limits))
    except _TooLarge:
        return Problem(ProblemKind.OVER_LIMIT, "unpacks to more than it claims")
    except _UNREADABLE as error:
        return Problem(ProblemKind.DAMAGED, f"zip entry: {type(error).__name__}")


def entries_of_volumes(bodies: Sequence[bytes], limits: Limits) -> tuple[Entry, ...] | Problem:
    """All files of a RAR archive that lies in several volumes, or why it was left as it is."""
    return _cleaned(volume_entries(bodies, _FOREIGN[RAR], limits))


def _cleaned(found: tuple[ForeignEntry, ...] | Problem) -> tuple[Entry, ...] | Problem:
    if isinstance(found, Problem):
        return found
    kept = (each for each in found if not _is_metadata(each.name.replace("\\", "/")))
    return tuple(Entry(clean_name(each.name, each.body, n), each.body) for n, each in enumerate(kept, 1))


def _directory_bytes(path: Path) -> int:
    """Size of a zip's directory as its end says; 0 where there is no end."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _END_BYTES))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or at + 16 > len(tail):
        return 0
    (size,) = struct.unpack_from("<I", tail, at + 12)
    return int(size)


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
        name = entry_name(info)
        if info.is_dir() or name.endswith("/") or _is_link(info) or _is_metadata(name):
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


def _is_link(info: zipfile.ZipInfo) -> bool:
    """True for a symbolic link of a Unix packer: its bytes are only where it points."""
    return stat.S_ISLNK(info.external_attr >> 16)


def _is_metadata(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"
