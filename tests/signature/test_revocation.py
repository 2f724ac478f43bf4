"""Revocation from CRLs and OCSP answers at hand: what counts, what does not, what wins."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.revocation import RevocationLists

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD, REVOKED, UNKNOWN = Revocation.GOOD, Revocation.REVOKED, Revocation.UNKNOWN


@pytest.fixture(scope="module")
def pki(new_key):
    return DemoPki.create(NOW, new_key=new_key)


def crl(authority, made=NOW, days=10, revoked=(), reason=None, scope=None):
    """`revoked`: (certificate, since) pairs."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(made).next_update(made + days * DAY)
    for certificate, at in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    if scope is not None:
        builder = builder.add_extension(scope, critical=True)
    return builder.sign(authority.key, SHA256())


def answered(certificate, authority, status="good", made=NOW, days=2, responder=None, since=None, shown=()):
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate,
        authority.certificate,
        SHA1(),
        {"good": ocsp.OCSPCertStatus.GOOD, "revoked": ocsp.OCSPCertStatus.REVOKED}.get(
            status, ocsp.OCSPCertStatus.UNKNOWN
        ),
        made,
        None if days is None else made + days * DAY,
        since,
        None,
    )
    signer = responder or authority
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if shown:
        builder = builder.certificates(list(shown))
    return builder.sign(signer.key, SHA256())


def asked(pki, certificate, at=NOW, crls=(), responses=()):
    return RevocationLists.of(crls, responses).answer(certificate, pki.intermediate.certificate, at)


@pytest.fixture
def leaf(pki):
    return pki.issue("Sở Mẫu").certificate


def test_a_list_younger_than_the_signature_suffices(pki, leaf):
    assert asked(pki, leaf, NOW - 300 * DAY, [crl(pki.intermediate)]).state is GOOD


def test_a_list_that_ran_out_before_the_signature_says_nothing_good(pki, leaf):
    assert asked(pki, leaf, NOW + 11 * DAY, [crl(pki.intermediate)]).state is UNKNOWN


def test_a_list_that_ran_out_still_knows_who_was_revoked(pki, leaf):
    old = crl(pki.intermediate, revoked=[(leaf, NOW - DAY)])
    assert asked(pki, leaf, NOW + 100 * DAY, [old]).state is REVOKED


def test_a_revocation_after_the_signature_leaves_it_good_and_is_told(pki, leaf):
    answer = asked(pki, leaf, NOW - 2 * DAY, [crl(pki.intermediate, revoked=[(leaf, NOW - DAY)])])
    assert (answer.state, answer.revoked_at) == (GOOD, NOW - DAY)


def test_a_suspension_that_a_newer_list_lifted_is_none(pki, leaf):
    hold = x509.ReasonFlags.certificate_hold
    older = crl(pki.intermediate, NOW - 20 * DAY, revoked=[(leaf, NOW - 21 * DAY)], reason=hold)
    assert asked(pki, leaf, NOW, [older]).state is UNKNOWN, "ran out, and a suspension ends"
    assert asked(pki, leaf, NOW, [older, crl(pki.intermediate)]).state is GOOD
    assert asked(pki, leaf, NOW - 15 * DAY, [older]).state is REVOKED


def test_a_list_made_after_the_certificate_ended_no_longer_knows_it(pki):
    ended = pki.issue("Sở Cũ", not_after=NOW - 30 * DAY).certificate
    late, timely = crl(pki.intermediate), crl(pki.intermediate, NOW - 40 * DAY)
    assert asked(pki, ended, NOW - 60 * DAY, [late]).state is UNKNOWN
    assert asked(pki, ended, NOW - 60 * DAY, [late, timely]).state is GOOD
    known = crl(pki.intermediate, NOW - 40 * DAY, revoked=[(ended, NOW - 50 * DAY)])
    assert asked(pki, ended, NOW - 45 * DAY, [late, known]).state is REVOKED, "never hides behind a newer list"


def test_a_list_that_another_key_signed_counts_for_nothing(pki, leaf):
    forger = Credential(pki.intermediate.certificate, rsa.generate_private_key(65537, 2048))
    assert asked(pki, leaf, NOW, [crl(forger)]).state is UNKNOWN


