"""Every status with its reason, each beside an untouched twin that PASSED."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import (
    ConfirmedCertificate,
    Directory,
    Limits,
    Revocation,
    SignatureArea,
    SignaturePurpose,
    SignatureStatus,
    SignerRole,
    TimeSource,
)
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.signing import SignatureFormat, SigningRefused, sign
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

VIETNAM = timezone(timedelta(hours=7))
AT = datetime(2026, 2, 27, 9, 30, tzinfo=VIETNAM)
SEAL = (300, 200, 400, 300)
PASSED, INDETERMINATE, FAILED = SignatureStatus.PASSED, SignatureStatus.INDETERMINATE, SignatureStatus.FAILED


@cache
def sealed(pdf: bytes, credential: Credential, **more) -> bytes:
    return sign(pdf, credential, **({"field": "CoQuan", "box": SEAL, "page": 1, "signed_at": AT} | more))


def flipped(pdf: bytes, words: bytes = b"Van ban thu nghiem") -> bytes:
    place = pdf.index(words)
    return pdf[:place] + b"X" + pdf[place + 1 :]


def overdrawn(pdf: bytes) -> bytes:
    """A further revision that puts something on page 1."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    stream = generic.StreamObject(stream_data=b"q 1 0 0 rg 90 690 200 30 re f Q")
    writer.add_stream_to_page(0, writer.add_object(stream))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_signature_of_the_own_authority_passes_with_all_its_facts(pdf, agency, pki, verify):
    (report,) = verify(sealed(pdf, agency, timestamper=pki.tsa))
    assert (report.status, report.subindication, report.intact, report.trusted) == (PASSED, None, True, True)
    assert (report.covers_whole_file, report.altered_after) == (True, False)
    assert (report.coverage, report.modification) == ("ENTIRE_FILE", "NONE")
    assert (report.role, report.purpose) == (SignerRole.ORGANISATION, SignaturePurpose.SEAL)
    assert report.signer == "Ủy ban nhân dân huyện Thử Nghiệm"
    assert report.certificate == agency.sha256
    assert (report.signed_at, report.time_source) == (AT, TimeSource.TIMESTAMP)
    assert (report.digest, report.key, report.revocation) == ("sha256", "rsa2048", Revocation.GOOD)
    assert report.chain == (f"{pki.name} (RootCA)", f"{pki.name} G2", "Ủy ban nhân dân huyện Thử Nghiệm")
    assert report.position is not None
    assert (report.position.page, report.position.area) == (2, SignatureArea.SIGNATURE_BLOCK)
    assert report.position.box is not None
    assert (report.position.box.x0, report.position.box.y0) == (300, 842 - 300)


@pytest.mark.parametrize("packing", list(SignatureFormat))
def test_the_claimed_time_is_kept_in_both_packings(pdf, agency, verify, packing):
    (report,) = verify(sealed(pdf, agency, packing=packing))
    assert (report.status, report.signed_at, report.time_source) == (PASSED, AT, TimeSource.CLAIMED)


def test_a_file_without_signature_or_that_is_no_pdf_has_no_reports(pdf, verify):
    assert verify(pdf) == ()
    assert verify(b"PK\x03\x04 not a PDF") == ()
    assert verify(b"") == ()


def test_a_file_over_the_limit_has_no_reports(pdf, agency, trust, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(sealed(pdf, agency))
    assert verify_pdf(path, "a.pdf", "0", trust, Directory(), limits=Limits(file_bytes=100)) == ()


def test_an_empty_signature_field_is_no_signature(pdf, verify):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("Trong", box=SEAL))
    out = io.BytesIO()
    writer.write(out)
    assert verify(out.getvalue()) == ()


def test_a_changed_signed_byte_fails_by_hash(pdf, agency, verify):
    signed = sealed(pdf, agency)
    assert verify(signed)[0].status is PASSED
    (report,) = verify(flipped(signed))
    assert (report.status, report.subindication, report.intact) == (FAILED, "HASH_FAILURE", False)
    assert report.signer == "Ủy ban nhân dân huyện Thử Nghiệm"


