"""Hexadecimal strings of a PDF read in bulk: /Contents of a signature is 16 KB and more of them.

The library reads a byte at a time, which takes half of a validation. What is not plain hexadecimal is left to it.
"""

from binascii import unhexlify
from typing import BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PDF_WHITESPACE

CHUNK = 32_768
"""Bytes read at once; most signatures fit in one."""

stock_read = generic.read_hex_string_from_stream
"""The library's own function: what this one must agree with, and what it falls back on."""


def read_hex_string(stream: BinaryIO) -> generic.PdfObject:
    """The string (ISO 32000-1, 7.3.4.3) that begins with "<" where the stream stands, which then stands behind ">".

    Comments inside, other signs and a missing end go to `stock_read` from the same place: its answer, its errors.
    """
    start = stream.tell()
    stream.read(1)
    parts = []
    while chunk := stream.read(CHUNK):
        end = chunk.find(b">")
        part = (chunk if end < 0 else chunk[:end]).translate(None, PDF_WHITESPACE)
        parts.append(part)
        if end >= 0:
            stream.seek(end + 1 - len(chunk), 1)
            return _string(stream, start, b"".join(parts))
        if part.translate(None, generic.HEX_DIGITS):
            break
    return _stock(stream, start)


def _string(stream: BinaryIO, start: int, digits: bytes) -> generic.PdfObject:
    if digits.translate(None, generic.HEX_DIGITS):
        return _stock(stream, start)
    string: generic.PdfObject = generic.pdf_string(unhexlify(digits + b"0" * (len(digits) % 2)))
    return string


def _stock(stream: BinaryIO, start: int) -> generic.PdfObject:
    stream.seek(start)
    string: generic.PdfObject = stock_read(stream)
    return string
