"""Facts of signatures become findings: each code beside the twin that has none which holds or refuses."""

import hashlib
import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vbdaemon.builtin.validity import check
from vbdaemon.builtin.validity_names import same_body, same_person
from vbdaemon.builtin.verify import verify
from vbdaemon.model import (
    Box,
    Classification,
    ConfirmedCertificate,
    Content,
    ContentKind,
    Directory,
    Document,
    Evidence,
    File,
    FileRole,
    Found,
    Page,
    Position,
    Problem,
    ProblemKind,
    Revocation,
    SignatureArea,
    SignaturePurpose,
    SignatureReport,
    SignatureStatus,
    Signer,
    SignerRole,
    Snapshot,
    TextSource,
    TimeSource,
    Unit,
)
from vbdaemon.rules.loader import load_policy

SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "samples"
ISSUER = "Ủy ban nhân dân huyện Thử Nghiệm"
SIGNER = "Nguyễn Văn Mẫu"
AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
PASSED, INDETERMINATE, FAILED = SignatureStatus.PASSED, SignatureStatus.INDETERMINATE, SignatureStatus.FAILED
NAME_BOX = Box(380, 600, 480, 615)

SEAL = SignatureReport(
    file="m",
    file_name="m.pdf",
    field="CoQuan",
    status=PASSED,
    intact=True,
    trusted=True,
    role=SignerRole.ORGANISATION,
    purpose=SignaturePurpose.SEAL,
    signer=ISSUER,
    subject=f"CN={ISSUER}",
    certificate="aa",
    signed_at=AT,
    time_source=TimeSource.TIMESTAMP,
    covers_whole_file=True,
    altered_after=False,
    coverage="ENTIRE_FILE",
    modification="NONE",
    digest="sha256",
    revocation=Revocation.GOOD,
    position=Position(1, SignatureArea.SIGNATURE_BLOCK, Box(300, 500, 400, 600)),
)
PERSON = replace(
    SEAL,
    field="NguoiKy",
    role=SignerRole.PERSON,
    purpose=SignaturePurpose.OTHER,
    signer=SIGNER,
    subject=f"CN={SIGNER}",
    certificate="bb",
    covers_whole_file=False,
    coverage="ENTIRE_REVISION",
    modification="FORM_FILLING",
)
GAZETTE = replace(SEAL, field="CongBao", signer="Trung tâm Công báo", certificate="cc")
UNKNOWN = replace(SEAL, field="X", role=SignerRole.UNKNOWN, signer="Một Hai", certificate="dd")
NO_CHAIN = {
    "status": INDETERMINATE,
    "subindication": "NO_CERTIFICATE_CHAIN_FOUND",
    "trusted": False,
    "revocation": Revocation.UNKNOWN,
    "missing_issuer": "CA Thử nghiệm",
    "missing_issuer_urls": ("http://ca.example.vn/ca.crt",),
}


def file_of(name: str = "m", role: FileRole = FileRole.MAIN) -> File:
    return File(f"{name}.pdf", name, 1, "application/pdf", Path(f"{name}.pdf"), role)


def content_of(**page) -> Content:
    return Content("m", ContentKind.PDF, (Page(1, 595, 842, **page),), 1)


def found(value, source: TextSource = TextSource.TEXT, box: Box | None = None):
    return Found(value, 1.0, source, Evidence(str(value), "m", 1, box))


CLASSIFIED = Classification(issuer=found(ISSUER.upper()), signer=found(Signer(None, "CHỦ TỊCH", SIGNER), box=NAME_BOX))
BORN_DIGITAL = content_of()
SCAN = content_of(image_only=True, seals=(Box(300, 500, 400, 600),))


def findings(
    signatures,
    content: Content | None = BORN_DIGITAL,
    classification: Classification = CLASSIFIED,
    document: Document | None = None,
    directory: Directory | None = None,
):
    document = document or Document(file_of())
    document = replace(document, contents=(content,) if content else ())
    snapshot = Snapshot("1", directory=directory or Directory(), policy=load_policy())
    return check(document=document, classification=classification, signatures=tuple(signatures), snapshot=snapshot)