def test_a_signature_value_that_does_not_fit_fails(pdf, agency, verify):
    signed = sealed(pdf, agency)
    value = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0].signer_info["signature"].native
    place = signed.lower().index(value.hex().encode())
    broken = signed[:place] + value[::-1].hex().encode() + signed[place + 2 * len(value) :]
    assert broken != signed
    (report,) = verify(broken)
    assert (report.status, report.subindication, report.intact) == (FAILED, "SIG_CRYPTO_FAILURE", True)


def test_a_revision_after_the_last_signature_is_an_alteration(pdf, agency, verify):
    signed = sealed(pdf, agency)
    assert verify(signed)[0].altered_after is False
    (report,) = verify(overdrawn(signed))
    assert (report.intact, report.altered_after, report.covers_whole_file) == (True, True, False)
    assert (report.coverage, report.modification) == ("ENTIRE_REVISION", "OTHER")


def test_further_signatures_alter_nothing(pdf, agency, leader, verify):
    signed = sealed(sealed(pdf, leader, field="NguoiKy", box=(380, 200, 480, 260)), agency)
    signed = sealed(signed, agency, field="So", page=0, box=(140, 710, 200, 735), text="607")
    signed = sealed(signed, agency, field="Ngay", page=0, box=(407, 710, 452, 735), text="27")
    reports = verify(signed)
    assert [r.status for r in reports] == [PASSED] * 4
    assert [r.altered_after for r in reports] == [False] * 4
    assert [r.covers_whole_file for r in reports] == [False, False, False, True]
    assert [r.modification for r in reports] == ["FORM_FILLING"] * 3 + ["NONE"]
    assert [r.role for r in reports] == [SignerRole.PERSON] + [SignerRole.ORGANISATION] * 3
    assert [r.purpose for r in reports] == [
        SignaturePurpose.OTHER,
        SignaturePurpose.SEAL,
        SignaturePurpose.NUMBER,
        SignaturePurpose.DATE,
    ]


def test_a_change_between_signatures_shows_on_the_earlier_one_only(pdf, agency, leader, verify):
    signed = sealed(overdrawn(sealed(pdf, leader, field="NguoiKy")), agency)
    first, last = verify(signed)
    assert (first.intact, first.altered_after) == (True, True)
    assert (last.status, last.altered_after, last.covers_whole_file) == (PASSED, False, True)


@pytest.mark.parametrize("box", [None, (90, 690, 300, 730)])
def test_a_placeholder_added_after_the_last_signature_is_an_alteration(pdf, agency, verify, box):
    signed = sealed(pdf, agency)
    assert verify(signed)[0].altered_after is False
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    append_signature_field(writer, SigFieldSpec("ChePhu", box=box))
    out = io.BytesIO()
    writer.write(out)
    assert verify(out.getvalue())[0].altered_after is True


def test_form_filling_that_no_later_signature_covers_is_an_alteration(pdf, agency, leader, verify):
    signed = sealed(sealed(pdf, agency), leader, field="NguoiKy")
    assert [r.altered_after for r in verify(signed)] == [False, False]
    appended = verify(overdrawn(signed))
    assert [r.altered_after for r in appended] == [True, True]


def test_an_unknown_authority_is_indeterminate_and_named(pdf, agency, pki, verify, tmp_path):
    (tmp_path / "trust").mkdir()
    (report,) = verify(sealed(pdf, agency, timestamper=pki.tsa), TrustStore.load(tmp_path / "trust"))
    assert (report.status, report.subindication) == (INDETERMINATE, "NO_CERTIFICATE_CHAIN_FOUND")
    assert (report.intact, report.trusted) == (True, False)
    assert report.missing_issuer == f"{pki.name} G2"
    assert report.missing_issuer_urls == ("http://ca.example.vn/crt/issuer.crt",)
    assert report.chain == ("Ủy ban nhân dân huyện Thử Nghiệm",)
    assert report.time_source is TimeSource.CLAIMED, "a timestamp of an unknown authority proves nothing"


