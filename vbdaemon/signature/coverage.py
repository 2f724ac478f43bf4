"""How much of the file a signature covers, and what was added after it."""

from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vbdaemon.signature.embedded import SignedPdf

HARMLESS = ("NONE", "LTA_UPDATES")
"""Modification levels after which the file still says what was signed: nothing, or validation data only."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """pyHanko's levels by name, corrected where they are too kind."""

    level: str
    modification: str
    permitted: bool
    """What came after is of a kind that signing allows at all (further signatures, form filling, validation data)."""

    @property
    def whole_file(self) -> bool:
        """Every byte outside the signature itself is signed."""
        return self.level == "ENTIRE_FILE"

    @property
    def reaches_end(self) -> bool:
        """The file ends with this signature, or only timestamps and validation data follow it."""
        return self.permitted and self.modification in HARMLESS


def coverage(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> Coverage:
    """Coverage and modification of one signature (ISO 32000-2, 12.8.1: the byte range leaves out /Contents alone)."""
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
    facts = signature.summarise_integrity_info()
    level: SignatureCoverageLevel = facts["coverage"]
    if not _one_gap(pdf.body, signature):
        return Coverage("UNCLEAR", "OTHER", permitted=False)
    result = facts["diff_result"]
    modification = result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER
    permitted = bool(facts["docmdp_ok"]) and modification is not ModificationLevel.OTHER
    if modification is ModificationLevel.LTA_UPDATES and _shows_something_new(pdf, signature):
        return Coverage(level.name, "OTHER", permitted=False)
    return Coverage(level.name, modification.name, permitted)


def _one_gap(body: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The only unsigned bytes are the hexadecimal string of this very signature.

    The library takes a byte range whose lengths add up for the whole file; a signature that was moved
    (wrapping attack) can be built to add up.
    """
    start, before, after, rest = (int(number) for number in signature.byte_range)
    gap = body[before:after]
    return (
        start == 0
        and after + rest <= len(body)
        and gap[:1] == b"<"
        and gap[-1:] == b">"
        and len(gap) == 2 * len(signature.pkcs7_content) + 2
        and bytes.fromhex(gap[1:-1].decode("ascii")) == signature.pkcs7_content
    )


def _shows_something_new(pdf: SignedPdf, signature: EmbeddedPdfSignature) -> bool:
    """A placeholder or timestamp field with a visible box came after: it can cover signed words."""
    for field in pdf.others:
        reference = field.container_ref
        if (
            not isinstance(reference, generic.Reference)
            or pdf.reader.xrefs.get_last_change(reference) <= signature.signed_revision
        ):
            continue
        box = [float(edge) for edge in field.get("/Rect", (0, 0, 0, 0))]
        if len(box) != 4 or (box[2] - box[0]) * (box[3] - box[1]) != 0:  # noqa: PLR2004 - a rectangle has four edges
            return True
    return False
