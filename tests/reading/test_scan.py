"""Picture pages: what is drawn, seen and read."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from vbdaemon.model import ProblemKind, TextSource
from vbdaemon.reading import pdf_picture
from vbdaemon.reading.ocr import OcrTimeout, OcrUnavailable, Word
from vbdaemon.reading.pdf import read_pdf
from vbdaemon.reading.sheet import Sheet, block_top, cut_near, is_blank, seals

SHA = "0" * 64


class FakeEngine:
    """Answers one line a picture and counts the pictures."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.pictures: list[Image.Image] = []

    def begin(self, picture, dpi):
        if self.error:
            raise self.error
        self.pictures.append(picture)
        names = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
        words = tuple(Word(n, 100 + 60 * i, 50, 55, 30, 0.95, (1, 1, 1)) for i, n in enumerate(names))
        return lambda: words

    def block(self, picture, dpi):
        return ()

    def rotation(self, picture, dpi):
        return 0


@pytest.fixture
def read(tmp_path, limits):
    def of(raw: bytes, ocr=None, bounds=limits):
        path = tmp_path / "a.pdf"
        path.write_bytes(raw)
        return read_pdf(path, SHA, bounds, ocr)

    return of


@pytest.fixture(scope="session")
def three_pages(typeset) -> bytes:
    body = "#v(20pt)\n" + "Nội dung của văn bản cần đọc. " * 60
    return typeset(f"#set page(width: 595pt, height: 842pt)\n{body}\n#pagebreak()\n{body}\n#pagebreak()\n{body}")


def drawn(pdf: bytes, index: int = 0) -> Sheet:
    page = pypdfium2.PdfDocument(pdf)[index]
    return Sheet(page.render(scale=200 / 72).to_pil().convert("RGB"), *page.get_size())


@pytest.mark.slow
def test_a_scanned_letter_is_read_by_ocr(read, letter, scanned, engine):
    content = read(scanned(letter), engine)
    page = content.pages[0]
    assert content.scanned
    assert page.ocr
    assert {found.source for found in page.lines} == {TextSource.OCR}
    assert "Độc lập - Tự do - Hạnh phúc" in [found.text for found in page.lines]
    assert any("UBND-VP" in found.text for found in page.lines)
    assert any("Trần Văn Mẫu" in found.text for found in page.lines)
    assert all(0 <= f.confidence <= 1 and f.box.x1 <= page.width and f.box.y1 <= page.height for f in page.lines)


@pytest.mark.slow
def test_ocr_lines_stand_where_the_print_stands(read, letter, scanned, engine):
    print_ = {f.text: f.box for f in read(letter).pages[0].lines}
    for found in read(scanned(letter), engine).pages[0].lines:
        if found.text in print_:
            assert found.box.centre == pytest.approx(print_[found.text].centre, abs=5)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180])
def test_a_scan_that_lies_on_its_side_is_set_upright(read, letter, scanned, engine, typeset, turn):
    body = typeset("#set page(width: 595pt, height: 842pt)\n" + "Nội dung văn bản hành chính cần được đọc. " * 14)
    content = read(scanned(body, turn=turn), engine)
    assert "văn bản hành chính" in content.text
    assert content.pages[0].width < content.pages[0].height


def test_the_first_and_the_last_page_are_read_and_no_page_is_drawn_twice(read, scanned, three_pages, monkeypatch):
    real, numbers = pdf_picture.draw, []
    monkeypatch.setattr(pdf_picture, "draw", lambda d, n: (numbers.append(n), real(d, n))[1])
    content = read(scanned(three_pages, dpi=100), FakeEngine())
    assert [page.ocr for page in content.pages] == [True, False, True]
    assert [page.image_only for page in content.pages] == [True, True, True]
    assert len(numbers) == len(set(numbers))


def test_the_heading_is_read_first(read, scanned, three_pages):
    engine = FakeEngine()
    read(scanned(three_pages, dpi=100), engine)
    assert engine.pictures[0].height == pytest.approx(0.45 * 2339, abs=60)


def test_blank_pages_at_the_end_are_skipped(read, scanned, typeset):
    body = "#set page(width: 595pt, height: 842pt)\n" + "Nội dung của văn bản cần đọc. " * 40
    content = read(scanned(typeset(f"{body}\n#pagebreak(weak: false)\n#pagebreak(weak: false)"), dpi=100), FakeEngine())
    assert [page.blank for page in content.pages] == [False, True, True]
    assert [page.image_only for page in content.pages] == [True, False, False]
    assert content.pages[0].ocr


def test_no_more_pictures_are_read_than_the_limit_says(read, scanned, three_pages, limits):
    engine = FakeEngine()
    content = read(scanned(three_pages, dpi=100), engine, replace(limits, ocr_pages=1))
    assert [page.ocr for page in content.pages] == [True, False, False]


def test_without_an_engine_the_scan_says_that_it_was_not_read(read, letter, scanned):
    content = read(scanned(letter))
    assert [(p.kind, p.page) for p in content.problems] == [(ProblemKind.OCR_UNAVAILABLE, 1)]
    assert content.pages[0].image_only