def test_an_intermediate_alone_ends_in_a_missing_root(pdf, agency, pki, verify, trust_folder, tmp_path):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "ca.pem").write_bytes((trust_folder / "demo-intermediate.pem").read_bytes())
    (report,) = verify(sealed(pdf, agency), TrustStore.load(tmp_path / "t"))
    assert report.subindication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert report.chain == (f"{pki.name} G2", "Ủy ban nhân dân huyện Thử Nghiệm")
    assert report.missing_issuer == f"{pki.name} (RootCA)"


def test_embedded_certificates_are_links_and_never_roots(pdf, agency, pki, verify, trust_folder, tmp_path):
    whole = Credential(agency.certificate, agency.key, (pki.intermediate.certificate, pki.root.certificate))
    signed = sealed(pdf, whole)
    (tmp_path / "empty").mkdir()
    assert verify(signed, TrustStore.load(tmp_path / "empty"))[0].subindication == "NO_CERTIFICATE_CHAIN_FOUND"
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "root.pem").write_bytes((trust_folder / "demo-root.pem").read_bytes())
    assert verify(signed, TrustStore.load(tmp_path / "root"))[0].status is PASSED


def test_a_confirmed_certificate_gives_role_and_unit_and_heals_nothing(pdf, pki, verify, tmp_path):
    vague = pki.issue("Một Hai Ba Bốn Năm Sáu Bảy")
    pin = ConfirmedCertificate("H01", vague.sha256, SignerRole.ORGANISATION, "", "Trần Thị Kiểm", AT)
    signed = sealed(pdf, vague)
    assert verify(signed)[0].role is SignerRole.UNKNOWN
    (report,) = verify(signed, directory=Directory((), (pin,)))
    assert (report.role, report.unit, report.confirmed) == (SignerRole.ORGANISATION, "H01", True)
    (report,) = verify(flipped(signed), directory=Directory((), (pin,)))
    assert (report.confirmed, report.status) == (True, FAILED)


@pytest.fixture(scope="module")
def own(new_key) -> DemoPki:
    """An authority of this module's own, whose certificates may be revoked."""
    return DemoPki.create(AT.astimezone(UTC) + timedelta(days=3), "Cơ quan thử thu hồi", new_key=new_key)


def store_of(pki: DemoPki, folder: Path, issued_at: datetime | None = None, **valid) -> TrustStore:
    folder.mkdir()
    pki.write_trust(folder, crls=False)
    for number, der in enumerate(pki.crls(issued_at, **valid)):
        (folder / f"{number}.crl").write_bytes(der)
    return TrustStore.load(folder)


@pytest.mark.parametrize(
    ("days", "stamped", "status", "subindication", "revocation"),
    [
        (-1, True, FAILED, "REVOKED", Revocation.REVOKED),
        (-1, False, FAILED, "REVOKED", Revocation.REVOKED),
        (+1, True, PASSED, None, Revocation.GOOD),
        (+1, False, INDETERMINATE, "REVOKED_NO_POE", Revocation.UNKNOWN),
    ],
)
def test_revocation_counts_by_its_day(pdf, own, verify, tmp_path, days, stamped, status, subindication, revocation):
    signer = own.issue("Sở Thử nghiệm")
    signed = sealed(pdf, signer, timestamper=own.tsa if stamped else None)
    assert verify(signed, store_of(own, tmp_path / "before"))[0].status is PASSED
    own.revoke(signer, AT + timedelta(days=days))
    (report,) = verify(signed, store_of(own, tmp_path / "after"))
    assert (report.status, report.subindication, report.revocation) == (status, subindication, revocation)


