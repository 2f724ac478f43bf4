"""Objects out of object streams: the table at a stream's beginning read once, not anew for each of its objects.

What is not plain numbers, and every error, is left to the library.
"""

import logging
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DecodePurpose
from pyhanko.pdf_utils.misc import PDF_WHITESPACE, PdfReadError, PdfStreamError
from pyhanko.pdf_utils.reader import PdfFileReader

stock_get = PdfFileReader._get_object_from_stream  # noqa: SLF001 - the library has no other door to it

KEPT = "_tables_of_streams"
"""Name under which a reader keeps the tables; they go with the reader."""
BLANKS = bytes.maketrans(b"".join(PDF_WHITESPACE), b" " * len(b"".join(PDF_WHITESPACE)))
LONGEST = 10
"""Digits of a number in a table (ISO 32000-1, 7.5.7)."""

Table = dict[int, int]
"""Where each object begins, by its number; the first entry counts."""

log = logging.getLogger("pyhanko.pdf_utils.reader")


def get_object_from_stream(reader: PdfFileReader, number: int, stream_number: int, index: int) -> Any:
    """What `stock_get` gives."""
    stream = generic.Reference(stream_number, 0, reader).get_object()
    table = None if reader.strict else _table(reader, stream)
    if table is None or not 0 <= index < stream["/N"] or number not in table:
        return stock_get(reader, number, stream_number, index)
    body = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM))
    body.seek(table[number])
    try:
        found = generic.read_object(body, generic.Reference(number, 0, reader))
    except (PdfStreamError, PdfReadError):
        return stock_get(reader, number, stream_number, index)
    if not isinstance(found, generic.StreamObject | generic.IndirectObject):
        generic.read_non_whitespace(body, seek_back=True, allow_eof=True)
    return found


def _table(reader: PdfFileReader, stream: Any) -> Table | None:
    """The table of a stream that this reader has parsed; None when it is not as plain as it should be."""
    kept: dict[int, tuple[Any, Table | None]] = vars(reader).setdefault(KEPT, {})
    if id(stream) not in kept:
        kept[id(stream)] = stream, _read(stream)  # the stream is kept too: no other can get its identity
    return kept[id(stream)][1]


def _read(stream: Any) -> Table | None:
    if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
        return None
    first, count = stream["/First"], stream["/N"]
    if not (isinstance(first, int) and isinstance(count, int) and 0 < first and 0 < count):
        return None
    words = stream.read_data(DecodePurpose.OBJECT_STREAM)[:first].translate(BLANKS).split()
    if len(words) < 2 * count or not all(word.isdigit() and len(word) <= LONGEST for word in words[: 2 * count]):
        return None
    table: Table = {}
    for place in range(0, 2 * count, 2):
        table.setdefault(int(words[place]), first + int(words[place + 1]))
    return table
