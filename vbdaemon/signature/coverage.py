"""How much of the file a signature covers, and what was added after it."""

from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vbdaemon.signature.embedded import SignedPdf
from vbdaemon.signature.entry import entry

HARMLESS = ("NONE", "LTA_UPDATES")
"""Modification levels after which the file still says what was signed: nothing, or validation data only."""

RULES = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),  # type: ignore[no-untyped-call]  # as above
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]  # type: ignore[no-untyped-call]  # as above
    ),
)
"""The library's own rules without the one that lets text fields be filled after signing: a filled field can show
other words than those signed (shadow attack "replace" by form overlays), and offices send no forms."""

BLANKS = b" \t\r\n\f\x00"
"""What mail gateways and tools append to a file; ISO 32000-1, 7.2.2 calls it white space."""


class UnsignedBytes(ValueError):
    """Something other than zeros stands behind the signature in /Contents, where nothing is signed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """pyHanko's levels by name, corrected where they are too kind."""

    level: str
    modification: str
    permitted: bool
    """What came after is of a kind that signing allows at all (further signatures, validation data)."""

    @property
    def whole_file(self) -> bool:
        """Every byte outside the signature itself is signed."""
        return self.level == "ENTIRE_FILE"

    @property
    def reaches_end(self) -> bool:
        """The file ends with this signature, or only timestamps and validation data follow it."""
        return self.permitted and self.modification in HARMLESS


def coverage(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> Coverage:
    """Coverage and modification of one signature (ISO 32000-2, 12.8.1: the byte range leaves out /Contents alone).

    Form filling is permitted where nothing but fields of later signatures was filled: a visible placeholder is
    accepted by the library's rules and is an alteration.
    """
    signature.compute_integrity_info(RULES)  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
    facts = signature.summarise_integrity_info()
    level: SignatureCoverageLevel = facts["coverage"]
    if not one_gap(pdf.body, signature):
        return Coverage("UNCLEAR", "OTHER", permitted=False)
    result = facts["diff_result"]
    modification = result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER
    permitted = bool(facts["docmdp_ok"]) and modification is not ModificationLevel.OTHER
    strange = isinstance(result, DiffResult) and bool(result.changed_form_fields - _signed_later(pdf, signature))
    resaved = modification is ModificationLevel.LTA_UPDATES and _resaved(pdf, signature)
    if strange or resaved or _shows_something_new(pdf, signature) or _junk_at_end(pdf):
        return Coverage(level.name, "OTHER", permitted=False)
    return Coverage(level.name, modification.name, permitted)


def one_gap(body: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The only unsigned bytes are the hexadecimal string of this very signature, padded with zeros.

    The library takes a byte range whose lengths add up for the whole file; a signature that was moved
    (wrapping attack) can be built to add up.
    """
    start, before, after, rest = (int(number) for number in signature.byte_range)
    gap = body[before:after]
    whole = (
        start == 0
        and after + rest <= len(body)
        and gap[:1] == b"<"
        and gap[-1:] == b">"
        and len(gap) == 2 * len(signature.pkcs7_content) + 2
        and bytes.fromhex(gap[1:-1].decode("ascii")) == signature.pkcs7_content
    )
    if whole and signature.pkcs7_content[_der_length(signature.pkcs7_content) :].strip(b"\x00"):
        raise UnsignedBytes
    return whole


def _der_length(der: bytes) -> int:
    """Bytes of the first value (X.690, 8.1.3); indefinite lengths count as everything."""
    first = der[1]
    if first < 0x80:  # noqa: PLR2004 - the short form
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big") if count else len(der)


def _signed_later(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> set[str]:
    return {each.name for each in pdf.fields if each.order > signature.signed_revision}


def _resaved(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> bool:
    """What follows is neither a signature nor a timestamp nor validation data: somebody saved the file again."""
    if _signed_later(pdf, signature):
        return False
    stamped = any(entry(field, "/V") and _is_later(pdf, field, signature) for field in pdf.others)
    return not stamped and not _is_later(pdf, entry(pdf.reader.root, "/DSS"), signature)


def _is_later(pdf: SignedPdf, thing: generic.PdfObject | None, signature: EmbeddedPdfSignature) -> bool:
    """True when an object was written in a revision after the signature's."""
    reference = thing.container_ref if thing is not None else None
    if not isinstance(reference, generic.Reference):
        return False
    return bool(pdf.reader.xrefs.get_last_change(reference) > signature.signed_revision)


def _shows_something_new(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> bool:
    """A placeholder or timestamp field with a visible box came after: it can cover signed words."""
    return any(
        _is_later(pdf, field, signature) and any(_has_surface(widget) for widget in _widgets(field))
        for field in pdf.others
    )


def _widgets(field: generic.DictionaryObject) -> list[generic.DictionaryObject]:
    """A field that is its own widget, and those among its kids (ISO 32000-1, 12.7.3.1)."""
    kids = entry(field, "/Kids", ())
    return [field, *(kids[index] for index in range(len(kids)))]


def _has_surface(widget: generic.DictionaryObject) -> bool:
    box = [float(edge) for edge in entry(widget, "/Rect", (0, 0, 0, 0))]
    return len(box) != 4 or (box[2] - box[0]) * (box[3] - box[1]) != 0  # noqa: PLR2004 - a rectangle has four edges


def _junk_at_end(pdf: SignedPdf) -> bool:
    """Bytes after all that is signed which belong to no revision: readers that repair files take objects from there."""
    if not pdf.body[_last_signed_byte(pdf) :].strip(BLANKS):
        return False
    xrefs = pdf.reader.xrefs
    rest = pdf.body[xrefs.get_xref_container_info(xrefs.total_revisions - 1).end_location :]
    return rest.count(b"startxref") != 1 or b" obj" in rest or bool(rest.rpartition(b"%%EOF")[2].strip(BLANKS))


def _last_signed_byte(pdf: SignedPdf) -> int:
    ranges = [e.signature.byte_range for e in pdf.fields if isinstance(e.signature, EmbeddedPdfSignature)]
    return max(int(numbers[2]) + int(numbers[3]) for numbers in ranges if len(numbers) == 4)  # noqa: PLR2004 - 12.8.1
