"""The picture that shows an admin what was found where."""

import io
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from vbdaemon.model import Box, Evidence, Found, TextSource
from vbdaemon.reading.drawing import PageNotDrawable, draw
from vbdaemon.reading.labelled import labelled
from vbdaemon.testing import make_classification

HERE = Box(100, 80, 220, 96)


def seen(value: str, box: Box | None, page: int = 1) -> Found[str]:
    return Found(value, 0.93, TextSource.OCR, Evidence(value, "f" * 64, page, box))


def test_every_part_with_a_place_on_the_page_is_named_once():
    kind = make_classification(
        number=None, signer=None, addressees=(), recipients=(), form=None, issuer=None, subject=None, issued_on=None
    )
    kind = replace(kind, symbol=seen("UBND", HERE), number=seen("15", HERE), issuer=seen("A", Box(1, 2, 3, 4), page=2))
    assert labelled(kind) == [(HERE, "number 0.93 ocr, symbol 0.93 ocr")]
    assert labelled(kind, page=2) == [(Box(1, 2, 3, 4), "issuer 0.93 ocr")]
    assert labelled(kind, file="0" * 64) == []


def test_the_boxes_are_drawn_where_the_parts_stand(letter, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(letter)
    with Image.open(io.BytesIO(draw(path, 1, [(HERE, "number 0.93 ocr")]))) as picture:
        scale = picture.height / 842
        assert picture.convert("RGB").getpixel((round(HERE.x0 * scale) - 2, round(88 * scale))) == (0xB3, 0x26, 0x1E)


def test_names_stand_beside_the_page_and_never_cover_each_other(letter, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(letter)
    boxes = [(Box(100, 80 + i, 220, 96 + i), f"part {i} 0.93 ocr") for i in range(8)]
    boxes.append((Box(100, 820, 300, 840), "signer 0.90 ocr"))
    with Image.open(io.BytesIO(draw(path, 1, boxes))) as picture:
        page, margin = round(595 * picture.height / 842), picture.convert("RGB")
        column = [margin.getpixel((page + 8, y)) for y in range(picture.height)]
    flags = [a for a, b in pairwise(column) if a not in (b, (0xF2, 0xF2, 0xEF))]
    assert len(flags) == len(boxes)


@pytest.mark.parametrize(("page", "body"), [(2, None), (1, b"no pdf"), (1, b"%PDF-1.7 broken")])
def test_what_cannot_be_drawn_is_said(letter, tmp_path, page, body):
    path = tmp_path / "a.pdf"
    path.write_bytes(letter if body is None else body)
    with pytest.raises(PageNotDrawable):
        draw(path, page, [])