def test_a_revoked_authority_fails_its_signatures(pdf, new_key, verify, tmp_path):
    pki = DemoPki.create(AT.astimezone(UTC), "Cơ quan bị thu hồi", new_key=new_key)
    signed = sealed(pdf, pki.issue("Sở Thử nghiệm"))
    assert verify(signed, store_of(pki, tmp_path / "before"))[0].status is PASSED
    pki.revoke(pki.intermediate, AT - timedelta(days=30))
    (report,) = verify(signed, store_of(pki, tmp_path / "after"))
    assert (report.status, report.subindication) == (FAILED, "REVOKED")


def test_no_usable_crl_leaves_revocation_unknown_and_the_signature_passed(pdf, own, new_key, verify, tmp_path):
    signer = own.issue("Sở Thử nghiệm")
    signed = sealed(pdf, signer)
    run_out = store_of(own, tmp_path / "old", AT - timedelta(days=60), valid_for=timedelta(days=30))
    assert (verify(signed, run_out)[0].status, verify(signed, run_out)[0].revocation) == (PASSED, Revocation.UNKNOWN)
    (tmp_path / "none").mkdir()
    own.write_trust(tmp_path / "none", crls=False)
    assert verify(signed, TrustStore.load(tmp_path / "none"))[0].revocation is Revocation.UNKNOWN
    forger = DemoPki.create(own.now, own.name, new_key=lambda: rsa.generate_private_key(65537, 2048))
    forger.revoke(signer, AT - timedelta(days=9))
    (tmp_path / "none" / "forged.crl").write_bytes(forger.crls()[1])
    assert verify(signed, TrustStore.load(tmp_path / "none"))[0].revocation is Revocation.UNKNOWN


@pytest.mark.parametrize(
    ("start", "end", "stamped", "status", "subindication"),
    [
        (-400, -30, True, FAILED, "EXPIRED"),
        (-400, -30, False, INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"),
        (+30, +400, True, FAILED, "EXPIRED"),
        (+30, +400, False, INDETERMINATE, "OUT_OF_BOUNDS_NO_POE"),
        (-400, +1, True, PASSED, None),
        (-400, +1, False, PASSED, None),
    ],
)
def test_validity_is_judged_at_signing_time(pdf, pki, verify, start, end, stamped, status, subindication):
    signer = pki.issue("Sở Thử nghiệm", not_before=AT + timedelta(days=start), not_after=AT + timedelta(days=end))
    (report,) = verify(sealed(pdf, signer, timestamper=pki.tsa if stamped else None))
    assert (report.status, report.subindication) == (status, subindication)


def test_seven_hours_of_clock_fault_are_forgiven(pdf, pki, verify):
    signer = pki.issue("Sở Thử nghiệm", not_before=AT - timedelta(days=99), not_after=AT)
    assert verify(sealed(pdf, signer, signed_at=AT + timedelta(hours=6)))[0].status is PASSED
    assert verify(sealed(pdf, signer, signed_at=AT + timedelta(hours=8)))[0].status is INDETERMINATE


def test_nothing_is_refused_as_signed_in_the_future(pdf, agency, verify):
    (report,) = verify(sealed(pdf, agency, signed_at=AT + timedelta(days=300)))
    assert report.status is PASSED


def test_a_weak_digest_is_reported_and_passes(pdf, agency, verify):
    (report,) = verify(sealed(pdf, agency, digest="sha1"))
    assert (report.status, report.digest) == (PASSED, "sha1")


@pytest.mark.parametrize(
    ("key", "name", "status"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "secp256r1", PASSED),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519", PASSED),
        (rsa.generate_private_key(65537, 1024), "rsa1024", INDETERMINATE),
    ],
)
def test_keys_of_other_kinds_are_named(pdf, pki, verify, key, name, status):
    digest = "sha512" if name == "ed25519" else "sha256"
    (report,) = verify(sealed(pdf, pki.issue("Sở Thử nghiệm", key=key), digest=digest))
    assert (report.key, report.status) == (name, status)


