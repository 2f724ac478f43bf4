"""Mails taken apart: attachments, mails inside mails, the body as text. Never raises for what a mail is."""

import email
import html
import re
import unicodedata
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32

from vbdaemon.model import FileRole, Limits, Part, Problem, ProblemKind
from vbdaemon.reading.name import clean_name, distinct
from vbdaemon.reading.text import decoded

BODY_NAME = "noi-dung-thu.txt"
"""Name of a mail's body text."""

_TAGS = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/h\d)\b[^>]*>")
_ATTACHED = frozenset({"attachment"})
# what the parser and the decoders of the standard library raise on hostile structure
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)


def mail_parts(raw: bytes, limits: Limits) -> tuple[Part, ...] | Problem:
    """Every attachment, inner mail and the body of a mail, or why it was left as it is."""
    try:
        # compat32: the newer header parser raises on malformed headers
        message = email.message_from_bytes(raw, policy=compat32)
        found = []
        size = 0
        for part in _parts(message):
            size += len(part.body)
            found.append(part)
            if len(found) > limits.archive_files or size > limits.archive_bytes:
                return Problem(ProblemKind.OVER_LIMIT, "more or larger attachments than the limits allow")
    except _BROKEN as error:
        return Problem(ProblemKind.DAMAGED, f"mail structure: {type(error).__name__}")
    names = distinct(part.name for part in found)
    return tuple(Part(name, part.body, part.role) for name, part in zip(names, found, strict=True))


def _parts(message: Message) -> Iterator[Part]:
    """Leaves in order; a body is given once, as plain text where there is any."""
    plain: list[str] = []
    rich: list[str] = []
    for number, leaf in enumerate(_leaves(message), 1):
        name = _filename(leaf)
        if leaf.get_content_type() == "message/rfc822":
            yield _inner(leaf, name, number)
        elif name or _disposition(leaf) in _ATTACHED:
            body = _bytes(leaf)
            yield Part(clean_name(name, body, number), body)
        elif leaf.get_content_type() == "text/plain":
            plain.append(_text(leaf))
        elif leaf.get_content_type() == "text/html":
            rich.append(_without_tags(_text(leaf)))
        elif leaf.get_content_maintype() not in {"text", "multipart"}:
            body = _bytes(leaf)  # a document without name or disposition is still a document
            yield Part(clean_name("", body, number), body)
    text = "\n".join(plain if any(t.strip() for t in plain) else rich).strip()
    if text:
        yield Part(BODY_NAME, unicodedata.normalize("NFC", text).encode(), FileRole.BODY)


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold no parts, and inner mails whole; a stack, since nesting is the sender's choice."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        content = part.get_payload()
        inner = part is not message and part.get_content_type() == "message/rfc822"
        if isinstance(content, list) and not inner:
            waiting.extend(p for p in reversed(content) if isinstance(p, Message))
        else:
            yield part


def _inner(part: Message, name: str, number: int) -> Part:
    content = part.get_payload()
    inner = content[0] if isinstance(content, list) and content else None
    body = inner.as_bytes() if isinstance(inner, Message) else _bytes(part)
    subject = ""
    if isinstance(inner, Message):
        _mend(inner, "Subject")
        subject = _header(inner.get("Subject", ""))
    named = clean_name(name or subject.replace("/", "-"), body, number)
    return Part(named if named.lower().endswith(".eml") else f"{named}.eml", body)


def _disposition(part: Message) -> str:
    return (part.get_content_disposition() or "").lower()


def _filename(part: Message) -> str:
    """The attachment's name: RFC 2231 by the library, RFC 2047 words inside it as common programs write them."""
    for header in ("Content-Disposition", "Content-Type"):
        _mend(part, header)
    return _header(part.get_filename("") or "")


def _mend(part: Message, header: str) -> None:
    """Unencoded Vietnamese in a header: forbidden by RFC 5322, sent all the same, and masked by the library."""
    value = next((str(v) for name, v in part.raw_items() if name.lower() == header.lower()), "")
    raw = value.encode("utf-8", errors="surrogateescape")
    if raw != value.encode("utf-8", errors="replace"):
        part.replace_header(header, decoded(raw))


def _header(value: object) -> str:
    words = str(value)
    try:
        return str(make_header(decode_header(words)))
    except _BROKEN:
        return words


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    return str(part.get_payload()).encode("utf-8", errors="replace")


def _text(part: Message) -> str:
    raw = _bytes(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        return raw.decode(charset)
    except (UnicodeError, LookupError):
        return decoded(raw)


def _without_tags(markup: str) -> str:
    text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", markup)))
    return "\n".join(line for line in (" ".join(row.split()) for row in text.splitlines()) if line)
