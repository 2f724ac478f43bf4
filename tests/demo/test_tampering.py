import re

import pypdfium2
import pytest

from vbdaemon.demo.cases import CASES
from vbdaemon.demo.tampering import changed_after_signing, changed_in_place, damaged_in_the_middle

pytestmark = pytest.mark.slow

BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def signed(agency) -> bytes:
    return BY_NAME["letter"].files(agency)[0].body


def page_text(pdf: bytes) -> str:
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()


def test_a_change_after_signing_keeps_every_signed_byte_and_shows_on_the_page(signed):
    changed = changed_after_signing(signed)
    assert changed.startswith(signed)
    assert page_text(changed) == page_text(signed)
    before, after = (pypdfium2.PdfDocument(pdf)[0].render().to_pil().tobytes() for pdf in (signed, changed))
    assert before != after


def test_a_change_in_place_touches_one_byte(signed):
    changed = changed_in_place(signed)
    assert len(changed) == len(signed)
    assert sum(a != b for a, b in zip(changed, signed, strict=True)) == 1
    assert page_text(changed) == page_text(signed)


def test_a_damaged_file_still_looks_complete_but_cannot_be_opened(signed):
    damaged = damaged_in_the_middle(signed)
    assert damaged.startswith(b"%PDF-")
    assert damaged.rstrip().endswith(b"%%EOF")
    assert int(re.findall(rb"startxref\s+(\d+)", damaged)[-1]) < len(damaged)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(damaged)