def test_a_certificate_for_timestamps_signs_no_document(pdf, pki, verify):
    (report,) = verify(sealed(pdf, pki.intermediate))
    assert (report.status, report.subindication) == (INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE")


def test_zeroed_contents_are_undecidable_and_not_missing(pdf, agency, leader, verify):
    signed = sealed(sealed(pdf, leader, field="NguoiKy"), agency)
    _, start, end, _ = list(PdfFileReader(io.BytesIO(signed)).embedded_signatures[0].byte_range)
    zeroed = signed[: start + 1] + b"0" * (end - start - 2) + signed[end - 1 :]
    reports = {report.field: report for report in verify(zeroed)}
    assert reports["NguoiKy"].status is INDETERMINATE
    assert reports["NguoiKy"].undecidable is not None
    assert reports["CoQuan"].subindication == "HASH_FAILURE"


def test_a_signed_file_that_no_parser_opens_has_one_undecidable_report(pdf, agency, verify):
    signed = sealed(pdf, agency)
    (report,) = verify(signed[: signed.rindex(b"xref") - 400])
    assert (report.status, report.signer) == (INDETERMINATE, None)
    assert report.undecidable


def test_every_truncation_and_flip_is_answered_and_never_passes_whole(pdf, agency, verify):
    signed = sealed(pdf, agency, box=None)
    (whole,) = verify(signed)
    assert whole.status is PASSED
    for place in range(50, len(signed), 997):
        for reports in (verify(signed[:place]), verify(signed[:place] + b"\x00" + signed[place + 1 :])):
            for report in reports:
                good = report.status is PASSED and report.altered_after is False
                assert not good or replace(report, file=whole.file) == whole


def test_the_position_follows_rotation_and_crop(turned_pdf, agency, verify):
    (report,) = verify(sealed(turned_pdf, agency, page=0, box=(20, 30, 60, 80)))
    box = report.position.box
    assert (box.x0, box.y0, box.x1, box.y1) == (10, 10, 60, 50)


def test_an_invisible_signature_has_no_box(pdf, agency, verify):
    (report,) = verify(sealed(pdf, agency, box=None))
    assert (report.position.area, report.position.box) == (SignatureArea.INVISIBLE, None)


def test_the_shape_of_a_signed_scan_is_top_right(pdf, agency, verify):
    (report,) = verify(sealed(pdf, agency, page=0, box=(374, 798, 592, 841)))
    assert (report.position.page, report.position.area) == (1, SignatureArea.TOP_RIGHT)


def test_vietnamese_letters_need_a_drawing(pdf, agency):
    with pytest.raises(SigningRefused, match="drawing"):
        sealed(pdf, agency, text="Ủy ban nhân dân")


def test_signing_keeps_every_earlier_byte(pdf, agency, leader):
    once = sealed(pdf, leader, field="NguoiKy")
    assert once.startswith(pdf)
    assert sealed(once, agency, drawing=pdf).startswith(once)


def test_what_is_no_pdf_is_refused_in_one_line(agency):
    with pytest.raises(SigningRefused):
        sealed(b"not a PDF", agency)


def test_verifying_asks_nobody_on_the_network(pdf, agency, pki, verify, tmp_path, monkeypatch):
    """The certificates name addresses of CRL, OCSP and issuer, and nothing of it is at hand but the root."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))

    def refuse(*_arguments, **_named):
        raise AssertionError("a connection was tried")

    body = sealed(pdf, agency, timestamper=pki.tsa)  # signing has an event loop, and that has sockets
    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    (report,) = verify(body, TrustStore.load(tmp_path / "trust"))
    assert (report.status, report.undecidable) == (INDETERMINATE, None)
    assert report.revocation_urls == ("http://ca.example.vn/crl/issuer.crl",)
    assert report.missing_issuer_urls == ("http://ca.example.vn/crt/issuer.crt",)
