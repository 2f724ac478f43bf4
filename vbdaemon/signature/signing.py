"""Signing a PDF: one call adds one signature as a new revision; the bytes before it stay as they are."""

import io
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from vbdaemon.errors import VbdaemonError
from vbdaemon.signature.appearance import SignatureAppearance, drawable
from vbdaemon.signature.credential import Credential

PdfBox = tuple[int, int, int, int]
"""x0, y0, x1, y1 in points, origin bottom-left, as PDF counts (ISO 32000-1, 8.3.2.3)."""

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,  # most real signatures up to 2026 use it; tests need twins of them
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class SignatureFormat(StrEnum):
    """How the signature is packed; both occur in Vietnamese documents."""

    PADES = "ETSI.CAdES.detached"
    """PAdES (ETSI EN 319 142): the signing time stands in /M and the timestamp alone."""
    PKCS7 = "adbe.pkcs7.detached"
    """Older packing with a signing-time attribute inside the signature."""


class SigningRefused(VbdaemonError):
    """The PDF cannot be signed; the message says why."""


def sign(
    pdf: bytes,
    credential: Credential,
    *,
    field: str,
    signed_at: datetime,
    page: int = 0,
    box: PdfBox | None = None,
    text: str = "",
    image: bytes | None = None,
    drawing: bytes | None = None,
    timestamper: Credential | TimeStamper | None = None,
    digest: str = "sha256",
    packing: SignatureFormat = SignatureFormat.PADES,
) -> bytes:
    """The same PDF with one more signature in field `field`, made or filled on page `page` (from 0).

    `box` None means an invisible signature. Shown in the box, one above the other: `image` (PNG or JPEG bytes),
    `drawing` (first page of a PDF, for text with Vietnamese letters in a font of its own), `text` (lines of
    digits and Latin letters, such as the number or day that the organisation signs in).
    `signed_at` (aware) is written to /M, to the signing-time attribute and to the timestamp, if `timestamper`
    is the credential of a timestamp authority; an authority that is asked writes its own time. Raises SigningRefused.
    """
    if not drawable(text):
        raise SigningRefused("the text of a visible signature has letters outside Times: hand it in as `drawing`")
    signer = _FrozenTimeSigner(
        PdfSignatureMetadata(field_name=field, md_algorithm=digest, subfilter=SigSeedSubFilter("/" + packing.value)),
        signer=_signer(credential),
        timestamper=_timestamper(timestamper, signed_at) if timestamper else None,
        stamp_style=SignatureAppearance(*_size(box), text, image, drawing).style() if box else None,
        new_field_spec=SigFieldSpec(field, on_page=page, box=box) if box else None,
        signed_at=signed_at,
    )
    return _revision(pdf, signer)


def _size(box: PdfBox) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _revision(pdf: bytes, signer: PdfSigner) -> bytes:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        signed: io.BytesIO = signer.sign_pdf(writer)
    except PdfError as error:
        raise SigningRefused(f"the PDF cannot be signed: {error}") from error
    return signed.getvalue()


class _FrozenTimeSigner(PdfSigner):
    """A signer whose time is given, not taken from this machine's clock."""

    def __init__(self, *arguments: Any, signed_at: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.signed_at = signed_at

    def init_signing_session(self, *arguments: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **named)
        session.system_time = self.signed_at
        return session


class _LoadedKeySigner(SimpleSigner):
    """Signs RSA with the key object at hand: loading and checking a key for every signature costs more."""

    rsa_key: RSAPrivateKey | None = None

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if self.rsa_key is None:
            raw: bytes = super().sign_raw(data, digest_algorithm)
            return raw
        return self.rsa_key.sign(data, padding.PKCS1v15(), HASHES[digest_algorithm.lower()]())


def _signer(credential: Credential) -> _LoadedKeySigner:
    certificates = [_asn1(certificate) for certificate in credential.chain]
    signer = _LoadedKeySigner(
        signing_cert=_asn1(credential.certificate),
        signing_key=_asn1_key(credential),
        cert_registry=SimpleCertificateStore.from_certs(certificates),  # type: ignore[no-untyped-call]  # typed in part only
    )
    signer.rsa_key = credential.key if isinstance(credential.key, RSAPrivateKey) else None
    return signer


def _timestamper(authority: Credential | TimeStamper, at: datetime) -> TimeStamper:
    if isinstance(authority, TimeStamper):
        return authority
    return DummyTimeStamper(_asn1(authority.certificate), _asn1_key(authority), fixed_dt=at)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _asn1_key(credential: Credential) -> keys.PrivateKeyInfo:
    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return keys.PrivateKeyInfo.load(der)