def codes(*arguments, **named) -> set[str]:
    return {finding.code for finding in findings(*arguments, **named)}


def test_person_and_organisation_make_a_document_valid():
    assert codes([PERSON, SEAL]) == set()


def test_a_joint_document_may_bear_the_signatures_of_a_further_signer_and_body():
    other = replace(PERSON, signer="Lê Văn Khánh")
    sure = replace(CLASSIFIED, issuer=found(f"SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI - {ISSUER.upper()}"))
    joint = replace(sure, co_signers=(found(Signer("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn Khánh")),))
    assert codes([other, SEAL], classification=joint) == set()
    assert codes([other, SEAL], classification=sure) == {"person-not-the-signer", "signer-not-issuer"}
    assert codes([other, replace(SEAL, signer="Sở Y tế")], classification=joint) == {"signer-not-issuer"}
    labour = replace(SEAL, signer="Sở Lao động - Thương binh và Xã hội")
    assert codes([other, labour], classification=joint) == set()


def test_organisation_and_a_sealed_scan_make_a_document_valid():
    (note,) = findings([SEAL], SCAN)
    assert (note.code, note.severity) == ("scan-of-original", "note")
    assert (note.evidence.page, note.evidence.box) == (1, SCAN.pages[0].seals[0]), "people see where the seal was seen"


def test_the_seal_of_a_digital_signature_at_the_top_right_is_no_seal_of_the_original():
    assert codes([SEAL], content_of(image_only=True, seals=(Box(440, 40, 540, 140),))) == {"red-seal-not-seen"}


def test_of_several_seals_the_one_at_the_signers_name_is_the_evidence():
    beside, elsewhere = Box(300, 500, 400, 600), Box(60, 250, 160, 350)
    (note,) = findings([SEAL], content_of(image_only=True, seals=(elsewhere, beside)))
    assert note.evidence.box == beside
    nameless = replace(CLASSIFIED, signer=None)
    (note,) = findings([SEAL], content_of(image_only=True, seals=(elsewhere,)), nameless)
    assert note.evidence.box == elsewhere


def test_a_picture_at_the_name_is_shown_with_the_doubt_about_it():
    ink = Box(390, 540, 470, 590)
    (doubt,) = findings([SEAL], content_of(ink=(ink,)))
    assert (doubt.code, doubt.evidence.box) == ("scan-evidence-unclear", ink)


