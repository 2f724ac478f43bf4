"""Real documents, where they are at hand: what a document office must be able to read of them."""

import hashlib
import unicodedata

import pytest

from vbdaemon.model import TextSource
from vbdaemon.reading.pdf import read_pdf

SHA = "0" * 64


def digest(name: str) -> str:
    """People are compared, not named."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def folded(text: str) -> str:
    """Letters without accents, so that OCR's single wrong accents do not count."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).upper()


@pytest.mark.parametrize(
    ("name", "number", "day", "form"),
    [
        (
            "thong-bao-11-2025-digital-5-signatures.pdf",
            "Số: 11/TB-UBND",
            "Quảng Ngãi, ngày 08 tháng 01 năm 2025",
            "THÔNG BÁO",
        ),
        ("thong-bao-542-2024-digital.pdf", "Số: 542/TB-UBND", "Quảng Ngãi, ngày 06 tháng 11 năm 2024", "THÔNG BÁO"),
    ],
)
def test_number_and_day_of_a_born_digital_notice_come_from_its_widgets(sample, limits, name, number, day, form):
    content = read_pdf(sample(name), SHA, limits, None)
    by_text = {line.text: line for line in content.pages[0].lines}
    assert {number, day, form, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỈNH QUẢNG NGÃI"} <= set(by_text)
    assert by_text[number].source is by_text[day].source is TextSource.WIDGET
    assert by_text[form].source is TextSource.TEXT
    assert content.problems == ()
    assert not any(page.image_only for page in content.pages)


def test_every_signature_field_is_counted(sample, limits):
    content = read_pdf(sample("thong-bao-11-2025-digital-5-signatures.pdf"), SHA, limits, None)
    assert content.signature_fields == 5


def test_signature_pictures_are_ink_at_the_signers_name(sample, limits):
    content = read_pdf(sample("thong-bao-11-2025-digital-5-signatures.pdf"), SHA, limits, None)
    name = next(line for line in content.pages[1].lines if digest(line.text) == "a295951aed6e")
    assert any(ink.y0 < name.box.y0 and abs(ink.centre[0] - name.box.centre[0]) < 60 for ink in content.pages[1].ink)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "form", "symbol", "seal_page"),
    [
        ("bao-cao-23-2025-scan.pdf", "BAO CAO", "/BC-UBND", 2),
        ("chi-thi-01-2021-scan-org-sha1.pdf", "CHI THI", "/CT-UBND", 3),
        ("chi-thi-07-2018-scan-incoming-stamp.pdf", "CHI THI", "/CT-UBND", None),
        ("cong-van-299-2025-scan-hoa-toc.pdf", "V/V", "/UBND-TTHC", 1),
        ("cong-van-574-2025-scan.pdf", "V/V", "/UBND-KTTH", 1),
        ("quyet-dinh-47-2025-scan.pdf", "QUYET DINH", "/QD-UBND", 2),
    ],
)
def test_a_scan_shows_form_issuer_symbol_and_seal(sample, limits, engine, name, form, symbol, seal_page):
    content = read_pdf(sample(name), SHA, limits, engine)
    heading = [folded(line.text) for line in content.pages[0].lines if line.box.y0 < 250]
    assert any(text.startswith(form) for text in heading)
    assert "TINH QUANG NGAI" in heading
    assert any(text.startswith("SO") and symbol in text for text in heading)
    assert content.scanned
    assert [page.number for page in content.pages if page.seals] == ([seal_page] if seal_page else [])
    assert content.problems == ()


@pytest.mark.slow
def test_an_urgency_stamp_in_a_slanted_arrow_is_read(sample, limits, engine):
    content = read_pdf(sample("cong-van-299-2025-scan-hoa-toc.pdf"), SHA, limits, engine)
    (mark,) = [line for line in content.pages[0].lines if line.text == "HỎA TỐC"]
    assert mark.box.centre == pytest.approx((78, 237), abs=10)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cong-van-299-2025-scan-hoa-toc.pdf", "cong-van-574-2025-scan.pdf"])
def test_a_blank_last_page_is_skipped(sample, limits, engine, name):
    first, last = read_pdf(sample(name), SHA, limits, engine).pages
    assert (last.blank, last.image_only, last.ocr, last.seals) == (True, False, False, ())
    assert any(folded(line.text).startswith("NOI NHAN") or "LUU: VT" in folded(line.text) for line in first.lines)
