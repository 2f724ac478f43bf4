"""A table of verdicts with their reason: certificates, keys, digests, revocation, timestamps, validation data."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfTimeStamper, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation, SignatureReport, SignatureStatus, TimeSource, VerdictKind
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
    certificate: dict = None
    signing: dict = None
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
    Row("md5", PASSED, None, ACCEPT, signing={"digest": "md5"}),
    Row(
        "rsa-1024",
        INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE",
        HOLD,
        "signature-undecidable",
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
        "unknown-authority",
        INDETERMINATE,
        "NO_CERTIFICATE_CHAIN_FOUND",
        HOLD,
        "certificate-untrusted",
        known=False,
    ),
)


@pytest.fixture
def own(new_key) -> DemoPki:
    """An authority of one row's own, since its certificates may be revoked."""
    return DemoPki.create(AT + timedelta(days=3), "Cơ quan một dòng", new_key=new_key)


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


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_verdict_follows_from_its_reason(row, own, pdf, decide, tmp_path, monkeypatch):
    credential = own.issue(AGENCY, **(row.certificate or {}))
    if row.revoked is not None:
        own.revoke(credential, AT + row.revoked)
    answer = decide(signed(row, own, pdf, credential, monkeypatch), store(row, own, tmp_path / "t"), scan=True)
    (report,) = answer.reports
    assert (report.status, report.subindication) == (row.status, row.subindication), report
    assert answer.verdict is row.verdict
    assert answer.codes == ({row.code} if row.code else set())
    assert_facts(row, report)


def assert_facts(row: Row, report: SignatureReport) -> None:
    assert report.intact is True
    proven = row.stamped and row.known
    assert report.time_source is (TimeSource.TIMESTAMP if proven else TimeSource.CLAIMED)
    assert report.signed_at == AT
    if row.verdict is ACCEPT:
        assert report.revocation is row.revocation
        assert report.digest == (row.signing or {}).get("digest", "sha256")


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


@pytest.fixture
def bare(own, tmp_path) -> TrustStore:
    """The authority is known, but no revocation list of it."""
    own.write_trust(tmp_path / "bare", crls=False)
    return TrustStore.load(tmp_path / "bare")


def test_validation_data_and_timestamps_may_follow_and_answer_for_revocation(own, bare, pdf, decide):
    once = sign(pdf, own.issue(AGENCY), field="CoQuan", box=SEAL, signed_at=AT, timestamper=own.tsa)
    for later in (once, with_store(once, own), with_timestamp(once, own), with_timestamp(with_store(once, own), own)):
        answer = decide(later, bare, scan=True)
        (report,) = answer.reports
        assert (answer.verdict, report.altered_after) == (ACCEPT, False)
        known = b"/DSS" in later
        assert report.revocation is (Revocation.GOOD if known else Revocation.UNKNOWN)


def test_validation_data_in_the_file_can_show_a_revocation(own, bare, pdf, decide):
    credential = own.issue(AGENCY)
    once = sign(pdf, credential, field="CoQuan", box=SEAL, signed_at=AT, timestamper=own.tsa)
    own.revoke(credential, AT - timedelta(days=1))
    answer = decide(with_store(once, own), bare, scan=True)
    assert (answer.verdict, answer.codes) == (REJECT, {"certificate-revoked"})


def test_what_follows_validation_data_is_looked_at_too(own, bare, pdf, decide, signers):
    once = sign(pdf, own.issue(AGENCY), field="CoQuan", box=SEAL, signed_at=AT, timestamper=own.tsa)
    kept = with_timestamp(with_store(once, own), own)
    hand = signers.by_hand
    for changed in (
        hand.appended(kept, {5: hand.stream(hand.FORGED)}),
        hand.appended(kept, {5: hand.stream(hand.FORGED)}, parts=("trailer", "end")),
        hand.appended(kept, {5: hand.stream(hand.FORGED)}, parts=("end",)),
    ):
        assert decide(changed, bare, scan=True).codes == {"altered-after-signing"}


def without_null(_, data: bytes, digest_algorithm: str) -> bytes:
    """An RSA signature whose DigestInfo lacks its NULL, as some signing software makes it."""
    numbers = KEY.private_numbers()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest.finalize()
    size = KEY.key_size // 8
    block = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


KEY = rsa.generate_private_key(65537, 2048)


def test_a_digest_info_without_its_null_is_undecidable_and_a_garbage_value_is_broken(
    own, bare, pdf, decide, monkeypatch
):
    credential = own.issue(AGENCY, key=KEY)
    place = {"field": "CoQuan", "box": SEAL, "signed_at": AT}
    assert decide(sign(pdf, credential, **place), bare, scan=True).verdict is ACCEPT
    monkeypatch.setattr(signing._LoadedKeySigner, "sign_raw", without_null)
    odd = sign(pdf, credential, **place)
    answer = decide(odd, bare, scan=True)
    (report,) = answer.reports
    assert (answer.verdict, answer.codes) == (HOLD, {"signature-undecidable"})
    assert (report.status, report.intact, report.undecidable) == (INDETERMINATE, True, "DigestInfoWithoutNull")
    changed = odd.replace(b"Van ban thu nghiem", b"Van ban thi nghiem")
    assert decide(changed, bare, scan=True).codes == {"signature-broken"}, "a changed file stays a changed file"
    other = KEY.sign(b"other words", padding.PKCS1v15(), hashes.SHA256())
    monkeypatch.setattr(signing._LoadedKeySigner, "sign_raw", lambda *_: other)
    answer = decide(sign(pdf, credential, **place), bare, scan=True)
    assert (answer.reports[0].subindication, answer.codes) == ("SIG_CRYPTO_FAILURE", {"signature-broken"})
