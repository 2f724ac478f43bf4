"""Signatures beside and inside other files: .p7s against its file, XML-DSig in docx and xlsx."""

import base64
import hashlib
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from lxml import etree

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation
from vbdaemon.signature.detached import Beside, is_detached_name, read_detached
from vbdaemon.signature.detached_fact import SideKind
from vbdaemon.signature.office_signature import read_office_signatures
from vbdaemon.signature.trust import TrustStore

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
LETTER = Beside("cong-van.pdf", b"%PDF-1.7 noi dung")
OTHER = Beside("phu-luc.xlsx", b"PK phu luc")

PACKAGE = "http://schemas.openxmlformats.org/package/2006/digital-signature"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


def p7s(credential, body, *options, encoding=Encoding.DER):
    builder = pkcs7.PKCS7SignatureBuilder().set_data(body)
    builder = builder.add_signer(credential.certificate, credential.key, SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary, *options])


@pytest.fixture
def detached(agency):
    return p7s(agency, LETTER.body, pkcs7.PKCS7Options.DetachedSignature)


def read(name, body, *beside, trust=None):
    return read_detached(name, body, beside or (OTHER, LETTER), trust or TrustStore(), NOW)


@pytest.mark.parametrize("name", ["cong-van.pdf.p7s", "cong-van.p7s", "chu-ky.p7s"])
def test_the_signed_file_is_found_by_its_digest(detached, agency, name):
    (fact,) = read(name, detached)
    assert (fact.kind, fact.place, fact.intact, fact.digest) == (SideKind.DETACHED, LETTER.name, True, "sha256")
    assert (fact.signer, fact.certificate) == ("Ủy ban nhân dân huyện Thử Nghiệm", agency.sha256)
    assert abs(fact.signed_at - NOW).total_seconds() < 3600
    assert not fact.trusted


def test_with_the_authority_at_hand_the_chain_is_told(detached, trust, pki):
    (fact,) = read("a.p7s", detached, trust=trust)
    assert fact.trusted
    assert fact.chain == (f"{pki.name} (RootCA)", f"{pki.name} G2", fact.signer)


def test_no_more_is_claimed_than_was_checked(detached, trust, pki, new_key, tmp_path):
    assert read("a.p7s", detached, trust=trust)[0].revocation is Revocation.GOOD
    pki.write_trust(tmp_path / "bare", crls=False)
    (fact,) = read("a.p7s", detached, trust=TrustStore.load(tmp_path / "bare"))
    assert (fact.trusted, fact.revocation) == (True, Revocation.UNKNOWN)
    assert read("a.p7s", detached)[0].revocation is Revocation.UNKNOWN


@pytest.mark.parametrize(("since", "state"), [(-1, Revocation.REVOKED), (1, Revocation.GOOD)])
def test_a_revoked_signer_is_not_trusted_whenever_he_claims_to_have_signed(new_key, tmp_path, since, state):
    own = DemoPki.create(NOW, new_key=new_key)
    signer = own.issue("Sở Mẫu")
    body = p7s(signer, LETTER.body, pkcs7.PKCS7Options.DetachedSignature)
    own.revoke(signer, NOW + timedelta(days=since))
    own.write_trust(tmp_path / "own")
    (fact,) = read("a.p7s", body, trust=TrustStore.load(tmp_path / "own"))
    assert (fact.intact, fact.trusted, fact.revocation) == (True, False, state)


def test_pem_is_read_too(agency):
    body = p7s(agency, LETTER.body, pkcs7.PKCS7Options.DetachedSignature, encoding=Encoding.PEM)
    assert read("a.p7s", body)[0].intact is True


def test_a_changed_file_is_named_and_not_intact(detached):
    changed = Beside(LETTER.name, LETTER.body + b" ")
    (fact,) = read("cong-van.pdf.p7s", detached, changed, OTHER)
    assert (fact.place, fact.intact) == (LETTER.name, False)


def test_a_signature_of_no_file_at_hand_says_nothing_of_them(detached):
    (fact,) = read("smime.p7s", detached, OTHER)
    assert (fact.place, fact.intact) == ("", None)


def test_a_forged_signature_value_is_not_intact(detached):
    forged = detached[:-8] + bytes(8)
    (fact,) = read("a.p7s", forged)
    assert (fact.place, fact.intact) == (LETTER.name, False)


def test_a_signature_that_encloses_its_content_is_told_apart(agency):
    (fact,) = read("a.p7m", p7s(agency, LETTER.body))
    assert fact.kind is SideKind.ENCLOSING
    assert fact.signer == "Ủy ban nhân dân huyện Thử Nghiệm"


@pytest.mark.parametrize("body", [b"", b"junk", b"0\x80", b"0\x82\xff\xff", b"-----BEGIN PKCS7-----\n"])
def test_junk_is_no_exception(body):
    facts = read("a.p7s", body)
    assert all(fact.cause for fact in facts)
    assert read("a.pdf", body) == ()


def test_names_of_signatures():
    assert [is_detached_name(n) for n in ("A.PDF.P7S", "smime.p7m", "a.pdf")] == [True, True, False]


