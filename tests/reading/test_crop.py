"""Pictures of places: small, framed, and simply absent where they cannot be made."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from vbdaemon.model import Box
from vbdaemon.reading.crop import MOST_BYTES, crop_png

SIGNER = Box(380, 270, 480, 335)
RED = (193, 18, 31)


@pytest.fixture(scope="session")
def page(letter, tmp_path_factory):
    path = tmp_path_factory.mktemp("crop") / "15.pdf"
    path.write_bytes(letter)
    return path


def opened(body: bytes | None) -> Image.Image:
    assert body is not None
    assert len(body) <= MOST_BYTES
    return Image.open(io.BytesIO(body)).convert("RGB")


def reddish(picture: Image.Image) -> int:
    colours = picture.getcolors(1 << 20) or []
    return sum(count for count, (r, g, b) in colours if r > 150 and g < 90 and b < 90)


def test_a_place_is_framed_with_what_stands_around_it(page):
    picture = opened(crop_png(page, 1, SIGNER))
    assert picture.width == 720
    assert picture.height < 400
    assert reddish(picture) > 500


def test_without_a_box_the_whole_page_is_shown(page):
    picture = opened(crop_png(page, 1, None))
    assert picture.width <= 480
    assert picture.height > picture.width
    assert reddish(picture) == 0


@pytest.mark.parametrize(
    "box", [Box(0, 0, 30, 12), Box(560, 830, 595, 842), Box(0, 0, 595, 842), Box(10, 400, 585, 402)]
)
def test_a_place_at_the_edge_stays_on_the_page(page, box):
    assert reddish(opened(crop_png(page, 1, box))) > 100


def test_a_box_that_is_not_on_the_page_gives_the_whole_page(page):
    assert crop_png(page, 1, Box(700, 100, 800, 200)) == crop_png(page, 1, None)
    assert crop_png(page, 1, Box(300, 100, 200, 50)) == crop_png(page, 1, None)


def test_a_turned_page_is_shown_as_it_is_read(letter, tmp_path):
    writer = PdfWriter()
    writer.add_page(PdfReader(io.BytesIO(letter)).pages[0]).rotate(90)
    writer.write(tmp_path / "turned.pdf")
    whole = opened(crop_png(tmp_path / "turned.pdf", 1, None))
    assert whole.width > whole.height
    assert reddish(opened(crop_png(tmp_path / "turned.pdf", 1, Box(600, 300, 700, 400)))) > 100


def test_a_noisy_scan_stays_small(tmp_path):
    Image.effect_noise((1240, 1754), 90).convert("RGB").save(tmp_path / "noise.pdf", resolution=150)
    for box in (None, SIGNER):
        body = crop_png(tmp_path / "noise.pdf", 1, box)
        assert body is None or len(body) <= MOST_BYTES


def test_a_picture_file_is_shown_whole(tmp_path):
    Image.new("RGB", (900, 1300), "white").save(tmp_path / "page.jpg")
    assert opened(crop_png(tmp_path / "page.jpg", 1, SIGNER)).width == 480
    assert crop_png(tmp_path / "page.jpg", 2, None) is None


@pytest.mark.parametrize("number", [0, -1, 2, 10_000])
def test_a_page_that_is_not_there_gives_no_picture(page, number):
    assert crop_png(page, number, SIGNER) is None


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 broken", b"PK\x03\x04", b"\xff\xd8\xff\xe0 broken", b"plain words"])
def test_what_cannot_be_drawn_gives_no_picture(tmp_path, body):
    (tmp_path / "x.pdf").write_bytes(body)
    assert crop_png(tmp_path / "x.pdf", 1, SIGNER) is None
    assert crop_png(tmp_path / "absent.pdf", 1, None) is None


def test_a_huge_page_gives_no_picture(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(20_000, 20_000)
    writer.write(tmp_path / "huge.pdf")
    assert crop_png(tmp_path / "huge.pdf", 1, None) is None
