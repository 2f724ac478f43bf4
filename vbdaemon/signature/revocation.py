"""Was a certificate revoked when it signed? Answered from the CRLs and OCSP answers at hand, never from the network."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import ocsp

from vbdaemon.model import Revocation
from vbdaemon.signature.evidence_ocsp import OcspAnswer, ocsp_answers
from vbdaemon.signature.evidence_signature import is_authority, is_list_of, is_self_signed
from vbdaemon.signature.extension import extensions, readable_extension

__all__ = ["UNANSWERED", "RevocationAnswer", "RevocationLists", "is_authority", "is_self_signed"]


@dataclass(frozen=True, slots=True)
class RevocationAnswer:
    """What the evidence at hand says about one certificate."""

    state: Revocation
    """Of the certificate at the time asked for."""
    revoked_at: datetime | None = None
    """When it was revoked, also if that was later than the time asked for."""


KEPT_LOOKUPS = 20_000
"""Answers of CRLs that one worker keeps in mind."""
UNANSWERED = RevocationAnswer(Revocation.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one CRL or OCSP answer says about the certificate."""

    made_at: datetime
    ends: datetime | None
    revoked_at: datetime | None
    on_hold: bool

    def speaks_of(self, at: datetime) -> bool:
        """True when it had not run out at `at`; without an end only a younger one speaks."""
        return self.made_at >= at if self.ends is None else self.ends >= at


@dataclass(slots=True)
class RevocationLists:
    """All CRLs and OCSP answers at hand; each counts only when the issuer's key stands behind it."""

    by_issuer: dict[bytes, list[x509.CertificateRevocationList]]
    """CRLs by issuer's name, newest first."""
    by_serial: dict[int, list[OcspAnswer]] = field(default_factory=dict)
    """OCSP answers by serial number, newest first."""
    signed: dict[tuple[int, bytes], bool] = field(default_factory=dict)
    """Whether a CRL (by identity: this object keeps it alive) is that of a certificate (by SHA-256)."""

    looked_up: dict[tuple[int, int], _Statement] = field(default_factory=dict)
    """What a CRL (by identity) says of a serial number: big lists are searched once for each signer."""

    @classmethod
    def of(
        cls, crls: Iterable[x509.CertificateRevocationList], responses: Iterable[ocsp.OCSPResponse] = ()
    ) -> "RevocationLists":
        """Sorted for lookup."""
        by_issuer: dict[bytes, list[x509.CertificateRevocationList]] = defaultdict(list)
        for crl in sorted(crls, key=lambda crl: crl.last_update_utc, reverse=True):
            by_issuer[crl.issuer.public_bytes()].append(crl)
        by_serial: dict[int, list[OcspAnswer]] = defaultdict(list)
        answers = [answer for response in responses for answer in ocsp_answers(response)]
        for answer in sorted(answers, key=lambda answer: answer.made_at, reverse=True):
            by_serial[answer.single.serial_number].append(answer)
        return cls(dict(by_issuer), dict(by_serial))

    def joined(
        self, crls: Iterable[x509.CertificateRevocationList], responses: Iterable[ocsp.OCSPResponse]
    ) -> "RevocationLists":
        """These and further ones, e.g. those that a signed file brings along; `self` stays as it is."""
        more = RevocationLists.of(crls, responses)
        by_issuer = dict(self.by_issuer)
        for name, found in more.by_issuer.items():
            everything = [*by_issuer.get(name, ()), *found]
            by_issuer[name] = sorted(everything, key=lambda crl: crl.last_update_utc, reverse=True)
        by_serial = dict(self.by_serial)
        for serial, answers in more.by_serial.items():
            both = [*by_serial.get(serial, ()), *answers]
            by_serial[serial] = sorted(both, key=lambda answer: answer.made_at, reverse=True)
        return RevocationLists(by_issuer, by_serial, dict(self.signed), dict(self.looked_up))

    def answer(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> RevocationAnswer:
        """The state of `certificate` at `at` (aware): RFC 5280, 6.3, with full CRLs only, and RFC 6960.

        Evidence younger than `at` suffices: it still names what was revoked before. What had run out before
        `at` does not say "good", nor does the absence from a CRL made after the certificate had ended. A
        revocation is for ever: it counts by whatever list it is known, unless it was a mere suspension.
        """
        for statement in self._statements(certificate, issuer):
            if statement.revoked_at is not None:
                if statement.on_hold and not statement.speaks_of(at):
                    continue
                state = Revocation.REVOKED if statement.revoked_at <= at else Revocation.GOOD
                return RevocationAnswer(state, statement.revoked_at)
            if statement.speaks_of(at) and statement.made_at <= certificate.not_valid_after_utc:
                return RevocationAnswer(Revocation.GOOD)
        return UNANSWERED

    def _statements(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[_Statement]:
        """What is said of this certificate, the newest first; lists are looked into only as far as is asked."""
        answers = [a for a in self.by_serial.get(certificate.serial_number, ()) if a.is_about(certificate, issuer)]
        believed = [a for a in answers if (a.good or a.revoked_at) and a.is_believed(issuer)]
        for crl in self.by_issuer.get(certificate.issuer.public_bytes(), ()):
            while believed and believed[0].made_at >= crl.last_update_utc:
                yield _of_answer(believed.pop(0))
            if _in_scope(crl, certificate) and self._signed_by(crl, issuer):
                yield self._of_list(crl, certificate.serial_number)
        yield from map(_of_answer, believed)

    def _signed_by(self, crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        key = (id(crl), issuer.fingerprint(SHA256()))
        if key not in self.signed:
            self.signed[key] = is_list_of(crl, issuer)
        return self.signed[key]

    def _of_list(self, crl: x509.CertificateRevocationList, serial: int) -> _Statement:
        key = (id(crl), serial)
        if key not in self.looked_up:
            if len(self.looked_up) >= KEPT_LOOKUPS:
                self.looked_up.clear()
            entry = crl.get_revoked_certificate_by_serial_number(serial)
            since, on_hold = (entry.revocation_date_utc, _suspended(entry)) if entry else (None, False)
            self.looked_up[key] = _Statement(crl.last_update_utc, crl.next_update_utc, since, on_hold)
        return self.looked_up[key]


def _of_answer(answer: OcspAnswer) -> _Statement:
    return _Statement(answer.made_at, answer.ends, answer.revoked_at, answer.on_hold)


def _suspended(entry: x509.RevokedCertificate) -> bool:
    given = readable_extension(entry, x509.CRLReason)
    return given is not None and given.reason is x509.ReasonFlags.certificate_hold


def _in_scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """False for delta, indirect and partial CRLs that do not speak for this certificate."""
    try:
        found = extensions(crl)
    except ValueError:
        return False
    for extension in found:
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
    own = readable_extension(certificate, x509.CRLDistributionPoints) or ()
    return any(name in point.full_name for entry in own for name in entry.full_name or ())
