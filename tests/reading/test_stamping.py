"""A copy with a stamp: an empty place is found, or made; the original is read only."""

import io
from contextlib import closing

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import IndirectObject

from vbdaemon.model import Box
from vbdaemon.reading.emptiness import empty_place
from vbdaemon.reading.stamping import NoCopy, lay_over, prepare_copy
from vbdaemon.testing import demo_pdf

SIZE = (142.0, 122.0)


def page(*inked):
    """A white A4 page at one pixel to the point, with black rectangles."""
    picture = Image.new("L", (595, 842), 255)
    for box in inked:
        ImageDraw.Draw(picture).rectangle(box, fill=0)
    return picture


HEAD_LEFT, HEAD_RIGHT, BODY = (60, 50, 260, 130), (300, 50, 560, 110), (80, 150, 550, 800)


@pytest.mark.parametrize(
    ("inked", "half"),
    [
        ((HEAD_LEFT, HEAD_RIGHT), "left"),
        ((HEAD_LEFT, HEAD_RIGHT, (60, 130, 290, 700)), "right"),
        ((HEAD_LEFT, HEAD_RIGHT, (60, 130, 560, 620)), "bottom"),
        ((HEAD_LEFT, HEAD_RIGHT, BODY), "none"),
    ],
)
def test_the_stamp_goes_where_offices_put_it_and_never_over_print(inked, half):
    place = empty_place(page(*inked), *SIZE)
    if half == "none":
        assert place is None
        return
    assert {"left": place.x1 < 297, "right": place.x0 > 297, "bottom": place.y0 > 620}[half]
    assert (round(place.x1 - place.x0), round(place.y1 - place.y0)) == (142, 122)
    for x0, y0, x1, y1 in inked:
        assert place.x1 < x0 or place.x0 > x1 or place.y1 < y0 or place.y0 > y1
    assert 14 <= place.x0 < place.x1 <= 595 - 14
    assert 14 <= place.y0 < place.y1 <= 842 - 14


def test_dust_of_a_scan_is_no_print_and_a_thin_line_is():
    picture = page((60, 50, 560, 130))
    for x in range(20, 560, 40):
        picture.putpixel((x, 400), 0)
    assert empty_place(picture, *SIZE).y0 < 160
    ruled = page(*((20, y, 575, y + 1) for y in range(40, 800, 60)))
    assert empty_place(ruled, *SIZE) is None


@pytest.fixture
def written(tmp_path):
    def write(body, name="cv.pdf"):
        path = tmp_path / name
        path.write_bytes(body)
        return path

    return write


def red(width, height, place):
    """A PDF page with a red rectangle at the place, as a stamp is drawn."""
    out = io.BytesIO()
    picture = Image.new("RGB", (round(width), round(height)), "white")
    box = (round(place.x0), round(place.y0), round(place.x1), round(place.y1))
    ImageDraw.Draw(picture).rectangle(box, fill="red")
    picture.save(out, "PDF", resolution=72.0)
    return out.getvalue()


def drawn(pdf):
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return document[0].render(scale=1.0).to_pil().convert("RGB")


def turned(body, degrees):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    writer.pages[0].rotate(degrees)
    return saved(writer)


