"""The sheet on signatures: one page, every fact of every signature in words, nothing read as markup."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest

from vbdaemon.model import (
    Box,
    Finding,
    Position,
    Revocation,
    Severity,
    SignatureArea,
    SignaturePurpose,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    TimeSource,
)
from vbdaemon.rendering.signature_sheet import HTML_NAME, PDF_NAME, render_signature_sheet

pytestmark = pytest.mark.slow

CHECKED = datetime(2025, 1, 15, 2, 31, tzinfo=UTC)
MAIN = "a" * 64
GOOD = SignatureReport(
    MAIN,
    "299.pdf",
    "Signature1",
    SignatureStatus.PASSED,
    intact=True,
    trusted=True,
    role=SignerRole.ORGANISATION,
    purpose=SignaturePurpose.SEAL,
    signer="Phòng Nội vụ huyện Bình An",
    issuer="CA phục vụ các cơ quan Nhà nước G2",
    certificate="c" * 64,
    signed_at=datetime(2025, 1, 14, 9, 5, tzinfo=UTC),
    time_source=TimeSource.TIMESTAMP,
    covers_whole_file=True,
    altered_after=False,
    digest="sha256",
    key="rsa3072",
    revocation=Revocation.GOOD,
    position=Position(2, SignatureArea.SIGNATURE_BLOCK, Box(1, 2, 3, 4)),
    chain=("RootCA chuyên dùng Chính phủ G2", "CA phục vụ các cơ quan Nhà nước G2", "Phòng Nội vụ huyện Bình An"),
)
PERSON = replace(
    GOOD,
    field="Signature2",
    status=SignatureStatus.INDETERMINATE,
    subindication="NO_CERTIFICATE_CHAIN_FOUND",
    trusted=False,
    role=SignerRole.PERSON,
    purpose=SignaturePurpose.OTHER,
    signer="Nguyễn Thị Kiều Oanh",
    issuer="Co quan chung thuc so Chinh phu",
    chain=("Nguyễn Thị Kiều Oanh",),
    missing_issuer="Co quan chung thuc so Chinh phu",
    time_source=TimeSource.CLAIMED,
    covers_whole_file=False,
    digest="sha1",
    revocation=Revocation.UNKNOWN,
)
BROKEN = replace(GOOD, field="Signature3", status=SignatureStatus.FAILED, subindication="HASH_FAILURE", intact=False)


@pytest.fixture
def render(district):
    def run(*signatures, pdf=True, **changes):
        document = replace(district.held(), signatures=signatures, **changes)
        where = district.policy, district.office, CHECKED
        return render_signature_sheet("20250115-0930-k3x9", document, (), *where, pdf=pdf)

    return run


def pages(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).pages


def text_of(sheet):
    words = " ".join(page.extract_text() for page in pages(sheet[PDF_NAME]))
    return " ".join(words.split())


def test_who_when_chain_integrity_revocation_position_and_verdict_stand_in_both(render):
    sheet = render(GOOD, PERSON, BROKEN)
    html = " ".join(sheet[HTML_NAME].decode().split())
    for words in (
        "PHIẾU KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ",
        "Nguyễn Thị Kiều Oanh",
        "16:05 ngày 14/01/2025 (theo dấu thời gian)",
        "(do phần mềm ký ghi)",
        "Co quan chung thuc so Chinh phu; chứng thư số của nơi cấp chưa có trong kho tin cậy",
        "toàn vẹn; bao trùm cả tệp",
        "không toàn vẹn",
        "chưa kiểm tra được",
        "tại khối chữ ký, trang 2",
        "Hợp lệ",
        "Chưa đủ căn cứ kết luận",
        "Không hợp lệ",
        "552/UBND",
        "09:31 ngày 15/01/2025",
        MAIN,
    ):
        assert words in html, words
    drawn = text_of(sheet).replace(" ", "")
    for words in ("NguyễnThịKiềuOanh", "16:05ngày14/01/2025", "tạikhốichữký,trang2", "HASH_FAILURE", "552/UBND"):
        assert words in drawn, words


@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_up_to_five_signatures_fit_on_one_page(render, district, count):
    findings = tuple(
        district.policy.finding(code, signer="Nguyễn Thị Kiều Oanh", detail="SHA-1", missing="CA", urls="http://x.vn/a")
        for code in ("certificate-untrusted", "weak-digest", "revocation-unknown", "signature-position", "key-short")
    )
    sheet = render(*[GOOD, PERSON, BROKEN, PERSON, GOOD][:count], findings=findings)
    assert len(pages(sheet[PDF_NAME])) == 1


def test_words_of_certificates_and_files_are_never_read_as_markup(render):
    hostile = replace(GOOD, signer='<img src=x>#read("/etc/passwd") $x$ *đậm*', file_name="\u202eexe.pdf")
    sheet = render(hostile, main="<script>.pdf")
    html = sheet[HTML_NAME].decode()
    assert "<script>" not in html
    assert "&lt;img src=x&gt;" in html
    assert '#read("/etc/passwd")' in text_of(sheet).replace("“", '"').replace("”", '"')


def test_the_same_document_gives_the_same_bytes(render):
    assert render(GOOD) == render(GOOD)


def test_a_document_without_signatures_says_so(render):
    assert "Văn bản không có chữ ký số." in render()[HTML_NAME].decode()


@pytest.mark.parametrize(
    ("digest", "key", "shown"),
    [
        ("sha1", "rsa2048", "SHA-1, RSA 2048"),
        ("sha384", "secp384r1", "SHA-384, P-384"),
        ("md5", "rsa1024", "MD5, RSA 1024"),
        ("sha512", "ed25519", "SHA-512, Ed25519"),
        (None, None, "chưa xác định"),
    ],
)
def test_digest_and_key_are_written_as_people_write_them(render, digest, key, shown):
    assert shown in render(replace(GOOD, digest=digest, key=key), pdf=False)[HTML_NAME].decode()


def test_what_nobody_signed_is_told_as_a_remark(render):
    note = Finding(code="unsigned-bytes", severity=Severity.NOTE, message="Tệp có phần nằm ngoài phạm vi ký số.")
    assert note.message in render(GOOD, pdf=False, findings=(note,))[HTML_NAME].decode()


def test_nobody_reads_that_a_document_was_forged(render):
    sheet = render(GOOD)
    assert "giảmạo" not in text_of(sheet).replace(" ", "")
    assert "giả mạo" not in sheet[HTML_NAME].decode()
