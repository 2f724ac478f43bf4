"""RAR and 7z archives through libarchive, within limits. The library parses hostile bytes: for workers only."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.reading.charset import guessed, mended
from vbdaemon.reading.edge import guarded

if TYPE_CHECKING:
    from libarchive.entry import ArchiveEntry  # type: ignore[import-untyped] # publishes no types

_CHUNK = 1 << 18
_LOCKED = re.compile(r"crypt|passphrase|password", re.IGNORECASE)
_HARMLESS_BYTES = 10_000_000


class ForeignEntry(NamedTuple):
    """One file as it is called inside the archive."""

    name: str
    body: bytes


class _TooLarge(Exception):
    """More came out than the limits allow."""


class _Locked(Exception):
    """Wants a password."""


def foreign_entries(path: Path, formats: tuple[str, ...], limits: Limits) -> tuple[ForeignEntry, ...] | Problem:
    """All files of an archive in the first of these formats that fits, or why it was left as it is."""
    return _first(lambda name: _opened([path], name, limits), formats)


def volume_entries(
    bodies: Sequence[bytes], formats: tuple[str, ...], limits: Limits
) -> tuple[ForeignEntry, ...] | Problem:
    """As `foreign_entries`, of an archive in several volumes; they are held in memory only (Linux)."""
    with contextlib.ExitStack() as stack:
        paths: list[Path] = []
        for body in bodies:
            volume = stack.enter_context(os.fdopen(os.memfd_create("volume"), "wb"))
            volume.write(body)
            volume.flush()
            paths.append(Path(f"/proc/self/fd/{volume.fileno()}"))
        return _first(lambda name: _opened(paths, name, limits), formats)


def _first(
    opened: Callable[[str], tuple[ForeignEntry, ...] | Problem], formats: tuple[str, ...]
) -> tuple[ForeignEntry, ...] | Problem:
    found: tuple[ForeignEntry, ...] | Problem = Problem(ProblemKind.DAMAGED, "no format")
    for name in formats:
        found = guarded(partial(opened, name), "archive")
        if not isinstance(found, Problem) or found.kind is not ProblemKind.DAMAGED:
            return found
    return found


def _opened(paths: Sequence[Path], name: str, limits: Limits) -> tuple[ForeignEntry, ...] | Problem:
    try:
        # loads a shared library
        from libarchive.exception import ArchiveError  # type: ignore[import-untyped] # noqa: PLC0415 - publishes no types

        from vbdaemon.reading.archive_volumes import is_locked, opened_archive  # noqa: PLC0415 - as above
    except (ImportError, OSError, TypeError, AttributeError):  # the library, or what it stands on, is missing
        return Problem(ProblemKind.DAMAGED, "this machine cannot open it: install libarchive13 and libarchive-c")
    packed = sum(path.stat().st_size for path in paths)
    try:
        with opened_archive(paths, name) as archive:
            return tuple(_entries(_unlocked(archive, is_locked), packed, limits))
    except _Locked:
        return Problem(ProblemKind.ENCRYPTED, "an entry of the archive has a password")
    except _TooLarge as error:
        return Problem(ProblemKind.OVER_LIMIT, str(error))
    except ArchiveError as error:
        if _LOCKED.search(str(error.msg)):
            return Problem(ProblemKind.ENCRYPTED, "the archive has a password")
        return Problem(ProblemKind.DAMAGED, f"archive refused with code {error.retcode}")


def _unlocked(
    archive: "Iterator[ArchiveEntry]", is_locked: "Callable[[ArchiveEntry], bool]"
) -> "Iterator[ArchiveEntry]":
    """The library may hand out encrypted bytes as if they were the file."""
    for entry in archive:
        if is_locked(entry):
            raise _Locked
        yield entry


def _entries(archive: "Iterator[ArchiveEntry]", packed: int, limits: Limits) -> Iterator[ForeignEntry]:
    left, count = limits.archive_bytes, 0
    most = max(_HARMLESS_BYTES, limits.archive_ratio * packed)
    for entry in archive:
        count += 1
        if count > limits.archive_files:
            raise _TooLarge(f"more than {limits.archive_files} entries")
        if entry.isdir or entry.issym or entry.islnk or entry.isdev:  # nothing that can be sent
            continue
        if (entry.size or 0) > min(left, limits.file_bytes):
            raise _TooLarge(f"unpacks to more than {limits.archive_bytes} bytes")
        body = _body(entry, min(left, limits.file_bytes))
        left -= len(body)
        if limits.archive_bytes - left > most:
            raise _TooLarge(f"unpacks to more than {limits.archive_ratio} times its size")
        yield ForeignEntry(_name(entry.pathname), body)


def _name(path: str | bytes | None) -> str:
    """The library gives bytes where it cannot tell the encoding."""
    if isinstance(path, bytes):
        return guessed(path, "cp437", candidates=("cp1258", "cp437", "cp1252"))
    return mended(path or "")


def _body(entry: "ArchiveEntry", most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in entry.get_blocks(_CHUNK):
        size += len(chunk)
        if size > most:
            raise _TooLarge("unpacks to more than it claims")
        parts.append(chunk)
    return b"".join(parts)
