"""Papers for a table of verdicts: whose certificate, how it signs, what is known of it, and what follows."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfTimeStamper, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation, SignatureStatus, VerdictKind
from vbdaemon.signature import signing
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
SEAL = (300, 200, 400, 300)
AGENCY = "Ủy ban nhân dân huyện Thử Nghiệm"
ACCEPT, HOLD, REJECT = VerdictKind.ACCEPT, VerdictKind.HOLD, VerdictKind.REJECT
PASSED, INDETERMINATE, FAILED = SignatureStatus.PASSED, SignatureStatus.INDETERMINATE, SignatureStatus.FAILED


@dataclass(frozen=True)
class Row:
    """A certificate, how it signs, what is known of it, and what follows."""

    name: str
    status: SignatureStatus
    subindication: str | None
    verdict: VerdictKind
    code: str = ""
    """Of the findings that hold or refuse; several with blanks between them."""
    certificate: dict = None
    signing: dict = None
    usage: str = ""
    """The only key usage of the certificate; empty = as the authority issues it."""
    stamped: bool = True
    revoked: timedelta | None = None
    """Since when, counted from signing."""
    crls: bool = True
    known: bool = True
    """The authority is in the trust folder."""
    revocation: Revocation = Revocation.GOOD


def key(make: Callable, *arguments) -> dict:
    return {"key": make(*arguments)}


ROWS = (
    Row("rsa-2048-sha256", PASSED, None, ACCEPT),
    Row("without-timestamp", PASSED, None, ACCEPT, stamped=False),
    Row("rsa-3072", PASSED, None, ACCEPT, certificate=key(rsa.generate_private_key, 65537, 3072)),
    Row("p-256", PASSED, None, ACCEPT, certificate=key(ec.generate_private_key, ec.SECP256R1())),
    Row("p-384", PASSED, None, ACCEPT, certificate=key(ec.generate_private_key, ec.SECP384R1())),
    Row(
        "ed25519",
        PASSED,
        None,
        ACCEPT,
        certificate=key(ed25519.Ed25519PrivateKey.generate),
        signing={"digest": "sha512"},
    ),
    Row("rsa-pss", PASSED, None, ACCEPT, signing={"pss": True}),
    Row("sha1", PASSED, None, ACCEPT, signing={"digest": "sha1"}),
    Row("md5", PASSED, None, HOLD, "weak-digest-held", signing={"digest": "md5"}),
    Row(
        "rsa-1024",
        INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE",
        HOLD,
        "signature-undecidable key-too-short",
        certificate=key(rsa.generate_private_key, 65537, 1024),
    ),
    Row("revoked-before", FAILED, "REVOKED", REJECT, "certificate-revoked", revoked=-timedelta(days=1)),
    Row(
        "revoked-before-without-timestamp",
        FAILED,
        "REVOKED",
        REJECT,
        "certificate-revoked",
        revoked=-timedelta(days=1),
        stamped=False,
    ),
    Row("revoked-after", PASSED, None, ACCEPT, revoked=timedelta(days=1)),
    Row(
        "revoked-after-without-timestamp",
        INDETERMINATE,
        "REVOKED_NO_POE",
        HOLD,
        "signature-undecidable",
        revoked=timedelta(days=1),
        stamped=False,
    ),
    Row("no-revocation-list", PASSED, None, ACCEPT, crls=False, revocation=Revocation.UNKNOWN),
    Row(
        "expired",
        FAILED,
        "EXPIRED",
        REJECT,
        "certificate-expired-at-signing",
        certificate={"not_before": AT - 3 * YEAR, "not_after": AT - YEAR},
    ),
    Row(
        "expired-without-timestamp",
        INDETERMINATE,
        "OUT_OF_BOUNDS_NO_POE",
        HOLD,
        "certificate-expired-claimed",
        certificate={"not_before": AT - 3 * YEAR, "not_after": AT - YEAR},
        stamped=False,
    ),
    Row(
        "expired-since",
        PASSED,
        None,
        ACCEPT,
        certificate={"not_after": AT + timedelta(hours=1)},
        revocation=Revocation.UNKNOWN,
    ),
    Row(
        "not-yet-valid",
        FAILED,
        "EXPIRED",
        REJECT,
        "certificate-expired-at-signing",
        certificate={"not_before": AT + YEAR, "not_after": AT + 2 * YEAR},
    ),
    Row(
        "not-yet-valid-without-timestamp",
        INDETERMINATE,
        "OUT_OF_BOUNDS_NO_POE",
        HOLD,
        "certificate-expired-claimed",
        certificate={"not_before": AT + YEAR, "not_after": AT + 2 * YEAR},
        stamped=False,
    ),
    Row(
        "key-usage-of-an-authority",
        INDETERMINATE,
        "CHAIN_CONSTRAINTS_FAILURE",
        HOLD,
        "signature-undecidable",
        certificate={"kind": "authority"},
    ),
    Row(
        "key-usage-of-encipherment",
        INDETERMINATE,
        "CHAIN_CONSTRAINTS_FAILURE",
        HOLD,
        "signature-undecidable",
        usage="key_encipherment",
    ),
    Row("key-usage-of-signing-alone", PASSED, None, ACCEPT, usage="digital_signature"),
    Row("key-usage-of-commitment-alone", PASSED, None, ACCEPT, usage="content_commitment"),
    Row(
        "unknown-authority",
        INDETERMINATE,
        "NO_CERTIFICATE_CHAIN_FOUND",
        HOLD,
        "certificate-untrusted",
        known=False,
    ),
)


def authority(new_key, *, not_after: datetime | None = None) -> DemoPki:
    """An authority of one row's own, since its certificates may be revoked; its intermediate may have ended."""
    own = DemoPki.create(AT + timedelta(days=3), "Cơ quan một dòng", new_key=new_key)
    if not_after is not None:
        name = "Cơ quan một dòng đã hết hạn"
        own.intermediate = own.issue(name, kind="authority", not_before=AT - YEAR, not_after=not_after, issuer=own.root)
    return own


