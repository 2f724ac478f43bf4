"""Did this key sign these bytes: certificates, CRLs and OCSP answers, of every age."""

from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from vbdaemon.signature.extension import extension, readable_extension


def verifies(key: Any, signature: bytes, body: bytes, digest: HashAlgorithm | None, padding: Any = None) -> bool:
    """True when `signature` over `body` is that of `key`; SHA-1 too, which older authorities used."""
    try:
        if isinstance(key, RSAPublicKey) and digest is not None:
            key.verify(signature, body, padding if isinstance(padding, PSS) else PKCS1v15(), digest)
        elif isinstance(key, EllipticCurvePublicKey) and digest is not None:
            key.verify(signature, body, ECDSA(digest))
        elif isinstance(key, Ed25519PublicKey | Ed448PublicKey):
            key.verify(signature, body)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """True when `issuer` is an authority whose name and key stand behind `certificate`."""
    if certificate.issuer != issuer.subject or not is_authority(issuer):
        return False
    if not may(issuer, "key_cert_sign"):
        return False
    return _carries(certificate, certificate.tbs_certificate_bytes, issuer)


def is_list_of(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """True when `issuer` signed this CRL and may do so (RFC 5280, 6.3.3 (f))."""
    if crl.issuer != issuer.subject or not may(issuer, "crl_sign"):
        return False
    return _carries(crl, crl.tbs_certlist_bytes, issuer)


def _carries(signed: Any, body: bytes, issuer: x509.Certificate) -> bool:
    try:
        digest, padding = signed.signature_hash_algorithm, signed.signature_algorithm_parameters
        return verifies(issuer.public_key(), signed.signature, body, digest, padding)
    except (UnsupportedAlgorithm, ValueError):
        return False


def is_authority(certificate: x509.Certificate) -> bool:
    """True when the certificate says that it may issue others."""
    constraints = readable_extension(certificate, x509.BasicConstraints)
    return constraints is not None and bool(constraints.ca)


def is_self_signed(certificate: x509.Certificate) -> bool:
    """True when a certificate names itself as issuer and no key identifier says otherwise.

    A certificate that carries the old key's signature over a new key names itself too, and is only a link.
    """
    if certificate.subject != certificate.issuer:
        return False
    own = readable_extension(certificate, x509.SubjectKeyIdentifier)
    issuer = readable_extension(certificate, x509.AuthorityKeyIdentifier)
    if own is None or issuer is None or issuer.key_identifier is None:
        return True
    return bool(issuer.key_identifier == own.digest)


def may(certificate: x509.Certificate, usage: str) -> bool:
    """True when the key usage names `usage`, or no usage is named at all."""
    try:
        named = extension(certificate, x509.KeyUsage)
    except ValueError:
        return False
    return named is None or bool(getattr(named, usage))
