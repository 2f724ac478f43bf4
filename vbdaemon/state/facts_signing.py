"""Who signed a document, as the rates of 607/UBND-VP count it.

A signature counts when it PASSED, or when nothing is wanting but its chain and a named person confirmed exactly its
certificate, and nothing altered what it signed. A leader's is a person's signature under a document whose printed
signature block names a leading title (CHỦ TỊCH, PHÓ TRƯỞNG PHÒNG, KT. GIÁM ĐỐC …), unless the check found that the
signing person is not the printed one. Who signs by order (TL., TUQ.) counts as a leader by the own title alone. A title
that could not be read counts as none: rates may be too low, never too high.
"""

import re
import unicodedata

from vbdaemon.model import (
    Classification,
    DocumentVerdict,
    SignatureReport,
    SignatureStatus,
    Signer,
    SignerRole,
    TransmissionForm,
    VerdictKind,
)

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"
NOT_THE_ISSUER = "signer-not-issuer"
NOT_THE_SIGNER = "person-not-the-signer"
NO_AGENCY_PAPER = {"no-document", "not-an-agency-document", "unreadable-file", "malware"}
"""Findings after which there is no document of an agency that could be signed."""
LEADS = re.compile(r"\b(chu tich|giam doc|bi thu|thu tuong|tong bien tap|tong thanh tra|tu lenh|truong|chanh)\b")
"""Titles of heads and deputies, without accents: trưởng phòng, hiệu trưởng, chánh văn phòng, phó chủ tịch …"""
LEADS_NOBODY = re.compile(r"\b(ke toan truong|to truong|truong nhom)\b")
"""Titles that sound alike but lead no agency or unit."""


def by_organisation(document: DocumentVerdict) -> bool:
    """True when the issuing agency's signature counts."""
    return _signed_as(document, SignerRole.ORGANISATION) and NOT_THE_ISSUER not in _codes(document)


def by_person(document: DocumentVerdict) -> bool:
    """True when a person's signature counts."""
    return _signed_as(document, SignerRole.PERSON)


def by_leader(document: DocumentVerdict) -> bool:
    """True when a leader's own signature counts."""
    if document.classification is None or not by_person(document) or NOT_THE_SIGNER in _codes(document):
        return False
    return any(leads(signer) for signer in _signers(document.classification))


def leads(signer: Signer) -> bool:
    """True when the printed title is that of a head or deputy."""
    title = _plain(signer.title or "")
    return bool(LEADS.search(title)) and not LEADS_NOBODY.search(title)


def is_signable(document: DocumentVerdict, *, draft: bool, repeated: bool) -> bool:
    """True when 607/UBND-VP wants it signed: no secret, nothing that must be signed on paper, no draft or its Tờ trình.

    What is no agency's document at all, or was counted before, is left out too.
    """
    kind = document.classification
    if kind is None or kind.transmission is TransmissionForm.PAPER or draft or repeated:
        return False
    return document.verdict.kind is not VerdictKind.QUARANTINE and not NO_AGENCY_PAPER & _codes(document)


def _signed_as(document: DocumentVerdict, role: SignerRole) -> bool:
    return any(each.role is role and _counts(each) for each in document.signatures)


def _counts(signature: SignatureReport) -> bool:
    confirmed = signature.confirmed and signature.subindication == NO_CHAIN and signature.undecidable is None
    return (signature.status is SignatureStatus.PASSED or confirmed) and signature.altered_after is not True


def _codes(document: DocumentVerdict) -> set[str]:
    return {finding.code for finding in document.findings}


def _signers(kind: Classification) -> tuple[Signer, ...]:
    return tuple(found.value for found in (kind.signer, *kind.co_signers) if found is not None)


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFD", words.casefold()).replace("đ", "d")
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())
