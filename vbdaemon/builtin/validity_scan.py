"""Is it a scan of the signed and sealed original: evidence measured on the page of the signature block."""

from enum import StrEnum

from vbdaemon.model import Box, Classification, Content, Page

REACH_ABOVE = 170.0
"""Points above the printed name in which the handwritten signature and the seal stand."""
REACH_BELOW = 25.0
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


def scan_evidence(content: Content | None, classification: Classification) -> ScanEvidence:
    """The strongest evidence that the pages hold; software can measure it, only a person can confirm it."""
    if content is None or not content.pages:
        return ScanEvidence.UNREAD
    page = signature_page(content, classification)
    if page.image_only:
        return ScanEvidence.SEALED_SCAN if page.seals else ScanEvidence.SCAN
    name = _name_box(classification, page)
    if name is None or page.ocr:
        return ScanEvidence.PICTURE_AT_NAME
    near = any(_near(name, region) for region in (*page.ink, *page.seals))
    return ScanEvidence.PICTURE_AT_NAME if near else ScanEvidence.NOTHING


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
