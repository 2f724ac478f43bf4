"""Objects out of object streams: the table at a stream's beginning read once, not anew for each of its objects.

What is not plain numbers, and every error, is left to the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PDF_WHITESPACE, PdfReadError, PdfStreamError, read_non_whitespace
from pyhanko.pdf_utils.reader import PdfFileReader

stock_get: Any = PdfFileReader._get_object_from_stream  # noqa: SLF001 - the library has no other door to it

KEPT = "_tables_of_streams"
"""Name under which a reader keeps the tables; they go with the reader."""
BLANKS = bytes.maketrans(PDF_WHITESPACE, b" " * len(PDF_WHITESPACE))
LONGEST = 10
"""Digits of a number in a table (ISO 32000-1, 7.5.7)."""
AFTER_A_NUMBER = PDF_WHITESPACE + b"<[(/"
"""What ends the last number of a table for sure."""


@dataclass(frozen=True, slots=True)
class Table:
    """The plain table of a stream."""

    stream: Any
    """Kept too, so that no other can get its identity."""
    starts: Mapping[int, int]
    """Where each object begins, by its number; the first entry counts. Empty when the table is not plain."""


def get_object_from_stream(reader: PdfFileReader, number: int, stream_number: int, index: int) -> Any:
    """What `stock_get` gives."""
    stream: Any = generic.Reference(stream_number, 0, reader).get_object()
    start = None if reader.strict else _table(reader, stream, index).starts.get(number)
    if start is None:
        return stock_get(reader, number, stream_number, index)
    body = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM))
    body.seek(start)
    try:
        found = generic.read_object(body, generic.Reference(number, 0, reader))
    except (PdfStreamError, PdfReadError):
        return stock_get(reader, number, stream_number, index)
    if not isinstance(found, generic.StreamObject | generic.IndirectObject):
        read_non_whitespace(body, seek_back=True, allow_eof=True)  # type: ignore[no-untyped-call]  # typed in part only
    return found


def _table(reader: PdfFileReader, stream: Any, index: int) -> Table:
    """The table of a stream of this reader; nothing is decoded for an index that it does not have."""
    count = dict.get(stream, "/N") if isinstance(stream, generic.StreamObject) else None
    if not isinstance(count, int) or not 0 <= index < count:
        return Table(stream, {})
    kept: dict[int, Table] = vars(reader).setdefault(KEPT, {})
    if id(stream) not in kept:
        kept[id(stream)] = Table(stream, _starts(stream, count))
    return kept[id(stream)]


def _starts(stream: generic.StreamObject, count: int) -> dict[int, int]:
    first = dict.get(stream, "/First")
    if dict.get(stream, "/Type") != "/ObjStm" or not isinstance(first, int) or first <= 0:
        return {}
    body = stream.read_data(DecodePurpose.OBJECT_STREAM)
    words = body[:first].translate(BLANKS).split()[: 2 * count]
    ended = len(body) > first and (body[first - 1] in PDF_WHITESPACE or body[first] in AFTER_A_NUMBER)
    if not ended or len(words) < 2 * count or not all(word.isdigit() and len(word) <= LONGEST for word in words):
        return {}
    starts: dict[int, int] = {}
    for place in range(0, 2 * count, 2):
        starts.setdefault(int(words[place]), first + int(words[place + 1]))
    return starts