def cropped(body):
    """The paper is larger than what is shown of it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    first = writer.pages[0]
    first.mediabox.lower_left, first.mediabox.upper_right = (-40, -60), (640, 900)
    first.cropbox.lower_left, first.cropbox.upper_right = (0, 0), (595, 842)
    return saved(writer)


def saved(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change", [lambda body: body, lambda body: turned(body, 90), lambda body: turned(body, 270), cropped]
)
def test_the_stamp_lies_where_the_page_as_shown_is_empty(written, change):
    path = written(change(demo_pdf()))
    body = path.read_bytes()
    copy = prepare_copy(path, *SIZE)
    before = drawn(copy.pdf)
    assert max(abs(before.width - copy.width), abs(before.height - copy.height)) <= 1
    inside = before.convert("L").crop(tuple(map(round, (copy.place.x0, copy.place.y0, copy.place.x1, copy.place.y1))))
    assert inside.getextrema()[0] > 200
    after = drawn(lay_over(copy, red(copy.width, copy.height, copy.place), "Bản sao"))
    centre = tuple(map(round, copy.place.centre))
    assert after.getpixel(centre) == (255, 0, 0) or after.getpixel(centre)[1] < 20
    assert path.read_bytes() == body


def test_a_full_page_is_made_smaller_so_that_the_stamp_has_its_place(written):
    lines = tuple(f"Đoạn {n}: Ủy ban nhân dân xã đề nghị các đơn vị thực hiện nghiêm túc; " * 4 for n in range(12))
    path = written(demo_pdf(paragraphs=lines))
    copy = prepare_copy(path, *SIZE)
    assert copy.shrunk
    inside = drawn(copy.pdf).convert("L").crop((14, 14, 580, 14 + 122))
    assert inside.getextrema()[0] > 200
    words = PdfReader(io.BytesIO(copy.pdf)).pages[0].extract_text()
    assert "Đoạn 0" in " ".join(words.split())
    assert len(PdfReader(io.BytesIO(copy.pdf)).pages) == len(PdfReader(path).pages)


@pytest.mark.parametrize(("first", "last", "kept"), [(1, 1, [0]), (2, 3, [1, 2]), (3, None, [2]), (9, None, [0, 1, 2])])
def test_of_a_file_that_holds_several_documents_the_pages_of_one_are_copied(written, first, last, kept):
    writer, words = PdfWriter(), ("văn bản thứ nhất", "văn bản thứ hai", "văn bản thứ ba")
    for each in words:
        writer.append(io.BytesIO(demo_pdf(paragraphs=(each,))))
    path = written(saved(writer))
    copy = prepare_copy(path, *SIZE, first, last)
    pages = PdfReader(io.BytesIO(copy.pdf)).pages
    assert [words.index(next(w for w in words if w in " ".join(p.extract_text().split()))) for p in pages] == kept
    assert len(pages_anywhere(copy.pdf)) == len(kept)


def pages_anywhere(body):
    """Page objects of a file, those too that nothing leads to any more."""
    reader = PdfReader(io.BytesIO(body))
    numbers = {*reader.xref_objStm, *(number for table in reader.xref.values() for number in table)}
    found = [IndirectObject(number, 0, reader).get_object() for number in numbers]
    return [each for each in found if isinstance(each, dict) and each.get("/Type") == "/Page"]


@pytest.mark.slow
def test_signatures_of_a_copy_are_pictures_and_prove_nothing(written):
    from vbdaemon.demo.pki import DemoPki  # noqa: PLC0415 - heavy, here only
    from vbdaemon.signature.signing import sign  # noqa: PLC0415 - as above
    from vbdaemon.testing import NOON  # noqa: PLC0415 - as above

    signed = sign(demo_pdf(), DemoPki.create(NOON, key_size=1024).issue("Phòng Nội vụ"), field="Sig1", signed_at=NOON)
    path = written(signed)
    copy = prepare_copy(path, *SIZE)
    reader = PdfReader(io.BytesIO(lay_over(copy, red(copy.width, copy.height, copy.place), "Bản sao đến số 1/2026")))
    assert reader.get_fields() in (None, {})
    assert b"/ByteRange" not in copy.pdf
    assert reader.metadata.title == "Bản sao đến số 1/2026"
    assert path.read_bytes() == signed


def test_what_cannot_be_copied_says_so_without_its_words(written):
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(demo_pdf())))
    locked.encrypt("bí mật", algorithm="RC4-128")
    for body in (b"", b"%PDF-1.7 broken", b"PK\x03\x04", saved(locked)):
        with pytest.raises(NoCopy, match="cannot be copied"):
            prepare_copy(written(body), *SIZE)
    copy = prepare_copy(written(demo_pdf()), *SIZE)
    with pytest.raises(NoCopy, match="cannot be stamped"):
        lay_over(copy, b"no drawing", "Bản sao")
    assert copy.place == Box(copy.place.x0, copy.place.y0, copy.place.x1, copy.place.y1)
