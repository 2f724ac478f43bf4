"""What goes wrong with signed files on their way: changed, re-saved, damaged."""

import re
from random import Random

_PAGE = re.compile(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?/Type\s*/Page\b(?:(?!endobj).)*?endobj", re.DOTALL)
_CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d+ 0 R)")
_HIDE = b"q 1 1 1 rg 85 572 468 22 re f Q"
"""A white rectangle over some lines of the body."""


def changed_after_signing(pdf: bytes) -> bytes:
    """The same PDF with a further revision, not signed, that hides a part of page 1; earlier bytes stay."""
    last = re.findall(rb"startxref\s+(\d+)", pdf)[-1].decode()
    trailer = re.findall(rb"trailer\s*<<(.*?)>>\s*startxref", pdf, re.DOTALL)[-1]
    size = int(re.findall(rb"/Size\s+(\d+)", trailer)[-1])
    root = re.findall(rb"/Root\s+(\d+ 0 R)", trailer)[-1].decode()
    page = _PAGE.findall(pdf)[0]
    body = [match for match in _PAGE.finditer(pdf) if match.group(1) == page][-1].group()
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    offsets = {int(page): len(out)}
    out += _CONTENTS.sub(lambda m: b"/Contents [%s %d 0 R]" % (m.group(1).strip(b"[]"), size), body) + b"\n"
    offsets[size] = len(out)
    out += b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (size, len(_HIDE), _HIDE)
    start = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in sorted(offsets.items()))
    out += f"trailer\n<</Size {size + 1} /Root {root} /Prev {last}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def changed_in_place(pdf: bytes) -> bytes:
    """The same PDF with one signed byte changed: a digit of the date on which it says it was made."""
    place = pdf.index(b"/CreationDate") + len(b"/CreationDate(D:")
    digit = b"1" if pdf[place + 3 : place + 4] != b"1" else b"2"
    return pdf[: place + 3] + digit + pdf[place + 4 :]


def damaged_in_the_middle(pdf: bytes, seed: int = 1) -> bytes:
    """The same PDF with noise from its first fifth up to its last line, as a failing disk leaves it."""
    start, end = len(pdf) // 5, pdf.rindex(b"\nstartxref")
    noise = Random(seed).randbytes(end - start)  # noqa: S311 - noise
    return pdf[:start] + noise + pdf[end:]
