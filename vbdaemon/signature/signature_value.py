"""What a signature value holds that does not verify: a fault of the signer's software, or nothing that fits."""

from asn1crypto import algos, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import Hash
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko_certvalidator.util import get_pyca_cryptography_hash


def holds_digest_otherwise(signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> bool:
    """True when the signer's RSA key signed exactly the right digest, in an encoding that verifiers refuse.

    RFC 8017, 9.2 wants NULL parameters in DigestInfo; software that leaves them out occurs on genuine papers.
    Such a value is no proof, since verifiers disagree about it, and no forgery: nobody is refused for it.
    """
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        recovered = key.recover_data_from_signature(signature.signer_info["signature"].native, PKCS1v15(), None)
        held = algos.DigestInfo.load(recovered, strict=True)
        algorithm = held["digest_algorithm"]["algorithm"].native
        digest = held["digest"].native
    except (InvalidSignature, ValueError, TypeError):
        return False
    signer = signature.signer_info
    return bool(algorithm == signer["digest_algorithm"]["algorithm"].native and digest == _digest(signature, algorithm))


def _digest(signature: EmbeddedPdfSignature, algorithm: str) -> bytes:
    """Of the signed attributes, or of the file where there are none (RFC 5652, 5.4)."""
    attributes = signature.signer_info["signed_attrs"]
    if attributes is core.VOID:
        whole: bytes = signature.compute_digest()
        return whole
    digest = Hash(get_pyca_cryptography_hash(algorithm))
    digest.update(attributes.untag().dump())
    return digest.finalize()