@pytest.mark.parametrize(
    "scope",
    [
        x509.DeltaCRLIndicator(3),
        x509.IssuingDistributionPoint(None, None, False, True, None, False, False),
        x509.IssuingDistributionPoint(None, None, False, False, None, True, False),
    ],
    ids=["delta", "authorities only", "indirect"],
)
def test_a_list_of_other_certificates_counts_for_nothing(pki, leaf, scope):
    assert asked(pki, leaf, NOW, [crl(pki.intermediate, scope=scope)]).state is UNKNOWN


@pytest.mark.parametrize(
    ("status", "made", "days", "at", "expected"),
    [
        ("good", NOW, 2, NOW - 9 * DAY, GOOD),
        ("good", NOW, 2, NOW + 1 * DAY, GOOD),
        ("good", NOW, 2, NOW + 3 * DAY, UNKNOWN),
        ("good", NOW, None, NOW - DAY, GOOD),
        ("good", NOW, None, NOW + DAY, UNKNOWN),
        ("revoked", NOW, 2, NOW + 99 * DAY, REVOKED),
        ("unknown", NOW, 2, NOW, UNKNOWN),
    ],
)
def test_an_ocsp_answer_speaks_for_its_time(pki, leaf, status, made, days, at, expected):
    since = NOW - DAY if status == "revoked" else None
    response = answered(leaf, pki.intermediate, status, made, days, since=since)
    assert asked(pki, leaf, at, responses=[response]).state is expected


def test_an_ocsp_answer_about_another_certificate_is_none(pki, leaf):
    other = pki.issue("Sở Khác").certificate
    assert asked(pki, leaf, responses=[answered(other, pki.intermediate)]).state is UNKNOWN


def _responder(pki, issuer, *, usage=True, ends=NOW + 4000 * DAY):
    """A certificate to answer with, appointed by `issuer`; it answers at this machine's time."""
    key = rsa.generate_private_key(65537, 1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Máy chủ OCSP mẫu")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(NOW - 200 * DAY).not_valid_after(ends)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    return Credential(builder.sign(issuer.key, SHA256()), key)


def test_only_a_responder_that_the_issuer_appointed_is_believed(pki, leaf, new_key):
    stranger = DemoPki.create(NOW, "Cơ quan lạ", key_size=1024)

    def state(responder):
        shown = [responder.certificate]
        response = answered(leaf, pki.intermediate, responder=responder, shown=shown)
        return asked(pki, leaf, responses=[response]).state

    assert state(_responder(pki, pki.intermediate)) is GOOD
    assert state(_responder(pki, pki.intermediate, usage=False)) is UNKNOWN
    assert state(_responder(pki, pki.intermediate, ends=NOW - 100 * DAY)) is UNKNOWN, "ended before it answered"
    assert state(_responder(pki, stranger.intermediate)) is UNKNOWN
    assert state(pki.issue("Người ký thường")) is UNKNOWN


def test_the_newest_word_wins_between_lists_and_ocsp(pki, leaf):
    revoked = answered(leaf, pki.intermediate, "revoked", NOW + DAY, since=NOW - DAY)
    assert asked(pki, leaf, NOW, [crl(pki.intermediate)], [revoked]).state is REVOKED
    good = answered(leaf, pki.intermediate, made=NOW - 5 * DAY, days=90)
    since = crl(pki.intermediate, NOW, revoked=[(leaf, NOW - DAY)])
    assert asked(pki, leaf, NOW, [since], [good]).state is REVOKED


def test_what_a_file_brings_never_hides_what_the_folder_knows(pki, leaf):
    known = RevocationLists.of([crl(pki.intermediate, NOW, revoked=[(leaf, NOW - 20 * DAY)])])
    brought = crl(pki.intermediate, NOW - 30 * DAY, days=90)
    joined = known.joined([brought], [answered(leaf, pki.intermediate, made=NOW - 30 * DAY, days=90)])
    assert joined.answer(leaf, pki.intermediate.certificate, NOW - 10 * DAY).state is REVOKED
    assert known.by_issuer.keys() == joined.by_issuer.keys()
    assert len(next(iter(known.by_issuer.values()))) == 1, "the folder's own lists stay as they are"
