"""Pages that come as picture files."""

import io
import struct
import zlib

import pypdfium2
import pytest
from PIL import Image

from vbdaemon.model import ContentKind, ProblemKind
from vbdaemon.reading.media import media_type
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
    def of(body: bytes, name: str, ocr=None):
        path = tmp_path / name
        path.write_bytes(body)
        return read_file(path, name, "0" * 64, media_type(body[:4096], name, path), limits, ocr)

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
