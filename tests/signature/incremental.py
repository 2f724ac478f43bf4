"""PDFs written by hand: whole ones, and revisions appended to one as no well-behaved writer would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
TEXT = b"BT /F1 12 Tf 100 700 Td (Van ban thu nghiem) Tj ET"
FORGED = b"BT /F1 12 Tf 100 700 Td (Van ban gia mao) Tj ET"


@dataclass(frozen=True)
class Tail:
    """What the last trailer of a PDF says."""

    start: int
    size: int
    root: bytes


def tail(pdf: bytes) -> Tail:
    trailer = pdf[pdf.rindex(b"trailer") :]
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    size = int(re.search(rb"/Size (\d+)", trailer)[1])
    return Tail(start, size, re.search(rb"/Root (\d+ 0 R)", trailer)[1])


def stream(content: bytes, attributes: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (attributes, len(content), content)


def whole(objects: Mapping[int, bytes], before: bytes = b"") -> bytes:
    """A PDF of these objects, 1 being the catalog; `before` stands in front of them and is named by no table."""
    out = bytearray(HEADER + before)
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += obj(number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n" + entries(offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out.replace(b"/Size %d/Root 1 0 R" % size, b"/Size %d /Root 1 0 R" % size))


def obj(number: int, body: bytes, generation: int = 0) -> bytes:
    return b"%d %d obj\n%s\nendobj\n" % (number, generation, body)


def entries(offsets: Mapping[int, int], generation: int = 0) -> bytes:
    return b"".join(
        b"%d 1\n%010d %05d n \n" % (number, offset, generation) for number, offset in sorted(offsets.items())
    )


def last_offsets(pdf: bytes) -> dict[int, int]:
    """What the last table of a PDF lists."""
    table = pdf[tail(pdf).start :].partition(b"trailer")[0]
    listed, number = {}, 0
    for line in table.splitlines()[1:]:
        parts = line.split()
        if len(parts) == 2:
            number = int(parts[0])
            continue
        if parts[2] == b"n":
            listed[number] = int(parts[0])
        number += 1
    return listed


def last_body(pdf: bytes, number: int) -> bytes:
    """The body of an object as it stands last in the file."""
    return re.findall(rb"(?:^|\n)%d 0 obj\s*(.*?)\s*endobj" % number, pdf, re.DOTALL)[-1]


def appended(
    pdf: bytes,
    objects: Mapping[int, bytes],
    *,
    offsets: Mapping[int, int] | None = None,
    free: tuple[int, ...] = (),
    root: bytes | None = None,
    parts: tuple[str, ...] = ("table", "trailer", "end"),
    trailer: bytes = b"",
) -> bytes:
    """One more revision: `objects`, table entries at `offsets` for others, some freed; only the named parts of it."""
    last = tail(pdf)
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    listed = dict(offsets or {})
    for number, body in objects.items():
        listed[number] = len(out)
        out += obj(number, body)
    start, size = len(out), max([last.size - 1, *listed]) + 1
    if "table" in parts:
        out += b"xref\n" + entries(listed) + b"".join(b"%d 1\n0000000000 00001 f \n" % number for number in free)
    if "trailer" in parts:
        out += b"trailer\n<</Size %d /Root %s /Prev %d%s>>\n" % (size, root or last.root, last.start, trailer)
    if "end" in parts:
        out += b"startxref\n%d\n%%%%EOF\n" % (start if "table" in parts else last.start)
    return bytes(out)


def plain_objects(page: bytes = b"", catalog: bytes = b"") -> dict[int, bytes]:
    """A page of A4 with a line of text in object 5."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        3: b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>%s>>" % page,
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
        5: stream(TEXT),
    }


def overlaid_objects() -> dict[int, bytes]:
    """The same, with a white form of its own drawn over the line: what a shadow attack prepares before signing."""
    objects = plain_objects()
    objects[3] = b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>/XObject<</Over 6 0 R>>>>>>"
    objects[5] = stream(TEXT + b" /Over Do")
    objects[6] = stream(b"1 1 1 rg 90 690 300 30 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    return objects


def form_objects() -> dict[int, bytes]:
    """The same, with a text field that shows an amount."""
    objects = plain_objects(b"/Annots[6 0 R]", b"/AcroForm 8 0 R")
    objects[8] = b"<</Fields[6 0 R]/DA(/F1 12 Tf)/DR<</Font<</F1 4 0 R>>>>>>"
    objects[6] = text_field(b"5.000.000", 7)
    objects[7] = appearance(b"5.000.000")
    return objects


def text_field(value: bytes, shown: int) -> bytes:
    return (
        b"<</FT/Tx/T(SoTien)/Type/Annot/Subtype/Widget/F 4/Rect[100 600 300 620]/P 3 0 R"
        b"/DA(/F1 12 Tf)/V(%s)/AP<</N %d 0 R>>>>" % (value, shown)
    )


def appearance(words: bytes) -> bytes:
    drawn = b"1 1 1 rg 0 0 200 20 re f 0 g BT /F1 12 Tf 2 5 Td (%s) Tj ET" % words
    return stream(drawn, b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 4 0 R>>>>")