@pytest.mark.parametrize(
    ("signatures", "content", "expected"),
    [
        ([], BORN_DIGITAL, {"organisation-signature-missing", "person-signature-or-scan-missing"}),
        ([PERSON], BORN_DIGITAL, {"organisation-signature-missing"}),
        ([SEAL], BORN_DIGITAL, {"person-signature-or-scan-missing"}),
        ([SEAL], content_of(ink=(Box(390, 540, 470, 590),)), {"scan-evidence-unclear"}),
        ([SEAL], content_of(ink=(Box(60, 40, 200, 90),)), {"person-signature-or-scan-missing"}),
        ([SEAL], content_of(ocr=True), {"scan-evidence-unclear"}),
        ([SEAL], None, {"scan-evidence-unclear"}),
        ([SEAL], content_of(image_only=True), {"red-seal-not-seen"}),
        ([], SCAN, {"organisation-signature-missing", "scan-of-original"}),
        ([UNKNOWN], BORN_DIGITAL, {"signature-role-unknown"}),
        ([UNKNOWN, SEAL], BORN_DIGITAL, {"signature-role-unknown"}),
        ([UNKNOWN, PERSON, SEAL], BORN_DIGITAL, set()),
        ([UNKNOWN, SEAL], SCAN, {"scan-of-original"}),
        ([PERSON, GAZETTE], BORN_DIGITAL, {"signer-not-issuer"}),
        ([PERSON, SEAL, GAZETTE], BORN_DIGITAL, {"publisher-signature"}),
        ([replace(PERSON, signer="Trần Thị Khác"), SEAL], BORN_DIGITAL, {"person-not-the-signer"}),
        ([replace(PERSON, signer="Trần Thị Khác"), PERSON, SEAL], BORN_DIGITAL, set()),
        ([replace(PERSON, signer="Trần Thị Khác"), SEAL], SCAN, {"scan-of-original"}),
        ([replace(PERSON, signer="Nguyên Văn Mẩu"), SEAL], BORN_DIGITAL, set()),
        (
            [PERSON, replace(SEAL, position=Position(1, SignatureArea.OTHER, Box(10, 700, 90, 800)))],
            BORN_DIGITAL,
            {"signature-position"},
        ),
        ([PERSON, replace(SEAL, position=Position(1, SignatureArea.INVISIBLE))], BORN_DIGITAL, {"signature-position"}),
    ],
)
def test_what_is_there_and_whose_it_is(signatures, content, expected):
    assert codes(signatures, content) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": FAILED, "subindication": "HASH_FAILURE", "intact": False}, {"signature-broken"}),
        ({"status": FAILED, "subindication": "SIG_CRYPTO_FAILURE"}, {"signature-broken"}),
        ({"altered_after": True, "modification": "OTHER"}, {"altered-after-signing"}),
        ({"status": FAILED, "subindication": "REVOKED", "revocation": Revocation.REVOKED}, {"certificate-revoked"}),
        ({"status": FAILED, "subindication": "EXPIRED"}, {"certificate-expired-at-signing"}),
        ({"status": INDETERMINATE, "subindication": "OUT_OF_BOUNDS_NO_POE"}, {"certificate-expired-claimed"}),
        ({"status": INDETERMINATE, "subindication": "REVOKED_NO_POE"}, {"signature-undecidable"}),
        ({"status": INDETERMINATE, "subindication": "CHAIN_CONSTRAINTS_FAILURE"}, {"signature-undecidable"}),
        ({"status": INDETERMINATE, "undecidable": "KeyError"}, {"signature-undecidable"}),
        (NO_CHAIN, {"certificate-untrusted", "revocation-unknown"}),
        (NO_CHAIN | {"confirmed": True}, {"certificate-confirmed", "revocation-unknown"}),
        (
            NO_CHAIN | {"confirmed": True, "altered_after": True},
            {"certificate-confirmed", "altered-after-signing", "revocation-unknown"},
        ),
        ({"confirmed": True, "status": FAILED, "subindication": "REVOKED"}, {"certificate-revoked"}),
        ({"revocation": Revocation.UNKNOWN}, {"revocation-unknown"}),
    ],
)
def test_what_is_wrong_with_the_agencys_signature(change, expected):
    assert codes([PERSON, SEAL]) == set()
    assert codes([PERSON, replace(SEAL, **change)]) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ({"status": FAILED, "subindication": "HASH_FAILURE", "intact": False}, "earlier-signature-broken"),
        ({"status": FAILED, "subindication": "SIG_CRYPTO_FAILURE"}, "earlier-signature-broken"),
        ({"altered_after": True, "modification": "OTHER"}, "changed-between-signatures"),
    ],
)
def test_what_a_later_signature_of_the_issuer_covers_is_never_refused(first, expected):
    broken = replace(PERSON, **first)
    assert codes([broken, SEAL]) == {expected}
    refused = {"signature-broken", "altered-after-signing"}
    assert codes([broken, replace(SEAL, **NO_CHAIN)]) & refused, "an untrusted signature vouches for nothing"
    assert codes([broken, replace(SEAL, **NO_CHAIN, confirmed=True)]) >= {expected}
    assert codes([broken, GAZETTE]) & refused, "a publisher vouches for nothing"
    assert codes([SEAL, broken]) & refused, "what comes after is not covered"


def test_a_signature_that_could_not_be_opened_is_undecidable_and_not_missing():
    blank = SignatureReport("m", "m.pdf", "?", INDETERMINATE, undecidable="PdfReadError")
    assert codes([blank]) == {"signature-undecidable"}


