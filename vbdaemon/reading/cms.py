"""Cryptographic Message Syntax (RFC 5652), only so far: what is inside, and is it encrypted. Verifies nothing."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.model import Problem, ProblemKind
from vbdaemon.reading.media import CMS, HEAD_BYTES, media_type
from vbdaemon.reading.transfer import from_base64

_PEM = re.compile(rb"\A\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----(.*?)-----END ", re.DOTALL)
_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_SEQUENCE, _OID, _OCTETS, _OCTETS_BUILT, _CONTENT, _SET = 0x30, 0x06, 0x04, 0x24, 0xA0, 0x31
_MOST_DEPTH = 16
_MOST_PIECES = 200_000
"""Pieces of a streamed octet string; programs write 1 to 4 KB each."""


class _Broken(ValueError):
    """No such structure."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One tag-length-value (X.690), by offsets."""

    tag: int
    start: int
    end: int
    """Of the content; for an indefinite length the end of what surrounds it."""
    endless: bool


def signed_content(raw: bytes) -> bytes | Problem | None:
    """What a signed-data carries inside; None when the signature is detached, or why it stays closed."""
    packed = _der(raw)
    try:
        oid, inside = _content_info(packed)
        if oid == _COMPRESSED:
            return Problem(ProblemKind.DAMAGED, "compressed message, not unpacked")
        if oid != _SIGNED:
            return Problem(ProblemKind.ENCRYPTED, "encrypted to a certificate")
        return _encapsulated(packed, inside)
    except _Broken as error:
        return Problem(ProblemKind.DAMAGED, f"CMS structure: {error}")


def _der(raw: bytes) -> bytes:
    pem = _PEM.match(raw)
    if pem:
        return from_base64(pem[1])
    if media_type(raw[:HEAD_BYTES], "") != CMS and raw[:4].isalnum():  # the transfer encoding was not declared
        try:
            return binascii.a2b_base64(raw)
        except binascii.Error:
            return raw
    return raw


def _content_info(raw: bytes) -> tuple[bytes, _Piece]:
    """Type and content of a ContentInfo, or of the EncapsulatedContentInfo that is built alike."""
    outer = _piece(raw, 0, len(raw))
    return _typed(raw, outer)


def _typed(raw: bytes, outer: _Piece) -> tuple[bytes, _Piece]:
    pieces = _inside(raw, outer)
    oid = next(pieces, None)
    if outer.tag != _SEQUENCE or oid is None or oid.tag != _OID:
        raise _Broken("no content type")
    content = next(pieces, None)
    if content is None or content.tag != _CONTENT:
        return raw[oid.start : oid.end], _Piece(0, 0, 0, endless=False)
    return raw[oid.start : oid.end], content


def _encapsulated(raw: bytes, inside: _Piece) -> bytes | None:
    """The content of SignedData: version, digest algorithms, then the encapsulated content."""
    if not inside.tag:
        raise _Broken("nothing inside")
    signed = next(_inside(raw, inside), None)
    if signed is None or signed.tag != _SEQUENCE:
        raise _Broken("no signed data")
    for piece in _inside(raw, signed):
        if piece.tag == _SEQUENCE:
            _, content = _typed(raw, piece)
            return b"".join(_octets(raw, content)) if content.tag else None
        if piece.tag == _SET and piece.endless:
            _end(raw, piece)
    raise _Broken("no content")


def _octets(raw: bytes, content: _Piece) -> Iterator[bytes]:
    """Octet strings, also those that streaming programs cut into pieces."""
    waiting = [_inside(raw, content)]
    count = 0
    while waiting:
        piece = next(waiting[-1], None)
        count += 1
        if piece is None:
            waiting.pop()
        elif count > _MOST_PIECES or len(waiting) > _MOST_DEPTH:
            raise _Broken("too many pieces")
        elif piece.tag == _OCTETS:
            yield raw[piece.start : piece.end]
        elif piece.tag == _OCTETS_BUILT:
            waiting.append(_inside(raw, piece))
        else:  # older PKCS #7: the content may be of any type
            yield raw[piece.start : _end(raw, piece)]


def _inside(raw: bytes, outer: _Piece) -> Iterator[_Piece]:
    at = outer.start
    while at < outer.end:
        if outer.endless and raw[at : at + 2] == b"\0\0":
            return
        piece = _piece(raw, at, outer.end)
        yield piece
        at = _end(raw, piece) + (2 if piece.endless else 0)
    if outer.endless:
        raise _Broken("ends too early")


def _end(raw: bytes, piece: _Piece) -> int:
    """Where the content of a piece ends; for an indefinite length what is inside is walked through."""
    if not piece.endless:
        return piece.end
    open_at = [piece.start]
    at = piece.start
    for _ in range(_MOST_PIECES):
        if raw[at : at + 2] == b"\0\0":
            open_at.pop()
            if not open_at:
                return at
            at += 2
            continue
        inner = _piece(raw, at, piece.end)
        if inner.endless:
            open_at.append(inner.start)
        at = inner.start if inner.endless else inner.end
        if len(open_at) > _MOST_DEPTH:
            break
    raise _Broken("too deep")


def _piece(raw: bytes, at: int, end: int) -> _Piece:
    if at + 2 > end:
        raise _Broken("ends too early")
    tag, length = raw[at], raw[at + 1]
    start = at + 2
    if length == 0x80:  # noqa: PLR2004 - the indefinite length
        return _Piece(tag, start, end, endless=True)
    if length > 0x80:  # noqa: PLR2004 - the long form
        size = length & 0x7F
        length = int.from_bytes(raw[start : start + size], "big")
        start += size
    if length > end - start or length < 0:
        raise _Broken("ends too early")
    return _Piece(tag, start, start + length, endless=False)
