"""What may enter the trust folder, whatever the order in which it comes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from vbdaemon.demo.pki import DemoPki
from vbdaemon.errors import TrustError
from vbdaemon.operation.trust_intake import imported
from vbdaemon.signature.published import PUBLISHED
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.trust_file import parse_trust_bytes
from vbdaemon.signature.trust_folder import Standing, put, weighed

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PUBLISHED_TRUST = Path(__file__).parents[3] / "shared" / "trust"


@pytest.fixture
def folder(tmp_path, pki):
    """A trust folder with the root alone."""
    pki.write_trust(tmp_path / "trust", crls=False)
    (tmp_path / "trust" / "demo-intermediate.pem").unlink()
    return tmp_path / "trust"


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def pem(certificate):
    return certificate.public_bytes(Encoding.PEM)


def test_a_stick_brings_links_and_lists_in_any_order(pki, folder, stick):
    below = pki.issue("CA con", kind="authority")
    (stick / "a.crl").write_bytes(pki.crls()[1])
    (stick / "b.cer").write_bytes(pem(below.certificate))
    (stick / "c.cer").write_bytes(pem(pki.intermediate.certificate))
    taken = imported(stick, folder, NOW)
    assert (len(taken.added), taken.complete) == (3, True)
    store = TrustStore.load(folder)
    assert {a.name for a in store.authorities} == {f"{pki.name} (RootCA)", f"{pki.name} G2", "CA con"}
    assert store.warnings == ()
    again = imported(stick, folder, NOW)
    assert (again.added, again.at_hand) == ((), 3)


def test_a_strangers_root_stays_outside_until_a_person_vouches(new_key, folder, stick):
    stranger = DemoPki.create(NOW, "Cơ quan lạ", key_size=1024)
    stranger.write_trust(stick)
    taken = imported(stick, folder, NOW)
    assert len(taken.unverified) == 2
    assert len(taken.refused) == 2, "lists whose issuer is not trusted"
    assert len(TrustStore.load(folder).authorities) == 1
    vouched = imported(stick, folder, NOW, vouched=True)
    assert (len(vouched.added), vouched.complete) == (4, True)
    assert len(TrustStore.load(folder).authorities) == 3


def test_no_word_of_a_person_lets_a_signers_certificate_or_a_forged_list_in(pki, agency, new_key, folder, stick):
    stranger = DemoPki.create(NOW, pki.name, key_size=1024)
    (stick / "leaf.cer").write_bytes(pem(agency.certificate))
    (stick / "forged.crl").write_bytes(stranger.crls()[0])
    (stick / "junk.cer").write_bytes(b"junk")
    taken = imported(stick, folder, NOW, vouched=True)
    assert (taken.added, len(taken.refused)) == ((), 3)
    assert sorted(path.name for path in folder.iterdir()) == ["demo-root.pem"]


def test_a_namesake_of_a_published_root_is_pointed_out(tmp_path):
    trap = DemoPki.create(NOW, PUBLISHED[0].name.removesuffix(" (RootCA)"), key_size=1024)
    (offer,) = weighed([("x", parse_trust_bytes(pem(trap.root.certificate), "x"))], TrustStore(), NOW)
    assert offer.standing is Standing.UNVERIFIED
    assert "ANOTHER FINGERPRINT" in offer.words


def test_one_list_a_month_is_kept_and_an_older_one_replaces_nothing(pki, folder):
    def offered(made):
        offers = weighed([("x", parse_trust_bytes(pki.crls(made)[0], "x"))], TrustStore.load(folder), NOW)
        for offer in offers:
            if offer.standing is Standing.VERIFIED:
                put(folder, offer.name, offer.body)
        return offers[0].standing

    assert offered(NOW) is Standing.VERIFIED
    assert offered(NOW) is Standing.AT_HAND
    assert offered(NOW - 3600 * timedelta(seconds=1)) is Standing.AT_HAND
    assert offered(NOW + 5 * DAY) is Standing.VERIFIED
    assert offered(NOW - 40 * DAY) is Standing.VERIFIED, "another month"
    assert len(list(folder.glob("*.crl"))) == 2
    assert len(TrustStore.load(folder).revocation.by_issuer[pki.root.certificate.subject.public_bytes()]) == 2


def test_an_ocsp_answer_enters_by_its_issuer_and_is_read_again(pki, agency, folder, stick):
    builder = ocsp.OCSPResponseBuilder().add_response(
        agency.certificate,
        pki.intermediate.certificate,
        SHA1(),
        ocsp.OCSPCertStatus.GOOD,
        NOW,
        NOW + DAY,
        None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, pki.intermediate.certificate)
    answer = builder.sign(pki.intermediate.key, SHA256()).public_bytes(Encoding.DER)
    (stick / "MFQwUjBQ").write_bytes(answer)
    assert len(imported(stick, folder, NOW).refused) == 1, "its issuer is not at hand"
    (stick / "ca.cer").write_bytes(pem(pki.intermediate.certificate))
    assert imported(stick, folder, NOW).complete
    found = TrustStore.load(folder).revocation
    assert found.answer(agency.certificate, pki.intermediate.certificate, NOW - 9 * DAY).state.value == "good"


def test_a_folder_that_is_not_ours_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TrustError, match="trust folder"):
        put(tmp_path / "file", "x.pem", b"x")
    with pytest.raises(TrustError, match="no such file"):
        imported(tmp_path / "nowhere", tmp_path, NOW)


@pytest.mark.skipif(not PUBLISHED_TRUST.is_dir(), reason="the published CA certificates are not at hand")
def test_published_certificates_enter_an_empty_folder_by_their_fingerprints(tmp_path):
    taken = imported(PUBLISHED_TRUST, tmp_path / "trust", NOW)
    assert (len(taken.added), taken.complete) == (5, True)
