"""Signatures that stand beside or inside files other than PDF: what is known of one of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from vbdaemon.model import Revocation
from vbdaemon.signature.naming import common_name, readable


class SideKind(StrEnum):
    """Where the signature stands."""

    OFFICE = "office"
    """Inside a docx or xlsx (XML-DSig, ECMA-376-2 clause 13)."""
    DETACHED = "detached"
    """In a .p7s beside the file that it signs (CMS, RFC 5652)."""
    ENCLOSING = "enclosing"
    """A .p7m or .p7s that carries the signed content inside."""


@dataclass(frozen=True, slots=True)
class SideSignature:
    """Facts of one such signature. They count for no requirement: 552 §1 speaks of the document itself."""

    kind: SideKind
    file: str
    """Name of the file that holds the signature."""
    place: str = ""
    """Part of the package, or name of the file that a .p7s signs; empty when none of the files at hand is signed."""
    signer: str | None = None
    """Common name."""
    subject: str | None = None
    issuer: str | None = None
    certificate: str | None = None
    """SHA-256 of the signer's certificate (DER), hexadecimal."""
    signed_at: datetime | None = None
    """The signer's word, aware."""
    digest: str | None = None
    """Lower case, e.g. sha256."""
    intact: bool | None = None
    """The signed bytes are what was signed; None = not everything could be compared."""
    trusted: bool = False
    """A chain to a root at hand, valid at the signing time that the signer claims; not known to be revoked then."""
    revocation: Revocation = Revocation.UNKNOWN
    """State of the signer's certificate at that time, by the CRLs and OCSP answers at hand."""
    chain: tuple[str, ...] = ()
    """Common names, topmost known first, leaf last."""
    cause: str | None = None
    """Why it could not be read: type of the exception."""

    def signed_with(self, certificate: x509.Certificate) -> "SideSignature":
        """The same with what the signer's certificate says; the chain ends there until one was found."""
        name = common_name(certificate.subject)
        return replace(
            self,
            signer=name,
            subject=readable(certificate.subject),
            issuer=common_name(certificate.issuer),
            certificate=certificate.fingerprint(SHA256()).hex(),
            chain=(name,),
        )