def test_drafts_and_the_to_trinh_that_carries_one_need_no_signature():
    draft = replace(CLASSIFIED, draft=found(True))
    assert codes([], classification=draft) == set()
    carrying = Document(file_of(), draft=file_of("d", FileRole.DRAFT))
    assert codes([], document=carrying) == set()
    broken = replace(SEAL, status=FAILED, subindication="HASH_FAILURE", intact=False)
    assert codes([broken], classification=draft) == {"signature-broken"}


def test_an_unreadable_file_is_not_called_unsigned():
    content = replace(BORN_DIGITAL, pages=(), problems=(Problem(ProblemKind.ENCRYPTED, "password"),))
    assert codes([], content) == set()


def test_a_unit_without_signature_account_gets_guidance():
    unit = Unit("H01", ISSUER, signature_issued=False)
    assert "signature-account-missing" in codes(
        [], SCAN, replace(CLASSIFIED, issuer_unit="H01"), directory=Directory((unit,))
    )


def test_an_unsigned_annex_in_a_pdf_of_its_own_is_warned_of():
    document = Document(file_of(), (file_of("p", FileRole.ANNEX),))
    assert codes([PERSON, SEAL], document=document) == {"annex-unsigned"}
    assert codes([PERSON, SEAL, replace(SEAL, file="p", file_name="p.pdf")], document=document) == set()


def test_the_certificate_confirmed_for_another_unit_is_not_the_issuers():
    units = (Unit("H01", ISSUER), Unit("H02", "Sở Khác"))
    classified = replace(CLASSIFIED, issuer_unit="H01")
    mine = replace(SEAL, confirmed=True, unit="H01", signer="Tên cũ")
    assert codes([PERSON, mine], classification=classified, directory=Directory(units)) == set()
    other = replace(SEAL, confirmed=True, unit="H02")
    assert codes([PERSON, other], classification=classified, directory=Directory(units)) == {"signer-not-issuer"}


def test_one_certificate_gives_one_finding_of_a_kind():
    thrice = [replace(SEAL, **NO_CHAIN, field=name) for name in ("a", "b", "c")]
    untrusted = [f for f in findings([PERSON, *thrice]) if f.code == "certificate-untrusted"]
    assert len(untrusted) == 1
    assert "CA Thử nghiệm" in untrusted[0].message
    assert "http://ca.example.vn/ca.crt" in untrusted[0].message
    assert untrusted[0].evidence is not None
    assert untrusted[0].evidence.rule == "a"


def test_times_are_told_in_vietnam():
    expired = replace(SEAL, status=FAILED, subindication="EXPIRED")
    message = next(f.message for f in findings([PERSON, expired]) if f.code == "certificate-expired-at-signing")
    assert "27/02/2026 09:30:00 +07:00" in message


@pytest.mark.parametrize(
    ("signer", "issuer", "ocr", "same"),
    [
        (ISSUER, "UỶ BAN NHÂN DÂN HUYỆN THỬ NGHIỆM", False, True),
        ("UBND huyện Thử Nghiệm", ISSUER, False, True),
        ("Văn phòng HĐND và UBND huyện Thử", "VĂN PHÒNG HĐND&UBND HUYỆN THỬ", False, True),
        ("Sở Nội vụ tỉnh Thử", "SỞ NỘI VỤ", False, True),
        ("Sở Nội vụ tỉnh Thử", "Sở Nội vụ tỉnh Mẫu", False, False),
        ("Ủy ban nhân dân tỉnh Thử", "Ủy ban nhân dân", False, False),
        ("UBND huyện Lục Nam", "UBND HUYỆN LỤC NGẠN", True, False),
        ("UBND huyện Lục Nam", "UBND HUYỆN LẠC NAM", False, False),
        ("UBND xã Tân An", "UBND XÃ TÂN ÂN", False, False),
        ("UBND huyện Thử Nghiệm", "ỦY BAN NHÂN DÃN HUYỆN THỬ NGHIỆP", True, True),
        ("UBND Quận 1", "UBND QUẬN 2", True, False),
        ("", ISSUER, False, False),
    ],
)
def test_names_of_bodies_are_compared_with_accents(signer, issuer, ocr, same):
    assert same_body(signer, issuer, read_by_ocr=ocr) is same