def issued(row: Row, own: DemoPki) -> Credential:
    """The row's certificate and key."""
    credential = own.issue(AGENCY, **(row.certificate or {}))
    if not row.usage:
        return credential
    old = credential.certificate
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    usage = x509.KeyUsage(**{name: name == row.usage for name in names})
    builder = x509.CertificateBuilder(old.issuer, old.subject, old.public_key(), old.serial_number)
    builder = builder.not_valid_before(old.not_valid_before_utc).not_valid_after(old.not_valid_after_utc)
    for extension in old.extensions:
        value = usage if isinstance(extension.value, x509.KeyUsage) else extension.value
        builder = builder.add_extension(value, extension.critical)
    return Credential(builder.sign(own.intermediate.key, hashes.SHA256()), credential.key)


def signed(row: Row, own: DemoPki, pdf: bytes, credential: Credential, monkeypatch) -> bytes:
    more = dict(row.signing or {})
    if more.pop("pss", False):
        plain = signing._signer(credential)
        pss = SimpleSigner(plain.signing_cert, plain.signing_key, plain.cert_registry, prefer_pss=True)
        monkeypatch.setattr(signing, "_signer", lambda _: pss)
    monkeypatch.setitem(signing.HASHES, "md5", hashes.MD5)
    stamp = own.tsa if row.stamped else None
    return sign(pdf, credential, field="CoQuan", box=SEAL, signed_at=AT, timestamper=stamp, **more)


def store(row: Row, own: DemoPki, folder) -> TrustStore:
    folder.mkdir()
    if row.known:
        own.write_trust(folder, crls=row.crls)
    return TrustStore.load(folder)


def stamped(pdf: bytes, own: DemoPki, credential: Credential) -> bytes:
    """By the agency, with a timestamp."""
    return sign(pdf, credential, field="CoQuan", box=SEAL, signed_at=AT, timestamper=own.tsa)


def with_store(pdf: bytes, own: DemoPki) -> bytes:
    """The same PDF with validation data: the chain, and the revocation lists of both authorities (B-LT)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    chain = [signing._asn1(authority.certificate) for authority in (own.root, own.intermediate)]
    lists = [crl.CertificateList.load(der) for der in own.crls()]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=chain, crls=lists)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_timestamp(pdf: bytes, own: DemoPki) -> bytes:
    """The same PDF with a document timestamp over all that it holds (B-LTA)."""
    stamper = PdfTimeStamper(signing._timestamper(own.tsa, AT + timedelta(days=1)))
    return stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256").getvalue()


KEY = rsa.generate_private_key(65537, 2048)


def without_null(_, data: bytes, digest_algorithm: str) -> bytes:
    """An RSA signature whose DigestInfo lacks its NULL, as some signing software makes it."""
    numbers = KEY.private_numbers()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest.finalize()
    size = KEY.key_size // 8
    block = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
