"""Pages that nobody read are named, so that a person can be told."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.reading.pdf import read_pdf
from vbdaemon.reading.unread import names_unread_pages, unread


class Silent:
    """An engine that sees nothing."""

    def begin(self, picture, dpi):
        return lambda: ()

    def block(self, picture, dpi):
        return ()

    def rotation(self, picture, dpi):
        return 0


def test_runs_of_pages_are_named_together():
    assert unread([]) == ()
    (problem,) = unread([9, 3, 8, 7, 12])
    assert (problem.words, problem.page) == ("not read: 3, 7-9, 12", 3)
    assert names_unread_pages(problem)
    assert not names_unread_pages(Problem(ProblemKind.UNSUPPORTED, "image/gif is stored, not read"))


@pytest.fixture(scope="module")
def pictures() -> bytes:
    """Ten pages, each with a centred heading: another document could begin on any."""
    page = Image.new("RGB", (413, 585), "white")
    ImageDraw.Draw(page).rectangle((150, 40, 260, 52), fill="black")
    ImageDraw.Draw(page).rectangle((60, 200, 350, 460), fill="black")
    stream = BytesIO()
    page.save(stream, "PDF", resolution=100, save_all=True, append_images=[page] * 9)
    return stream.getvalue()


@pytest.mark.parametrize(("budget", "words"), [(3, "not read: 5-9"), (6, None)])
def test_picture_pages_beyond_the_budget_are_reported(pictures, tmp_path, budget, words):
    path = tmp_path / "a.pdf"
    path.write_bytes(pictures)
    content = read_pdf(path, "0" * 64, replace(Limits(), ocr_pages=budget), Silent())
    assert [p.words for p in content.problems if names_unread_pages(p)] == ([words] if words else [])


@pytest.mark.parametrize("engine", [None, Silent()])
def test_where_no_page_may_be_read_all_of_them_are_reported(pictures, tmp_path, engine):
    path = tmp_path / "a.pdf"
    path.write_bytes(pictures)
    content = read_pdf(path, "0" * 64, replace(Limits(), ocr_pages=0), engine)
    assert [p.words for p in content.problems] == ["not read: 1-10"]


def test_the_middle_of_a_long_file_is_reported(typeset, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(typeset("#set page(width: 200pt, height: 200pt)\n" + "Nội dung\n#pagebreak()\n" * 49 + "Hết"))
    content = read_pdf(path, "0" * 64, Limits(), None)
    assert [p.words for p in content.problems if names_unread_pages(p)] == ["not read: 31-40"]
