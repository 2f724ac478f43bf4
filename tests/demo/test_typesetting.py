import io
import unicodedata
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import typst
from PIL import Image

from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.scanning import scan
from vbdaemon.demo.typesetting import pictures, typeset

pytestmark = pytest.mark.slow

LETTER = DemoDocument(
    parent="ỦY BAN NHÂN DÂN\nHUYỆN SÔNG LAM",
    issuer="PHÒNG NỘI VỤ",
    number="07",
    symbol="PNV-TCCC",
    place="Sông Lam",
    issued_on=date(2026, 2, 5),
    subject="rà soát #strong[đội ngũ] $cán bộ$",
    addressees=("Ủy ban nhân dân xã Hạ Lam", "Ủy ban nhân dân thị trấn Bến Lam"),
    paragraphs=("Căn cứ Luật Cán bộ, công chức;", "Điều 1. #panic() ở đây./."),
    authority="KT. TRƯỞNG PHÒNG",
    title="PHÓ TRƯỞNG PHÒNG",
    signer="Trần Thị Hoài Thu",
    recipients=("Như trên", "Lưu: VT"),
    electronic_recipients=("Văn phòng",),
    urgency="HỎA TỐC",
)
DRAFT = DemoDocument(
    issuer="ỦY BAN NHÂN DÂN\nHUYỆN SÔNG LAM",
    symbol="KH-UBND",
    place="Sông Lam",
    issued_on=date(2026, 4, 5),
    day_blank=True,
    form_name="Kế hoạch",
    subject="Thực hành tiết kiệm",
    paragraphs=("QUYẾT ĐỊNH:", "1. Tiết kiệm điện./."),
    title="CHỦ TỊCH",
    signer="Bùi Văn Toàn",
    secrecy="MẬT",
    draft=True,
)
VOWELS = "aăâeêioôơuưy"
MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(unicodedata.normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS) + "đ"


def words(pdf: bytes, page: int = 0) -> str:
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded()
    return " ".join(text.split())


@pytest.mark.parametrize(
    "expected",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 07/PNV-TCCC",
        "V/v rà soát #strong[đội ngũ] $cán bộ$",
        "Sông Lam, ngày 05 tháng 02 năm 2026",
        "Kính gửi: - Ủy ban nhân dân xã Hạ Lam; - Ủy ban nhân dân thị trấn Bến Lam.",
        "Điều 1. #panic() ở đây./.",
        "Nơi nhận: - Như trên; - Lưu: VT. Bản điện tử: - Văn phòng.",
        "KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG",
        "Trần Thị Hoài Thu",
        "HỎA TỐC",
    ],
)
def test_the_words_of_a_letter_stand_on_its_page_and_none_is_read_as_markup(expected):
    assert expected in words(typeset(LETTER).pdf)


def test_a_draft_has_blanks_for_number_and_day_and_says_what_it_is():
    text = words(typeset(DRAFT).pdf)
    assert "Số: /KH-UBND" in text
    assert "ngày tháng 4 năm 2026" in text
    assert {"DỰ THẢO", "MẬT", "KẾ HOẠCH"} <= {line for line in ("DỰ THẢO", "MẬT", "KẾ HOẠCH") if line in text}
    assert "V/v" not in text


def ink_of_letters(style: str, weight: int) -> dict[str, int]:
    """How dark each letter is, drawn alone in a cell of 20 by 30 points."""
    source = f"""#set page(width: 20pt * {len(LETTERS)}, height: 30pt, margin: 0pt)
#set text(font: "Libertinus Serif", size: 14pt, style: "{style}", weight: {weight}, fallback: false)
#grid(columns: (20pt,) * {len(LETTERS)}, rows: 30pt, align: center + horizon, ..sys.inputs.letters.clusters())"""
    png = typst.compile(
        source.encode(), format="png", ppi=72.0, ignore_system_fonts=True, sys_inputs={"letters": LETTERS}
    )
    page = Image.open(io.BytesIO(png)).convert("L")
    cells = (page.crop((20 * i, 0, 20 * i + 20, 30)) for i in range(len(LETTERS)))
    return {letter: sum(255 - dot for dot in cell.tobytes()) for letter, cell in zip(LETTERS, cells, strict=True)}


@pytest.mark.parametrize(("style", "weight"), [("normal", 400), ("normal", 600), ("italic", 400), ("italic", 600)])
def test_every_vietnamese_letter_is_drawn_in_the_styles_that_documents_use(style, weight):
    ink = ink_of_letters(style, weight)
    for letter, darkness in ink.items():
        base = unicodedata.normalize("NFD", letter)[0] if letter != "đ" else "o"
        assert darkness >= ink[base] * 0.95, letter


def test_every_vietnamese_letter_is_read_back_precomposed():
    spread = " ".join(LETTERS)
    text = words(typeset(replace(LETTER, paragraphs=(spread, spread.upper()))).pdf)
    assert text == unicodedata.normalize("NFC", text)
    assert spread in text
    assert spread.upper() in text


def test_the_same_document_gives_the_same_bytes():
    assert typeset(LETTER).pdf == typeset(LETTER).pdf


def test_the_signature_stands_between_title_and_name_and_the_seal_covers_a_third_of_it():
    laid = typeset(LETTER)
    page = pypdfium2.PdfDocument(laid.pdf)[laid.page - 1].get_textpage()

    def top(text: str) -> float:
        index, _ = page.search(text).get_next()
        return 841.89 - page.get_charbox(index)[3]

    assert top("PHÓ TRƯỞNG PHÒNG") < laid.signature.y0
    assert laid.signature.y1 < top("Trần Thị Hoài Thu")
    overlap = laid.seal.x1 - laid.signature.x0
    assert overlap == pytest.approx((laid.signature.x1 - laid.signature.x0) / 3)


def test_a_long_document_takes_more_pages_and_keeps_its_signature_block_together():
    body = tuple(f"{i}. Nội dung thứ {i} của văn bản, được trình bày trên một đoạn riêng." for i in range(1, 60))
    laid = typeset(replace(LETTER, paragraphs=body))
    pdf = pypdfium2.PdfDocument(laid.pdf)
    assert len(pdf) > 1
    assert laid.page == len(pdf)
    assert "Nơi nhận:" in words(laid.pdf, laid.page - 1)


def test_a_scan_has_pictures_only_and_is_the_same_for_the_same_seed():
    first = scan(LETTER, seed=3, resolution=60)
    assert not words(first)
    assert first == scan(LETTER, seed=3, resolution=60)
    assert first != scan(LETTER, seed=4, resolution=60)


def test_a_scan_shows_a_red_seal_and_blue_handwriting():
    page = pypdfium2.PdfDocument(io.BytesIO(scan(LETTER, seed=3, resolution=60)))[0].render().to_pil()
    red = sum(1 for r, g, b in page.get_flattened_data() if r > g + 60 and r > b + 60)
    blue = sum(1 for r, g, b in page.get_flattened_data() if b > r + 40)
    assert red > 200
    assert blue > 100


def test_pictures_come_one_a_page():
    assert [png[:4] for png in pictures(LETTER, 40)] == [b"\x89PNG"]
