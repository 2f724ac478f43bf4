"""Is a quiet file complete? Answered from its content, because a stable size proves nothing.

Samba and Windows Explorer reserve the full size before the first byte: a file can have its final size, and
stand still, while most of it is zeros.
"""

import os
import re
import struct
from enum import StrEnum

HEAD = 1024
"""A PDF's header stands in the first 1024 bytes."""
TAIL = 4096
"""startxref, its offset and %%EOF with some blank lines; real files need some 40 bytes."""
ZIP_TAIL = 22 + 0xFFFF
"""A zip's end record with the longest comment."""
SCAN = 8 << 20
"""Searched for /ByteRange: so much at each end of a file, so files up to twice this size are searched whole.

A signature is written as an incremental update, so the last one's dictionary stands behind the end of the
revision before it, with a /Contents of some 100 KB and a picture of the seal; a file signed as it was made is
small or has the dictionary near its end. What lies in the middle of a huge scan is pages.
"""
CHUNK = 1 << 20
OVERLAP = 256
BLANKS = b"\t\n\x0c\r "
"""PDF's white space without NUL: a reserved tail of zeros is not white space."""

_start_of_xref = re.compile(rb"startxref\s{1,8}(\d{1,12})\s")
_byte_range = re.compile(rb"/ByteRange\s{0,16}\[\s{0,16}\d{1,12}\s{1,16}\d{1,12}\s{1,16}(\d{1,12})\s{1,16}(\d{1,12})")
_linear_length = re.compile(rb"/L\s{1,8}(\d{1,12})\b")


class Shortfall(StrEnum):
    """What an unfinished file lacks."""

    EMPTY = "empty"
    """It has no bytes yet."""
    HEAD_MISSING = "head-missing"
    """It begins with zeros: the size is reserved, the bytes are still to come."""
    END_MISSING = "end-missing"
    """Its format's end mark is not where it must be."""
    POINTS_BEYOND = "points-beyond"
    """It points at bytes (cross-reference, signed range, central directory) that it does not have yet."""


def shortfall(fd: int) -> Shortfall | None:
    """What the open file still lacks; None when nothing shows that it is unfinished.

    Reads with pread: head, tail and, for a PDF, up to twice SCAN. OSError when it cannot be read.
    """
    size = os.fstat(fd).st_size
    if size == 0:
        return Shortfall.EMPTY
    head = os.pread(fd, HEAD, 0)
    if not head.strip(b"\0"):
        return Shortfall.HEAD_MISSING
    if b"%PDF-" in head:
        return _pdf(fd, size, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(fd, size)
    return None


def _pdf(fd: int, size: int, head: bytes) -> Shortfall | None:
    tail = os.pread(fd, TAIL, max(0, size - TAIL)).rstrip(BLANKS)
    if not tail.endswith(b"%%EOF"):
        return Shortfall.END_MISSING
    starts = _start_of_xref.findall(tail)
    if not starts:
        return Shortfall.END_MISSING
    start = int(starts[-1])
    if start >= size or not os.pread(fd, 16, start).strip(b"\0"):
        return Shortfall.POINTS_BEYOND
    length = _linear_length.search(head) if b"/Linearized" in head else None
    if length is not None and int(length[1]) > size:
        return Shortfall.POINTS_BEYOND
    return Shortfall.POINTS_BEYOND if _signed_range_end(fd, size) > size else None


def _signed_range_end(fd: int, size: int) -> int:
    """The furthest byte that a signature says it covers; 0 without signatures."""
    spans = ((0, size),) if size <= 2 * SCAN else ((0, SCAN), (size - SCAN, size))
    return max(_range_end_in(fd, begin, end) for begin, end in spans)


def _range_end_in(fd: int, begin: int, end: int) -> int:
    furthest = 0
    for offset in range(begin, end, CHUNK):
        chunk = os.pread(fd, min(CHUNK + OVERLAP, end - offset), offset)
        if b"/ByteRange" in chunk:
            furthest = max([furthest, *(int(third) + int(fourth) for third, fourth in _byte_range.findall(chunk))])
    return furthest


def _zip(fd: int, size: int) -> Shortfall | None:
    tail = os.pread(fd, ZIP_TAIL, max(0, size - ZIP_TAIL))
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:  # noqa: PLR2004 - the fixed part of the record
        return Shortfall.END_MISSING
    entries, length, offset, comment = struct.unpack_from("<HLLH", tail, at + 10)
    record = max(0, size - ZIP_TAIL) + at
    if record + 22 + comment != size:
        return Shortfall.END_MISSING
    if offset == 0xFFFFFFFF or entries == 0xFFFF:  # noqa: PLR2004 - zip64 keeps the true numbers in a record of its own
        return None if b"PK\x06\x07" in tail[:at] else Shortfall.END_MISSING
    if offset + length > record:
        return Shortfall.POINTS_BEYOND
    if entries and os.pread(fd, 4, record - length) != b"PK\x01\x02":
        return Shortfall.POINTS_BEYOND
    return None
