"""A certificate with its private key: what signs."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and the private key that belongs to it; `repr` never shows the key's numbers."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()
    """Issuers to embed beside the signer's certificate; real Vietnamese signatures embed none."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate (DER), hexadecimal, lower case: what a person confirms."""
        return self.certificate.fingerprint(SHA256()).hex()
