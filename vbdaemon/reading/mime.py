"""MIME structure (RFC 2045, 2046) by byte offsets: nothing is copied, rewritten or refused.

An entity's bytes stay what they were, so that a mail inside a mail comes out with the bytes that were signed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.reading.header_words import header_text, main_value, plain_parameter, text_parameter
from vbdaemon.reading.transfer import transferred

MOST_HEAD_BYTES = 1_000_000
"""More bytes of header fields than this are not looked at."""
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|[\r\n])--([!-~ ]{1,198}[!-~])[ \t]*\r?\n(?=[Cc]ontent-)")
_FOLD = re.compile(r"(?:\r\n|\n|\r)(?=[ \t])")


@dataclass(frozen=True, slots=True)
class Field:
    """One header field, unfolded; the value is Latin-1 text, one character a byte."""

    name: str
    """In small letters."""
    value: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A message, or a part of one."""

    raw: bytes
    fields: tuple[Field, ...]
    begin: int
    """Where the header fields start in `raw`."""
    start: int
    """Where the body starts."""
    end: int
    default: str = "text/plain"
    """Content type without a field that says so."""

    def field(self, name: str) -> str:
        """Value of the first field of this name (small letters), or ""."""
        return next((field.value for field in self.fields if field.name == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Values of every field of this name, from top to bottom."""
        return tuple(field.value for field in self.fields if field.name == name)

    @property
    def content_type(self) -> str:
        """In small letters, always with a slash."""
        written = main_value(self.field("content-type")).strip("\"'")
        return written if "/" in written.strip("/") else self.default

    @property
    def disposition(self) -> str:
        """What was written, such as "attachment" or "inline"; "" for none."""
        return main_value(self.field("content-disposition")).strip("\"'")

    @property
    def filename(self) -> str:
        """The name that the sender gave, NFC, not yet safe; "" for none."""
        for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
            for value in self.all(field):
                name = text_parameter(value, parameter) or text_parameter(value, "name")
                if name:
                    return name
        return ""

    @property
    def charset(self) -> str:
        """As written, or ""."""
        return plain_parameter(self.field("content-type"), "charset")

    @property
    def content_id(self) -> str:
        """Without brackets."""
        return header_text(self.field("content-id")).strip("<> ")

    @property
    def multipart(self) -> bool:
        """True for what says that it holds parts."""
        return self.content_type.startswith("multipart/")

    def body(self) -> bytes:
        """The body with its transfer encoding undone."""
        return transferred(self.raw[self.start : self.end], self.field("content-transfer-encoding"))

    def whole(self) -> bytes:
        """Header and body, the bytes as they came."""
        return self.raw[self.begin : self.end]


def message(raw: bytes) -> Entity:
    """A whole mail; a byte order mark, empty lines and an mbox separator before it are passed over."""
    begin = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[begin : begin + 1] in {b"\r", b"\n"}:
        begin += 1
    if raw.startswith((b"From ", b">From "), begin):
        begin = _next_line(raw, begin, len(raw))
    return entity(raw, begin, len(raw))


def entity(raw: bytes, begin: int, end: int, default: str = "text/plain") -> Entity:
    """The entity between two offsets."""
    fields: list[tuple[str, list[bytes]]] = []
    at, most = begin, min(end, begin + MOST_HEAD_BYTES)
    while at < most:
        after = _next_line(raw, at, end)
        line = raw[at:after]
        named = _FIELD.match(line)
        if not line.strip(b"\r\n"):
            at = after
            break
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif named:
            fields.append((named[1].decode("ascii").lower(), [line[named.end() :]]))
        elif not _FIELD.match(raw, after, end):
            break  # the empty line is missing: the body starts here
        at = after
    made = tuple(Field(name, _unfolded(b"".join(lines))) for name, lines in fields)
    return Entity(raw, made, begin, at, end, default)


def children(parent: Entity) -> Iterator[Entity]:
    """The parts of a multipart, in order; none where no boundary can be found."""
    default = "message/rfc822" if parent.content_type == "multipart/digest" else "text/plain"
    boundary = plain_boundary(parent)
    if next(_delimiters(parent, boundary), None) is None:
        guess = _GUESSED_BOUNDARY.search(parent.raw, parent.start, parent.end)
        if guess is None:
            return
        boundary = guess[1]
    begin: int | None = None
    for before, after, closing in _delimiters(parent, boundary):
        if begin is not None:
            yield entity(parent.raw, begin, max(before, begin), default)
        begin = None if closing else after
        if closing:
            return
    if begin is not None and begin < parent.end:  # never closed
        yield entity(parent.raw, begin, parent.end, default)


def plain_boundary(parent: Entity) -> bytes:
    """The boundary as written, or b""."""
    return plain_parameter(parent.field("content-type"), "boundary").rstrip().encode("latin-1", "replace")


def _delimiters(parent: Entity, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """(end of what stands before, start of what comes after, closing) of each boundary line."""
    if not boundary:
        return
    mark, raw, at = b"--" + boundary, parent.raw, parent.start
    while (found := raw.find(mark, at, parent.end)) >= 0:
        at = found + len(mark)
        if found > parent.start and raw[found - 1 : found] not in {b"\r", b"\n"}:
            continue
        after = _next_line(raw, at, parent.end)
        rest = raw[at:after].strip()
        if rest in {b"", b"--"}:
            before = found - 2 if raw[found - 2 : found] == b"\r\n" else found - 1
            at = after
            yield max(before, parent.start), after, rest == b"--"


def _next_line(raw: bytes, at: int, end: int) -> int:
    found = _LINE.match(raw, at, end)
    return found.end() if found and found.end() > at else end


def _unfolded(lines: bytes) -> str:
    return _FOLD.sub("", lines.decode("latin-1")).strip()
