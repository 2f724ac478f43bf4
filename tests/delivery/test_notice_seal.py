"""The PDF of a refusal is signed when a person confirmed it; whatever goes wrong costs the signature alone."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from vbdaemon.delivery.notice import Composed
from vbdaemon.delivery.notice_seal import is_confirmed, sealed
from vbdaemon.delivery.parcel import notice_parcel
from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import (
    CodedStatus,
    Confirmation,
    Delivery,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    Notice,
    NoticeRules,
    Reason,
    SecretKind,
    SecretSource,
    Verdict,
)
from vbdaemon.state import decisions

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WHO = Confirmation("Lê Văn Mẫu", "Phó Chánh Văn phòng", NOW)
PASSWORD = SecretSource(SecretKind.ENVIRONMENT, "OFFICE_P12")
ENVIRONMENT = {"OFFICE_P12": "mat khau"}


@pytest.fixture(scope="module")
def pki():
    return DemoPki.create(NOW, new_key=lambda: ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def seal_rules(tmp_path, pki):
    office = pki.issue("Văn phòng HĐND và UBND huyện Sông Lam")
    path = tmp_path / "office.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", office.key, office.certificate, None, BestAvailableEncryption(b"mat khau")
        )
    )
    return NoticeRules(pdf=True, certificate=path, password=PASSWORD)


@pytest.fixture(scope="module")
def composed():
    body = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(body)
    return Composed(Notice(CodedStatus.REFUSED, "x", "x", "x", "{}", body.getvalue()))


def document(kind=Verdict.reject, confirmed=WHO):
    verdict = kind(Reason("a", "b"))
    return DocumentVerdict("a.pdf", "a" * 64, ("a" * 64,), None, (), (), verdict, confirmed=confirmed)


def signatures(pdf: bytes) -> int:
    return len([f for f in (pypdf.PdfReader(BytesIO(pdf)).get_fields() or {}).values() if f.get("/FT") == "/Sig"])


def test_a_refusal_that_a_person_confirmed_is_signed(composed, seal_rules):
    after = sealed(composed, (document(),), seal_rules, NOW, ENVIRONMENT)
    assert signatures(after.notice.pdf) == 1
    assert after.trouble == ""
    assert (after.notice.text, after.notice.machine) == (composed.notice.text, composed.notice.machine)


def test_what_no_person_confirmed_or_has_no_pdf_or_no_certificate_is_left_as_it_is(composed, seal_rules):
    bare = replace(composed, notice=replace(composed.notice, pdf=None))
    for each, documents, asked in (
        (composed, (document(confirmed=None),), seal_rules),
        (composed, (document(), document(confirmed=None)), seal_rules),
        (composed, (document(Verdict.hold),), seal_rules),
        (composed, (document(),), replace(seal_rules, certificate=None)),
        (bare, (document(),), seal_rules),
    ):
        assert sealed(each, documents, asked, NOW, ENVIRONMENT) is each


def test_a_receipt_beside_a_confirmed_refusal_needs_no_confirmation():
    accepted = replace(document(), verdict=Verdict.accept(), confirmed=None)
    assert is_confirmed((document(), accepted))
    assert not is_confirmed((accepted,))


@pytest.mark.parametrize(
    ("environment", "at", "words"),
    [
        ({"OFFICE_P12": "khac"}, NOW, "wrong password"),
        ({}, NOW, "OFFICE_P12 is not set"),
        (ENVIRONMENT, NOW.replace(year=2056), "expired on"),
    ],
)
def test_a_signature_that_cannot_be_made_costs_only_itself_and_is_told(composed, seal_rules, environment, at, words):
    after = sealed(replace(composed, trouble="earlier"), (document(),), seal_rules, at, environment)
    assert after.notice == composed.notice
    assert after.trouble.startswith("earlier; the PDF is not signed: ")
    assert words in after.trouble


def test_a_notice_goes_out_with_its_pdf_signed_once_and_named_by_its_hash(outbox, seal_rules, monkeypatch):
    monkeypatch.setenv("OFFICE_P12", "mat khau")
    name = outbox.decide(Verdict.reject(Reason("signature-broken", "Chữ ký số không toàn vẹn.")))
    (row,) = outbox.rows(name)
    decision = decisions.parse(outbox.body(row))
    decision = replace(decision, documents=tuple(replace(d, confirmed=WHO) for d in decision.documents))
    delivery = Delivery(
        row.id, name, DeliveryKind.NOTICE, Destination(row.scheme, row.address, row.unit), row.name, row.created_at
    )
    place = replace(outbox.place(), snapshot=replace(outbox.snapshot, notices=seal_rules))

    first = notice_parcel(delivery, decision, place, plain=False, clock=lambda: NOW)
    again = notice_parcel(delivery, decision, place, plain=False, clock=lambda: NOW.replace(year=2027))

    assert first == again
    bodies = {file.name.rpartition(".")[2]: file for file in first.files}
    assert set(bodies) == {"html", "txt", "json", "pdf"}
    assert signatures(bodies["pdf"].body) == 1
    assert f'"sha256": "{bodies["pdf"].sha256}"' in bodies["json"].body.decode()
    assert "Lê Văn Mẫu, Phó Chánh Văn phòng" in bodies["txt"].body.decode()