@pytest.mark.parametrize(
    ("signer", "printed", "same"),
    [
        ("Đỗ Văn Nhàn", "Đỗ Văn Nhân", True),
        ("NGUYỄN VĂN MẪU", "ThS. Nguyễn Văn Mẫu", True),
        ("Nguyễn Văn Mẫu (M)", "Nguyễn Văn Mẫu", True),
        ("Nguyễn Văn Mẫu", "Nguyễn Thị Hoa", False),
        ("", "Nguyễn Văn Mẫu", False),
    ],
)
def test_names_of_persons_are_compared_without_accents(signer, printed, same):
    assert same_person(signer, printed) is same


# The eight real documents: a provincial People's Committee and its gazette centre.

COMMITTEE = "Ủy ban nhân dân tỉnh Quảng Ngãi"
LEAF_UNIT = Unit("H48", COMMITTEE)
SIGNED_BY_HAND = {"thong-bao-11": 2, "thong-bao-542": 2}
"""Page of the signer's printed name in the born-digital ones."""


@pytest.fixture
def quiet_library():
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def sample(path: Path) -> tuple[Document, Classification]:
    body = path.read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    file = File(path.name, sha256, len(body), "application/pdf", path, FileRole.MAIN)
    name_page = next((page for stem, page in SIGNED_BY_HAND.items() if path.name.startswith(stem)), None)
    scanned = name_page is None
    pages = tuple(Page(n, 595, 842, image_only=scanned, seals=(Box(300, 500, 400, 600),) * scanned) for n in (1, 2))
    source = TextSource.OCR if scanned else TextSource.TEXT
    classification = Classification(issuer=found(COMMITTEE.upper(), source), issued_on=found(date(2025, 1, 1)))
    classification = replace(classification, issuer_unit=LEAF_UNIT.code)
    if name_page is not None:
        reports = verify(document=Document(file), snapshot=Snapshot("1", trust=SHARED / "trust"))
        name = next(report.signer for report in reports if report.role is SignerRole.PERSON)
        printed = Found(Signer(None, None, name), 1.0, source, Evidence(name, sha256, name_page, NAME_BOX))
        classification = replace(classification, signer=printed)
    return Document(file, contents=(Content(sha256, ContentKind.PDF, pages, 2),)), classification


def sample_findings(path: Path, directory: Directory):
    document, classification = sample(path)
    snapshot = Snapshot("1", directory=directory, policy=load_policy(), trust=SHARED / "trust")
    signatures = verify(document=document, snapshot=snapshot)
    return signatures, check(document=document, classification=classification, signatures=signatures, snapshot=snapshot)


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real documents are not at hand")
@pytest.mark.usefixtures("quiet_library")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem)
def test_a_real_document_is_held_until_its_certificate_is_confirmed(path):
    policy = load_policy().by_code
    signatures, before = sample_findings(path, Directory((LEAF_UNIT,)))
    (untrusted,) = [finding for finding in before if finding.code == "certificate-untrusted"]
    assert "Co quan chung thuc so Chinh phu" in untrusted.message
    assert "http://ca.gov.vn/pki/pub/cert/cp.crt" in untrusted.message
    pins = {
        ConfirmedCertificate(LEAF_UNIT.code, r.certificate, SignerRole.ORGANISATION, r.subject, "Trần Thị Kiểm", AT)
        for r in signatures
        if r.signer == COMMITTEE
    }
    _, after = sample_findings(path, Directory((LEAF_UNIT,), tuple(pins)))
    decisive = {finding.code for finding in after if policy[finding.code].verdict is not None}
    if path.stem.startswith("chi-thi-07"):
        assert decisive == {"signer-not-issuer", "certificate-untrusted"}
    else:
        assert decisive == set()
        assert "certificate-confirmed" in {finding.code for finding in after}
