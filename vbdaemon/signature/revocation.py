"""Was a certificate revoked when it signed? Answered from the CRLs at hand, never from the network."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from vbdaemon.model import Revocation


@dataclass(frozen=True, slots=True)
class RevocationAnswer:
    """What the CRLs say about one certificate."""

    state: Revocation
    """Of the certificate at the time asked for."""
    revoked_at: datetime | None = None
    """When it was revoked, also if that was later than the time asked for."""


UNANSWERED = RevocationAnswer(Revocation.UNKNOWN)


@dataclass(slots=True)
class RevocationLists:
    """All CRLs at hand, by issuer, newest first; a list counts only when its issuer's key signed it."""

    by_issuer: dict[bytes, list[x509.CertificateRevocationList]]
    signed: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)
    """Whether a CRL carries the signature of a certificate's key; both by SHA-256."""

    @classmethod
    def of(cls, crls: Iterable[x509.CertificateRevocationList]) -> "RevocationLists":
        """Sorted for lookup."""
        by_issuer: dict[bytes, list[x509.CertificateRevocationList]] = defaultdict(list)
        for crl in sorted(crls, key=lambda crl: crl.last_update_utc, reverse=True):
            by_issuer[crl.issuer.public_bytes()].append(crl)
        return cls(dict(by_issuer))

    def answer(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """The state of `certificate` at `at` (aware): RFC 5280, 6.3, with full CRLs only.

        A CRL younger than `at` suffices: it still names what was revoked before. One that had run out
        before `at` says nothing, nor does the absence from a CRL made after the certificate had ended.
        """
        for crl in self.by_issuer.get(certificate.issuer.public_bytes(), ()):
            if not self._usable(crl, certificate, issuer, at):
                continue
            entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is None:
                if crl.last_update_utc > certificate.not_valid_after_utc:
                    continue
                return RevocationAnswer(Revocation.GOOD)
            revoked_at = entry.revocation_date_utc
            state = Revocation.REVOKED if revoked_at <= at else Revocation.GOOD
            return RevocationAnswer(state, revoked_at)
        return UNANSWERED

    def _usable(
        self,
        crl: x509.CertificateRevocationList,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        at: datetime,
    ) -> bool:
        ends = crl.next_update_utc
        if ends is not None and ends < at:
            return False
        return _in_scope(crl, certificate) and self._signed_by(crl, issuer)

    def _signed_by(self, crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        key = (crl.fingerprint(SHA256()), issuer.fingerprint(SHA256()))
        if key not in self.signed:
            self.signed[key] = _is_signed(crl, issuer)
        return self.signed[key]


def _is_signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """True when the issuer's key signed the list; SHA-1 too, which older authorities still use."""
    key = issuer.public_key()
    digest = crl.signature_hash_algorithm
    try:
        if isinstance(key, RSAPublicKey) and isinstance(digest, SHA1):
            key.verify(crl.signature, crl.tbs_certlist_bytes, PKCS1v15(), digest)
            return True
        return crl.is_signature_valid(key)  # type: ignore[arg-type]  # a key of another kind raises
    except (TypeError, ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False


def _in_scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """False for delta, indirect and partial CRLs that do not speak for this certificate."""
    try:
        extensions = crl.extensions
    except ValueError:
        return False
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            if not _point_covers(value, certificate):
                return False
        elif extension.critical:
            return False
    return True


def _point_covers(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
        return False
    authority = is_authority(certificate)
    if (point.only_contains_user_certs and authority) or (point.only_contains_ca_certs and not authority):
        return False
    if not point.full_name:
        return True
    try:
        own = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return any(name in point.full_name for entry in own for name in entry.full_name or ())


def is_authority(certificate: x509.Certificate) -> bool:
    """True when the certificate says that it may issue others."""
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def is_self_signed(certificate: x509.Certificate) -> bool:
    """True when a certificate names itself as issuer and no key identifier says otherwise.

    A certificate that carries the old key's signature over a new key names itself too, and is only a link.
    """
    if certificate.subject != certificate.issuer:
        return False
    try:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        issuer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    except (x509.ExtensionNotFound, ValueError):
        return True
    return issuer is None or issuer == own
