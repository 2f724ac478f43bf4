"""Facts of one digital signature. Facts stand apart; no field says "good" or "bad" on its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vbdaemon.model.place import Box


class SignatureStatus(StrEnum):
    """ETSI EN 319 102-1, clause 5.1.3."""

    PASSED = "PASSED"
    """All checks of the signature succeeded."""
    INDETERMINATE = "INDETERMINATE"
    """Not enough is known to decide (chưa đủ căn cứ kết luận); never called forged."""
    FAILED = "FAILED"
    """Certainly wrong: broken, altered, revoked or expired before signing."""


class SignerRole(StrEnum):
    """Whose signature it is."""

    ORGANISATION = "organisation"
    """The agency's own certificate (thay cho con dấu)."""
    PERSON = "person"
    """A person's certificate."""
    UNKNOWN = "unknown"
    """Neither the directory nor the common name tells."""


class SignaturePurpose(StrEnum):
    """Why the same organisation signs several times."""

    SEAL = "seal"
    """In place of the red seal, or the only organisation signature."""
    NUMBER = "number"
    """Signed in the number of the document."""
    DATE = "date"
    """Signed in the day of the document."""
    OTHER = "other"
    """A person's signature, or not recognised."""


class TimeSource(StrEnum):
    """Where the signing time comes from."""

    TIMESTAMP = "timestamp"
    """An RFC 3161 timestamp that verified."""
    CLAIMED = "claimed"
    """/M of the signature dictionary or the signing-time attribute: the signer's word."""
    NONE = "none"
    """No time at all."""


class Revocation(StrEnum):
    """State of the signer's certificate at signing time."""

    GOOD = "good"
    """A CRL or OCSP answer says it was not revoked."""
    REVOKED = "revoked"
    """Revoked before signing."""
    UNKNOWN = "unknown"
    """No answer at hand: a fact of its own, neither good nor bad."""


class SignatureArea(StrEnum):
    """Where the visible signature stands."""

    TOP_RIGHT = "top-right"
    """Top right of page 1: scans, copies, annexes in files of their own."""
    SIGNATURE_BLOCK = "signature-block"
    """At the signer's name: born-digital documents."""
    OTHER = "other"
    """Elsewhere on a page."""
    INVISIBLE = "invisible"
    """No visible appearance."""


class UnsignedTrace(StrEnum):
    """What stands, or seems to have changed, in bytes that no signature protects; without effect on what was signed.

    A signature's range leaves out its own value (ISO 32000-2, 12.8.1): who changes only that leaves one of these.
    """

    LETTERS = "letters"
    """The hexadecimal digits of /Contents are written in more than one way."""
    ENVELOPE = "envelope"
    """Parts of the envelope that nobody signs are not as RFC 5652, 5.1 and 5.3 have them."""
    EVIDENCE = "evidence"
    """A certificate or list beside the signer's certificate is not known to be what its authority signed."""
    TIMESTAMP = "timestamp"
    """A timestamp could not be verified: it proves nothing."""
    REVISION = "revision"
    """A revision stands behind everything that is signed or stamped; harmless where it holds validation data alone."""
    TAIL = "tail"
    """White space stands behind the end of the file."""


@dataclass(frozen=True, slots=True)
class Position:
    """Place of the visible signature."""

    page: int
    area: SignatureArea
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """Facts of one signature, verified at its signing time."""

    file: str
    """SHA-256 of the signed file."""
    file_name: str
    field: str
    status: SignatureStatus
    subindication: str | None = None
    """ETSI EN 319 102-1 clause 5.1.3, e.g. NO_CERTIFICATE_CHAIN_FOUND, HASH_FAILURE, REVOKED."""
    intact: bool | None = None
    """The signed bytes hash to the signed digest; None = undecidable."""
    trusted: bool = False
    """A chain to a trusted root was built, valid at signing time."""
    role: SignerRole = SignerRole.UNKNOWN
    purpose: SignaturePurpose = SignaturePurpose.OTHER
    signer: str | None = None
    """Common name of the signer's certificate."""
    subject: str | None = None
    """Whole subject name, human readable."""
    issuer: str | None = None
    """Common name of the certificate's issuer."""
    certificate: str | None = None
    """SHA-256 of the signer's certificate (DER), hexadecimal."""
    unit: str | None = None
    """Code of the unit for which a person confirmed exactly this certificate."""
    confirmed: bool = False
    """A named person confirmed this certificate in the directory."""
    signed_at: datetime | None = None
    """Aware."""
    time_source: TimeSource = TimeSource.NONE
    covers_whole_file: bool = False
    altered_after: bool | None = None
    """Something other than a legitimate signature or validation data was added after; None = unknown."""
    coverage: str | None = None
    """pyHanko's coverage level, by name."""
    modification: str | None = None
    """pyHanko's modification level, by name."""
    unsigned_traces: tuple[UnsignedTrace, ...] = ()
    """What stands or changed in bytes that no signature protects; () = nothing, or the signature is not intact."""
    digest: str | None = None
    """Digest algorithm, lower case, e.g. sha256."""
    key: str | None = None
    """Key algorithm and size, e.g. rsa2048."""
    revocation: Revocation = Revocation.UNKNOWN
    position: Position | None = None
    chain: tuple[str, ...] = ()
    """Common names, root first, leaf last."""
    revocation_urls: tuple[str, ...] = ()
    """Where the signer's certificate says that its CRL is published (RFC 5280, 4.2.1.13)."""
    missing_issuer: str | None = None
    """Name of the issuer whose certificate is not at hand."""
    missing_issuer_urls: tuple[str, ...] = ()
    """AIA addresses from which the missing issuer can be fetched."""
    undecidable: str | None = None
    """Type of the exception when the library could not decide."""
