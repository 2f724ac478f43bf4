"""From a signer's certificate up to a root: names of the chain, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from vbdaemon.signature.extension import readable_extension
from vbdaemon.signature.naming import common_name
from vbdaemon.signature.revocation import is_self_signed
from vbdaemon.signature.trust import TrustStore

LONGEST = 10
"""Links that are followed."""


@dataclass(frozen=True, slots=True)
class PartialChain:
    """What is known of a chain that ends nowhere."""

    names: tuple[str, ...]
    """Common names, topmost known first, leaf last."""
    missing: str | None
    """Common name of the first issuer that is not at hand; None when an untrusted root is the trouble."""
    urls: tuple[str, ...]
    """Where that issuer's certificate can be fetched."""


def partial_chain(leaf: x509.Certificate, trust: TrustStore, embedded: Sequence[x509.Certificate]) -> PartialChain:
    """Climb by issuer names as far as certificates are at hand, in the store or embedded in the signature."""
    certificate = leaf
    names = [common_name(leaf.subject)]
    for _ in range(LONGEST):
        if is_self_signed(certificate):
            return PartialChain(tuple(names), None, ())
        issuer = trust.issuer_of(certificate, embedded)
        if issuer is None:
            break
        names.insert(0, common_name(issuer.subject))
        certificate = issuer
    return PartialChain(tuple(names), common_name(certificate.issuer), issuer_urls(certificate))


def issuer_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    """AIA addresses from which the issuer's certificate can be had (RFC 5280, 4.2.2.1)."""
    return tuple(
        str(entry.access_location.value)
        for entry in readable_extension(certificate, x509.AuthorityInformationAccess) or ()
        if entry.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    )
