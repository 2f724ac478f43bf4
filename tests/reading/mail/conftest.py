"""Writers of what cannot be had otherwise: TNEF, RAR, S/MIME, each from its published description."""

import struct
import zlib
from collections.abc import Callable, Sequence

import pytest

from vbdaemon.model import Limits

IMESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, identifier: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, identifier, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def padded(value: bytes) -> bytes:
    return value + b"\0" * (-len(value) % 4)


def prop(identifier: int, value: str | bytes | int, kind: int | None = None) -> bytes:
    """One MAPI property: text as Unicode, bytes as String8 or the kind that is named, numbers as Long."""
    if isinstance(value, int):
        return struct.pack("<HHI", 0x0003, identifier, value)
    raw = (value + "\0").encode("utf-16-le") if isinstance(value, str) else value
    chosen = kind or (0x001F if isinstance(value, str) else 0x001E)
    return struct.pack("<HHII", chosen, identifier, 1, len(raw)) + padded(raw)


def named_prop(name: str, value: str) -> bytes:
    """A property with a name instead of a number, as Outlook adds many."""
    raw, words = (value + "\0").encode("utf-16-le"), (name + "\0").encode("utf-16-le")
    head = struct.pack("<HH", 0x001F, 0x8001) + bytes(16) + struct.pack("<II", 1, len(words)) + padded(words)
    return head + struct.pack("<II", 1, len(raw)) + padded(raw)


def props(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


def tnef_file(title: bytes, body: bytes, *properties: bytes) -> bytes:
    made = attribute(2, 0x00069002, b"\x01\0" + b"\0" * 12) + attribute(2, 0x00018010, title + b"\0")
    made += attribute(2, 0x0006800F, body) if body else b""
    return made + (attribute(2, 0x00069005, props(*properties)) if properties else b"")


def tnef(*files: bytes, message: Sequence[bytes] = ()) -> bytes:
    head = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    return head + (attribute(1, 0x00069003, props(*message)) if message else b"") + b"".join(files)


def rar4(*files: tuple[str, bytes], locked: bool = False) -> bytes:
    """A stored RAR 4 archive."""
    made = b"Rar!\x1a\x07\x00" + _block4(0x73, 0, b"\0" * 6)
    return made + b"".join(_file4(name, body, locked=locked) for name, body in files) + _block4(0x7B, 0x4000, b"")


def rar4_volumes(name: str, pieces: Sequence[bytes]) -> list[bytes]:
    """One stored file over several volumes of RAR 4."""
    whole, made = b"".join(pieces), []
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        flags = (0 if number == 0 else 0x01) | (0 if last else 0x02)
        head = b"Rar!\x1a\x07\x00" + _block4(0x73, 0x0001 | 0x0010 | (0x0100 if number == 0 else 0), b"\0" * 6)
        check = zlib.crc32(whole if last else piece)
        made.append(
            head + _file4(name, piece, flags, len(whole), check) + _block4(0x7B, 0x4000 | (0 if last else 1), b"")
        )
    return made


def _block4(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def _file4(
    name: str, body: bytes, flags: int = 0, size: int | None = None, check: int | None = None, *, locked: bool = False
) -> bytes:
    raw = name.encode("utf-8")
    flags |= 0x8000 | (0x0004 if locked else 0) | (0 if name.isascii() else 0x0200)
    crc = zlib.crc32(body) if check is None else check
    whole = len(body) if size is None else size
    head = struct.pack("<IIBIIBBHI", len(body), whole, 2, crc, 0x5A210000, 20, 0x30, len(raw), 0x20) + raw
    return _block4(0x74, flags, head) + body


def rar5(*files: tuple[str, bytes]) -> bytes:
    """A stored RAR 5 archive."""
    made = b"Rar!\x1a\x07\x01\x00" + _block5(_vint(1) + _vint(0) + _vint(0))
    for name, body in files:
        raw = name.encode()
        head = _vint(2) + _vint(2) + _vint(len(body)) + _vint(4) + _vint(len(body)) + _vint(0o644)
        head += struct.pack("<I", zlib.crc32(body)) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
        made += _block5(head) + body
    return made + _block5(_vint(5) + _vint(0) + _vint(0))


def _vint(number: int) -> bytes:
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= 7
    return bytes([*made, number])


def _block5(head: bytes) -> bytes:
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def der(tag: int, *inside: bytes) -> bytes:
    body = b"".join(inside)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x84]) + size.to_bytes(4, "big")
    return bytes([tag]) + length + body


def endless(tag: int, *inside: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(inside) + b"\0\0"


OIDS = {"data": "2a864886f70d010701", "signed": "2a864886f70d010702", "enveloped": "2a864886f70d010703"}


def oid(name: str) -> bytes:
    return der(0x06, bytes.fromhex(OIDS[name]))


def signed(content: bytes | None, *, streamed: bool = False) -> bytes:
    """Signed data without a signer: the structure is what matters here."""
    if streamed:
        pieces = [der(0x04, content[at : at + 7]) for at in range(0, len(content), 7)]
        inside = endless(0x30, oid("data"), endless(0xA0, endless(0x24, *pieces)))
        return endless(
            0x30, oid("signed"), endless(0xA0, endless(0x30, der(0x02, b"\1"), der(0x31), inside, der(0x31)))
        )
    carried = (der(0xA0, der(0x04, content)),) if content is not None else ()
    inside = der(0x30, oid("data"), *carried)
    return der(0x30, oid("signed"), der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31), inside, der(0x31))))


@pytest.fixture(scope="session")
def write_tnef() -> Callable[..., bytes]:
    return tnef


@pytest.fixture(scope="session")
def write() -> dict[str, Callable[..., bytes]]:
    """Every writer by its name."""
    writers = (attribute, prop, named_prop, props, tnef_file, tnef, rar4, rar4_volumes, rar5, der, oid, signed)
    return {each.__name__: each for each in writers}


@pytest.fixture(scope="session")
def imessage() -> bytes:
    """Identifier of the interface by which an embedded message begins."""
    return IMESSAGE


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits()