def office(path, credential, *, part=b"<document/>", transform=False, tampered=None):
    """A package whose signature refers to a manifest, and the manifest to a part; as Office writes it, but smaller."""
    digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
    steps = f'<Transforms><Transform Algorithm="{PACKAGE}/x"/></Transforms>' if transform else ""
    sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
    manifest = (
        f'<Object Id="idPackageObject"><Manifest><Reference URI="/word/document.xml?ContentType=application/xml">'
        f'{steps}<DigestMethod Algorithm="{sha256}"/><DigestValue>{digest}</DigestValue></Reference></Manifest>'
        f'<SignatureProperties><SignatureProperty><SignatureTime xmlns="{PACKAGE}"><Value>2026-03-02T01:00:00Z</Value>'
        f"</SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )

    def canonical(root, name):
        return etree.tostring(root.find(f".//{{{DSIG}}}{name}"), method="c14n")

    def whole(info, value):
        certificate = base64.b64encode(credential.certificate.public_bytes(Encoding.DER)).decode()
        return (
            f'<Signature xmlns="{DSIG}" Id="s">{info}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data>'
            f"<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>{manifest}</Signature>"
        )

    object_digest = hashlib.sha256(canonical(etree.fromstring(whole("", "")), "Object")).digest()
    info = (
        f'<SignedInfo><CanonicalizationMethod Algorithm="{C14N}"/>'
        f'<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<Reference URI="#idPackageObject"><DigestMethod Algorithm="{sha256}"/>'
        f"<DigestValue>{base64.b64encode(object_digest).decode()}</DigestValue></Reference></SignedInfo>"
    )
    signed = canonical(etree.fromstring(whole(info, "")), "SignedInfo")
    value = base64.b64encode(credential.key.sign(signed, PKCS1v15(), SHA256())).decode()
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", part if tampered is None else tampered)
        package.writestr("_xmlsignatures/origin.sigs", b"")
        package.writestr("_xmlsignatures/sig1.xml", whole(info, value))
    return path


def test_a_signed_docx_names_its_signer_and_what_is_intact(agency, tmp_path):
    (fact,) = read_office_signatures(office(tmp_path / "a.docx", agency), "a.docx")
    assert (fact.kind, fact.place) == (SideKind.OFFICE, "_xmlsignatures/sig1.xml")
    assert (fact.signer, fact.certificate) == ("Ủy ban nhân dân huyện Thử Nghiệm", agency.sha256)
    assert (fact.digest, fact.signed_at) == ("sha256", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert fact.intact is True


def test_a_changed_part_is_not_intact(agency, tmp_path):
    (fact,) = read_office_signatures(office(tmp_path / "a.docx", agency, tampered=b"<document>x</document>"), "a.docx")
    assert fact.intact is False


def test_a_signature_that_leaves_the_document_out_says_nothing_of_it(agency, tmp_path):
    office(tmp_path / "a.docx", agency)
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        xml = package.read("_xmlsignatures/sig1.xml")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr("word/document.xml", b"<document/>")
        package.writestr("_xmlsignatures/sig1.xml", xml)
    (fact,) = read_office_signatures(tmp_path / "b.xlsx", "b.xlsx")
    assert fact.intact is None


def test_what_cannot_be_compared_is_unknown_and_not_intact(agency, tmp_path):
    (fact,) = read_office_signatures(office(tmp_path / "a.docx", agency, transform=True), "a.docx")
    assert fact.intact is None


def test_another_certificate_beside_the_signature_value_is_not_intact(agency, leader, tmp_path):
    path = office(tmp_path / "a.docx", agency)
    ours, theirs = (base64.b64encode(c.certificate.public_bytes(Encoding.DER)) for c in (agency, leader))
    with zipfile.ZipFile(path) as package:
        xml = package.read("_xmlsignatures/sig1.xml").replace(ours, theirs)
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as package:
        package.writestr("word/document.xml", b"<document/>")
        package.writestr("_xmlsignatures/sig1.xml", xml)
    (fact,) = read_office_signatures(tmp_path / "b.docx", "b.docx")
    assert (fact.signer, fact.intact) == ("Nguyễn Văn Mẫu", False)


KEY = "<KeyInfo><X509Data><X509Certificate>AAAA</X509Certificate></X509Data></KeyInfo>"
UNREADABLE = f'<Signature xmlns="{DSIG}">{KEY}</Signature>'


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a>",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        UNREADABLE,
    ],
)
def test_a_broken_signature_part_is_told_by_its_cause(xml, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("_xmlsignatures/sig1.xml", xml)
    (fact,) = read_office_signatures(tmp_path / "a.docx", "a.docx")
    assert fact.cause
    assert fact.intact is None


def test_an_unsigned_package_and_no_package_have_no_signature(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("word/document.xml", b"<document/>")
    (tmp_path / "b.docx").write_bytes(b"junk")
    assert read_office_signatures(tmp_path / "a.docx", "a.docx") == ()
    assert read_office_signatures(tmp_path / "b.docx", "b.docx") == ()
