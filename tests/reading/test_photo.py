"""Pages that come as picture files."""

import io
import struct
import zlib
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image, ImageDraw, TiffImagePlugin

from vbdaemon.model import ContentKind, ProblemKind
from vbdaemon.reading.media import media_type
from vbdaemon.reading.ocr import Word
from vbdaemon.reading.reader import read_file


@pytest.fixture(name="photographed")
def _photographed(letter):
    def make(kind: str, dpi: int = 200) -> bytes:
        picture = pypdfium2.PdfDocument(letter)[0].render(scale=dpi / 72).to_pil().convert("RGB")
        out = io.BytesIO()
        picture.save(out, kind)
        return out.getvalue()

    return make


@pytest.fixture(name="read")
def _read(tmp_path, limits):
    def of(body: bytes, name: str, ocr=None, **bounds: int):
        path = tmp_path / name
        path.write_bytes(body)
        return read_file(path, name, "0" * 64, media_type(body[:4096], name, path), replace(limits, **bounds), ocr)

    return of


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "dpi"), [("JPEG", 200), ("PNG", 320)])
def test_a_page_as_a_picture_is_read_like_a_scan(read, photographed, engine, kind, dpi):
    content = read(photographed(kind, dpi), f"a.{kind.lower()}", engine)
    assert content.kind is ContentKind.OTHER
    assert content.scanned
    assert any("UBND-VP" in line.text for line in content.pages[0].lines)
    assert all(line.box.x1 <= content.pages[0].width for line in content.pages[0].lines)


def test_without_an_engine_the_picture_says_that_it_was_not_read(read, photographed):
    content = read(photographed("PNG"), "a.png")
    assert [(p.kind, p.page) for p in content.problems] == [(ProblemKind.OCR_UNAVAILABLE, 1)]


@pytest.mark.parametrize("size", [(600, 200), (900, 300), (64, 64), (4000, 900)])
def test_a_logo_or_a_banner_is_stored_and_not_read(read, size):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    content = read(out.getvalue(), "logo.png")
    assert [p.kind for p in content.problems] == [ProblemKind.UNSUPPORTED]
    assert content.pages == ()


@pytest.mark.parametrize("side", [13_000, 60_000])
def test_a_picture_of_billions_of_pixels_is_over_the_limit_by_its_head(read, side):
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    body += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    assert [p.kind for p in read(body, "a.png").problems] == [ProblemKind.OVER_LIMIT]


def test_a_picture_cut_short_is_a_problem(read, photographed):
    content = read(photographed("JPEG")[:20_000], "a.jpg")
    assert [p.kind for p in content.problems] == [ProblemKind.DAMAGED]


@pytest.fixture(name="paged")
def _paged():
    def make(*pages: Image.Image, **options: object) -> bytes:
        out = io.BytesIO()
        pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", **options)
        return out.getvalue()

    return make


def sheet(words: str = "") -> Image.Image:
    page = Image.new("RGB", (1240, 1754), "white")
    for row in range(6 if words else 0):
        ImageDraw.Draw(page).text((200, 300 + 60 * row), words, fill="black", font_size=30)
    return page


class Echo:
    """An engine that says how many pictures it was given."""

    def __init__(self) -> None:
        self.given = 0

    def begin(self, picture, dpi):
        self.given += 1
        words = tuple(
            Word(w, 200 + 90 * i, 40, 80, 30, 0.95, (1, 1, 1)) for i, w in enumerate(("hồ", "sơ", "văn", "thư"))
        )
        return lambda: words

    def block(self, picture, dpi):
        return ()

    def rotation(self, picture, dpi):
        return 0


def test_the_pages_of_a_tiff_are_read_like_those_of_a_scanned_pdf(read, paged):
    body = paged(sheet("Trang một của hồ sơ văn thư"), sheet(), sheet("Trang ba của hồ sơ văn thư"))
    content = read(body, "a.tiff", Echo())
    assert content.page_count == 3
    assert [(page.number, page.ocr, page.blank) for page in content.pages] == [
        (1, True, False),
        (2, False, True),
        (3, True, False),
    ]
    assert content.problems == ()


def test_pages_of_a_tiff_beyond_the_budget_are_reported(read, paged):
    content = read(paged(*[sheet("Trang của một hồ sơ rất dài")] * 3), "a.tiff", Echo(), ocr_pages=1)
    assert [page.ocr for page in content.pages] == [True, False, False]
    assert [(p.kind, p.words) for p in content.problems] == [(ProblemKind.PAGES_UNREAD, "not read: 2-3")]


def test_a_tiff_of_too_many_pages_is_reported(read, paged):
    content = read(paged(*[sheet()] * 3), "a.tiff", Echo(), pages=2)
    assert ProblemKind.OVER_LIMIT in {problem.kind for problem in content.problems}


def test_a_smaller_copy_in_a_tiff_is_no_page(read):
    out = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(out, True) as writer:
        for picture, kind in ((sheet("Trang một của hồ sơ"), 0), (Image.new("RGB", (124, 175), "white"), 1)):
            picture.save(writer, "TIFF", tiffinfo={254: kind})
            writer.newFrame()
    content = read(out.getvalue(), "a.tiff", Echo())
    assert (content.page_count, content.problems) == (1, ())
