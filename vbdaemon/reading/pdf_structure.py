"""Structure of a PDF by pypdf: encryption, page count, signed fields; and its text when pdfium fails."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from vbdaemon.model import Line, Page

_TAIL_BYTES = 4096
_MOST_FIELDS = 2_000


@dataclass(frozen=True, slots=True)
class Structure:
    """What the cross-reference tables and dictionaries of a PDF say."""

    encrypted: bool
    """A password is needed that we do not have; an empty user password counts as none."""
    page_count: int = 0
    """As /Count claims."""
    signature_fields: int = 0
    """Fields of type /Sig with a value; an unsigned placeholder is no signature."""


def read_structure(path: Path) -> Structure:
    """Structure of the PDF at `path`; raises whatever pypdf raises."""
    with PdfReader(path, strict=False) as reader:  # strict refuses the hybrid files that Word writes
        if reader.is_encrypted and not reader.decrypt(""):
            return Structure(encrypted=True)
        root = reader.root_object
        count = root["/Pages"].get("/Count", 0)  # type: ignore[attr-defined]  # pypdf types every entry as PdfObject
        form = root.get("/AcroForm")
        fields = form.get_object().get("/Fields", ()) if form is not None else ()
        return Structure(False, max(0, int(count)), _signed(fields))


def ends_properly(path: Path) -> bool:
    """True when the end marker stands at the end: a file cut short on its way has none."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _TAIL_BYTES))
        return b"%%EOF" in stream.read()


def plain_pages(path: Path, indices: Iterable[int]) -> tuple[Page, ...]:
    """Text of pages without positions, for files that pdfium refuses; raises whatever pypdf raises."""
    with PdfReader(path, strict=False) as reader:
        if reader.is_encrypted:
            reader.decrypt("")
        return tuple(_plain(reader, index) for index in indices)


def _plain(reader: PdfReader, index: int) -> Page:
    page = reader.pages[index]
    text = unicodedata.normalize("NFC", page.extract_text())
    rows = (" ".join(row.split()) for row in text.splitlines())
    lines = tuple(Line(row) for row in rows if row)
    box = page.mediabox
    return Page(index + 1, float(box.width), float(box.height), lines, blank=not lines and not page.images)


def _signed(fields: object) -> int:
    """Signed signature fields in the tree of fields (PDF 32000-1, 12.7.3.1: /FT is inherited)."""
    signed = 0
    seen: set[int] = set()
    open_fields = [(field, None) for field in _list(fields)]
    while open_fields and len(seen) < _MOST_FIELDS:
        reference, kind = open_fields.pop()
        field = reference.get_object()  # type: ignore[attr-defined]  # an indirect object or a dictionary
        if not isinstance(field, DictionaryObject) or id(field) in seen:
            continue
        seen.add(id(field))
        kind = field.get("/FT", kind)
        if kind == "/Sig" and isinstance(field.get("/V", None), object) and field.get("/V") is not None:
            signed += 1
        open_fields.extend((kid, kind) for kid in _list(field.get("/Kids")))
    return signed


def _list(value: object) -> list[object]:
    resolved = value.get_object() if hasattr(value, "get_object") else value
    return list(resolved) if isinstance(resolved, ArrayObject) else []
