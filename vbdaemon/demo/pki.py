"""A test CA: root, intermediate, timestamp authority, leaves with real Vietnamese subject shapes, CRLs.

Built with `cryptography` alone, so that what verifies signatures shares no code with what issues certificates.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from vbdaemon.signature.credential import Credential, PrivateKey

CA_HOST = "http://ca.example.vn"
"""Host of the AIA and CRL addresses written into the certificates; reserved for examples, never fetched."""

YEAR = timedelta(days=365)

Kind = Literal["organisation", "person", "authority", "timestamp"]


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is no longer valid, and since when."""

    credential: Credential
    at: datetime


@dataclass
class DemoPki:
    """A certification authority whose keys live in memory only."""

    name: str
    now: datetime
    root: Credential
    intermediate: Credential
    tsa: Credential
    new_key: Callable[[], PrivateKey]
    revoked: list[Revoked] = field(default_factory=list)

    @classmethod
    def create(
        cls,
        now: datetime,
        name: str = "Cơ quan chứng thực số thử nghiệm",
        *,
        key_size: int = 2048,
        new_key: Callable[[], PrivateKey] | None = None,
    ) -> "DemoPki":
        """A new authority: root, one intermediate, one timestamp authority; valid around `now` (aware).

        `new_key` supplies the keys; tests hand in one that repeats a few generated keys, since making them is slow.
        """
        make = new_key or (lambda: rsa.generate_private_key(65537, key_size))
        root_key, ca_key, tsa_key = make(), make(), make()
        root_name = _name(common_name=f"{name} (RootCA)", organisation="Ban Thử nghiệm")
        ca_name = _name(common_name=f"{name} G2", organisation="Ban Thử nghiệm")
        tsa_name = _name(common_name=f"Dấu thời gian - {name}", organisation="Ban Thử nghiệm")
        root_cert = _certificate(
            root_name, root_key, root_name, root_key, (now - 6 * YEAR, now + 20 * YEAR), "authority"
        )
        root = Credential(root_cert, root_key)
        ca_cert = _certificate(ca_name, ca_key, root_name, root_key, (now - 5 * YEAR, now + 15 * YEAR), "authority")
        tsa_cert = _certificate(tsa_name, tsa_key, ca_name, ca_key, (now - 5 * YEAR, now + 10 * YEAR), "timestamp")
        return cls(name, now, root, Credential(ca_cert, ca_key), Credential(tsa_cert, tsa_key), make)

    def issue(
        self,
        common_name: str,
        *,
        kind: Kind = "organisation",
        organisation: str = "Tỉnh Thử Nghiệm",
        units: tuple[str, ...] = (),
        locality: str = "Thử Nghiệm",
        email: str | None = None,
        user_id: str | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        key: PrivateKey | None = None,
        issuer: Credential | None = None,
    ) -> Credential:
        """A leaf (or, with kind "authority", a further CA) issued by the intermediate, or by `issuer`.

        `units` are the OU of the subject, `user_id` its UID such as "MST:0100000000". The subject shapes are
        those of the government CA: organisations carry CN, O, L, C; persons also OU and the e-mail address.
        """
        signer = issuer or self.intermediate
        own = key or self.new_key()
        subject = _name(common_name, organisation, units, locality, email, user_id)
        validity = (not_before or self.now - 2 * YEAR, not_after or self.now + 3 * YEAR)
        certificate = _certificate(subject, own, signer.certificate.subject, signer.key, validity, kind)
        return Credential(certificate, own)

    def revoke(self, credential: Credential, at: datetime) -> None:
        """From `at` on, the CRLs call this certificate revoked."""
        self.revoked.append(Revoked(credential, at))

    def crls(self, issued_at: datetime | None = None, valid_for: timedelta = YEAR) -> list[bytes]:
        """The root's and the intermediate's CRL as DER, issued at `issued_at` (default: the authority's `now`)."""
        return [self._crl(ca, issued_at or self.now, valid_for) for ca in (self.root, self.intermediate)]

    def write_trust(self, folder: Path, *, crls: bool = True) -> None:
        """Write root and intermediate as PEM, and the CRLs as DER, into `folder` (made if missing)."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "demo-root.pem").write_bytes(self.root.certificate.public_bytes(Encoding.PEM))
        (folder / "demo-intermediate.pem").write_bytes(self.intermediate.certificate.public_bytes(Encoding.PEM))
        if crls:
            for name, der in zip(("root", "intermediate"), self.crls(), strict=True):
                (folder / f"demo-{name}.crl").write_bytes(der)

    def _crl(self, authority: Credential, issued_at: datetime, valid_for: timedelta) -> bytes:
        subject = authority.certificate.subject
        builder = x509.CertificateRevocationListBuilder().issuer_name(subject)
        builder = builder.last_update(issued_at).next_update(issued_at + valid_for)
        for entry in self.revoked:
            certificate = entry.credential.certificate
            if certificate.issuer == subject:
                listed = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
                builder = builder.add_revoked_certificate(listed.revocation_date(entry.at).build())
        return builder.sign(authority.key, _digest(authority.key)).public_bytes(Encoding.DER)


def _name(
    common_name: str,
    organisation: str,
    units: tuple[str, ...] = (),
    locality: str | None = None,
    email: str | None = None,
    user_id: str | None = None,
) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.LOCALITY_NAME, locality), (NameOID.ORGANIZATION_NAME, organisation)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    parts += [
        (NameOID.COMMON_NAME, common_name),
        (NameOID.USER_ID, user_id),
        (NameOID.EMAIL_ADDRESS, email),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _certificate(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: PrivateKey,
    validity: tuple[datetime, datetime],
    kind: Kind,
) -> x509.Certificate:
    authority = kind == "authority"
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(validity[0]).not_valid_after(validity[1])
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=authority), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    from_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = builder.add_extension(from_issuer, critical=False)
    if kind == "timestamp":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if subject != issuer:
        builder = builder.add_extension(_access(), critical=False).add_extension(_distribution(), critical=False)
    return builder.sign(issuer_key, _digest(issuer_key))


def _digest(key: PrivateKey) -> hashes.SHA256 | None:
    """Ed25519 brings its own digest."""
    return None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256()


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _access() -> x509.AuthorityInformationAccess:
    places = (
        (AuthorityInformationAccessOID.CA_ISSUERS, f"{CA_HOST}/crt/issuer.crt"),
        (AuthorityInformationAccessOID.OCSP, "http://ocsp.example.vn/"),
    )
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(oid, x509.UniformResourceIdentifier(url)) for oid, url in places]
    )


def _distribution() -> x509.CRLDistributionPoints:
    url = x509.UniformResourceIdentifier(f"{CA_HOST}/crl/issuer.crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([url], None, None, None)])
