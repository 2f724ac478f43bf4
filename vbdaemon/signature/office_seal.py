"""The office's own signature on what it writes: certificate and key from a PKCS#12 file, a timestamp where possible."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.timestamps import TimestampRequestError

from vbdaemon.errors import ConfigurationError, TrustError
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.naming import common_name
from vbdaemon.signature.signing import PdfBox, sign
from vbdaemon.signature.timestamp import HttpAuthority

FIELD = "VanThu"
BOX: PdfBox = (368, 789, 544, 828)
"""Top right corner of the first page (A4), above the letterhead; NĐ 30/2020 App. I on where an agency signs."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed PDF; `trouble` says why it bears no timestamp although one was asked for."""

    pdf: bytes
    trouble: str = ""


def load_seal(path: Path, password: str, at: datetime | None = None) -> Credential:
    """Certificate, key and chain of a PKCS#12 file; ConfigurationError says what is wrong with it.

    With `at` (aware) it must be valid at that moment.
    """
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; the office's certificate is expected there") from error
    except ValueError as error:  # the library's words: "Invalid password or PKCS12 data"
        raise ConfigurationError(f"{path}: wrong password, or no PKCS#12 file") from error
    if certificate is None or not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise ConfigurationError(f"{path}: holds no certificate with its private key (RSA, EC or Ed25519)")
    credential = Credential(certificate, key, tuple(chain))
    if at is not None and (trouble := validity_trouble(credential, at)):
        raise ConfigurationError(f"{path}: {trouble}")
    return credential


def name_on(credential: Credential) -> str:
    """Whom the certificate names."""
    return common_name(credential.certificate.subject)


def validity_trouble(credential: Credential, at: datetime) -> str:
    """Why the certificate cannot sign at that moment (aware); empty when it can."""
    certificate = credential.certificate
    if at > certificate.not_valid_after_utc:
        return f"expired on {certificate.not_valid_after_utc:%d/%m/%Y}"
    return f"valid from {certificate.not_valid_before_utc:%d/%m/%Y}" if at < certificate.not_valid_before_utc else ""


def seal(
    pdf: bytes,
    credential: Credential,
    at: datetime,
    drawing: bytes,
    authority: str = "",
    proxy: str = "",
    monotonic: Callable[[], float] = time.monotonic,
) -> Sealed:
    """The PDF signed (PAdES) and shown at the top right; `drawing` is a one-page PDF of what is shown there.

    With `authority` (an address) a timestamp is added if it answers in time; without an answer there is none.
    SigningRefused when the PDF cannot be signed at all.
    """
    trouble = ""
    if authority:
        try:
            stamper = HttpAuthority(authority, proxy, monotonic)
            stamped = sign(pdf, credential, field=FIELD, signed_at=at, box=BOX, drawing=drawing, timestamper=stamper)
            return Sealed(stamped)
        except (TrustError, TimestampRequestError, ValueError) as error:
            trouble = f"signed without timestamp: {error}"
    return Sealed(sign(pdf, credential, field=FIELD, signed_at=at, box=BOX, drawing=drawing), trouble)
