"""MAPI properties as TNEF writes them (MS-OXTNEF 2.1.3.4): those with one value, by identifier."""

import unicodedata
from dataclasses import dataclass

from vbdaemon.reading.charset import guessed

_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_MANY = 0x1000
_NAMED = 0x8000
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of the types of fixed size, padded to four."""
_MOST = 10_000


class BrokenTnef(ValueError):
    """The bytes are not built as MS-OXTNEF says."""


@dataclass(frozen=True, slots=True)
class Property:
    """The first value of a property."""

    kind: int
    raw: bytes

    @property
    def number(self) -> int:
        """As a whole number."""
        return int.from_bytes(self.raw[:4], "little")

    @property
    def text(self) -> str:
        """As text, NFC."""
        if self.kind == _UNICODE:
            words = self.raw[: len(self.raw) & ~1].decode("utf-16-le", errors="replace")
            return unicodedata.normalize("NFC", words.split("\0", 1)[0])
        return guessed(self.raw.split(b"\0", 1)[0])


class _Reader:
    """Bytes taken one after the other, never beyond their end."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, size: int) -> bytes:
        if size > len(self._raw) - self._at:
            raise BrokenTnef("a property ends too early")
        taken = self._raw[self._at : self._at + size]
        self._at += size
        return taken

    def padded(self, size: int) -> bytes:
        taken = self.take(size)
        self._at += -size % 4
        return taken

    def word(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def count(self) -> int:
        number = self.number()
        if number > _MOST:
            raise BrokenTnef("too many values")
        return number


def properties(raw: bytes) -> dict[int, Property]:
    """Properties by identifier, named ones left out; raises BrokenTnef."""
    reader = _Reader(raw)
    found: dict[int, Property] = {}
    for _ in range(reader.count()):
        kind, identifier = reader.word(), reader.word()
        if identifier >= _NAMED:
            _pass_name(reader)
        value = _value(reader, kind)
        if identifier < _NAMED and value is not None:
            found.setdefault(identifier, Property(kind & ~_MANY, value))
    return found


def _pass_name(reader: _Reader) -> None:
    reader.take(16)
    if reader.number() == 0:
        reader.take(4)
    else:
        reader.padded(reader.number())


def _value(reader: _Reader, kind: int) -> bytes | None:
    single = kind & ~_MANY
    if single in {_STRING8, _UNICODE, _BINARY, _OBJECT}:
        values = [reader.padded(reader.number()) for _ in range(reader.count())]
        return values[0] if values else None
    size = _FIXED.get(single)
    if size is None:
        raise BrokenTnef(f"property type {single:#06x}")
    values = [reader.take(size) for _ in range(reader.count() if kind & _MANY else 1)]
    return values[0] if values else None
