"""Content-Transfer-Encoding undone (RFC 2045 §6), and uuencoded files inside text. Nothing here raises."""

import binascii
import quopri
import re
from dataclasses import dataclass

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,3}")
_BASE64_WHOLE = re.compile(rb"[A-Za-z0-9+/]*={0,3}")
_SPACES = b" \t\r\n\v\f"
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,400})\r?$", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def transferred(raw: bytes, encoding: str) -> bytes:
    """The bytes that were meant; as they are for an encoding that is none or not known."""
    name = encoding.strip().strip("\"'").partition(";")[0].partition(" ")[0].lower()
    if name in {"base64", "b64", "x-base64"}:
        return from_base64(raw)
    if name in {"quoted-printable", "quotedprintable", "qp"}:
        return quopri.decodestring(raw)
    if name in _UUENCODE:
        files = uuencoded(raw).files
        return files[0].body if files else raw
    return raw


def from_base64(raw: bytes) -> bytes:
    """Base64; lines padded one by one are all read, lines that are none (footers of lists) are left out."""
    packed = raw.translate(None, _SPACES)
    if _BASE64_WHOLE.fullmatch(packed):
        return _unpadded(packed)
    lines = (line.strip() for line in raw.splitlines())
    kept = b"".join(line for line in lines if _BASE64_LINE.fullmatch(line))
    if not kept:  # not one whole line: foreign signs stand in all of them
        kept = re.sub(rb"[^A-Za-z0-9+/=]", b"", raw)
    return b"".join(_unpadded(piece) for piece in kept.split(b"=") if piece)


def _unpadded(packed: bytes) -> bytes:
    bare = packed.rstrip(b"=")
    bare = bare[:-1] if len(bare) % 4 == 1 else bare  # one letter is no byte
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return b""


def from_header_q(raw: bytes) -> bytes:
    """The Q encoding of header fields (RFC 2047 §4.2)."""
    return quopri.decodestring(raw.replace(b"_", b" "), header=False)


@dataclass(frozen=True, slots=True)
class UuFile:
    """One file out of a text."""

    name: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class UuText:
    """A text and the files that were uuencoded in it."""

    rest: bytes
    files: tuple[UuFile, ...]


def uuencoded(raw: bytes) -> UuText:
    """Files between "begin 644 name" and "end"; a block without end, or with lines that are none, stays text."""
    rest: list[bytes] = []
    files: list[UuFile] = []
    at = 0
    while begin := _UU_BEGIN.search(raw, at):
        end = _UU_END.search(raw, begin.end())
        if end is None:
            break
        body = _uu_body(raw[begin.end() : end.start()])
        rest.append(raw[at : begin.start() if body is not None else end.end()])
        if body is not None:
            files.append(UuFile(begin[1].strip(), body))
        at = end.end()
    return UuText(b"".join((*rest, raw[at:])), tuple(files))


def _uu_body(block: bytes) -> bytes | None:
    made: list[bytes] = []
    for line in block.splitlines():
        if not line.strip():
            continue
        size = (line[0] - 32) & 63
        packed = line[: 1 + (size * 4 + 2) // 3]  # a check letter may follow
        try:
            made.append(binascii.a2b_uu(packed))
        except binascii.Error:
            return None
    return b"".join(made)
