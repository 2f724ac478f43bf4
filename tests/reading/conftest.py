"""PDFs, pictures and an OCR engine for the tests of reading."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from vbdaemon.model import Limits
from vbdaemon.reading.ocr import OcrUnavailable, Tesseract, find_engine

LETTER = """
#set page(width: 595pt, height: 842pt, margin: (top: 57pt, left: 85pt, right: 42pt, bottom: 57pt))
#set text(lang: "vi", size: 13pt)
#grid(columns: (1fr, 1.35fr), align: center, row-gutter: 4pt,
  [#strong[ỦY BAN NHÂN DÂN]], [#strong[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]],
  [#strong[XÃ ĐỒNG MẪU]], [#strong[Độc lập - Tự do - Hạnh phúc]],
  [Số:#h(30pt)/UBND-VP], [#emph[Đồng Mẫu, ngày#h(26pt)tháng 01 năm 2025]])
#v(10pt)
#align(center)[V/v thử việc đọc văn bản]
#v(10pt)
#align(center)[Kính gửi: Các cơ quan, đơn vị thuộc xã]
#v(10pt)
Căn cứ tình hình thực tế, Ủy ban nhân dân xã đề nghị các đơn vị thực hiện nghiêm các nội dung sau đây và báo cáo
kết quả trước ngày 20/01/2025 để tổng hợp, trình cấp có thẩm quyền xem xét, quyết định theo quy định.
#v(30pt)
#grid(columns: (1fr, 1fr), [#text(12pt)[#strong[#emph[Nơi nhận:]]] \\ #text(11pt)[- Như trên; \\ - Lưu: VT.]],
  align(center)[#strong[CHỦ TỊCH] \\ \\ \\ #strong[Trần Văn Mẫu]])
"""


@pytest.fixture(scope="session")
def typeset() -> Callable[[str], bytes]:
    """A PDF of typst markup."""

    def make(markup: str) -> bytes:
        return typst.compile(markup.encode(), format="pdf")

    return make


@pytest.fixture(scope="session")
def letter(typeset) -> bytes:
    """An official letter whose number and day are blank."""
    return typeset(LETTER)


@pytest.fixture(scope="session")
def scanned() -> Callable[..., bytes]:
    """The pages of a PDF as pictures, as a scanner makes them."""

    def make(pdf: bytes, dpi: int = 200, turn: int = 0, decorate: Callable[[Image.Image], None] | None = None) -> bytes:
        document = pypdfium2.PdfDocument(pdf)
        pictures = []
        for page in document:
            picture = page.render(scale=dpi / 72).to_pil().convert("RGB")
            if decorate:
                decorate(picture)
            pictures.append(picture.rotate(-turn, expand=True) if turn else picture)
        document.close()
        stream = BytesIO()
        pictures[0].save(stream, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:])
        return stream.getvalue()

    return make


@pytest.fixture(scope="session")
def sealed() -> Callable[[Image.Image], None]:
    """Draws a red seal of 38 mm where a signature block would be."""

    def draw(picture: Image.Image) -> None:
        scale = picture.width / 595
        brush = ImageDraw.Draw(picture)
        centre = (330 * scale, 420 * scale)
        for radius, width in ((54, 3), (47, 1), (30, 1)):
            r = radius * scale
            box = (centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r)
            brush.ellipse(box, outline=(210, 30, 40), width=round(width * scale))
        r = 18 * scale
        brush.ellipse((centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r), fill=(215, 40, 45))
        for turn in range(0, 360, 9):
            spot = Image.new("L", (1, 1), 255).resize((round(5 * scale), round(8 * scale))).rotate(turn, expand=True)
            angle = turn / 57.2958
            at = (round(centre[0] + 38 * scale * _cos(angle)), round(centre[1] + 38 * scale * _cos(angle - 1.5708)))
            picture.paste((210, 35, 45), at, spot)

    return draw


def _cos(angle: float) -> float:
    return complex(2.718281828459045 ** (1j * angle)).real


@pytest.fixture(scope="session")
def signed_in() -> Callable[..., bytes]:
    """A PDF with words in the appearances of signature widgets."""

    def make(pdf: bytes, *widgets: tuple[str, tuple[float, float, float, float]], signed: bool = True) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
        page = writer.pages[0]
        fields = [_widget(writer, words, box, signed) for words, box in widgets]
        page[NameObject("/Annots")] = ArrayObject(fields)
        form = DictionaryObject({NameObject("/Fields"): ArrayObject(fields), NameObject("/SigFlags"): NumberObject(3)})
        writer.root_object[NameObject("/AcroForm")] = form
        stream = BytesIO()
        writer.write(stream)
        return stream.getvalue()

    return make


def _widget(writer: PdfWriter, words: str, box: tuple[float, float, float, float], signed: bool) -> object:
    width, height = box[2] - box[0], box[3] - box[1]
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Times-Roman"),
        }
    )
    look = DecodedStreamObject()
    look.set_data(f"BT /F1 13 Tf 1 3 Td ({words}) Tj ET".encode())
    look[NameObject("/Type")] = NameObject("/XObject")
    look[NameObject("/Subtype")] = NameObject("/Form")
    look[NameObject("/BBox")] = ArrayObject([FloatObject(v) for v in (0, 0, width, height)])
    fonts = DictionaryObject({NameObject("/F1"): font})
    look[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    widget = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject(f"Signature {words}"),
            NameObject("/F"): NumberObject(132),
            NameObject("/Rect"): ArrayObject([FloatObject(v) for v in box]),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)}),
        }
    )
    if signed:
        widget[NameObject("/V")] = DictionaryObject({NameObject("/Type"): NameObject("/Sig")})
    return writer._add_object(widget)


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits()


@pytest.fixture(scope="session")
def engine(limits) -> Tesseract:
    """Tesseract with Vietnamese. Missing it is a failure where the whole suite must run (CI=true)."""
    found = find_engine(os.environ, limits.ocr_seconds)
    reason = "tesseract is not installed"
    if found is not None:
        try:
            found.begin(Image.new("L", (60, 60), 255), 200)()
        except OcrUnavailable as error:
            found, reason = None, str(error)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Path]:
    """A real document by name; state papers are not part of the project, so they may be absent."""

    def find(name: str) -> Path:
        path = Path(__file__).resolve().parents[2].parent / "shared" / "samples" / name
        if not path.is_file():
            pytest.skip(f"sample {name} is not here")
        return path

    return find
