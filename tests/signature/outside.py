"""Signed files with something in bytes that no signature protects; what was signed stays as it was."""

import io
from dataclasses import replace

from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from vbdaemon.model import UnsignedTrace


def value_at(pdf: bytes, number: int = -1) -> tuple[int, bytes]:
    """Where the digits of a signature's value begin, and the value without its padding."""
    signature = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures[number]
    start = int(signature.byte_range[1]) + 1
    content = signature.pkcs7_content
    return start, content[: 4 + int.from_bytes(content[2:4], "big")]


def flipped(pdf: bytes, place: int, bit: int = 0, number: int = -1) -> bytes:
    """One bit of a signature's value changed."""
    start, value = value_at(pdf, number)
    digits = b"%02X" % (value[place] ^ 1 << bit)
    place = start + 2 * (place % len(value))
    return pdf[:place] + digits + pdf[place + 2 :]


def with_another_letter(pdf: bytes) -> bytes:
    """A digit of the value written as a small letter beside capital ones, or the other way round."""
    start, _ = value_at(pdf)
    place = next(place for place in range(start, len(pdf)) if chr(pdf[place]).isalpha())
    return pdf[:place] + pdf[place : place + 1].swapcase() + pdf[place + 1 :]


def unsigned(papers, own, pdf: bytes) -> dict[UnsignedTrace, bytes]:
    """A file for every trace, by the agency, with a timestamp."""
    agency = own.issue(papers.AGENCY)
    once = papers.stamped(pdf, own, agency)
    chained = papers.stamped(pdf, own, replace(agency, chain=(own.intermediate.certificate,)))
    _, value = value_at(chained)
    link = own.intermediate.certificate.public_bytes(Encoding.DER)
    return {
        UnsignedTrace.LETTERS: with_another_letter(once),
        UnsignedTrace.ENVELOPE: flipped(once, 25, 1),
        UnsignedTrace.EVIDENCE: flipped(chained, value.index(link) + len(link) - 1),
        UnsignedTrace.TIMESTAMP: flipped(once, -1),
        UnsignedTrace.REVISION: papers.with_store(once, own),
        UnsignedTrace.TAIL: once + b"\r\n",
    }


def untouched(papers, own, pdf: bytes) -> dict[str, bytes]:
    """Files of the same kinds in which every byte is signed, stamped or a part of a signature as it was made."""
    agency = own.issue(papers.AGENCY)
    once = papers.stamped(pdf, own, agency)
    return {
        "signed": once,
        "with-chain": papers.stamped(pdf, own, replace(agency, chain=(own.intermediate.certificate,))),
        "with-store-and-timestamp": papers.with_timestamp(papers.with_store(once, own), own),
    }