@pytest.mark.parametrize(
    ("error", "kind"),
    [(OcrUnavailable(), ProblemKind.OCR_UNAVAILABLE), (OcrTimeout(), ProblemKind.OVER_LIMIT)],
)
def test_what_the_engine_raises_is_a_problem(read, letter, scanned, error, kind):
    assert [p.kind for p in read(scanned(letter), FakeEngine(error)).problems] == [kind]


def test_a_red_seal_is_seen_on_the_page_of_the_signature_block(read, letter, scanned, sealed):
    (seal,) = read(scanned(letter, decorate=sealed), FakeEngine()).pages[0].seals
    assert seal.centre == pytest.approx((330, 420), abs=8)


def test_a_black_and_white_scan_has_no_seal(read, letter, scanned):
    assert read(scanned(letter), FakeEngine()).pages[0].seals == ()


def test_a_slanted_urgency_stamp_is_no_seal(letter):
    sheet = drawn(letter)
    stamp = Image.new("RGBA", (240, 70), (0, 0, 0, 0))
    ImageDraw.Draw(stamp).rectangle((3, 3, 236, 66), outline=(210, 30, 40, 255), width=6)
    turned = stamp.rotate(40, expand=True)
    sheet.picture.paste(turned, (100, 520), turned)
    assert seals(sheet) == ()


def test_a_seal_that_shines_through_leaves_a_page_blank(sealed):
    picture = Image.new("RGB", (1654, 2339), (250, 250, 250))
    sealed(picture)
    pale = Image.blend(picture, Image.new("RGB", picture.size, (250, 250, 250)), 0.6)
    assert is_blank(Sheet(pale, 595, 842))


def test_a_page_is_cut_between_lines(letter):
    sheet = drawn(letter)
    cut = cut_near(sheet, 215)
    row = sheet.band(cut - 0.4, cut + 0.4)
    assert min(row.tobytes()) > 200


def test_the_signature_block_is_looked_for_above_the_page_number():
    picture = Image.new("RGB", (1654, 2339), "white")
    brush = ImageDraw.Draw(picture)
    brush.rectangle((300, 150, 1300, 700), fill="black")
    brush.rectangle((1500, 2250, 1520, 2280), fill="black")  # a page number
    assert block_top(Sheet(picture, 595, 842)) == 0.0


def test_a_scanner_layer_in_invisible_ink_is_not_trusted(read, letter, scanned):
    hidden = over_print(scanned(letter, dpi=100), b"3 Tr (CQNG HOA XA HQI CHU NGHIA VIET NAM 0123456789) Tj")
    content = read(hidden, FakeEngine())
    assert content.pages[0].image_only
    assert "CQNG" not in content.text


def test_without_an_engine_a_scanner_layer_is_better_than_nothing(read, letter, scanned):
    hidden = over_print(scanned(letter, dpi=100), b"3 Tr (CONG VAN SO 12) Tj")
    found = next(f for f in read(hidden).pages[0].lines if f.text == "CONG VAN SO 12")
    assert found.source is TextSource.OCR
    assert found.confidence == 0.5


def test_a_few_printed_letters_do_not_make_a_scan_a_text_page(read, letter, scanned):
    assert read(over_print(scanned(letter, dpi=100), b"(CONG VAN DEN 15/01/2025) Tj"), FakeEngine()).scanned


def over_print(pdf: bytes, operators: bytes, font: str = "/Times-Roman") -> bytes:
    """A scan with text drawn over the picture."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    page = writer.pages[0]
    face = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(font),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page["/Resources"][NameObject("/Font")] = DictionaryObject({NameObject("/F9"): face})
    content = DecodedStreamObject()
    content.set_data(page.get_contents().get_data() + b"\nBT /F9 12 Tf 60 700 Td " + operators + b" ET")
    page[NameObject("/Contents")] = writer._add_object(content)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_print_in_a_legacy_font_is_read_by_ocr_and_said(read, typeset):
    blank = typeset("#set page(width: 595pt, height: 842pt)\n#rect()")
    words = b"(C\\351ng ho\\265 x\\267 h\\351i ch\\361 ngh\\334a Vi\\326t Nam, ng\\265y) Tj"
    legacy = over_print(blank, words, font="/.VnTime")
    engine = FakeEngine()
    content = read(legacy, engine)
    assert [p.kind for p in content.problems] == [ProblemKind.LEGACY_ENCODING]
    assert engine.pictures
    assert "ho\u00b5" not in content.text


def test_a_picture_of_billions_of_pixels_is_over_the_limit_and_never_unpacked(read, letter, scanned):
    raw = scanned(letter, dpi=50)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(raw)))
    (picture,) = writer.pages[0]["/Resources"]["/XObject"].values()
    picture.get_object()[NameObject("/Width")] = NumberObject(60_000)
    picture.get_object()[NameObject("/Height")] = NumberObject(60_000)
    stream = BytesIO()
    writer.write(stream)
    content = read(stream.getvalue(), FakeEngine())
    assert [(p.kind, p.page) for p in content.problems] == [(ProblemKind.OVER_LIMIT, 1)]
    assert content.scanned
