"""Born-digital PDFs, and hostile ones."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject, NumberObject

from vbdaemon.model import ContentKind, ProblemKind, TextSource
from vbdaemon.reading import pdf
from vbdaemon.reading.pdf import read_pdf, wanted

SHA = "0" * 64
CIRCLE = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9999999>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
NUMBER_BOX, DAY_BOX = (130.0, 726.0, 160.0, 744.0), (392.0, 726.0, 412.0, 744.0)


@pytest.fixture
def read(tmp_path, limits):
    def of(raw: bytes, ocr=None, bounds=limits):
        path = tmp_path / "a.pdf"
        path.write_bytes(raw)
        return read_pdf(path, SHA, bounds, ocr)

    return of


def rewritten(raw: bytes, change) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(raw)))
    change(writer)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def kinds(content) -> set[ProblemKind]:
    return {problem.kind for problem in content.problems}


def line(content, start: str):
    return next(found for page in content.pages for found in page.lines if found.text.startswith(start))


def blanks(letter) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Boxes in user space of the number's and the day's blanks."""
    found = []
    page = pypdfium2.PdfDocument(letter)[0].get_textpage()
    for words, width in (("Số:", 20), ("ngày", 16)):
        index, _ = page.search(words).get_next()
        _, bottom, right, top = page.get_charbox(index + len(words) - 1)
        found.append((right + 3, bottom - 3, right + 3 + width, top + 3))
    return tuple(found)


def test_a_letter_is_read_line_by_line(read, letter):
    content = read(letter)
    texts = [found.text for found in content.pages[0].lines]
    assert content.kind is ContentKind.PDF
    assert content.problems == ()
    assert texts[:6] == [
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "XÃ ĐỒNG MẪU",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /UBND-VP",
        "Đồng Mẫu, ngày tháng 01 năm 2025",
    ]
    assert {"Nơi nhận:", "CHỦ TỊCH", "Trần Văn Mẫu"} <= set(texts)


def test_a_line_knows_its_style_and_place(read, letter):
    content = read(letter)
    issuer, motto, to = line(content, "ỦY BAN"), line(content, "Độc lập"), line(content, "Nơi nhận")
    assert (issuer.size, issuer.bold, issuer.italic) == (13.0, True, False)
    assert (to.size, to.bold, to.italic) == (12.0, True, True)
    assert issuer.box.x1 < motto.box.x0
    assert issuer.box.y1 < motto.box.y1 < to.box.y0
    assert 0 <= issuer.box.x0 < issuer.box.x1 <= 595


def test_number_and_day_of_signature_widgets_stand_in_their_blanks(read, letter, signed_in):
    number, day = blanks(letter)
    content = read(signed_in(letter, ("11", number), ("08", day)))
    assert line(content, "Số").text == "Số: 11/UBND-VP"
    assert line(content, "Số").source is TextSource.WIDGET
    assert line(content, "Đồng Mẫu").text == "Đồng Mẫu, ngày 08 tháng 01 năm 2025"
    assert line(content, "Kính gửi").source is TextSource.TEXT
    assert content.signature_fields == 2


def test_the_words_of_another_widget_are_a_line_of_their_own(read, letter, signed_in):
    content = read(signed_in(letter, ("Ky boi: UBND xa Dong Mau", (400, 800, 590, 830))))
    found = line(content, "Ky boi")
    assert found.source is TextSource.WIDGET
    assert found.box.y1 < 50


def test_an_unsigned_placeholder_is_no_signature(read, letter, signed_in):
    assert read(signed_in(letter, ("x", (400, 800, 590, 830)), signed=False)).signature_fields == 0


def test_reading_does_not_change_the_file(read, letter, signed_in, tmp_path):
    raw = signed_in(letter, ("11", NUMBER_BOX))
    read(raw)
    assert (tmp_path / "a.pdf").read_bytes() == raw


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_turned_by_its_rotate_entry_is_read_as_shown(read, letter, degrees):
    # the content is drawn turned the other way, as printers do, so that it is shown upright
    def turn(writer: PdfWriter) -> None:
        page = writer.pages[0]
        page.rotate(-degrees)
        page.transfer_rotation_to_content()
        page.rotate(degrees)

    content = read(rewritten(letter, turn))
    assert line(content, "ỦY BAN").text == "ỦY BAN NHÂN DÂN"
    assert line(content, "ỦY BAN").box.y1 < line(content, "Nơi nhận").box.y0
    assert (content.pages[0].width, content.pages[0].height) == (595, 842)


