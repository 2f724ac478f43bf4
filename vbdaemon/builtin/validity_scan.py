"""Is it a scan of the signed and sealed original: evidence measured on the page of the signature block."""

from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model import Box, Classification, Content, Page

REACH_ABOVE = 170.0
"""Points above the printed name in which the handwritten signature and the seal stand."""
REACH_BELOW = 25.0
HEADING = 0.2
"""Part of page 1, from its upper edge, in which no seal of a signed original stands."""
REACH_ASIDE = 150.0
"""Points to each side: the seal lies one third over the signature, on its left (NĐ 30/2020 App. I)."""


class ScanEvidence(StrEnum):
    """What the pages say about a handwritten signature and a red seal."""

    SEALED_SCAN = "sealed-scan"
    """The page of the signature block is a picture, and a seal-like region was seen on it."""
    SCAN = "scan"
    """A picture, but no red seal was seen (a black-and-white scan)."""
    PICTURE_AT_NAME = "picture-at-name"
    """A page of text with a picture near the signer's name, or one of which this cannot be told."""
    NOTHING = "nothing"
    """A page of text with no picture at the signer's name."""
    UNREAD = "unread"
    """The pages were not read."""


@dataclass(frozen=True, slots=True)
class ScanSight:
    """The evidence, and where it was measured."""

    evidence: ScanEvidence
    page: int | None = None
    region: Box | None = None
    """The seal, or the picture at the signer's name; for people to look at."""


def scan_sight(content: Content | None, classification: Classification) -> ScanSight:
    """The strongest evidence that the pages hold; software can measure it, only a person can confirm it."""
    if content is None or not content.pages:
        return ScanSight(ScanEvidence.UNREAD)
    page = signature_page(content, classification)
    name = _name_box(classification, page)
    if page.image_only:
        seal = _seal(page, name)
        return ScanSight(ScanEvidence.SEALED_SCAN if seal else ScanEvidence.SCAN, page.number, seal or name)
    if name is None or page.ocr:
        return ScanSight(ScanEvidence.PICTURE_AT_NAME, page.number, name)
    near = next((region for region in (*page.ink, *page.seals) if _near(name, region)), None)
    return ScanSight(ScanEvidence.PICTURE_AT_NAME if near else ScanEvidence.NOTHING, page.number, near or name)


def _seal(page: Page, name: Box | None) -> Box | None:
    """The seal at the signer's name, else one below the heading: at the top right stands that of a digital signature.

    TT 01/2019/TT-BNV has the digitising body sign there, with its seal in red and real size.
    """
    near = (seal for seal in page.seals if name is not None and _near(name, seal))
    heading = HEADING * page.height if page.number == 1 else 0.0
    below = (seal for seal in page.seals if seal.centre[1] >= heading)
    return next(near, None) or next(below, None)


def signature_page(content: Content, classification: Classification) -> Page:
    """The page of the signer's name; else, from the end, the first with a seal that is a picture, or not blank."""
    signer = classification.signer
    named = signer.evidence.page if signer else None
    found = next((page for page in content.pages if page.number == named), None)
    if found is not None:
        return found
    backwards = content.pages[::-1]
    sealed = (page for page in backwards if page.image_only and page.seals)
    written = (page for page in backwards if not page.blank)
    return next(sealed, None) or next(written, backwards[0])


def _name_box(classification: Classification, page: Page) -> Box | None:
    signer = classification.signer
    if signer is None or signer.value.name is None or signer.evidence.page != page.number:
        return None
    return signer.evidence.box


def _near(name: Box, region: Box) -> bool:
    beside = region.x1 >= name.x0 - REACH_ASIDE and region.x0 <= name.x1 + REACH_ASIDE
    above = region.y1 >= name.y0 - REACH_ABOVE and region.y0 <= name.y1 + REACH_BELOW
    return beside and above
