"""Evidence that a signed file brings along: found in DSS, VRI and attributes; believed by signature only."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation, SignatureStatus
from vbdaemon.signature.attempt import Undecidable
from vbdaemon.signature.embedded import open_signed_pdf
from vbdaemon.signature.evidence import embedded_evidence, signer_certificates
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustEvidence, TrustStore

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def signed(pdf, pki, agency):
    return sign(pdf, agency, field="Sig1", signed_at=NOW - 5 * DAY, timestamper=pki.tsa)


def with_dss(pdf, *, vri=False, certificates=(), crls=(), responses=()):
    stream = io.BytesIO(pdf)
    contents = open_signed_pdf(pdf).reader.embedded_signatures[0].pkcs7_content if vri else None
    DocumentSecurityStore.add_dss(
        stream,
        contents and contents.hex().encode(),
        certs=[asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in certificates],
        crls=[asn1_crl.CertificateList.load(der) for der in crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(r.public_bytes(Encoding.DER)) for r in responses],
    )
    return stream.getvalue()


def good(certificate, authority):
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate, authority.certificate, SHA256(), ocsp.OCSPCertStatus.GOOD, NOW, NOW + DAY, None, None
    )
    return builder.responder_id(ocsp.OCSPResponderEncoding.HASH, authority.certificate).sign(authority.key, SHA256())


@pytest.mark.parametrize("vri", [False, True])
def test_certificates_lists_and_answers_of_the_security_store_are_found(signed, pki, agency, vri):
    link, response = pki.intermediate.certificate, good(agency.certificate, pki.intermediate)
    whole = with_dss(signed, vri=vri, certificates=[link], crls=pki.crls(), responses=[response])
    found = embedded_evidence(open_signed_pdf(whole))
    assert link in found.certificates
    assert [crl.issuer for crl in found.crls] == [pki.root.certificate.subject, link.subject]
    assert [r.serial_number for r in found.responses] == [agency.certificate.serial_number]


def test_a_file_without_evidence_leaves_the_store_as_it_is(signed, trust, agency):
    pdf = open_signed_pdf(signed)
    found = embedded_evidence(pdf)
    assert (found.crls, found.responses) == ((), ())
    assert trust.with_evidence(TrustEvidence()) is trust
    assert signer_certificates(pdf) == (agency.certificate,)


def test_embedded_evidence_closes_the_chain_and_answers_revocation(signed, pki, verify, tmp_path):
    whole = with_dss(signed, certificates=[pki.intermediate.certificate], crls=pki.crls())
    pki.write_trust(tmp_path / "trust", crls=False)
    (tmp_path / "trust" / "demo-intermediate.pem").unlink()
    bare = TrustStore.load(tmp_path / "trust")
    evidence = embedded_evidence(open_signed_pdf(whole))
    (report,) = verify(whole, bare.with_evidence(evidence))
    assert (report.status, report.revocation) == (SignatureStatus.PASSED, Revocation.GOOD)


def test_a_root_that_a_file_brings_is_never_trusted(pdf, new_key, verify, trust):
    stranger = DemoPki.create(NOW, "Cơ quan lạ", key_size=1024)
    forged = sign(pdf, stranger.issue("Ủy ban nhân dân huyện Thử Nghiệm"), field="Sig1", signed_at=NOW)
    authorities = [stranger.root.certificate, stranger.intermediate.certificate]
    whole = with_dss(forged, certificates=authorities, crls=stranger.crls())
    evidence = embedded_evidence(open_signed_pdf(whole))
    (report,) = verify(whole, trust.with_evidence(evidence))
    assert (report.status, report.trusted) == (SignatureStatus.INDETERMINATE, False)


def test_a_list_that_a_file_brings_does_not_heal_a_revocation(pdf, new_key, verify, tmp_path):
    pki = DemoPki.create(NOW, new_key=new_key)
    signer = pki.issue("Sở Mẫu")
    clean = pki.crls(NOW - 40 * DAY)
    pki.revoke(signer, NOW - 30 * DAY)
    pki.write_trust(tmp_path / "trust")
    whole = with_dss(sign(pdf, signer, field="Sig1", signed_at=NOW - 20 * DAY, timestamper=pki.tsa), crls=clean)
    store = TrustStore.load(tmp_path / "trust").with_evidence(embedded_evidence(open_signed_pdf(whole)))
    (report,) = verify(whole, store)
    assert (report.status, report.subindication) == (SignatureStatus.FAILED, "REVOKED")


def _nothing(*keys):
    return generic.DictionaryObject({generic.pdf_name(key): generic.NumberObject(3) for key in keys})


@pytest.mark.parametrize(
    "junk",
    [
        generic.NumberObject(7),
        _nothing("/CRLs", "/VRI", "/Certs"),
        generic.DictionaryObject({generic.pdf_name("/VRI"): _nothing("/A", "/B")}),
        generic.DictionaryObject(
            {generic.pdf_name("/OCSPs"): generic.ArrayObject([generic.NullObject(), generic.NumberObject(1)])}
        ),
    ],
)
def test_a_broken_security_store_is_no_evidence_and_no_exception(signed, junk):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/DSS"] = junk
    writer.update_root()
    broken = io.BytesIO()
    writer.write(broken)
    opened = open_signed_pdf(broken.getvalue())
    assert not isinstance(opened, Undecidable)
    assert replace(embedded_evidence(opened), certificates=()) == TrustEvidence()