def test_a_picture_in_a_text_page_is_ink(read, typeset, tmp_path):
    stream = BytesIO()
    Image.new("RGB", (90, 40), (20, 40, 160)).save(stream, "PNG")
    points = ",".join(str(b) for b in stream.getvalue())
    markup = (
        "#set page(width: 595pt, height: 842pt)\nKT. CHỦ TỊCH, phó chủ tịch\n\n"
        f'#image(bytes(({points})), format: "png", width: 90pt)'
    )
    (ink,) = read(typeset(markup)).pages[0].ink
    assert ink.x1 - ink.x0 == pytest.approx(90, abs=1)


def test_an_empty_page_is_blank(read, typeset):
    content = read(typeset("trang một đủ chữ để đọc được\n#pagebreak(weak: false)\n#pagebreak(weak: false)"))
    assert [page.blank for page in content.pages] == [False, True, True]
    assert not any(page.image_only for page in content.pages)


def test_a_pdf_that_opens_without_a_password_is_readable(read, letter):
    locked = rewritten(letter, lambda w: w.encrypt("", owner_password="owner", algorithm="AES-256"))
    assert line(read(locked), "ỦY BAN")
    assert read(locked).problems == ()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_an_encrypted_pdf_is_a_problem_not_an_exception(read, letter, algorithm):
    locked = rewritten(letter, lambda w: w.encrypt("secret", algorithm=algorithm))
    assert kinds(read(locked)) == {ProblemKind.ENCRYPTED}


@pytest.mark.parametrize("height", [20_000, 2_147_483_648])
def test_a_giant_page_is_over_the_limit_and_never_drawn(read, letter, height, monkeypatch):
    monkeypatch.setattr("vbdaemon.reading.pdf_picture.draw", lambda *_: pytest.fail("drawn"))

    def stretch(writer: PdfWriter) -> None:
        box = ArrayObject([FloatObject(0), FloatObject(0), FloatObject(595), NumberObject(height)])
        writer.pages[0][NameObject("/MediaBox")] = box
        del writer.pages[0]["/Contents"]

    content = read(rewritten(letter, stretch))
    assert kinds(content) == {ProblemKind.OVER_LIMIT}
    assert content.problems[0].page == 1
    assert content.pages[0].lines == ()


def test_too_many_pages_are_over_the_limit_and_read_in_part(read, typeset, limits):
    raw = typeset("\n#pagebreak()\n".join(f"trang số {n} của tài liệu dài" for n in range(1, 8)))
    content = read(raw, bounds=replace(limits, pages=5))
    assert kinds(content) == {ProblemKind.OVER_LIMIT}
    assert content.page_count == 7


def test_of_a_long_file_the_first_and_last_pages_are_read():
    pages = wanted(500)
    assert pages[:3] == (0, 1, 2)
    assert pages[-1] == 499
    assert len(pages) == 40
    assert wanted(3) == (0, 1, 2)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_pdf_is_damaged(read, letter, part):
    assert kinds(read(letter[: int(len(letter) * part)])) == {ProblemKind.DAMAGED}


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 5000 + b"%%EOF",
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 60_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        CIRCLE,
    ],
)
def test_nonsense_is_damaged_and_raises_nothing(read, raw):
    content = read(raw)
    assert content.pages == () or not content.text
    assert kinds(content) & {ProblemKind.DAMAGED, ProblemKind.OVER_LIMIT}


def test_a_catalogue_that_is_its_own_page_holds_no_text(read):
    content = read(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF")
    assert content.text == ""
    assert all(page.blank for page in content.pages)


def test_a_broken_table_of_contents_is_repaired(read, letter):
    assert line(read(letter.replace(b"startxref", b"startxxxx")), "ỦY BAN")


def test_text_is_read_without_positions_where_pdfium_fails(read, letter, monkeypatch):
    def refuse(*_):
        raise pypdfium2.PdfiumError("refused")

    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    content = read(letter)
    assert "CHỦ TỊCH" in content.text
    assert kinds(content) == {ProblemKind.DAMAGED}
    assert {found.box for found in content.pages[0].lines} == {None}


def test_a_page_that_breaks_leaves_the_others_readable(read, typeset, monkeypatch):
    real = pdf.read_page

    def break_second(document, index):
        if index == 1:
            raise MemoryError
        return real(document, index)

    monkeypatch.setattr(pdf, "read_page", break_second)
    content = read(typeset("trang thứ nhất của văn bản\n#pagebreak()\nhai\n#pagebreak()\ntrang thứ ba của văn bản"))
    assert [bool(page.lines) for page in content.pages] == [True, False, True]
    assert [(p.kind, p.page) for p in content.problems] == [(ProblemKind.DAMAGED, 2)]
    assert "MemoryError" in content.problems[0].words
