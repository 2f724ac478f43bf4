"""A table of verdicts with their reason: certificates, keys, digests, revocation, timestamps, validation data."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation, SignatureReport, SignatureStatus, TimeSource, VerdictKind
from vbdaemon.signature import signing
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore

pytestmark = pytest.mark.slow

ACCEPT, HOLD, REJECT = VerdictKind.ACCEPT, VerdictKind.HOLD, VerdictKind.REJECT


@pytest.fixture
def own(new_key, papers) -> DemoPki:
    """An authority of one row's own, since its certificates may be revoked."""
    return papers.authority(new_key)


def test_a_verdict_follows_from_its_reason(row, papers, own, pdf, decide, tmp_path, monkeypatch):
    credential = papers.issued(row, own)
    if row.revoked is not None:
        own.revoke(credential, papers.AT + row.revoked)
    answer = decide(
        papers.signed(row, own, pdf, credential, monkeypatch), papers.store(row, own, tmp_path / "t"), scan=True
    )
    (report,) = answer.reports
    assert (report.status, report.subindication) == (row.status, row.subindication), report
    assert answer.verdict is row.verdict
    assert answer.codes == set(row.code.split())
    assert_facts(row, report)
    assert report.signed_at == papers.AT


def assert_facts(row, report: SignatureReport) -> None:
    assert report.intact is True
    proven = row.stamped and row.known
    assert report.time_source is (TimeSource.TIMESTAMP if proven else TimeSource.CLAIMED)
    if row.verdict is ACCEPT:
        assert report.revocation is row.revocation
        assert report.digest == (row.signing or {}).get("digest", "sha256")


@pytest.fixture
def bare(own, tmp_path) -> TrustStore:
    """The authority is known, but no revocation list of it."""
    own.write_trust(tmp_path / "bare", crls=False)
    return TrustStore.load(tmp_path / "bare")


def test_validation_data_and_timestamps_may_follow_and_answer_for_revocation(papers, own, bare, pdf, decide):
    once = sign(
        pdf, own.issue(papers.AGENCY), field="CoQuan", box=papers.SEAL, signed_at=papers.AT, timestamper=own.tsa
    )
    for later in (
        once,
        papers.with_store(once, own),
        papers.with_timestamp(once, own),
        papers.with_timestamp(papers.with_store(once, own), own),
    ):
        answer = decide(later, bare, scan=True)
        (report,) = answer.reports
        assert (answer.verdict, report.altered_after) == (ACCEPT, False)
        known = b"/DSS" in later
        assert report.revocation is (Revocation.GOOD if known else Revocation.UNKNOWN)


def test_validation_data_in_the_file_can_show_a_revocation(papers, own, bare, pdf, decide):
    credential = own.issue(papers.AGENCY)
    once = papers.stamped(pdf, own, credential)
    own.revoke(credential, papers.AT - timedelta(days=1))
    answer = decide(papers.with_store(once, own), bare, scan=True)
    assert (answer.verdict, answer.codes) == (REJECT, {"certificate-revoked"})


def test_what_follows_validation_data_is_looked_at_too(papers, own, bare, pdf, decide, signers):
    once = sign(
        pdf, own.issue(papers.AGENCY), field="CoQuan", box=papers.SEAL, signed_at=papers.AT, timestamper=own.tsa
    )
    kept = papers.with_timestamp(papers.with_store(once, own), own)
    hand = signers.by_hand
    for changed in (
        hand.appended(kept, {5: hand.stream(hand.FORGED)}),
        hand.appended(kept, {5: hand.stream(hand.FORGED)}, parts=("trailer", "end")),
        hand.appended(kept, {5: hand.stream(hand.FORGED)}, parts=("end",)),
    ):
        assert decide(changed, bare, scan=True).codes == {"altered-after-signing"}


def test_a_digest_info_without_its_null_is_undecidable(papers, own, bare, pdf, decide, monkeypatch):
    credential = own.issue(papers.AGENCY, key=papers.KEY)
    place = {"field": "CoQuan", "box": papers.SEAL, "signed_at": papers.AT}
    assert decide(sign(pdf, credential, **place), bare, scan=True).verdict is ACCEPT
    monkeypatch.setattr(signing._LoadedKeySigner, "sign_raw", papers.without_null)
    odd = sign(pdf, credential, **place)
    answer = decide(odd, bare, scan=True)
    (report,) = answer.reports
    assert (answer.verdict, answer.codes) == (HOLD, {"signature-undecidable"})
    assert (report.status, report.intact, report.undecidable) == (
        SignatureStatus.INDETERMINATE,
        True,
        "DigestInfoWithoutNull",
    )
    changed = odd.replace(b"Van ban thu nghiem", b"Van ban thi nghiem")
    assert decide(changed, bare, scan=True).codes == {"signature-broken"}, "a changed file stays a changed file"


def test_a_value_that_signs_other_words_is_broken(papers, own, bare, pdf, decide, monkeypatch):
    credential = own.issue(papers.AGENCY, key=papers.KEY)
    other = papers.KEY.sign(b"other words", padding.PKCS1v15(), hashes.SHA256())
    monkeypatch.setattr(signing._LoadedKeySigner, "sign_raw", lambda *_: other)
    answer = decide(papers.stamped(pdf, own, credential), bare, scan=True)
    assert (answer.reports[0].subindication, answer.codes) == ("SIG_CRYPTO_FAILURE", {"signature-broken"})
