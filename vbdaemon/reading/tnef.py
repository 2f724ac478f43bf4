"""TNEF, the wrapper of Outlook and Exchange (winmail.dat): attachments, inner messages and the text (MS-OXTNEF)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from vbdaemon.model import FileRole, Limits, Part, Problem, ProblemKind
from vbdaemon.reading.charset import guessed
from vbdaemon.reading.markup import text_of
from vbdaemon.reading.name import BODY_NAME, clean_name, renamed
from vbdaemon.reading.tnef_property import BrokenTnef, Property, properties

SIGNATURE = b"\x78\x9f\x3e\x22"
"""The first bytes (223E9F78, little endian)."""
ENDING = ".tnef"
"""Of the name of a message inside: it is unpacked in its turn."""
_RENDER, _TITLE, _BODY_DATA, _ATTACHED, _MESSAGE, _BODY = 0x9002, 0x8010, 0x800F, 0x9005, 0x9003, 0x800C
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _DATA, _METHOD = 0x3707, 0x3704, 0x3001, 0x3701, 0x3705
_PLAIN, _HTML = 0x1000, 0x1013
_EMBEDDED = 5
_HEADER = struct.Struct("<BHHI")
"""Level, identifier (two words), length."""
_IID_BYTES = 16
_MOST_ATTRIBUTES = 50_000


@dataclass(slots=True)
class _Attachment:
    """An attachment while its attributes come by."""

    title: bytes = b""
    body: bytes = b""
    known: dict[int, Property] = field(default_factory=dict)


def tnef_parts(raw: bytes, limits: Limits) -> tuple[Part, ...] | Problem:
    """What is inside; a message inside stays TNEF of its own. Bounded by what the bytes are: nothing is packed."""
    attached: list[_Attachment] = []
    message: dict[int, Property] = {}
    text = b""
    try:
        for attribute, value in _attributes(raw):
            if attribute == _RENDER:
                attached.append(_Attachment())
            elif attribute == _MESSAGE:
                message = properties(value)
            elif attribute == _BODY:
                text = value
            elif attached:
                _note(attached[-1], attribute, value)
            if len(attached) > limits.archive_files:
                return Problem(ProblemKind.OVER_LIMIT, f"more than {limits.archive_files} attachments in TNEF")
    except BrokenTnef as error:
        return Problem(ProblemKind.DAMAGED, f"TNEF structure: {error}")
    found = [_part(each, number) for number, each in enumerate(attached, 1)]
    if sum(len(part.body) for part in found) > limits.archive_bytes:
        return Problem(ProblemKind.OVER_LIMIT, f"more than {limits.archive_bytes} bytes in TNEF")
    words = _words(message, text)
    if words:
        found.append(Part(BODY_NAME, words.encode("utf-8", "replace"), FileRole.BODY))
    return renamed(found)


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(low word of the attribute's id, its bytes). Checksums are not looked at."""
    if not raw.startswith(SIGNATURE):
        raise BrokenTnef("no signature")
    at = 6  # signature and key
    for _ in range(_MOST_ATTRIBUTES):
        if len(raw) - at < _HEADER.size and not raw[at:].strip(b"\0\r\n"):  # gateways pad the end
            return
        if at + _HEADER.size > len(raw):
            raise BrokenTnef("ends too early")
        _, attribute, _, size = _HEADER.unpack_from(raw, at)
        at += _HEADER.size
        if size > len(raw) - at - 2:
            raise BrokenTnef("ends too early")
        value = raw[at : at + size]
        at += size + 2
        yield attribute, value
    raise BrokenTnef("too many attributes")


def _note(attachment: _Attachment, attribute: int, value: bytes) -> None:
    if attribute == _TITLE:
        attachment.title = value.rstrip(b"\0")
    elif attribute == _BODY_DATA:
        attachment.body = value
    elif attribute == _ATTACHED:
        attachment.known = properties(value)


def _part(attachment: _Attachment, number: int) -> Part:
    known = attachment.known
    data = known[_DATA].raw if _DATA in known else b""
    embedded = _METHOD in known and known[_METHOD].number == _EMBEDDED
    body = attachment.body or data
    if data and (embedded or data[_IID_BYTES:].startswith(SIGNATURE)):
        body = data[_IID_BYTES:]  # an object begins with the identifier of its interface
    names = [known[each].text for each in (_LONG_NAME, _SHORT_NAME) if each in known]
    names += [guessed(attachment.title)] if attachment.title else []
    names += [known[_SHOWN_NAME].text] if _SHOWN_NAME in known else []
    name = clean_name(next((each for each in names if each.strip()), ""), body, number)
    if body.startswith(SIGNATURE) and not name.lower().endswith((ENDING, ".dat")):
        name += ENDING
    return Part(name, body)


def _words(message: dict[int, Property], text: bytes) -> str:
    if _PLAIN in message and message[_PLAIN].text.strip():
        return message[_PLAIN].text.strip()
    if text.strip(b"\0 \r\n"):
        return guessed(text.rstrip(b"\0")).strip()
    return text_of(guessed(message[_HTML].raw)) if _HTML in message else ""
