"""Answers about single certificates by OCSP (RFC 6960): read, matched, believed when the issuer stands behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from vbdaemon.signature.evidence_signature import is_issued_by, verifies
from vbdaemon.signature.extension import readable_extension


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """What one response says about one certificate."""

    response: ocsp.OCSPResponse
    single: ocsp.OCSPSingleResponse

    @property
    def made_at(self) -> datetime:
        """When this was known to be so (thisUpdate)."""
        return self.single.this_update_utc

    @property
    def ends(self) -> datetime | None:
        """When it runs out; None = newer answers were to be had at any time (RFC 6960, 4.2.2.1)."""
        return self.single.next_update_utc

    @property
    def good(self) -> bool:
        """The authority knows the certificate and has not revoked it; "unknown" says nothing."""
        return self.single.certificate_status is ocsp.OCSPCertStatus.GOOD

    @property
    def revoked_at(self) -> datetime | None:
        """Since when it is revoked, or None."""
        return self.single.revocation_time_utc

    @property
    def on_hold(self) -> bool:
        """Suspended only: may be valid again later."""
        return self.single.revocation_reason is x509.ReasonFlags.certificate_hold

    def is_about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """True for exactly this certificate of exactly this issuer's key (RFC 6960, 4.1.1)."""
        return self.single.serial_number == certificate.serial_number and self.is_from(issuer)

    def is_from(self, issuer: x509.Certificate) -> bool:
        """True when it speaks of a certificate that this authority's key issued."""
        digest = self.single.hash_algorithm
        named = self.single.issuer_name_hash == _hash(digest, issuer.subject.public_bytes())
        return named and self.single.issuer_key_hash == _hash(digest, key_bits(issuer))

    def is_believed(self, issuer: x509.Certificate) -> bool:
        """True when the issuer signed, or a responder that the issuer itself appointed (RFC 6960, 4.2.2.2)."""
        if _signed(self.response, issuer):
            return True
        return any(
            _appointed(responder, issuer, self.response.produced_at_utc) and _signed(self.response, responder)
            for responder in self.response.certificates
        )


def ocsp_answers(response: ocsp.OCSPResponse) -> Iterator[OcspAnswer]:
    """The answers of a response; none when the responder could not answer."""
    if response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
        for single in response.responses:
            yield OcspAnswer(response, single)


def ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """The question about one certificate, DER; SHA-1 only names the issuer, as every responder expects."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1())  # noqa: S303 - as above
    return builder.build().public_bytes(Encoding.DER)


def key_bits(issuer: x509.Certificate) -> bytes:
    """The bits of the issuer's public key, without their frame: what OCSP hashes."""
    key: Any = issuer.public_key()
    if isinstance(key, RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return bytes(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _signed(response: ocsp.OCSPResponse, by: x509.Certificate) -> bool:
    try:
        digest = response.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return False
    return verifies(by.public_key(), response.signature, response.tbs_response_bytes, digest)


def _appointed(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    if not responder.not_valid_before_utc <= at <= responder.not_valid_after_utc:
        return False
    usage = readable_extension(responder, x509.ExtendedKeyUsage) or ()
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage and is_issued_by(responder, issuer)


def _hash(algorithm: HashAlgorithm, body: bytes) -> bytes:
    digest = Hash(algorithm)
    digest.update(body)
    return digest.finalize()
