"""The signatures that a PDF holds, found with one parse; a broken one spoils no other."""

import io
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.entry import entry

HEADER_WITHIN = 1024
"""Bytes; where readers look for %PDF- (ISO 32000-1, Annex H, 3.4.1)."""
DOCUMENT_TIMESTAMP = "/DocTimeStamp"
KNOWN_PACKINGS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD.PAdES")


@dataclass(frozen=True, slots=True)
class SignedField:
    """A signature field with a value: the signature, or why it could not be opened."""

    name: str
    field: generic.DictionaryObject | None
    signature: EmbeddedPdfSignature | Undecidable
    order: int
    """Revision in which the signature stands."""


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """A parsed PDF with its signatures in order of signing."""

    reader: PdfFileReader
    body: bytes
    fields: tuple[SignedField, ...]
    others: tuple[generic.DictionaryObject, ...]
    """Signature fields without a signer's signature: placeholders and document timestamps."""

    @property
    def signed_otherwise(self) -> bool:
        """A document timestamp is there, which is no signature but leaves the same trace."""
        return any(entry(field, "/V") for field in self.others)


def is_pdf(body: bytes) -> bool:
    """True when the header of a PDF stands where readers look for it."""
    return b"%PDF-" in body[:HEADER_WITHIN]


def open_signed_pdf(body: bytes) -> SignedPdf | Undecidable:
    """Parse once, non-strict: strict reading refuses most born-digital files of Vietnamese offices."""
    opened = attempt(lambda: _open(body))
    if isinstance(opened, Undecidable):
        return opened
    reader, found = opened
    fields: list[SignedField] = []
    others: list[generic.DictionaryObject] = []
    for name, reference in found:
        field = attempt(lambda reference=reference: _dictionary(reference))  # type: ignore[misc]  # lambda default
        if isinstance(field, Undecidable):
            fields.append(SignedField(name, None, field, _LAST))
        elif attempt(lambda field=field: _unsigned(field)) is True:  # type: ignore[misc]  # lambda default
            others.append(field)
        else:
            fields.append(_signed_field(reader, name, field))
    return SignedPdf(reader, body, tuple(sorted(fields, key=lambda each: each.order)), tuple(others))


_LAST = 1 << 30
"""Sorts what could not be opened behind all that could."""


def _open(body: bytes) -> tuple[PdfFileReader, list[tuple[str, generic.IndirectObject]]]:
    reader = PdfFileReader(io.BytesIO(body), strict=False)
    if reader.encrypted:
        reader.decrypt(b"")
    return reader, [(str(name), reference) for name, _, reference in enumerate_sig_fields(reader)]


def _dictionary(reference: generic.IndirectObject) -> generic.DictionaryObject:
    field = reference.get_object()  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
    if not isinstance(field, generic.DictionaryObject):
        raise TypeError
    return field


def _unsigned(field: generic.DictionaryObject) -> bool:
    """A placeholder has no value; a document timestamp proves time and signs for nobody."""
    value = entry(field, "/V")
    return not value or entry(value, "/Type") == DOCUMENT_TIMESTAMP


def _signed_field(reader: PdfFileReader, name: str, field: generic.DictionaryObject) -> SignedField:
    signature = attempt(lambda: _signature(reader, name, field))
    order = _LAST if isinstance(signature, Undecidable) else int(signature.signed_revision)
    return SignedField(name, field, signature, order)


def _signature(reader: PdfFileReader, name: str, field: generic.DictionaryObject) -> EmbeddedPdfSignature:
    packing = entry(field["/V"], "/SubFilter")
    if packing not in KNOWN_PACKINGS:
        raise NotImplementedError
    return EmbeddedPdfSignature(reader, field, name)
