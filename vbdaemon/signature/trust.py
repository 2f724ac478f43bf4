"""The trust store: a folder of CA certificates, CRLs and OCSP answers, read once; unusable files become warnings."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko_certvalidator import ValidationContext

from vbdaemon.errors import TrustError
from vbdaemon.signature.evidence_signature import is_authority, is_issued_by, is_self_signed
from vbdaemon.signature.naming import common_name, readable
from vbdaemon.signature.published import PublishedCertificate, published
from vbdaemon.signature.revocation import RevocationLists
from vbdaemon.signature.trust_file import read_trust_file

IGNORED_SUFFIXES = (".md", ".txt")
"""What people write beside certificates."""


class AuthorityRole(StrEnum):
    """What a certificate of the folder is good for."""

    ROOT = "root"
    """Signed by itself: chains end here."""
    INTERMEDIATE = "intermediate"
    """Only a link: a chain through it must end in a root."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA certificate of the folder, as it is listed for people."""

    file: str
    role: AuthorityRole
    name: str
    """Common name."""
    subject: str
    sha256: str
    not_before: datetime
    not_after: datetime
    crls: int
    """Revocation lists at hand that carry its name."""
    crl_ends: datetime | None = None
    """nextUpdate of the newest of them."""
    published: PublishedCertificate | None = None
    """Set when the fingerprint is one that the authority has published."""


@dataclass(frozen=True, slots=True)
class TrustEvidence:
    """What a signed file brings along to prove its signers' certificates; nothing of it is believed unsigned."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()


@dataclass(slots=True)
class TrustStore:
    """CA certificates and revocation evidence, ready for path building; a fresh context for every signature."""

    authorities: tuple[Authority, ...] = ()
    warnings: tuple[str, ...] = ()
    """Files that could not be used, each by name and reason."""
    certificates: dict[str, x509.Certificate] = field(default_factory=dict)
    """By SHA-256 (hexadecimal)."""
    roots: list[asn1_x509.Certificate] = field(default_factory=list)
    intermediates: list[asn1_x509.Certificate] = field(default_factory=list)
    revocation: RevocationLists = field(default_factory=lambda: RevocationLists({}))

    @classmethod
    def load(cls, folder: Path | None) -> "TrustStore":
        """The store of a folder; empty without a folder, or when it does not exist. Never raises for a bad file."""
        certificates: list[tuple[str, x509.Certificate]] = []
        crls: list[x509.CertificateRevocationList] = []
        responses: list[ocsp.OCSPResponse] = []
        warnings: list[str] = []
        for path in trust_files(folder):
            try:
                found = read_trust_file(path)
            except TrustError as error:
                warnings.append(str(error))
                continue
            certificates += [(path.name, certificate) for certificate in found.certificates]
            crls += found.crls
            responses += found.responses
        store = cls(revocation=RevocationLists.of(crls, responses))
        for name, certificate in certificates:
            words = store._add(name, certificate)
            warnings += [words] if words else []
        store.warnings = tuple(warnings)
        return store

    def issuers_of(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        """The authorities at hand whose key signed this certificate; usually one, none when it is missing."""
        named = (known for known in self.certificates.values() if known.subject == certificate.issuer)
        return tuple(known for known in named if is_issued_by(certificate, known))

    def reaches_root(self, certificate: x509.Certificate, depth: int = 8) -> bool:
        """True when signatures lead from this certificate to a root at hand; dates are not looked at."""
        if certificate.fingerprint(SHA256()).hex() in self.certificates and is_self_signed(certificate):
            return True
        return depth > 0 and any(
            issuer != certificate and self.reaches_root(issuer, depth - 1) for issuer in self.issuers_of(certificate)
        )

    def context(self, moment: datetime, extra: Iterable[asn1_x509.Certificate] = ()) -> ValidationContext:
        """A validation context at `moment`: nothing is fetched, revocation is answered by `revocation` instead.

        `extra` are certificates found in the file: links at most, never roots. SHA-1 and MD5 are let through:
        most real signatures use SHA-1; the report names the digest and the policy decides.
        """
        return ValidationContext(
            trust_roots=self.roots,
            other_certs=[*self.intermediates, *extra],
            moment=moment,
            allow_fetching=False,
            weak_hash_algos=(),
        )

    def with_evidence(self, evidence: "TrustEvidence") -> "TrustStore":
        """The store with what one file brings along: links and revocation evidence, never roots.

        The same object when the file brings nothing. What a file brings convinces only by its issuers' signatures.
        """
        links = [c for c in evidence.certificates if is_authority(c) and not is_self_signed(c)]
        if not (links or evidence.crls or evidence.responses):
            return self
        listed = [asn1_x509.Certificate.load(link.public_bytes(Encoding.DER)) for link in links]
        certificates = {link.fingerprint(SHA256()).hex(): link for link in links} | self.certificates
        return replace(
            self,
            certificates=certificates,
            intermediates=[*self.intermediates, *listed],
            revocation=self.revocation.joined(evidence.crls, evidence.responses),
        )

    def issuer_of(
        self, certificate: x509.Certificate, extra: Iterable[x509.Certificate] = ()
    ) -> x509.Certificate | None:
        """The certificate, here or in `extra`, whose name is that of the issuer; None = it is missing."""
        candidates = (*self.certificates.values(), *extra)
        return next((known for known in candidates if known.subject == certificate.issuer), None)

    def _add(self, file: str, certificate: x509.Certificate) -> str | None:
        """Take a certificate in; the words of a warning when it cannot be used."""
        sha256 = certificate.fingerprint(SHA256()).hex()
        if sha256 in self.certificates:
            return None
        role = AuthorityRole.ROOT if is_self_signed(certificate) else AuthorityRole.INTERMEDIATE
        if not is_authority(certificate):
            return f"{file}: {common_name(certificate.subject)} is not the certificate of an authority"
        self.certificates[sha256] = certificate
        listed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        (self.roots if role is AuthorityRole.ROOT else self.intermediates).append(listed)
        self.authorities = (*self.authorities, self._listed(file, certificate, role, sha256))
        return None

    def _listed(self, file: str, certificate: x509.Certificate, role: AuthorityRole, sha256: str) -> Authority:
        crls = self.revocation.by_issuer.get(certificate.subject.public_bytes(), [])
        return Authority(
            file=file,
            role=role,
            name=common_name(certificate.subject),
            subject=readable(certificate.subject),
            sha256=sha256,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            crls=len(crls),
            crl_ends=crls[0].next_update_utc if crls else None,
            published=published(sha256),
        )


def trust_files(folder: Path | None) -> list[Path]:
    """The files of a trust folder and its sub-folders that are read, in a fixed order."""
    if folder is None or not folder.is_dir():
        return []
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.startswith(".") and path.suffix not in IGNORED_SUFFIXES)


def fingerprint(folder: Path | None) -> str:
    """Sixteen hexadecimal digits that change when a name or a byte of the folder changes."""
    digest = hashlib.sha256()
    for path in trust_files(folder):
        assert folder is not None
        digest.update(str(path.relative_to(folder)).encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def traces(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file: a cheap sign that the folder may have changed."""
    marks = []
    for path in trust_files(folder):
        status = path.stat()
        marks.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(marks)
