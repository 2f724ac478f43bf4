"""The typeset notice: the same words as on the screen, on A4, whatever stands in them."""

import io
from dataclasses import replace
from datetime import datetime

import pypdfium2
import pytest
from PIL import Image

from vbdaemon.errors import TemplateBroken
from vbdaemon.model import Confirmation, CorrectedField, Correction, NoticeRules, PlacePicture, Purpose
from vbdaemon.rendering import notice_pdf
from vbdaemon.rendering.notice import render_notice

MAIN = "a" * 64
WHO = Confirmation("Lê Văn An", "Phó Chánh Văn phòng", datetime.fromisoformat("2025-01-15T03:00:00+00:00"))


@pytest.fixture
def snapshot(district):
    return replace(district.snapshot, notices=NoticeRules(pdf=True))


def png(width=720, height=160) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


def pages(pdf: bytes) -> list[str]:
    """The text of each page on one line."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().replace("\ufffe", "-").split()) for page in document]


def images(pdf: bytes) -> int:
    kinds = (each.type for page in pypdfium2.PdfDocument(pdf) for each in page.get_objects())
    return sum(kind == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for kind in kinds)


def test_a_refusal_has_every_word_of_its_text_on_one_page_of_a4(district, snapshot):
    verdict = district.refused(confirmed=WHO)
    notice = render_notice(district.submission(), (verdict,), snapshot)
    (page,) = pages(notice.pdf)
    for words in (
        "PHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ",
        "Kính gửi: Phòng Nội vụ huyện Bình An",
        "của Phòng Nội vụ huyện Bình An, trích yếu: “V/v kiểm soát thủ tục hành chính năm 2025”, gồm 2 tệp: 299.pdf;",
        "a) Văn bản điện tử chưa có chữ ký số của cơ quan, đơn vị ban hành (trang 2).",
        "Cách khắc phục: Đề nghị ký số bằng chứng thư số của cơ quan",
        "Lưu ý thêm:",
        "Người xác nhận: Lê Văn An, Phó Chánh Văn phòng.",
        "Trân trọng./.",
        "Trang 1/1",
        "Liên hệ: Lê Thị Mẫu, Văn thư, điện thoại 0200 3000 100",
    ):
        assert words in page
    assert pypdfium2.PdfDocument(notice.pdf)[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)


def test_the_same_notice_is_the_same_bytes(district, snapshot):
    first, again = (render_notice(district.submission(), (district.refused(),), snapshot).pdf for _ in range(2))
    assert first == again
    assert b"CreationDate" not in first


def test_receipts_refusals_and_returns_have_a_pdf_and_what_waits_or_was_only_checked_has_none(district, snapshot):
    submission = district.submission()
    asked = replace(submission, envelope=replace(submission.envelope, purpose=Purpose.PREFLIGHT))
    for documents, made in (
        ((district.accepted(),), True),
        ((district.refused(),), True),
        ((district.returned(),), True),
        ((district.accepted(), district.refused(), district.held()), True),
        ((district.held(),), False),
        ((), False),
        ((district.quarantined(),), False),
    ):
        assert (render_notice(submission, documents, snapshot).pdf is not None) is made
    assert render_notice(asked, (district.refused(),), snapshot).pdf is None
    assert render_notice(submission, (district.refused(),), district.snapshot).pdf is None


def test_several_documents_stand_one_below_the_other(district, snapshot):
    documents = (district.accepted(), district.refused(), district.held(), district.returned())
    text = " ".join(pages(render_notice(district.submission(), documents, snapshot).pdf))
    for words in ("Số đến: 123/2025", "Từ chối tiếp nhận, vì các lý do sau:", "Trả lại dự thảo", "đang chờ xem xét"):
        assert words in text


@pytest.mark.parametrize("size", [(720, 160), (480, 679)], ids=["a place", "a whole page"])
def test_the_picture_stands_in_it(district, snapshot, size):
    pictured = district.refused(pictures=(PlacePicture(MAIN, 2, None, png(*size)),))
    notice = render_notice(district.submission(), (pictured,), snapshot)
    assert images(notice.pdf) == 1
    assert "Hình: trang 2, tệp 299.pdf." in " ".join(pages(notice.pdf))


def test_a_picture_that_cannot_be_read_costs_the_picture_never_the_page(district, snapshot):
    broken = district.refused(pictures=(PlacePicture(MAIN, 2, None, png()[:60]),))
    notice = render_notice(district.submission(), (broken,), snapshot)
    assert images(notice.pdf) == 0
    assert "Cách khắc phục" in pages(notice.pdf)[0]


def test_english_is_for_those_who_read_it(district, snapshot):
    vietnamese = render_notice(district.submission(), (district.refused(),), snapshot).pdf
    english = render_notice(district.submission(unit="H99.10.02"), (district.refused(),), snapshot).pdf
    assert "The document does not carry" in " ".join(pages(english))
    assert "Please mend it as described" in " ".join(pages(english))
    assert "The document" not in " ".join(pages(vietnamese))


def test_words_that_look_like_markup_are_words(district, snapshot):
    nasty = '#panic("x") $ * _ ` <a> @b \\ // "q" {{ x }} \ue000{"kind":"head"}'
    found = replace(district.classification, subject=replace(district.classification.subject, value=nasty))
    submission = district.submission(names=("#include.pdf", "299.docx"))
    text = " ".join(pages(render_notice(submission, (district.refused(classification=found),), snapshot).pdf))
    assert '#panic("x") $ * _ ` <a> @b \\ // "q" {{ x }}' in text
    assert text.count("PHIẾU TỪ CHỐI") == 1


def test_a_superior_is_asked_and_a_correction_says_what_it_stands_in_for(district, snapshot):
    typed = Correction(MAIN, 1, CorrectedField.NUMBER, "299", "chị An", "đọc nhầm")
    corrected = district.accepted(corrections=(typed,))
    asked = render_notice(district.submission(unit="H99"), (district.refused(),), snapshot)
    assert "ĐỀ NGHỊ KIỂM TRA, GỬI LẠI" in pages(asked.pdf)[0]
    notice = render_notice(district.submission(), (corrected,), snapshot)
    assert "Phiếu này thay cho phiếu đã gửi trước đó" in pages(notice.pdf)[0]
    assert "Phiếu này thay cho" in notice.text


def test_a_sites_words_are_typeset_too_and_a_page_that_cannot_be_set_is_said_in_words(
    district, snapshot, tmp_path, monkeypatch
):
    (tmp_path / "receipt.j2").write_text("Đã nhận {{ letter.documents[0].designation }}.", "utf-8")
    notice = render_notice(district.submission(), (district.accepted(),), replace(snapshot, templates=tmp_path))
    assert pages(notice.pdf)[0].startswith("Đã nhận 299/UBND-TTHC.")

    def refuse(page):
        raise RuntimeError("no font\nmore")

    monkeypatch.setattr(notice_pdf, "_set", refuse)
    with pytest.raises(TemplateBroken, match=r"could not be typeset: no font$"):
        render_notice(district.submission(), (district.accepted(),), snapshot)


@pytest.mark.parametrize(
    "name", ["Bao_cao_ket_qua_ra_soat_thu_tuc_hanh_chinh_" * 2 + "nam_2026_ban_cuoi.pdf", "x" * 110 + ".pdf"]
)
def test_a_long_name_without_spaces_stays_on_the_page(district, snapshot, name):
    notice = render_notice(district.submission(names=(name, "b.docx")), (district.refused(main=name),), snapshot)
    page = pypdfium2.PdfDocument(notice.pdf)[0]
    text = page.get_textpage()
    ends = [text.get_charbox(index)[2] for index in range(text.count_chars())]
    assert max(ends) < page.get_width() - 40
    assert "a" * 64 in text.get_text_range()
